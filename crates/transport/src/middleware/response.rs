use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};
use specmill_http::credentials::Authentication;
use specmill_http::error::ClockSkew;
use specmill_http::platform::ResponseBody;
use specmill_http::redact::{HeaderNames, Redactor};

/// The response of one attempt, of any status.
///
/// `Debug` shows status, names of headers and the size of the body: a service may send secrets in any of them.
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body that is still to come, where the call streams it.
    pub(crate) stream: Option<ResponseBody>,
    pub(crate) body_truncated: bool,
    pub(crate) elapsed: Duration,
    pub(crate) clock_skew: Option<ClockSkew>,
    /// Credentials that were fetched, and that the service refused.
    pub(crate) refused: Option<Arc<Authentication>>,
    /// Knows the credentials that the attempt was made with; `None` where no attempt was made.
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

    /// The headers, to be changed.
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

    /// The body, with the credentials of this client redacted that the service sent back: for logs and recordings.
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

    /// Values that middleware hands back to the middleware around it.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Values that middleware hands back to the middleware around it, to be changed.
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
