use bytes::Bytes;
use http::header::ACCEPT;
use serde_json::Value;
use specmill_http::operation::{Operation, StreamFlag};

use crate::received::{ReceivedRequest, value};

/// The stream of an operation. Written by the generator.
#[derive(Debug, Clone, Copy)]
pub struct MockStream {
    /// How the values are encoded.
    pub form: StreamForm,
    /// The content type of the stream.
    pub content_type: &'static str,
    /// A sample value that is generated from the document, as JSON; empty if there is no finite one.
    pub item: &'static str,
}

/// How the values of a stream are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamForm {
    /// Server-sent events whose data is JSON.
    JsonEvents,
    /// Server-sent events whose data is a string.
    TextEvents,
    /// Server-sent events whose values describe the event as a whole: `event`, `id`, `retry` and `data`.
    WholeEvents,
    /// JSON values, one per line or after record separators.
    JsonLines,
}

impl MockStream {
    /// The response with one sample value.
    pub(crate) fn sample(&self) -> Bytes {
        match serde_json::from_str(self.item) {
            Ok(item) => self.written(&[item]),
            Err(_) => Bytes::new(),
        }
    }

    /// The body of a response with these values.
    pub(crate) fn written(&self, items: &[Value]) -> Bytes {
        let is_sequence = self.content_type.contains("json-seq");
        let mut body = String::new();
        for item in items {
            match (self.form, item) {
                (StreamForm::JsonLines, item) if is_sequence => {
                    body += &format!("\u{1e}{item}\n");
                }
                (StreamForm::JsonLines, item) => body += &format!("{item}\n"),
                (StreamForm::WholeEvents, Value::Object(fields)) => {
                    for (name, field) in fields {
                        body += &event_field(name, field);
                    }
                    body.push('\n');
                }
                (_, item) => body += &format!("{}\n", event_field("data", item)),
            }
        }
        body.into()
    }

    /// Whether a request asks for the stream, for operations that also have another response.
    pub(crate) fn is_asked_for(&self, operation: &Operation, request: &ReceivedRequest) -> bool {
        match operation.stream_flag {
            Some(StreamFlag::Body(name)) => {
                let body = serde_json::from_slice::<Value>(&request.body);
                body.is_ok_and(|body| body[name] == true)
            }
            Some(StreamFlag::Query(name)) => value(&request.query, name) == Some("true"),
            None => {
                let accept = request.headers.get(ACCEPT).map(http::HeaderValue::to_str);
                accept
                    .is_some_and(|accept| accept.is_ok_and(|text| text.contains(self.content_type)))
            }
        }
    }
}

/// A field of an event; each line of the string becomes a line of the field.
fn event_field(name: &str, field: &Value) -> String {
    match field {
        Value::String(text) => text
            .split('\n')
            .map(|line| format!("{name}: {line}\n"))
            .collect(),
        other => format!("{name}: {other}\n"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(form: StreamForm, content_type: &'static str, items: &[Value]) -> String {
        let stream = MockStream {
            form,
            content_type,
            item: "",
        };
        String::from_utf8(stream.written(items).to_vec()).unwrap()
    }

    #[test]
    fn values_are_encoded_in_the_form_of_the_stream() {
        let events = "text/event-stream";
        let whole = json!({"event": "tick", "data": {"n": 1}});
        for (form, content_type, item, expected) in [
            (
                StreamForm::JsonEvents,
                events,
                json!({"n": 1}),
                "data: {\"n\":1}\n\n",
            ),
            (
                StreamForm::TextEvents,
                events,
                json!("a\nb"),
                "data: a\ndata: b\n\n",
            ),
            (
                StreamForm::JsonLines,
                "application/jsonl",
                json!([1]),
                "[1]\n",
            ),
            (
                StreamForm::JsonLines,
                "application/json-seq",
                json!(2),
                "\u{1e}2\n",
            ),
        ] {
            assert_eq!(written(form, content_type, &[item]), expected);
        }
        let text = written(StreamForm::WholeEvents, events, &[whole]);
        assert!(
            text.contains("event: tick\n") && text.contains("data: {\"n\":1}\n"),
            "{text}"
        );
        assert!(text.ends_with("\n\n"), "{text}");
    }
}
