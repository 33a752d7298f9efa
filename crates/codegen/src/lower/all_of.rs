//! `allOf` of objects as one object.

use serde_json::{Map, Value, json};

use super::resolve::resolve;

/// How deep `allOf`s may refer to each other.
const DEEPEST: usize = 16;

/// Merges the parts of an `allOf` of objects, and what stands beside it; `None` where a part is no
/// object, or two parts describe one property differently.
pub(super) fn merge(document: &Value, schema: &Value) -> Option<Value> {
    let mut merged = Map::new();
    merge_into(document, schema, &mut merged, 0)?;
    merged.insert("type".into(), json!("object"));
    for name in ["description", "nullable", "x-published-name"] {
        if let Some(value) = schema.get(name) {
            merged.insert(name.to_owned(), value.clone());
        }
    }
    Some(Value::Object(merged))
}

fn merge_into(
    document: &Value,
    schema: &Value,
    merged: &mut Map<String, Value>,
    depth: usize,
) -> Option<()> {
    let schema = resolve(document, schema);
    let unfit = ["oneOf", "anyOf", "not", "enum"]
        .iter()
        .any(|keyword| schema.get(*keyword).is_some());
    let object = schema.get("type").is_none_or(|kind| kind == "object");
    if depth > DEEPEST || unfit || !object {
        return None;
    }
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        merge_into(document, part, merged, depth + 1)?;
    }
    let properties = merged
        .entry("properties")
        .or_insert_with(|| json!({}))
        .as_object_mut()?;
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if properties
            .get(name)
            .is_some_and(|there| !same_shape(there, property))
        {
            return None;
        }
        properties.insert(name.clone(), property.clone());
    }
    let required = merged
        .entry("required")
        .or_insert_with(|| json!([]))
        .as_array_mut()?;
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if !required.contains(name) {
            required.push(name.clone());
        }
    }
    if let Some(additional) = schema
        .get("additionalProperties")
        .filter(|additional| **additional != false)
    {
        merged.insert("additionalProperties".into(), additional.clone());
    }
    Some(())
}

fn same_shape(one: &Value, other: &Value) -> bool {
    let shape = |value: &Value| {
        let mut value = value.clone();
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, _| !matches!(name.as_str(), "description" | "title" | "example"));
        }
        value
    };
    shape(one) == shape(other)
}
