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
                        let items = value::items(member)
                            .ok_or_else(|| format!("the form field {name} cannot be sent"))?;
                        pairs.extend(items.iter().map(|item| {
                            format!("{}={}", percent_encode(name), percent_encode(item))
                        }));
                    }
                    Ok(Some(Bytes::from(pairs.join("&"))))
                }
                _ => Err("the body is not a form".to_owned()),
            }
        }
        BodyEncoding::Text => match to_value(value)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(Bytes::from(text))),
            _ => Err("the body is not a text".to_owned()),
        },
        BodyEncoding::Bytes => Err("the body is not bytes".to_owned()),
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
