//! Names for components from other files.

use std::collections::{BTreeMap, BTreeSet};

/// The names that the components of a document have.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, BTreeSet<String>>);

impl Names {
    pub(crate) fn take(&mut self, section: &str, name: &str) {
        let taken = self.0.entry(section.to_owned()).or_default();
        taken.insert(key(name));
    }

    /// A free name in the section for a location in a file: the end of the pointer or the name of the file, or both if that is
    /// used.
    pub(super) fn free(&mut self, section: &str, file: &str, pointer: &str) -> String {
        let of_file = file_name(file);
        let mut tokens = pointer.rsplit('/');
        let last = tokens.next().unwrap_or_default();
        let last = last.replace("~1", "/").replace("~0", "~");
        // A property and an item are named after the schema that contains them.
        let inside = matches!(tokens.next(), Some("properties"));
        let own = if last.is_empty() || last.bytes().all(|byte| byte.is_ascii_digit()) {
            of_file.clone()
        } else if inside || last == "items" {
            format!("{of_file}_{last}")
        } else {
            last
        };
        let both = format!("{of_file}_{own}");
        self.free_of(section, &own, &both)
    }

    /// The first of two names that no other component of the section has, or the second with a number.
    pub(crate) fn free_of(&mut self, section: &str, first: &str, second: &str) -> String {
        let (first, second) = (usable(first), usable(second));
        let taken = self.0.entry(section.to_owned()).or_default();
        let mut name = first;
        let mut number = 1;
        while !taken.insert(key(&name)) {
            name = if number == 1 {
                second.clone()
            } else {
                format!("{second}{number}")
            };
            number += 1;
        }
        name
    }
}

/// The key by which names are compared for later collisions.
fn key(name: &str) -> String {
    let kept = name.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// The name of a file without its extension; of an index, that of its folder.
fn file_name(file: &str) -> String {
    let mut parts = file.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    match parts.next() {
        Some(folder) if matches!(stem.trim_matches('_'), "index" | "schema" | "") => {
            folder.to_owned()
        }
        _ => stem.to_owned(),
    }
}

/// A name of letters, digits and `._-`, as the specification requires for components.
fn usable(name: &str) -> String {
    let usable = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let name: String = name
        .chars()
        .map(|character| if usable(character) { character } else { '_' })
        .collect();
    if key(&name).is_empty() {
        "part".to_owned()
    } else {
        name
    }
}
