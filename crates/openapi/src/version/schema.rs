//! Converts one schema of 3.1 to 3.0.

use serde_json::{Map, Value, json};

use crate::changes::Changes;

use super::FALLBACK;
use super::null::null_becomes_nullable;

/// Keywords of JSON Schema 2020-12 that restrict values and that 3.0 cannot express. Without them, a schema
/// accepts more values.
const RESTRICTING: [&str; 16] = [
    "$dynamicRef",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
];

/// Keywords that restrict no values and that 3.0 does not have.
const SAYING_NOTHING: [&str; 9] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$id",
    "$recursiveAnchor",
    "$schema",
    "$vocabulary",
    "contentEncoding",
    "contentSchema",
];

/// Drops a `not` and relaxes a `oneOf` whose schemas become less strict: otherwise both would become stricter.
pub(super) fn loosen_around_dropped(pointer: &str, schema: &mut Value, changes: &mut Changes) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    if members.get("not").is_some_and(restricts_beyond_3_0) {
        members.shift_remove("not");
        changes.add(
            "to_version_3_0",
            pointer,
            "less strict: 3.0 cannot express this `not`",
        );
    }
    if !members.contains_key("anyOf") && members.get("oneOf").is_some_and(restricts_beyond_3_0) {
        let branches = members.shift_remove("oneOf").unwrap_or_default();
        members.insert("anyOf".into(), branches);
        changes.add(
            "to_version_3_0",
            pointer,
            "less strict: `oneOf` becomes `anyOf`, since 3.0 cannot express all of its schemas",
        );
    }
}

fn restricts_beyond_3_0(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.iter().any(|(name, member)| {
            RESTRICTING.contains(&name.as_str()) || restricts_beyond_3_0(member)
        }),
        Value::Array(items) => items.iter().any(restricts_beyond_3_0),
        _ => false,
    }
}

/// Converts a schema whose inner schemas are converted already.
pub(super) fn to_3_0(pointer: &str, schema: &mut Value, changes: &mut Changes) {
    if let Value::Bool(any) = schema {
        // `additionalProperties` may be a boolean in 3.0 too.
        if !pointer.ends_with("/additionalProperties") {
            *schema = if *any {
                json!({})
            } else {
                json!({ "not": {} })
            };
        }
        return;
    }
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    null_becomes_nullable(members);
    if let Some(value) = members.shift_remove("const") {
        members.insert("enum".into(), json!([value]));
    }
    exclusive_bound(
        members,
        "exclusiveMinimum",
        "minimum",
        |exclusive, inclusive| exclusive >= inclusive,
    );
    exclusive_bound(
        members,
        "exclusiveMaximum",
        "maximum",
        |exclusive, inclusive| exclusive <= inclusive,
    );
    if let Some(Value::Array(examples)) = members.shift_remove("examples")
        && let Some(example) = examples.into_iter().next()
    {
        members.entry("example").or_insert(example);
    }
    encoding_is_format(members);
    tuple_becomes_array(members);
    patterns_become_additional(members);
    for keyword in RESTRICTING {
        if members.shift_remove(keyword).is_some() {
            changes.add(
                "to_version_3_0",
                pointer,
                format!("less strict: 3.0 has no `{keyword}`"),
            );
        }
    }
    for keyword in SAYING_NOTHING {
        if members.shift_remove(keyword).is_some() {
            changes.add(
                "to_version_3_0",
                pointer,
                format!("removed: 3.0 has no `{keyword}`"),
            );
        }
    }
    several_types_are_any_of(members);
    if members.len() > 1
        && let Some(reference) = members.shift_remove("$ref")
    {
        all_of(members, json!({ "$ref": reference }));
    }
}

/// Converts a tuple to an array whose items match any of its positions.
fn tuple_becomes_array(members: &mut Map<String, Value>) {
    let Some(Value::Array(mut held)) = members.get("prefixItems").cloned() else {
        return;
    };
    let most = members.get("maxItems").and_then(Value::as_u64);
    let closed = most.is_some_and(|most| most <= held.len() as u64)
        || members.get("unevaluatedItems").is_some_and(is_nothing);
    match members.get("items") {
        Some(items) if is_nothing(items) => {}
        Some(items) => held.push(items.clone()),
        None if closed => {}
        None => held.push(untyped("prefixItems")),
    }
    members.insert("items".into(), any_of(held));
}

/// Properties whose names match a pattern become additional properties.
fn patterns_become_additional(members: &mut Map<String, Value>) {
    let additional = members.get("additionalProperties");
    // If the schema is part of a composition, other parts may declare the properties.
    let alone = ["allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .all(|name| !members.contains_key(*name));
    let rest = match members.get("unevaluatedProperties") {
        Some(rest) if alone && additional.is_none() => Some(rest),
        _ => additional,
    };
    let patterns = members.get("patternProperties").and_then(Value::as_object);
    let mut held: Vec<Value> = patterns
        .into_iter()
        .flatten()
        .map(|(_, one)| one.clone())
        .collect();
    match rest {
        Some(rest) if is_nothing(rest) => {}
        Some(Value::Object(rest)) if !rest.is_empty() => held.push(json!(rest)),
        // If the pattern matches every name, there are no other properties.
        _ if held.is_empty()
            || patterns.is_some_and(|all| all.keys().any(|one| matches_all(one))) => {}
        _ => held.push(untyped("patternProperties")),
    }
    if !held.is_empty() {
        members.insert("additionalProperties".into(), any_of(held));
    }
}

/// Whether every name matches a pattern, or every one that is not empty.
fn matches_all(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    matches!(pattern, "" | ".*" | ".+")
}

/// A schema that accepts any value, since 3.0 has no keyword for the declared restriction.
fn untyped(keyword: &str) -> Value {
    json!({ FALLBACK: format!("3.0 has no `{keyword}`, and other values are allowed") })
}

/// Whether a schema, rewritten or not, forbids every value.
fn is_nothing(schema: &Value) -> bool {
    *schema == json!(false) || *schema == json!({ "not": {} })
}

/// The `anyOf` of some schemas; any value if one of them accepts any.
fn any_of(schemas: Vec<Value>) -> Value {
    let any = schemas.iter().find(|schema| schema.get(FALLBACK).is_some());
    if let Some(any) = any {
        return any.clone();
    }
    let mut distinct: Vec<Value> = Vec::new();
    for schema in schemas {
        if !distinct.contains(&schema) {
            distinct.push(schema);
        }
    }
    match distinct.len() {
        1 => distinct.remove(0),
        _ => json!({ "anyOf": distinct }),
    }
}

/// Adds a schema to the `allOf`.
pub(super) fn all_of(members: &mut Map<String, Value>, schema: Value) {
    if let Some(all) = members
        .entry("allOf")
        .or_insert_with(|| json!([]))
        .as_array_mut()
    {
        all.insert(0, schema);
    }
}

/// `type: [string, array]` becomes two schemas; each gets the keywords for its type.
fn several_types_are_any_of(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get("type").cloned() else {
        return;
    };
    members.shift_remove("type");
    let mut branches = Vec::new();
    for kind in types {
        let mut branch = Map::new();
        let keywords = kind.as_str().map_or(&[][..], keywords_of);
        branch.insert("type".into(), kind.clone());
        for keyword in keywords {
            if let Some(value) = members.get(*keyword)
                && (*keyword != "format" || is_format_of(kind.as_str(), value))
            {
                branch.insert((*keyword).to_owned(), value.clone());
            }
        }
        branches.push(Value::Object(branch));
    }
    for kind in ["string", "number", "array", "object"] {
        for keyword in keywords_of(kind) {
            members.shift_remove(*keyword);
        }
    }
    if members.contains_key("anyOf") {
        all_of(members, json!({ "anyOf": branches }));
    } else {
        members.insert("anyOf".into(), Value::Array(branches));
    }
}

/// The keywords that restrict values of one type only.
fn keywords_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "string" => &["minLength", "maxLength", "pattern", "format"],
        "integer" | "number" => &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "format",
        ],
        "array" => &["items", "minItems", "maxItems", "uniqueItems"],
        "object" => &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
        _ => &[],
    }
}

fn is_format_of(kind: Option<&str>, format: &Value) -> bool {
    let numeric = ["int32", "int64", "float", "double"]
        .iter()
        .any(|numeric| format == numeric);
    numeric == matches!(kind, Some("integer" | "number"))
}

fn exclusive_bound(
    members: &mut Map<String, Value>,
    exclusive: &str,
    inclusive: &str,
    stricter: impl Fn(f64, f64) -> bool,
) {
    let Some(bound) = members
        .get(exclusive)
        .filter(|bound| bound.is_number())
        .cloned()
    else {
        return;
    };
    members.shift_remove(exclusive);
    let other = members.get(inclusive).and_then(Value::as_f64);
    if bound
        .as_f64()
        .is_some_and(|bound| other.is_none_or(|other| stricter(bound, other)))
    {
        members.insert(inclusive.to_owned(), bound);
        members.insert(exclusive.to_owned(), json!(true));
    }
}

fn encoding_is_format(members: &mut Map<String, Value>) {
    let media_type = members.shift_remove("contentMediaType");
    if members.get("contentEncoding") == Some(&json!("base64")) {
        members.shift_remove("contentEncoding");
        members.entry("format").or_insert_with(|| json!("byte"));
    } else if media_type == Some(json!("application/octet-stream")) {
        members.entry("format").or_insert_with(|| json!("binary"));
    }
}
