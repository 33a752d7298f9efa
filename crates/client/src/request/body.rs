//! Request bodies.

use bytes::Bytes;
use serde_json::Value;

use super::path::encode as percent_encode;
use super::value;
use crate::operation::{Body, BodyEncoding};

/// A value as the bytes of a body. `None` for a value that is absent.
pub(crate) fn encode<B: serde::Serialize>(
    table: &Body,
    value: &B,
) -> Result<Option<Bytes>, String> {
    match table.encoding {
        BodyEncoding::Json => {
            let bytes = serde_json::to_vec(value).map_err(|_| "the body is not JSON".to_owned())?;
            Ok((bytes != b"null").then(|| Bytes::from(bytes)))
        }
        BodyEncoding::Form => {
            match to_value(value)? {
                Value::Null => Ok(None),
                Value::Object(members) => {
                    let mut pairs = Vec::new();
                    for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                        // What has parts of its own goes as JSON.
                        let items =
                            value::items(member).unwrap_or_else(|| vec![member.to_string()]);
                        pairs.extend(items.iter().map(|item| {
                            format!("{}={}", percent_encode(name), percent_encode(item))
                        }));
                    }
                    Ok(Some(Bytes::from(pairs.join("&"))))
                }
                _ => Err("the body is not a form".to_owned()),
            }
        }
        BodyEncoding::FormBrackets => match to_value(value)? {
            Value::Null => Ok(None),
            Value::Object(members) => {
                let mut pairs = Vec::new();
                for (name, member) in &members {
                    brackets(name, member, &mut pairs);
                }
                Ok(Some(Bytes::from(pairs.join("&"))))
            }
            _ => Err("the body is not a form".to_owned()),
        },
        BodyEncoding::Text => match to_value(value)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(Bytes::from(text))),
            _ => Err("the body is not a text".to_owned()),
        },
        BodyEncoding::Bytes => Err("the body is not bytes".to_owned()),
    }
}

fn brackets(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                brackets(&format!("{name}[{member}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                brackets(&format!("{name}[{index}]"), value, pairs);
            }
        }
        other => pairs.extend(
            value::scalar(other)
                .map(|text| format!("{}={}", percent_encode(name), percent_encode(&text))),
        ),
    }
}

fn to_value<B: serde::Serialize>(value: &B) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|_| "the body cannot be written".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoded(encoding: BodyEncoding, value: &Value) -> Result<Option<Bytes>, String> {
        encode(
            &Body {
                content_type: "x",
                encoding,
                required: false,
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
    fn an_absent_body_is_not_sent() {
        for encoding in [BodyEncoding::Json, BodyEncoding::Form, BodyEncoding::Text] {
            assert_eq!(encoded(encoding, &Value::Null).unwrap(), None);
        }
    }
}
