//! Open enumerations, which preserve values that the documents do not list.

use std::collections::BTreeSet;

use specmill_openapi::names;

use super::source::{Source, literal};

/// An enumeration: its name, its description, and its values with their Rust names.
pub(super) struct Enumeration<'a> {
    pub(super) name: &'a str,
    pub(super) description: String,
    pub(super) values: Vec<(String, String)>,
}

/// The values of an enumeration with their names in Rust.
///
/// A name depends on the value only: its words in Pascal case, so that an inserted value renames no other. If values have the
/// same name, the later ones get the next free number. An empty value is `Empty`, and a value that consists of signs has their
/// names (`>=` is `GreaterOrEqual`).
pub(super) fn named_values(values: &[String]) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let mut later: Vec<usize> = Vec::new();
    for value in values {
        if named.iter().any(|(known, _)| known == value) {
            continue;
        }
        let name = names::variant_identifier(value);
        if !taken.insert(name.clone()) {
            later.push(named.len());
        }
        named.push((value.clone(), name));
    }
    for place in later {
        let base = named[place].1.trim_end_matches('_').to_owned();
        let mut numbered = (2..).map(|number: u32| format!("{base}{number}"));
        if let Some(free) = numbered.find(|name| taken.insert(name.clone())) {
            named[place].1 = free;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let named = named_values(&values).into_iter();
        named.map(|(_, name)| name).collect()
    }

    #[test]
    fn an_inserted_value_renames_no_other() {
        assert_eq!(
            names(&["+1", "-1", "1", "12"]),
            ["Plus1", "Minus1", "_1", "_12"]
        );
        assert_eq!(
            names(&["new", "+1", "-1", "1", "12"])[1..],
            ["Plus1", "Minus1", "_1", "_12"]
        );
        assert_eq!(names(&["a b", "a-b", "a b 2"]), ["AB", "AB3", "AB2"]);
        assert_eq!(names(&["x", "a b", "a-b"])[1..], ["AB", "AB2"]);
        assert_eq!(names(&["self", "Self"]), ["Self_", "Self2"]);
    }
}
