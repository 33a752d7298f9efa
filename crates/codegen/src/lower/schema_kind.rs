//! What a schema is, as far as a Rust type is concerned.

use serde_json::{Value, json};

use specmill_openapi::document::text;
use specmill_openapi::references::UNRESOLVED;

use super::all_of;
use super::model::Tag;
use super::schemas::DEEPEST;
use super::union::{tagged_branches, union_branches};

/// What a schema becomes.
pub(super) enum Kind<'a> {
    Reference(&'a str),
    Enumeration(Vec<String>),
    Struct,
    Map(Option<&'a Value>),
    Array(Option<&'a Value>),
    Union(Vec<&'a Value>),
    Tagged(Vec<&'a Value>, Tag),
    Merged(Value),
    Only(&'a Value),
    Plain(Value),
    Any(Option<&'static str>),
}

pub(super) fn kind<'v>(document: &Value, schema: &'v Value) -> Kind<'v> {
    let Some(members) = schema.as_object() else {
        return Kind::Any(None);
    };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        return Kind::Reference(reference);
    }
    if let Some(values) = members.get("enum").and_then(Value::as_array) {
        let texts: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let nulls = values.iter().filter(|value| value.is_null()).count();
        if !texts.is_empty() && texts.len() + nulls == values.len() {
            return Kind::Enumeration(texts);
        }
    }
    let has_properties = members
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|all| !all.is_empty());
    if members.contains_key(UNRESOLVED) {
        return Kind::Any(Some(
            "its reference leads to nothing, or out of the document",
        ));
    }
    if let Some(branches) = members.get("allOf").and_then(Value::as_array) {
        let mut shaping = branches.iter().filter(|branch| !is_annotation(branch));
        match (shaping.next(), shaping.next()) {
            (Some(only), None) if !has_properties => return Kind::Only(only),
            (None, _) if !has_properties => return Kind::Any(None),
            _ => {}
        }
        return all_of::merge(document, schema).map_or(
            Kind::Any(Some(
                "the parts of its `allOf` are no objects, or contradict each other",
            )),
            Kind::Merged,
        );
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = members.get(keyword).and_then(Value::as_array) {
            if let [only] = &branches[..]
                && !has_properties
            {
                return Kind::Only(only);
            }
            if let Some((branches, tag)) = tagged_branches(document, schema, branches)
                && !has_properties
            {
                return Kind::Tagged(branches, tag);
            }
            return match union_branches(document, branches) {
                Some(branches) if !has_properties => Kind::Union(branches),
                _ => Kind::Any(Some(
                    "the branches of its union cannot be told apart by their type",
                )),
            };
        }
    }
    match text(schema, "type") {
        Some("string") => Kind::Plain(json!({ "type": "string" })),
        Some("boolean") => Kind::Plain(json!({ "type": "boolean" })),
        Some("number") => Kind::Plain(json!({ "type": "number", "format": "double" })),
        Some("integer") => {
            let unsigned = text(schema, "format") == Some("uint64");
            Kind::Plain(
                json!({ "type": "integer", "format": if unsigned { "uint64" } else { "int64" } }),
            )
        }
        Some("array") => Kind::Array(members.get("items")),
        Some("object") | None if has_properties => Kind::Struct,
        Some("object") => Kind::Map(
            members
                .get("additionalProperties")
                .filter(|values| values.is_object()),
        ),
        Some(_) => Kind::Any(Some("its type is none of JSON's")),
        None if members.contains_key("not") => Kind::Any(Some("progenitor does not express `not`")),
        None => Kind::Any(None),
    }
}

/// Whether a schema says nothing on the form of values.
fn is_annotation(schema: &Value) -> bool {
    let says_nothing = |name: &str| {
        matches!(
            name,
            "title"
                | "description"
                | "default"
                | "example"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "nullable"
                | "externalDocs"
                | "xml"
        ) || (name.starts_with("x-") && name != UNRESOLVED)
    };
    schema
        .as_object()
        .is_none_or(|members| members.keys().all(|name| says_nothing(name)))
}

/// Whether a schema, or what it refers to, takes `null`.
pub(super) fn is_nullable(document: &Value, schema: &Value) -> bool {
    is_nullable_at(document, schema, 0)
}

fn is_nullable_at(document: &Value, schema: &Value, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let schema = super::resolve::resolve(document, schema);
    let null_value = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.contains(&Value::Null));
    if schema.get("nullable") == Some(&Value::Bool(true)) || null_value {
        return true;
    }
    // A union takes what one of its branches takes.
    let mut branches = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten();
    if branches.any(|branch| branch.get("nullable") == Some(&Value::Bool(true))) {
        return true;
    }
    // `allOf` with one reference is how 3.0 says something beside it; the reference's `null` is its own.
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.is_some_and(|parts| {
        let mut shaping = parts.iter().filter(|part| !is_annotation(part)).peekable();
        let annotated = parts
            .iter()
            .any(|part| is_annotation(part) && part.get("nullable") == Some(&Value::Bool(true)));
        annotated
            || (shaping.peek().is_some()
                && shaping.all(|part| is_nullable_at(document, part, depth + 1)))
    })
}
