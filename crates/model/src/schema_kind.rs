//! The Rust type that a schema becomes.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use specmill_openapi::document::value_type;
use specmill_openapi::references::UNRESOLVED;
use specmill_openapi::version::FALLBACK;

use crate::all_of::{self, is_restriction, parts_of};
use crate::keywords::{
    has_properties, is_annotation, is_null, is_unsigned, json_type, text_values,
};
use crate::marks::{BASE, INHERITS};
use crate::model::Tag;
use crate::resolve::resolve;
use crate::union::{self, Branch, Union, tagged_branches};

/// The maximum nesting of inline schemas.
pub(super) const DEEPEST: usize = 64;

/// The reason why a schema falls back to any JSON value.
pub(super) type Reason = Cow<'static, str>;

/// The kind of type that a schema becomes.
pub(super) enum Kind<'a> {
    Reference(&'a str),
    Enumeration(Vec<String>),
    Struct,
    Map(Option<&'a Value>),
    Array(Option<&'a Value>),
    Union(Vec<Branch>),
    Tagged(Vec<Branch>, Tag),
    Merged(Value),
    Only(&'a Value),
    Plain(Value),
    Any(Option<Reason>),
}

pub(super) fn kind<'v>(document: &Value, schema: &'v Value, pointer: &str) -> Kind<'v> {
    let Some(members) = schema.as_object() else {
        return Kind::Any(None);
    };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        return Kind::Reference(reference);
    }
    if members.contains_key(UNRESOLVED) {
        return Kind::Any(Some("its reference has no target in the document".into()));
    }
    if let Some(reason) = members.get(FALLBACK).and_then(Value::as_str) {
        return Kind::Any(Some(reason.to_owned().into()));
    }
    if members.contains_key("allOf") {
        return all_of(document, schema, members, pointer);
    }
    if let Some(values) = text_values(schema) {
        return Kind::Enumeration(values);
    }
    let listed = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| members.get(*keyword)?.as_array());
    if let Some(listed) = listed.filter(|listed| !listed.iter().all(is_restriction)) {
        return choice(document, schema, members, listed, pointer);
    }
    let has_properties = has_properties(members);
    match json_type(schema) {
        Some("string") => Kind::Plain(json!({ "type": "string" })),
        Some("boolean") => Kind::Plain(json!({ "type": "boolean" })),
        Some("number") => Kind::Plain(json!({ "type": "number", "format": "double" })),
        Some("integer") => {
            let format = if is_unsigned(schema) {
                "uint64"
            } else {
                "int64"
            };
            Kind::Plain(json!({ "type": "integer", "format": format }))
        }
        Some("array") => Kind::Array(members.get("items")),
        Some("object") if has_properties => Kind::Struct,
        Some("object") => Kind::Map(
            members
                .get("additionalProperties")
                .filter(|values| values.is_object()),
        ),
        // `any` and `unknown` are not JSON types, but their meaning is clear.
        Some("null" | "any" | "unknown") => Kind::Any(None),
        Some(_) => Kind::Any(Some("its type is not a JSON type".into())),
        None => match mixed_values(schema) {
            Some(union) => Kind::Merged(union),
            None if members.contains_key("not") => {
                Kind::Any(Some("progenitor does not support `not`".into()))
            }
            None => Kind::Any(None),
        },
    }
}

fn all_of<'v>(
    document: &Value,
    schema: &'v Value,
    members: &Map<String, Value>,
    pointer: &str,
) -> Kind<'v> {
    let shaping: Vec<&Value> = parts_of(schema)
        .iter()
        .filter(|part| !is_annotation(part))
        .collect();
    let mut own = members.clone();
    own.shift_remove("allOf");
    let bare = is_annotation(&Value::Object(own.clone()));
    // A component that inherits from a base must not become the union of the base's children.
    if !members.contains_key(INHERITS) {
        match shaping[..] {
            [] if bare => return Kind::Any(None),
            [only] if bare => return Kind::Only(only),
            _ => {}
        }
        if let Some(whole) = all_of::whole_part(document, &own, &shaping) {
            return Kind::Only(whole);
        }
    }
    match all_of::merge(document, schema, pointer) {
        Ok(merged) => Kind::Merged(merged),
        Err(contradiction) => Kind::Any(Some(contradiction.into())),
    }
}

fn choice<'v>(
    document: &Value,
    schema: &'v Value,
    members: &Map<String, Value>,
    listed: &'v [Value],
    pointer: &str,
) -> Kind<'v> {
    let mut beside = members.clone();
    beside.shift_remove("discriminator");
    beside.shift_remove(if members.contains_key("oneOf") {
        "oneOf"
    } else {
        "anyOf"
    });
    if !is_annotation(&Value::Object(beside)) {
        // Keywords beside a union apply to each of its branches.
        return match all_of::merge(document, schema, pointer) {
            Ok(merged) => Kind::Merged(merged),
            Err(contradiction) => Kind::Any(Some(contradiction.into())),
        };
    }
    // A base with one child keeps its own values, and more children may be added later.
    if let Some((branches, tag)) = tagged_branches(document, schema, listed)
        && (branches.len() > 1 || members.contains_key(BASE))
    {
        return Kind::Tagged(branches, tag);
    }
    if let [only] = listed {
        return Kind::Only(only);
    }
    match union::branches(document, schema, listed) {
        Union::One(only) => Kind::Merged(only),
        Union::Choice(branches) => Kind::Union(branches),
        Union::Any => Kind::Any(None),
    }
}

/// Converts an enumeration of several JSON types to a union of enumerations of one type each.
fn mixed_values(schema: &Value) -> Option<Value> {
    let values = schema.get("enum")?.as_array()?;
    let mut branches: Vec<(&str, Vec<&Value>)> = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        let kind = value_type(value);
        match branches.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, values)) => values.push(value),
            None => branches.push((kind, vec![value])),
        }
    }
    if branches.len() < 2 {
        return None;
    }
    let branches = branches
        .iter()
        .map(|(kind, values)| json!({ "type": kind, "enum": values }));
    Some(json!({ "anyOf": branches.collect::<Vec<_>>() }))
}

/// Whether a schema accepts `null`, directly or through its reference.
pub(super) fn is_nullable(document: &Value, schema: &Value) -> bool {
    is_nullable_at(document, schema, 0)
}

fn is_nullable_at(document: &Value, schema: &Value, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let schema = resolve(document, schema);
    let null_value = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.contains(&Value::Null));
    if schema.get("nullable") == Some(&Value::Bool(true)) || null_value {
        return true;
    }
    // A union accepts `null` if one of its branches does.
    let mut branches = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten();
    if branches.any(|branch| is_null(branch) || branch.get("nullable") == Some(&Value::Bool(true)))
    {
        return true;
    }
    // In OpenAPI 3.0, `allOf` with one reference adds keywords to the reference. Whether the referenced schema accepts `null`
    // is part of its own type.
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

/// Makes a lowered schema accept `null`. A schema without a type accepts it already.
pub(super) fn nullable(lowered: Value) -> Value {
    match lowered {
        Value::Object(members) if members.contains_key("$ref") => {
            json!({ "allOf": [members], "nullable": true })
        }
        Value::Object(mut members) if !members.is_empty() => {
            members.insert("nullable".into(), Value::Bool(true));
            Value::Object(members)
        }
        other => other,
    }
}
