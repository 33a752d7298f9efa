//! The value of a parameter, before it is encoded in the parameter's style.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// A value whose fields keep the order of its type, regardless of the features of `serde_json`.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// No value; it is not sent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Argument>),
    /// An object; its fields keep their order.
    Object(Vec<(String, Argument)>),
}

impl Argument {
    /// Serializes a value.
    ///
    /// # Errors
    /// The type cannot be serialized as JSON.
    pub fn of<T: Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        match serde_json::to_value(value)? {
            // `Value` loses the order of fields and the digits of an `f32`; the JSON text keeps them.
            whole if needs_text(&whole) => serde_json::from_slice(&serde_json::to_vec(value)?),
            other => Ok(other.into()),
        }
    }

    /// Serializes a value to a string that contains JSON.
    ///
    /// # Errors
    /// The type cannot be serialized as JSON.
    pub fn of_json<T: Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        Ok(match serde_json::to_string(value)? {
            null if null == "null" => Self::Null,
            text => Self::String(text),
        })
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A string or a number as a string.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Number(number) => Some(super::argument::number(number)),
            _ => None,
        }
    }

    /// The number, if it is a non-negative integer.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(crate) fn to_json(&self) -> String {
        // This cannot fail, since all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn needs_text(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(needs_text),
        _ => false,
    }
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Argument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Argument;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Argument, E> {
        Ok(Argument::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Argument, E> {
        Ok(Argument::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Argument, E> {
        Ok(Argument::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Argument, E> {
        Ok(Argument::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Argument, E> {
        Ok(Number::from_f64(number).map_or(Argument::Null, Argument::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Argument, E> {
        Ok(Argument::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Argument, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Argument::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Argument, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Argument::Object(object))
    }
}

/// A number in decimal. Integers have no fraction, which every service accepts.
pub(crate) fn number(number: &Number) -> String {
    /// The limit from which not every integer has a floating-point number of its own.
    const MAX_EXACT_INTEGER: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float)
            if number.is_f64() && float.fract() == 0.0 && float.abs() < MAX_EXACT_INTEGER =>
        {
            format!("{float}")
        }
        _ => number.to_string(),
    }
}
