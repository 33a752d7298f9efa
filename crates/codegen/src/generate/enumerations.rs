//! Enumerations that stay open: a value that the documents do not name is kept, not refused.

use std::collections::BTreeSet;

use specmill_openapi::names;

use super::source::{Source, literal};

/// An enumeration: its name, what it is, and its values with the names they have in Rust.
pub(super) struct Enumeration<'a> {
    pub(super) name: &'a str,
    pub(super) description: String,
    pub(super) values: Vec<(String, String)>,
}

/// The values of an enumeration with their names in Rust.
///
/// A name follows from the value alone: its words in Pascal case. Where two values fall on one name,
/// the later one gets the number of its place in the list, or the next that is free; an empty value is `Empty`, and
/// one of signs alone is spelled by their Unicode numbers.
pub(super) fn named_values(values: &[String]) -> Vec<(String, String)> {
    let mut taken: BTreeSet<String> = BTreeSet::from(["Unknown".to_owned()]);
    let mut named: Vec<(String, String)> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if named.iter().any(|(known, _)| known == value) {
            continue;
        }
        let spelled: String = value
            .chars()
            .map(|c| format!("U{:04x}", u32::from(c)))
            .collect();
        let words = if value.chars().any(char::is_alphanumeric) || value.is_empty() {
            value
        } else {
            &spelled
        };
        let base = names::type_identifier(words);
        let mut name = base.clone();
        let mut number = index + 1;
        while !taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        named.push((value.clone(), name));
    }
    named
}

/// Declares an open enumeration.
pub(super) fn declare(enumeration: &Enumeration<'_>, source: &mut Source) {
    source.line(0, "open_enum! {");
    source.docs(1, &enumeration.description);
    source.line(1, &format!("pub enum {} {{", enumeration.name));
    for (value, variant) in &enumeration.values {
        source.line(2, &format!("{variant} = {},", literal(value)));
    }
    source.line(1, "}");
    source.line(0, "}");
}
