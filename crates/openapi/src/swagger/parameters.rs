//! Converts parameters and headers of Swagger 2.0.

use serde_json::{Map, Value, json};

/// Keywords of parameters and headers that describe values; in 3.0 they belong to the
/// schema.
const OF_SCHEMA: [&str; 17] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "x-nullable",
];

/// Converts a parameter of a path, a query or a header.
pub(super) fn parameter(parameter: &mut Value) {
    let Some(members) = parameter.as_object_mut() else {
        return;
    };
    let format = members.shift_remove("collectionFormat");
    let is_list = members.get("type") == Some(&json!("array"));
    let in_query = members.get("in") == Some(&json!("query"));
    if is_list && in_query {
        let (style, explode) = style(format.as_ref());
        members.insert("style".into(), json!(style));
        members.insert("explode".into(), json!(explode));
    }
    with_schema(members);
}

/// The style of an array, and whether it is exploded.
pub(super) fn style(format: Option<&Value>) -> (&'static str, bool) {
    match format.and_then(Value::as_str) {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        // 3.0 has no such style; the invalid value makes the generator skip the
        // operation with this reason.
        Some("tsv") => ("tabDelimited", false),
        _ => ("form", false),
    }
}

/// Converts a header of a response.
pub(super) fn header(header: &mut Value) {
    if let Some(members) = header.as_object_mut() {
        members.shift_remove("collectionFormat");
        with_schema(members);
    }
}

/// Moves the keywords that describe values to a schema.
fn with_schema(members: &mut Map<String, Value>) {
    let schema = schema(members);
    for name in OF_SCHEMA {
        members.shift_remove(name);
    }
    if !members.contains_key("schema") {
        members.insert("schema".into(), schema);
    }
}

/// The schema for the keywords of a parameter that describe values.
pub(super) fn schema(parameter: &Map<String, Value>) -> Value {
    let mut schema = Map::new();
    for name in OF_SCHEMA {
        let Some(value) = parameter.get(name) else {
            continue;
        };
        let value = match value {
            // The items of a list have the same keywords as a parameter.
            Value::Object(items) if name == "items" => self::schema(items),
            other => other.clone(),
        };
        schema.insert(name.to_owned(), value);
    }
    if let Some(reference) = parameter.get("$ref") {
        schema.insert("$ref".into(), reference.clone());
    }
    file_is_binary(&mut schema);
    Value::Object(schema)
}

/// Converts the type `file` to a binary string.
pub(super) fn file_is_binary(schema: &mut Map<String, Value>) {
    if schema.get("type") == Some(&json!("file")) {
        schema.insert("type".into(), json!("string"));
        schema.insert("format".into(), json!("binary"));
    }
}
