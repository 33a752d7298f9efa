//! Sizes of generated sources, counted in the same way for each generator.

use std::ops::AddAssign;
use std::path::{Path, PathBuf};

/// Counts of one crate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sources {
    /// Lines of all files, descriptions included.
    pub lines: usize,
    /// Public fields of structs, without those that hold additional properties.
    pub fields: usize,
    /// Fields whose type contains `serde_json::Value`.
    pub untyped: usize,
}

impl AddAssign for Sources {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.fields += other.fields;
        self.untyped += other.untyped;
    }
}

/// Counts all Rust files of a folder.
pub(crate) fn count(folder: &Path) -> Sources {
    let mut sources = Sources::default();
    for file in files(folder) {
        sources += of_text(&std::fs::read_to_string(&file).unwrap_or_default());
    }
    sources
}

fn of_text(text: &str) -> Sources {
    let mut sources = Sources {
        lines: text.lines().count(),
        ..Sources::default()
    };
    let mut lines = text.lines().map(str::trim);
    // The attribute of serde by which other generators declare additional properties.
    let mut flattened = false;
    while let Some(line) = lines.next() {
        let Some(kind) = field_type(line) else {
            flattened |= line.starts_with("#[serde(") && line.contains("flatten");
            continue;
        };
        let mut kind = kind.to_owned();
        // A long type continues on the next lines.
        while kind.matches('<').count() > kind.matches('>').count() {
            let Some(next) = lines.next() else { break };
            kind.push_str(next);
        }
        let is_additional = kind.starts_with("additional ") || (flattened && kind.contains("Map<"));
        flattened = false;
        if is_additional {
            continue;
        }
        sources.fields += 1;
        sources.untyped +=
            usize::from(kind.contains("serde_json::Value") || kind.contains("JsonValue"));
    }
    sources
}

/// The beginning of a public field's type.
fn field_type(line: &str) -> Option<&str> {
    let (name, kind) = line.strip_prefix("pub ")?.split_once(": ")?;
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '#');
    (!name.is_empty() && name.chars().all(is_name)).then_some(kind)
}

/// All Rust files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_fields_are_counted_and_those_of_any_value_apart() {
        let text = "\
/// pub no: String,
pub struct User {
    pub id: String,
    pub r#type: Option<serde_json::Value>,
    pub long: ::std::collections::BTreeMap<
        String,
        ::ploidy_util::serde_json::Value,
    >,
    hidden: String,
    #[serde(flatten)]
    pub others: BTreeMap<String, serde_json::Value>,
    pub last: additional serde_json::Value,
}
pub fn call(first: String) {}
pub const LIMIT: usize = 3;
";
        let sources = of_text(text);
        assert_eq!((sources.lines, sources.fields, sources.untyped), (15, 3, 2));
    }
}
