//! A success, with what came along with it.

use http::{HeaderMap, StatusCode};

use crate::error::Report;

/// A success: the decoded body, and the status and headers it came with.
#[derive(Debug, Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    body: T,
}

impl<T> Response<T> {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, attempts: u32, body: T) -> Self {
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

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id of the request, if a header tells it.
    pub fn request_id(&self) -> Option<String> {
        Report::of_headers(&self.headers).request_id
    }

    /// How many requests were made, the successful one included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The body.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The body alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(self.status, self.headers, self.attempts, change(self.body))
    }
}
