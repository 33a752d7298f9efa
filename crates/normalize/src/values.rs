//! Converts enumerated values to the type of their schema.

use serde_json::Value;

use specmill_openapi::changes::Changes;
use specmill_openapi::document::{Visit, visit_schemas};

/// Converts the values of an enumeration to the type of its schema: YAML parses `enum: [1, on]` as a number and a boolean,
/// although the service sends strings if the schema says so.
///
/// A value that cannot have the type, such as a list, stays.
pub(super) fn values_have_their_type(document: &mut Value, changes: &mut Changes) {
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        let kind = schema.get("type").and_then(Value::as_str);
        let convert = match kind {
            Some("string") => as_string,
            Some("integer" | "number") => as_number,
            _ => return,
        };
        let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else {
            return;
        };
        for (index, value) in values.iter_mut().enumerate() {
            if let Some(converted) = convert(value) {
                changes.add(
                    "values_have_their_type",
                    format!("{pointer}/enum/{index}"),
                    format!("`{value}` is `{converted}`, as the type says"),
                );
                *value = converted;
            }
        }
    });
}

fn as_string(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) | Value::Bool(_) => Some(Value::String(value.to_string())),
        _ => None,
    }
}

fn as_number(value: &Value) -> Option<Value> {
    let number: serde_json::Number = value.as_str()?.parse().ok()?;
    Some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_the_type_of_their_schema_and_the_changes_are_reported() {
        let mut document = json!({"components": {"schemas": {
            "Texts": {"type": "string", "enum": [1, true, "a", 1.5, null, ["x"]]},
            "Numbers": {"type": "integer", "enum": ["1", 2, "x"]},
            "Any": {"enum": [1, "1"]}
        }}});
        let mut changes = Changes::default();
        values_have_their_type(&mut document, &mut changes);
        let values = |name: &str| document["components"]["schemas"][name]["enum"].clone();
        assert_eq!(
            values("Texts"),
            json!(["1", "true", "a", "1.5", null, ["x"]])
        );
        assert_eq!(values("Numbers"), json!([1, 2, "x"]));
        assert_eq!(values("Any"), json!([1, "1"]));
        let changes = changes.into_vec();
        assert_eq!(changes.len(), 4);
        assert_eq!(changes[0].pointer, "/components/schemas/Texts/enum/0");
        assert_eq!(changes[0].what, "`1` is `\"1\"`, as the type says");
    }
}
