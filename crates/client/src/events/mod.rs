//! Responses that are a sequence of values: server-sent events, and JSON values line by line.

mod event_stream;
mod json_lines;
mod parser;
mod splitter;

pub use event_stream::{Event, EventStream};
pub use json_lines::JsonLines;

use bytes::Bytes;
use http::header::CONTENT_TYPE;

use crate::body::Head;
use crate::error::{Error, Kind, Report};

/// The error of a value that is not of its type. What came is its body, so that the caller can look at it.
fn undecoded(head: &Head, value: &[u8], problem: &str) -> Error {
    let problem = head.redactor.text(problem);
    let mut error = head.tell(Error::new(Kind::Decode(problem)));
    let kept = value.len().min(crate::error::MOST_ERROR_BYTES);
    let truncated = kept < value.len();
    let body = head
        .redactor
        .body(Bytes::copy_from_slice(&value[..kept]), truncated);
    let inner = error.inner_mut();
    // A failure that the service tells of in the middle of a stream is found as that of a response is.
    let report = Report::of(&inner.headers, &body);
    inner.report = report;
    inner.body = body;
    inner.body_truncated = truncated;
    error
}

/// A value that is larger than the client takes.
fn too_large(head: &Head, limit: u64) -> Error {
    head.tell(Error::new(Kind::TooLarge { limit }))
}

/// Whether a response is certainly no sequence of values: a service that does not stream, or a page of something between.
fn in_place_of_stream(head: &Head, expected: &str) -> Option<Error> {
    let content_type = head.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next()?.trim().to_ascii_lowercase();
    if !matches!(&*essence, "application/json" | "text/html") {
        return None;
    }
    let problem = format!("expected {expected}, found {essence}");
    Some(head.tell(Error::new(Kind::Decode(problem))))
}
