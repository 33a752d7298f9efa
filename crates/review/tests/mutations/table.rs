//! The mutations, each with its expected result.

use serde_json::Value;
use specmill_codegen::{Generated, Options};
use specmill_openapi::document;
use specmill_surface::Surface;

/// A single change of the base document.
pub(crate) struct Mutation {
    /// Its area and name: `parameter: renamed`.
    pub(crate) name: String,
    /// The changed document.
    pub(crate) document: Value,
    /// The expected verdict for Rust, and the version step.
    pub(crate) expected: (String, String),
    /// The verdict of `apidrift` from its rules, if it differs.
    #[allow(
        dead_code,
        reason = "the program that asks rustc does not ask apidrift"
    )]
    pub(crate) estimate: Option<(String, String)>,
    /// The verdict that a program can show, if it is weaker.
    #[allow(dead_code, reason = "only the program that asks rustc reads it")]
    pub(crate) rustc: Option<(String, String)>,
}

/// The document that is changed.
pub(crate) fn base() -> Value {
    document::parse_yaml(include_str!("base.yaml")).unwrap()
}

/// All mutations, in the order of the table.
pub(crate) fn mutations() -> Vec<Mutation> {
    let table = document::parse_yaml(include_str!("mutations.yaml")).unwrap();
    let mut mutations = Vec::new();
    for (area, rows) in table.as_object().unwrap() {
        for (name, row) in rows.as_object().unwrap() {
            let name = format!("{area}: {name}");
            let text = |key: &str| {
                row[key]
                    .as_str()
                    .unwrap_or_else(|| panic!("{name}: {key}"))
                    .to_owned()
            };
            // Each different verdict has a reason.
            let other = |key: &str| {
                let other = row.get(key)?;
                let text = |key: &str| {
                    other[key]
                        .as_str()
                        .unwrap_or_else(|| panic!("{name}: {key}"))
                        .to_owned()
                };
                assert!(!text("because").is_empty());
                Some((text("rust"), text("step")))
            };
            mutations.push(Mutation {
                document: mutated(&name, row),
                expected: (text("rust"), text("step")),
                estimate: other("estimate"),
                rustc: other("rustc"),
                name,
            });
        }
    }
    mutations
}

fn mutated(name: &str, row: &Value) -> Value {
    let mut document = base();
    let pairs = |key: &str| {
        row.get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    for (pointer, value) in pairs("set") {
        let (parent, last) = split(pointer);
        parent_of(&mut document, name, parent)[last] = value.clone();
    }
    for (pointer, value) in pairs("append") {
        let list = parent_of(&mut document, name, pointer).as_array_mut();
        list.unwrap_or_else(|| panic!("{name}: {pointer} is no list"))
            .push(value.clone());
    }
    for pointer in row
        .get("remove")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (parent, last) = split(pointer.as_str().unwrap());
        let gone = match parent_of(&mut document, name, parent) {
            Value::Object(members) => members.shift_remove(&last),
            Value::Array(items) => Some(items.remove(last.parse().unwrap())),
            _ => None,
        };
        assert!(gone.is_some(), "{name}: nothing to remove");
    }
    for (pointer, to) in pairs("rename") {
        let (parent, last) = split(pointer);
        let members = parent_of(&mut document, name, parent)
            .as_object_mut()
            .unwrap();
        let moved = members.shift_remove(&last);
        let moved = moved.unwrap_or_else(|| panic!("{name}: nothing at {pointer}"));
        members.insert(to.as_str().unwrap().to_owned(), moved);
    }
    assert_ne!(document, base(), "{name} changes nothing");
    document
}

fn parent_of<'a>(document: &'a mut Value, name: &str, pointer: &str) -> &'a mut Value {
    let found = document.pointer_mut(pointer);
    found.unwrap_or_else(|| panic!("{name}: nothing at {pointer}"))
}

fn split(pointer: &str) -> (&str, String) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    (parent, last.replace("~1", "/").replace("~0", "~"))
}

/// The options for generating the clients of the documents.
pub(crate) fn options() -> Options {
    Options::new("acme", "acme", "Acme")
}

/// The crate of a document.
pub(crate) fn generated(options: &Options, document: &Value) -> Generated {
    let model = specmill_model::lower(&options.lowering(), document).unwrap();
    assert!(model.skipped.is_empty(), "{:?}", model.skipped);
    specmill_codegen::generate(options, document, &model, "").unwrap()
}

/// The surface of the crate of a document.
pub(crate) fn surface(document: &Value) -> Surface {
    generated(&options(), document).surface
}
