use serde_json::Value;
use serde_json::value::RawValue;
use specmill_http::body::{BodySource, ByteStream};
use specmill_http::error::Error;
use specmill_http::operation::{Paging, Parameter};
use specmill_http::request::accept;

use super::{Operation, Page, Pages, Preview, Stream, Success};
use crate::call;
#[cfg(not(target_arch = "wasm32"))]
use crate::download::FileDownload;
use crate::events::{EventStream, JsonLines};

/// A call whose arguments and response are JSON.
///
/// If an argument is invalid, sending the call fails with the first such error, and nothing is sent.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct Call {
    call: call::Call,
    operation: &'static Operation,
}

/// The content of a success response.
#[derive(Debug)]
#[non_exhaustive]
pub enum ResponseContent {
    /// No body.
    Empty,
    /// JSON, unchanged.
    Json(Box<RawValue>),
    /// A string.
    Text(String),
    /// Bytes, as they arrive.
    Bytes(ByteStream),
    /// Server-sent events, as they arrive. The data of each is JSON; other data is a JSON string.
    Events(Box<EventStream<Box<RawValue>>>),
    /// JSON values, as they arrive.
    Lines(Box<JsonLines<Box<RawValue>>>),
}

impl Call {
    pub(super) fn new(call: call::Call, operation: &'static Operation) -> Self {
        Self { call, operation }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Sets a parameter of the operation's table. `null` is not sent; an empty string is. An empty list fails the call.
    pub fn parameter(mut self, parameter: &Parameter, value: &Value) -> Self {
        let (location, name) = (parameter.location, parameter.name);
        self.call = self.call.parameter_in(location, name, Ok(value));
        self
    }

    /// Sets the body, in the encoding of the operation's table.
    pub fn body(mut self, value: &Value) -> Self {
        self.call = self.call.body(Ok(value));
        self
    }

    /// Sets the body as bytes, from any source, regardless of the encoding of the operation's table.
    pub fn body_bytes(mut self, bytes: impl Into<BodySource>) -> Self {
        self.call = self.call.body_source(Ok(bytes));
        self
    }

    /// Like [`body_bytes`](Self::body_bytes), with the content type of the bytes.
    pub fn body_of_type(
        mut self,
        content_type: impl Into<String>,
        bytes: impl Into<BodySource>,
    ) -> Self {
        let given = (content_type.into(), bytes);
        self.call = self.call.body_of_type(Ok(Some(given)));
        self
    }

    /// Sends the call and returns the content of a 2xx response.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error.
    pub async fn send(self) -> Result<ResponseContent, Error> {
        Ok(match self.operation.success {
            Success::Empty => {
                self.call.send_empty().await?;
                ResponseContent::Empty
            }
            Success::Json { optional: true, .. } => self
                .call
                .send_optional()
                .await?
                .map_or(ResponseContent::Empty, ResponseContent::Json),
            Success::Json { .. } => ResponseContent::Json(self.call.send().await?),
            Success::Text => ResponseContent::Text(self.call.send_text().await?),
            Success::Bytes => ResponseContent::Bytes(self.call.send_byte_stream().await?),
            Success::Stream => match self.operation.stream {
                Some(stream) => self.streamed(stream).await?,
                None => ResponseContent::Bytes(self.call.send_byte_stream().await?),
            },
        })
    }

    /// Sends the call and requests a stream; `None` if the operation has no stream.
    pub async fn send_stream(self) -> Option<Result<ResponseContent, Error>> {
        let stream = self.operation.stream?;
        Some(self.streamed(stream).await)
    }

    /// Saves the response to a file, regardless of its type.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn send_to_file(self, path: impl Into<std::path::PathBuf>) -> FileDownload {
        self.call.send_to_file(path)
    }

    async fn streamed(self, stream: Stream) -> Result<ResponseContent, Error> {
        Ok(match stream {
            Stream::Events(data) => {
                ResponseContent::Events(Box::new(self.call.send_events(data).await?))
            }
            Stream::Lines(media_type) => {
                ResponseContent::Lines(Box::new(self.call.send_lines(media_type).await?))
            }
        })
    }

    /// Sends the call and reads the response as one page; `None` if the operation is not paged.
    pub async fn page(self) -> Option<Result<Page, Error>> {
        self.paging()?;
        Some(self.call.send_page().await)
    }

    /// All pages, starting at that of the call; the next page is fetched while one is consumed. `None` if the
    /// operation is not paged.
    pub fn pages(self) -> Option<Pages> {
        let paging = self.paging()?;
        Some(Pages::new(self.call, paging))
    }

    /// The request that would be sent, with redacted credentials. Nothing is sent.
    ///
    /// # Errors
    /// An argument is invalid or missing.
    pub fn preview(&self) -> Result<Preview, Error> {
        let accept = match self.operation.success {
            Success::Json { .. } => accept::JSON,
            Success::Text => accept::TEXT,
            Success::Empty | Success::Bytes => accept::ANY,
            Success::Stream => match self.operation.stream {
                Some(Stream::Events(_)) => accept::EVENTS,
                Some(Stream::Lines(media_type)) => media_type,
                None => accept::ANY,
            },
        };
        self.call.preview(accept)
    }

    fn paging(&self) -> Option<Paging> {
        self.operation.table.paging
    }
}
