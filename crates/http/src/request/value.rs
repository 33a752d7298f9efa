//! Parameter values as strings.

use std::borrow::Cow;

use serde_json::Value;

use super::argument::{Argument, number};
use crate::operation::{Parameter, Style};
use crate::percent::encode_into;

/// The reason why nothing would be sent for a value or a part of it, if that is so.
///
/// An empty list in a filter matches nothing, but a filter that is not sent matches everything.
pub fn lost(parameter: &Parameter, value: &Argument) -> Option<&'static str> {
    if parameter.style == Style::Json {
        return None;
    }
    let deep = parameter.style == Style::DeepObject;
    match value {
        Argument::List(items) if items.is_empty() => Some("is an empty list"),
        Argument::List(items) if items.contains(&Argument::Null) => {
            Some("has an item that is null")
        }
        Argument::List(items) if deep => items.iter().find_map(|item| lost(parameter, item)),
        Argument::Object(fields) if fields.is_empty() => Some("is an empty object"),
        Argument::Object(fields) => fields.iter().find_map(|(_, value)| match value {
            Argument::Null => Some("has a field that is null"),
            Argument::List(items) if items.is_empty() => Some("has a field that is an empty list"),
            Argument::List(items) if items.contains(&Argument::Null) => {
                Some("has an item that is null")
            }
            other if deep => lost(parameter, other),
            _ => None,
        }),
        _ => None,
    }
}

/// A string, number or boolean as a string. Lists and objects, which can only be part of an untyped value, as JSON.
pub fn scalar(value: &Argument) -> Cow<'_, str> {
    match value {
        Argument::String(text) => Cow::Borrowed(text),
        Argument::Number(value) => Cow::Owned(number(value)),
        Argument::Bool(true) => Cow::Borrowed("true"),
        Argument::Bool(false) => Cow::Borrowed("false"),
        Argument::Null => Cow::Borrowed("null"),
        Argument::List(_) | Argument::Object(_) => Cow::Owned(value.to_json()),
    }
}

/// The items of a list, or a single value, as strings.
pub(crate) fn items(value: &Argument) -> Vec<Cow<'_, str>> {
    match value {
        Argument::List(items) => items.iter().map(scalar).collect(),
        other => vec![scalar(other)],
    }
}

/// The parts of a value that is sent as one string: the items of a list, or the fields of an object, which are joined
/// as `name=value` if the style is exploded, and otherwise by the separator.
pub(crate) enum Parts<'a> {
    /// The items of a list, or a single value.
    Items(Vec<Cow<'a, str>>),
    /// The fields of an object.
    Fields(Vec<(&'a str, Cow<'a, str>)>),
}

impl<'a> Parts<'a> {
    pub(crate) fn of(value: &'a Argument) -> Self {
        match value {
            Argument::Object(fields) => Self::Fields(
                fields
                    .iter()
                    .filter(|(_, value)| *value != Argument::Null)
                    .map(|(name, value)| (name.as_str(), scalar(value)))
                    .collect(),
            ),
            other => Self::Items(items(other)),
        }
    }

    /// Joins the parts with a separator, and with `=` between name and value if `exploded`.
    pub(crate) fn joined(
        &self,
        separator: &str,
        exploded: bool,
        write: impl Fn(&mut String, &str),
    ) -> String {
        let mut text = String::new();
        match self {
            Self::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push_str(separator);
                    }
                    write(&mut text, item);
                }
            }
            Self::Fields(fields) => {
                for (index, (name, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        text.push_str(separator);
                    }
                    write(&mut text, name);
                    text.push_str(if exploded { "=" } else { separator });
                    write(&mut text, value);
                }
            }
        }
        text
    }
}

/// Pairs of names and values, all encoded: the query of a URL, or a form.
pub(crate) struct Pairs<'a> {
    text: &'a mut String,
    /// The separator before the next pair.
    separator: &'static str,
}

impl<'a> Pairs<'a> {
    /// Appends pairs to a string. `separator` is written before the first one.
    pub(crate) fn after(text: &'a mut String, separator: &'static str) -> Self {
        Self { text, separator }
    }

    /// Adds `name=value`.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        encode_into(self.begin(name), value);
    }

    /// Appends `name=`. The caller appends the value to the returned string.
    pub(crate) fn begin(&mut self, name: &str) -> &mut String {
        self.text.push_str(self.separator);
        self.separator = "&";
        encode_into(self.text, name);
        self.text.push('=');
        self.text
    }
}

/// Adds the pairs of a value in brackets: `name[field][0]`. Fields that are `null` are not sent.
pub(crate) fn brackets(name: &str, value: &Argument, add: &mut impl FnMut(&str, &str)) {
    match value {
        Argument::Null => {}
        Argument::Object(fields) => {
            for (field, value) in fields {
                brackets(&format!("{name}[{field}]"), value, add);
            }
        }
        Argument::List(items) => {
            for (index, value) in items.iter().enumerate() {
                brackets(&format!("{name}[{index}]"), value, add);
            }
        }
        other => add(name, &scalar(other)),
    }
}

/// Converts a value in the order of `serde_json`, for code that reads arguments as JSON.
impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, Self::from(value)))
                    .collect(),
            ),
        }
    }
}
