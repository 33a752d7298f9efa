use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};
use specmill_http::credentials::Authentication;
use specmill_http::error::ClockSkew;
use specmill_http::platform::ResponseBody;
use specmill_http::redact::{HeaderNames, Redactor};

/// The response of an attempt, with any status.
///
/// `Debug` shows the status, the names of the headers and the size of the body, but not their contents, which may be
/// secret.
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body of a streamed response, which has not been read yet.
    pub(crate) stream: Option<ResponseBody>,
    pub(crate) body_truncated: bool,
    pub(crate) elapsed: Duration,
    pub(crate) clock_skew: Option<ClockSkew>,
    /// The fetched credentials that the service rejected, if it rejected them.
    pub(crate) refused: Option<Arc<Authentication>>,
    /// Redacts the credentials of the attempt; `None` if no attempt was made.
    pub(crate) redactor: Option<Redactor>,
    pub(crate) extensions: Extensions,
}

impl Response {
    /// A response that the service did not send, such as one from a cache or a recording.
    ///
    /// The client treats it like a response of the service.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            stream: None,
            body_truncated: false,
            elapsed: Duration::ZERO,
            clock_skew: None,
            refused: None,
            redactor: None,
            extensions: Extensions::new(),
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers, for changes.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The body: complete for a success response, otherwise at most 64 KiB with this client's credentials redacted. It
    /// is empty if the response is streamed: see [`is_streamed`](Self::is_streamed).
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether the call returns the body as a stream. Middleware does not see such a body.
    pub fn is_streamed(&self) -> bool {
        self.stream.is_some()
    }

    /// Replaces the body, even a streamed one. The headers do not change.
    pub fn set_body(&mut self, body: impl Into<Bytes>) {
        self.stream = None;
        self.body = body.into();
    }

    /// Whether the body was truncated.
    pub fn is_body_truncated(&self) -> bool {
        self.body_truncated
    }

    /// The body for logs and recordings: credentials of this client that the service sent back are redacted.
    pub fn redacted_body(&self) -> Bytes {
        match &self.redactor {
            Some(redactor) => redactor.body(self.body.clone(), self.body_truncated),
            None => self.body.clone(),
        }
    }

    /// The duration of the attempt, including the body; zero if none was made.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Values for outer middleware.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Values for outer middleware, for changes.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &HeaderNames(&self.headers))
            .field("body_bytes", &self.body.len())
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}
