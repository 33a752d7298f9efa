//! Parameter values as text.

use serde_json::Value;

use crate::operation::Style;

/// Whether a value is nothing that could be sent: `null`, an empty text, list or object.
pub(crate) fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A string, number or boolean as text. `None` for anything else.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The texts of a list's items, or of a lone value. `None` where an item has parts of its own.
pub(crate) fn items(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(scalar)
            .collect(),
        other => Some(vec![scalar(other)?]),
    }
}

/// One text for a value: items joined by commas, or JSON.
pub(crate) fn joined(value: &Value, style: Style) -> Option<String> {
    if style == Style::Json {
        return Some(value.to_string());
    }
    match value {
        Value::Object(members) => {
            let parts: Option<Vec<String>> = members
                .iter()
                .map(|(name, member)| Some(format!("{name},{}", scalar(member)?)))
                .collect();
            Some(parts?.join(","))
        }
        other => Some(items(other)?.join(",")),
    }
}
