//! Parameter values as strings.

use std::borrow::Cow;

use serde_json::Value;

use super::path::encode_into;
use crate::operation::{Parameter, Style};

/// Why a value would not arrive, if it would not: nothing would be sent for it, or for a part of it.
///
/// An empty list is a filter that admits nothing, and one that is not sent admits everything.
pub(crate) fn lost(parameter: &Parameter, value: &Value) -> Option<&'static str> {
    if parameter.style == Style::Json {
        return None;
    }
    match value {
        Value::Array(items) if items.is_empty() => Some("is an empty list"),
        Value::Array(items) if items.iter().any(Value::is_null) => Some("has an item that is null"),
        Value::Object(fields) if fields.is_empty() => Some("is an empty object"),
        Value::Object(fields) => fields.values().find_map(|value| match value {
            Value::Array(items) if items.is_empty() => Some("has a field that is an empty list"),
            Value::Array(items) if items.iter().any(Value::is_null) => {
                Some("has an item that is null")
            }
            _ => None,
        }),
        _ => None,
    }
}

/// A string, number or boolean as a string. `None` for anything else.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The items of a list, or a lone value, as strings. `None` where an item is `null` or has parts of its own.
pub(crate) fn items(value: &Value) -> Option<Vec<Cow<'_, str>>> {
    match value {
        Value::Array(items) => items.iter().map(scalar).collect(),
        other => Some(vec![scalar(other)?]),
    }
}

/// One string for a value: items joined by commas, or JSON.
pub(crate) fn joined(value: &Value, style: Style) -> Option<Cow<'_, str>> {
    if style == Style::Json {
        return Some(Cow::Owned(value.to_string()));
    }
    match value {
        Value::Array(_) => Some(Cow::Owned(items(value)?.join(","))),
        Value::Object(fields) => {
            let parts: Option<Vec<String>> = fields
                .iter()
                .map(|(name, field)| Some(format!("{name},{}", scalar(field)?)))
                .collect();
            Some(Cow::Owned(parts?.join(",")))
        }
        other => scalar(other),
    }
}

/// Pairs of names and values, all encoded: the query of a URL, or a form.
pub(crate) struct Pairs<'a> {
    text: &'a mut String,
    /// What stands before the next pair.
    separator: &'static str,
}

impl<'a> Pairs<'a> {
    /// Pairs at the end of a string, with something before the first one.
    pub(crate) fn after(text: &'a mut String, separator: &'static str) -> Self {
        Self { text, separator }
    }

    /// Adds `name=value`.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        encode_into(self.begin(name), value);
    }

    /// Adds `name=`; what is written to the string then is the value.
    pub(crate) fn begin(&mut self, name: &str) -> &mut String {
        self.text.push_str(self.separator);
        self.separator = "&";
        encode_into(self.text, name);
        self.text.push('=');
        self.text
    }
}
