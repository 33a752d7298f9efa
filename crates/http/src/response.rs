//! A success response with its status and headers.

use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::error::Report;
use crate::redact::HeaderNames;

/// A success response: the decoded body, the status and the headers.
///
/// `Debug` shows the names of the headers but not their values, which may be secret.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    body: T,
}

impl<T> Response<T> {
    #[doc(hidden)]
    pub fn new(status: StatusCode, headers: HeaderMap, attempts: u32, body: T) -> Self {
        Self {
            status,
            headers,
            attempts,
            body,
        }
    }

    /// The status: any 2xx.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, unchanged. `Debug` does not show their values.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id of the request, if a header contains it.
    pub fn request_id(&self) -> Option<String> {
        Report::of_headers(&self.headers).request_id
    }

    /// The number of attempts, including the successful one.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The body.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The body, without the status and the headers.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Returns the same response with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(self.status, self.headers, self.attempts, change(self.body))
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &HeaderNames(&self.headers))
            .field("attempts", &self.attempts)
            .field("body", &self.body)
            .finish()
    }
}
