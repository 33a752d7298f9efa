//! Parameter values as strings.

use std::borrow::Cow;

use serde_json::Value;

use super::argument::{Argument, number};
use crate::operation::{Parameter, Style};
use crate::percent::encode_into;

/// Why a value would not arrive, if it would not: nothing would be sent for it, or for a part of it.
///
/// An empty list is a filter that admits nothing, and one that is not sent admits everything.
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

/// A string, number or boolean as a string; a list or an object, which only an untyped value can hold here, as JSON.
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

/// The items of a list, or a lone value, as strings.
pub(crate) fn items(value: &Argument) -> Vec<Cow<'_, str>> {
    match value {
        Argument::List(items) => items.iter().map(scalar).collect(),
        other => vec![scalar(other)],
    }
}

/// The parts of a value, and what stands between them: the items of a list, the names and values of an object's fields
/// in turn, or each field as `name=value` where the style is exploded. The equals sign is no part of either.
pub(crate) enum Parts<'a> {
    /// A value of one part, or a list's items.
    Items(Vec<Cow<'a, str>>),
    /// An object's fields.
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

    /// One string: parts joined by a separator, and with `=` between name and value where `exploded`.
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

/// The pairs of a value in brackets: `name[field][0]`. Fields that are `null` are not sent.
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

/// As `serde_json` has it, for what reads arguments as JSON.
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
