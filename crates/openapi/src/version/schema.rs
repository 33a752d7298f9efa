//! Converts one schema of 3.1 to 3.0.

use serde_json::{Map, Value, json};

use crate::changes::Changes;

use super::null::null_becomes_nullable;

/// Keywords of JSON Schema 2020-12 that restrict values, and that 3.0 cannot say. Without them a
/// schema allows more.
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

/// Keywords that restrict nothing, and that 3.0 does not have.
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
        // `additionalProperties` may be a truth value in 3.0 too.
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
    if members.contains_key("prefixItems") {
        // A tuple is an array of anything in 3.0.
        members.insert("items".into(), json!({}));
    }
    if members.contains_key("patternProperties") && members.contains_key("additionalProperties") {
        // Otherwise properties that match the patterns would be rejected as additional.
        members.insert("additionalProperties".into(), json!(true));
    }
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
