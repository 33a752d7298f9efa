//! The one error of every call.

mod kind;
mod text;
mod vendor;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

pub(crate) use kind::{Kind, Limit};
#[cfg(feature = "dynamic")]
pub(crate) use text::is_unprintable;
pub(crate) use text::{LIMIT as TEXT_LIMIT, one_line};
pub(crate) use vendor::Report;

use crate::decode;
use crate::operation::Operation;

/// What went wrong, with all that is known about it.
///
/// One pointer in size. `Display` is one line that says which operation failed, how, what the service said about it
/// and under which request id; no credential is in it, nor in `Debug`. Use the predicates to tell failures apart.
///
/// ```
/// # fn show(error: specmill_client::Error) {
/// if error.is_not_found() {
///     println!("gone");
/// } else {
///     eprintln!("{error}");   // panther user_get: 403 Forbidden: no access (request 01H…)
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: Kind,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) body_truncated: bool,
    pub(crate) report: Report,
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have reached the service.
    pub(crate) sent_before: bool,
    pub(crate) elapsed: Duration,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) source: Option<Cause>,
}

/// What a library below said, as text: its own error types could show addresses and headers.
#[derive(Debug)]
pub(crate) struct Cause(pub(crate) String);

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl StdError for Cause {}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            body_truncated: false,
            report: Report::default(),
            attempts: 0,
            sent_before: false,
            elapsed: Duration::ZERO,
            retry_after: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::new(Kind::Configuration(problem.into()))
    }

    pub(crate) fn invalid_request(
        operation: &'static Operation,
        problem: impl Into<String>,
    ) -> Self {
        Self::new(Kind::InvalidRequest(problem.into())).on(operation)
    }

    pub(crate) fn on(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }

    // What the failure is.

    /// The call took longer than its attempt or as a whole was given.
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Timeout(_) | Kind::Connect { timed_out: true }
        )
    }

    /// No connection could be made: nothing of the request was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect { .. })
    }

    /// The connection broke off, before or within the answer. The service may have done what was asked.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.kind, Kind::Interrupted | Kind::Unresponsive)
    }

    /// An HTTP/2 connection stopped responding.
    pub(crate) fn is_unresponsive(&self) -> bool {
        matches!(self.0.kind, Kind::Unresponsive)
    }

    /// 429: too many requests.
    pub fn is_throttled(&self) -> bool {
        self.is_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// 404: no such thing.
    pub fn is_not_found(&self) -> bool {
        self.is_status(StatusCode::NOT_FOUND)
    }

    /// 401: the credentials are missing, wrong or no longer valid.
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(StatusCode::UNAUTHORIZED)
    }

    /// 403: the credentials lack a permission.
    pub fn is_forbidden(&self) -> bool {
        self.is_status(StatusCode::FORBIDDEN)
    }

    /// 400: the service refused the request's form.
    pub fn is_bad_request(&self) -> bool {
        self.is_status(StatusCode::BAD_REQUEST)
    }

    /// 409: the request contradicts what is there.
    pub fn is_conflict(&self) -> bool {
        self.is_status(StatusCode::CONFLICT)
    }

    /// 5xx: the service, or something before it, failed.
    pub fn is_server_error(&self) -> bool {
        matches!(self.0.kind, Kind::Status)
            && self.0.status.is_some_and(|status| status.is_server_error())
    }

    /// 3xx: the service pointed elsewhere. Redirects are never followed.
    pub fn is_redirect(&self) -> bool {
        matches!(self.0.kind, Kind::Redirect { .. } | Kind::RedirectFollowed)
    }

    /// The answer was a success, but not of the form the API documents.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// The answer was larger than the client takes.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge { .. })
    }

    /// The caller's arguments were refused; nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::InvalidRequest(_))
    }

    /// The client's settings were refused; nothing was sent.
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(_))
    }

    /// A listing cannot be read to its end: a cursor was sent for the second time, 100 pages in a row were empty, or
    /// fewer items came than the service's own total says. The stream's `position` tells where.
    pub fn is_paging(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::RepeatedCursor | Kind::EmptyPages | Kind::Incomplete { .. }
        )
    }

    /// The failure may pass by itself: 408, 429, 502, 503, 504, a timeout, or a failed connection.
    ///
    /// Whether the operation may be repeated is another question: see [`was_not_sent`](Self::was_not_sent).
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            Kind::Timeout(_) | Kind::Connect { .. } | Kind::Interrupted | Kind::Unresponsive => {
                true
            }
            Kind::Status => self.0.status.is_some_and(is_passing),
            _ => false,
        }
    }

    /// The request provably did not reach the service in any attempt: to repeat it is safe whatever it does.
    pub fn was_not_sent(&self) -> bool {
        !self.0.sent_before
            && matches!(
                self.0.kind,
                Kind::Connect { .. }
                    | Kind::InvalidRequest(_)
                    | Kind::Configuration(_)
                    | Kind::Timeout(Limit::Waiting(_))
            )
    }

    fn is_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }

    // What is known about it.

    /// Name of the API: `panther`. `None` where the error came up before any operation.
    pub fn api(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.api)
    }

    /// Name of the operation: `user_get`. `None` where the error came up before any operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The answer's status, whatever went wrong with the answer after it.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// What the service said, as one line: control characters removed, at most 500 characters.
    pub fn message(&self) -> Option<&str> {
        self.0.report.message.as_deref()
    }

    /// The service's name for the failure.
    pub fn code(&self) -> Option<&str> {
        self.0.report.code.as_deref()
    }

    /// The id under which the service's operators can find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.report.request_id.as_deref()
    }

    /// The answer's headers, as they came. Not in `Debug`: a service may set secrets in them.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The answer's body as it came, up to 64 KiB; credentials of this client that the service sent back are blotted
    /// out. Not in `Debug`.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Whether the answer's body was longer than [`body`](Self::body), or broke off.
    pub fn is_body_truncated(&self) -> bool {
        self.0.body_truncated
    }

    /// The body, read as the JSON of a type: an error schema with more than a message, say.
    ///
    /// # Errors
    /// The body is not of that form: the place in it and what was expected there.
    pub fn decode_body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::json(&self.0.body).map_err(|problem| {
            let mut error = Error::new(Kind::Decode(problem));
            error.0.operation = self.0.operation;
            error.0.status = self.0.status;
            error.0.attempts = self.0.attempts;
            error.0.elapsed = self.0.elapsed;
            error
        })
    }

    /// How many requests were made: 0 where nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time from the start of the call to this error.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long the service asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The permission that the operation needs, where the answer was 401 or 403 and the permission is known.
    pub fn permission(&self) -> Option<&'static str> {
        let denied = self.is_unauthorized() || self.is_forbidden();
        self.0
            .operation
            .filter(|_| denied)
            .and_then(|operation| operation.permission)
    }
}

/// Statuses of failures that pass by themselves.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// One line: what, where, why, and the request id.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(formatter, "{operation}: ")?;
        }
        inner.kind.describe(inner, formatter)?;
        let mut notes: Vec<Cow<'_, str>> = Vec::new();
        if let Some(permission) = self.permission() {
            notes.push(format!("needs the permission \"{permission}\"").into());
        }
        if let Some(wait) = self.retry_after() {
            notes.push(format!("retry after {} s", wait.as_secs()).into());
        }
        if let Some(id) = self.request_id() {
            notes.push(format!("request {id}").into());
        }
        if inner.attempts > 1 {
            notes.push(format!("{} attempts", inner.attempts).into());
        }
        if notes.is_empty() {
            Ok(())
        } else {
            write!(formatter, " ({})", notes.join("; "))
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        formatter
            .debug_struct("Error")
            .field("operation", &inner.operation.map(ToString::to_string))
            .field("kind", &inner.kind)
            .field("status", &inner.status)
            .field("message", &inner.report.message)
            .field("code", &inner.report.code)
            .field("request_id", &inner.report.request_id)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
