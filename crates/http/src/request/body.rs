//! Request bodies.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::argument::Argument;
use super::query;
use super::value::{self, Pairs};
use crate::operation::{Body, BodyEncoding, Style};
use crate::percent::encode_into;

/// Encodes a value as a body. `None` if the value is absent.
///
/// # Errors
/// The encoding cannot express the value; the error does not contain it.
pub fn encode<B: serde::Serialize>(table: &Body, value: &B) -> Result<Option<Bytes>, String> {
    match table.encoding {
        BodyEncoding::Json => {
            let bytes = serde_json::to_vec(value).map_err(|_| "the body is not JSON".to_owned())?;
            Ok((bytes != b"null").then(|| Bytes::from(bytes)))
        }
        BodyEncoding::Form => form(value, |name, field, pairs| {
            let styled = table.styles.iter().find(|(known, _)| *known == name);
            if let Some((_, style)) = styled {
                return write_styled(name, *style, field, pairs);
            }
            // A field with nested values is sent as JSON.
            let parts_of_parts = |field: &Argument| match field {
                Argument::Object(_) => true,
                Argument::List(items) => items.iter().any(|item| {
                    !matches!(
                        item,
                        Argument::String(_) | Argument::Number(_) | Argument::Bool(_)
                    )
                }),
                _ => false,
            };
            if parts_of_parts(field) {
                pairs.add(name, &field.to_json());
            } else {
                for item in value::items(field) {
                    pairs.add(name, &item);
                }
            }
            Ok(())
        }),
        BodyEncoding::FormBrackets => form(value, |name, field, pairs| {
            refuse_lost(name, field)?;
            value::brackets(name, field, &mut |name, value| pairs.add(name, value));
            Ok(())
        }),
        BodyEncoding::Text => match argument(value)? {
            Argument::Null => Ok(None),
            Argument::String(text) => Ok(Some(Bytes::from(text))),
            _ => Err("the body is not a string".to_owned()),
        },
        BodyEncoding::Bytes => Err("the body is not bytes".to_owned()),
    }
}

/// Encodes a field of a form in its own style.
fn write_styled(
    name: &str,
    style: Style,
    field: &Argument,
    pairs: &mut Pairs<'_>,
) -> Result<(), String> {
    match (style, field) {
        // A string that contains JSON is sent unchanged.
        (Style::Json, Argument::String(text)) => pairs.add(name, text),
        (Style::Json, field) => pairs.add(name, &field.to_json()),
        (style, field) => {
            refuse_lost(name, field)?;
            query::write(name, style, field, encode_into, pairs);
        }
    }
    Ok(())
}

/// Sets a field of a JSON object; the other fields are unchanged. Objects on the path to the field are added if they are
/// absent or `null`.
///
/// # Errors
/// The body, or a value on the path to the field, is not a JSON object.
pub fn with_field<S: AsRef<str>>(
    object: &[u8],
    path: &[S],
    value: impl serde::Serialize,
) -> Result<Bytes, String> {
    let changed = serde_json::value::to_raw_value(&value)
        .and_then(|value| changed(object, path, value))
        .map_err(|_| {
            let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
            format!(
                "the body is not a JSON object: the field {} of it cannot be set",
                path.join(".")
            )
        })?;
    Ok(Bytes::from(Box::<str>::from(changed).into_string()))
}

fn changed<S: AsRef<str>>(
    object: &[u8],
    path: &[S],
    value: Box<RawValue>,
) -> serde_json::Result<Box<RawValue>> {
    let Some((name, path)) = path.split_first() else {
        return Ok(value);
    };
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(object)?;
    let inner = fields.get(name.as_ref()).map(|inner| inner.get());
    let inner = inner.filter(|inner| *inner != "null").unwrap_or("{}");
    let inner = changed(inner.as_bytes(), path, value)?;
    fields.insert(name.as_ref().to_owned(), inner);
    serde_json::value::to_raw_value(&fields)
}

/// Encodes a form, with `write` for each field.
fn form<B: serde::Serialize>(
    value: &B,
    mut write: impl FnMut(&str, &Argument, &mut Pairs<'_>) -> Result<(), String>,
) -> Result<Option<Bytes>, String> {
    match argument(value)? {
        Argument::Null => Ok(None),
        Argument::Object(fields) => {
            let mut form = String::new();
            let mut pairs = Pairs::after(&mut form, "");
            for (name, field) in fields.iter().filter(|(_, field)| *field != Argument::Null) {
                refuse_empty_list(name, field)?;
                write(name, field, &mut pairs)?;
            }
            Ok(Some(Bytes::from(form)))
        }
        _ => Err("the body is not a form".to_owned()),
    }
}

/// Refuses empty lists, empty objects and `null` items, for which nothing would be sent, as if they were not set.
fn refuse_lost(name: &str, value: &Argument) -> Result<(), String> {
    refuse_empty_list(name, value)?;
    match value {
        Argument::Object(fields) if fields.is_empty() => Err(format!(
            "the field {name} of the body is an empty object, which a form cannot hold: do not set it to send none"
        )),
        Argument::Object(fields) => fields
            .iter()
            .try_for_each(|(field, value)| refuse_lost(&format!("{name}[{field}]"), value)),
        Argument::List(items) if items.contains(&Argument::Null) => Err(format!(
            "the field {name} of the body has an item that is null, which a form cannot hold"
        )),
        Argument::List(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| refuse_lost(&format!("{name}[{index}]"), value)),
        _ => Ok(()),
    }
}

/// Refuses an empty list, for which nothing would be sent, as if it were not set.
fn refuse_empty_list(name: &str, value: &Argument) -> Result<(), String> {
    if matches!(value, Argument::List(items) if items.is_empty()) {
        return Err(format!(
            "the field {name} of the body is an empty list, which a form cannot hold: do not set it to send none"
        ));
    }
    Ok(())
}

fn argument<B: serde::Serialize>(value: &B) -> Result<Argument, String> {
    Argument::of(value).map_err(|_| "the body cannot be written".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn encoded(encoding: BodyEncoding, value: &Value) -> Result<Option<Bytes>, String> {
        encode(
            &Body {
                content_type: "x",
                encoding,
                required: false,
                styles: &[],
            },
            value,
        )
    }

    #[test]
    fn bodies_are_written_in_their_encoding() {
        assert_eq!(
            encoded(BodyEncoding::Json, &json!({"a": []}))
                .unwrap()
                .unwrap(),
            &br#"{"a":[]}"#[..]
        );
        let form = json!({"a": "x y", "b": [1, 2], "c": null});
        assert_eq!(
            encoded(BodyEncoding::Form, &form).unwrap().unwrap(),
            "a=x%20y&b=1&b=2"
        );
        let nested = json!({"a": {"b": [1, {"c": true}]}});
        assert_eq!(
            encoded(BodyEncoding::Form, &nested).unwrap().unwrap(),
            "a=%7B%22b%22%3A%5B1%2C%7B%22c%22%3Atrue%7D%5D%7D"
        );
        assert_eq!(
            encoded(BodyEncoding::FormBrackets, &nested)
                .unwrap()
                .unwrap(),
            "a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D%5Bc%5D=true"
        );
        assert_eq!(
            encoded(BodyEncoding::Text, &json!("# hi"))
                .unwrap()
                .unwrap(),
            "# hi"
        );
        assert!(encoded(BodyEncoding::Text, &json!(1)).is_err());
    }

    #[test]
    fn values_that_a_form_cannot_contain_are_refused_and_an_empty_string_is_sent() {
        for encoding in [BodyEncoding::Form, BodyEncoding::FormBrackets] {
            let problem = encoded(encoding, &json!({"a": 1, "tags": []})).unwrap_err();
            assert_eq!(
                problem,
                "the field tags of the body is an empty list, which a form cannot hold: do not set it to send none"
            );
            let empty = encoded(encoding, &json!({"a": "", "b": null}));
            assert_eq!(empty.unwrap().unwrap(), "a=");
        }
        for lost in [
            json!({"a": {}}),
            json!({"a": {"b": []}}),
            json!({"a": {"b": {}}}),
            json!({"a": [1, null]}),
        ] {
            assert!(
                encoded(BodyEncoding::FormBrackets, &lost).is_err(),
                "{lost}"
            );
        }
        // As JSON, these arrive unchanged.
        let nested = json!({"a": {}, "b": [1, null]});
        assert_eq!(
            encoded(BodyEncoding::Form, &nested).unwrap().unwrap(),
            "a=%7B%7D&b=%5B1%2Cnull%5D"
        );
    }

    #[test]
    fn an_absent_body_is_not_sent() {
        for encoding in [BodyEncoding::Json, BodyEncoding::Form, BodyEncoding::Text] {
            assert_eq!(encoded(encoding, &Value::Null).unwrap(), None);
        }
    }
}
