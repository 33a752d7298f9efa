//! Responses that are a sequence of values: server-sent events, and JSON values line by line.

mod event_stream;
mod json_lines;
mod parser;
mod splitter;

pub use event_stream::{Event, EventStream};
pub use json_lines::JsonLines;

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use specmill_http::body::{Head, Incoming};
use specmill_http::error::{Error, Kind, Report};
use specmill_http::operation::EventData;
use specmill_http::request::accept;
use specmill_http::response::Response;

use crate::call::Call;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

impl Call {
    /// Sends the call and returns the server-sent events of a 2xx response.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_events<T: DeserializeOwned>(
        self,
        data: EventData,
    ) -> Result<EventStream<T>, Error> {
        let response = self.send_events_response(data).await;
        response.map(Response::into_body)
    }

    /// Like [`send_events`](Self::send_events), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_events_response<T: DeserializeOwned>(
        self,
        data: EventData,
    ) -> Result<Response<EventStream<T>>, Error> {
        let prepared = self.prepared_for(accept::EVENTS)?;
        let response = self.open(&prepared).await?;
        let head = Response::new(
            response.status,
            response.headers.clone(),
            response.attempts,
            (),
        );
        let incoming = self.incoming(response);
        let limit = self.max_response_bytes();
        let events = EventStream::new(self, incoming, data, limit)?;
        Ok(head.map(|()| events))
    }

    /// Sends the call and returns the JSON values of a 2xx response, line by line. `accept` is the media type; values
    /// with record separators have the media type `application/json-seq`.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_lines<T: DeserializeOwned>(
        self,
        accept: &'static str,
    ) -> Result<JsonLines<T>, Error> {
        let response = self.send_lines_response(accept).await;
        response.map(Response::into_body)
    }

    /// Like [`send_lines`](Self::send_lines), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_lines_response<T: DeserializeOwned>(
        self,
        accept: &'static str,
    ) -> Result<Response<JsonLines<T>>, Error> {
        let prepared = self.prepared_for(accept)?;
        let response = self.open(&prepared).await?;
        let head = Response::new(
            response.status,
            response.headers.clone(),
            response.attempts,
            (),
        );
        let sequence = accept.starts_with("application/json-seq");
        let limit = self.max_response_bytes();
        let lines = JsonLines::new(self.incoming(response), sequence, limit)?;
        Ok(head.map(|()| lines))
    }

    /// Reconnects to a stream of events after a delay.
    pub(crate) async fn open_events_again(
        self,
        last_id: HeaderValue,
        delay: Duration,
    ) -> Result<Incoming, Error> {
        self.sleep(delay).await;
        let mut prepared = self.prepared_for(accept::EVENTS)?;
        prepared.headers.insert(LAST_EVENT_ID, last_id);
        let response = self.open(&prepared).await?;
        Ok(self.incoming(response))
    }
}

/// The error of a value that does not have the expected type. Its body is the value.
fn undecoded(head: &Head, value: &[u8], problem: &str) -> Error {
    let problem = head.redactor.text(problem);
    let mut error = head.tell(Error::new(Kind::Decode(problem)));
    let kept = value.len().min(specmill_http::error::MOST_ERROR_BYTES);
    let truncated = kept < value.len();
    let body = head
        .redactor
        .body(Bytes::copy_from_slice(&value[..kept]), truncated);
    let inner = error.inner_mut();
    // An error event in the middle of a stream is read in the same way as an error response.
    let report = Report::of(&inner.headers, &body);
    inner.report = report;
    inner.body = body;
    inner.body_truncated = truncated;
    error
}

/// The error of a value that is larger than the limit of the client.
fn too_large(head: &Head, limit: u64) -> Error {
    head.tell(Error::new(Kind::TooLarge { limit }))
}

/// The error of a response that is certainly not a stream, such as JSON or the HTML page of a proxy.
fn in_place_of_stream(head: &Head, expected: &str) -> Option<Error> {
    let content_type = head.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next()?.trim().to_ascii_lowercase();
    if !matches!(&*essence, "application/json" | "text/html") {
        return None;
    }
    let problem = format!("expected {expected}, found {essence}");
    Some(head.tell(Error::new(Kind::Decode(problem))))
}
