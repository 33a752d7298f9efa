//! Facts about a schema that follow from its own keywords.

use serde_json::{Map, Value};

use specmill_openapi::document::{text, value_type};
use specmill_openapi::references::UNRESOLVED;

/// The values of an enumeration of strings, without `null`.
pub(super) fn text_values(schema: &Value) -> Option<Vec<String>> {
    let values = schema.get("enum")?.as_array()?;
    let texts = values.iter().filter_map(Value::as_str).map(str::to_owned);
    let texts: Vec<String> = texts.collect();
    let nulls = values.iter().filter(|value| value.is_null()).count();
    (!texts.is_empty() && texts.len() + nulls == values.len()).then_some(texts)
}

/// The JSON type of a schema: the declared type, or the type that its other keywords or its values imply.
pub(super) fn json_type(schema: &Value) -> Option<&str> {
    if let Some(kind) = text(schema, "type") {
        return Some(kind);
    }
    let members = schema.as_object()?;
    let has = |name: &str| members.contains_key(name);
    if has_properties(members)
        || members
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        return Some("object");
    }
    if has("items") {
        return Some("array");
    }
    match text(schema, "format") {
        Some("int32" | "int64") => return Some("integer"),
        Some("float" | "double") => return Some("number"),
        Some("date-time" | "date" | "uuid" | "byte" | "binary" | "uri" | "email") => {
            return Some("string");
        }
        _ => {}
    }
    let values = members.get("enum")?.as_array()?;
    let mut values = values.iter().filter(|value| !value.is_null());
    let first = value_type(values.next()?);
    values
        .all(|value| value_type(value) == first)
        .then_some(first)
}

/// Whether an integer needs `u64`, because of its format or its bounds.
pub(super) fn is_unsigned(schema: &Value) -> bool {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let beyond = bound("maximum").is_some_and(|most| most > 9_223_372_036_854_775_807.0);
    text(schema, "format") == Some("uint64")
        || (beyond && bound("minimum").is_some_and(|least| least >= 0.0))
}

/// Whether a branch of a union is `null`.
pub(super) fn is_null(branch: &Value) -> bool {
    let listed = branch.get("enum").and_then(Value::as_array);
    listed.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
        || text(branch, "type") == Some("null")
        || branch.as_object().is_some_and(|members| {
            members.get("nullable") == Some(&Value::Bool(true))
                && members
                    .keys()
                    .all(|name| matches!(name.as_str(), "nullable" | "title" | "description"))
        })
}

/// Whether a schema does not determine a type. Bounds, patterns and formats are not part of the types.
pub(super) fn is_annotation(schema: &Value) -> bool {
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
                | "format"
                | "pattern"
                | "minLength"
                | "maxLength"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "multipleOf"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "minProperties"
                | "maxProperties"
                | "discriminator"
        ) || (name.starts_with("x-") && name != UNRESOLVED)
    };
    schema.as_object().is_none_or(|members| {
        members.keys().all(|name| says_nothing(name)) && json_type(schema).is_none()
    })
}

/// Whether a schema has properties.
pub(super) fn has_properties(members: &Map<String, Value>) -> bool {
    let properties = members.get("properties").and_then(Value::as_object);
    properties.is_some_and(|all| !all.is_empty())
}
