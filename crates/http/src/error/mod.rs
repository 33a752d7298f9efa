//! The error type of all calls.

mod kind;
mod public_kind;
mod reason;
mod transport;
mod vendor;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

pub use kind::{Kind, Limit};
pub use public_kind::ErrorKind;
pub use reason::Reason;
pub use transport::TransportError;
pub use transport::chain;
pub use vendor::Report;

use crate::decode;
use crate::operation::Operation;
use crate::text::{LIMIT as TEXT_LIMIT, one_line};
use crate::transient;

/// The maximum number of bytes that are kept of an unsuccessful response.
pub const MOST_ERROR_BYTES: usize = 64 * 1024;

/// The failure of a call or of building a client.
///
/// It is one pointer in size. `Display` prints one line with the operation, the kind of failure, the service's message
/// and the request id. Neither `Display` nor `Debug` shows a credential. The errors of the layers below are its
/// [`source`](StdError::source), a [`TransportError`]; [`with_causes`](Self::with_causes) prints both on one line. Use
/// the predicates or [`kind`](Self::kind) to distinguish failures.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// # fn show(error: specmill_client::Error) {
/// if error.is_not_found() {
///     println!("gone");
/// } else {
///     eprintln!("{error}");   // panther user_get: 403 Forbidden: no access (request 01H…)
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

/// The contents of an error.
pub struct Inner {
    pub kind: Kind,
    pub operation: Option<&'static Operation>,
    pub status: Option<StatusCode>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub body_truncated: bool,
    pub report: Report,
    pub attempts: u32,
    /// Whether an attempt before the last one may have reached the service.
    pub sent_before: bool,
    pub elapsed: Duration,
    pub retry_after: Option<Duration>,
    pub source: Option<TransportError>,
    /// The classification by the call's retry policy, if it has one: whether the failure is transient.
    pub transient: Option<bool>,
    pub budget_exhausted: bool,
    /// The difference between the clocks of the service and the client, if the service rejected a signature.
    pub clock_skew: Option<ClockSkew>,
}

/// The difference between the clocks of the service and the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    pub by: Duration,
    pub client_is_behind: bool,
}

impl Error {
    #[doc(hidden)]
    pub fn new(kind: Kind) -> Self {
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
            transient: None,
            budget_exhausted: false,
            clock_skew: None,
        }))
    }

    #[doc(hidden)]
    pub fn configuration(problem: impl Into<String>) -> Self {
        Self::new(Kind::Configuration(problem.into()))
    }

    /// A failure of the caller's own middleware: see `Middleware` of specmill-client. It is not retried unless the
    /// call's `RetryPolicy::retry_if` accepts it. `Display` shows `problem` as one line of at most 500 characters; it
    /// must not contain credentials.
    pub fn middleware(problem: impl fmt::Display) -> Self {
        let problem = one_line(&problem.to_string(), TEXT_LIMIT).unwrap_or_default();
        Self::new(Kind::Middleware {
            problem,
            sent: true,
        })
    }

    #[doc(hidden)]
    /// Returns the status and the contents of an unsuccessful response. Any other error, such as one without a
    /// response or with a success response that could not be read, is returned unchanged.
    pub fn into_response(self) -> Result<(StatusCode, Inner), Self> {
        match (self.0.status, &self.0.kind) {
            (Some(status), Kind::Status | Kind::Redirect { .. }) => Ok((status, *self.0)),
            _ => Err(self),
        }
    }

    #[doc(hidden)]
    pub fn invalid_request(operation: &'static Operation, problem: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest(problem.into())).on(operation)
    }

    #[doc(hidden)]
    pub fn on(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn kind_ref(&self) -> &Kind {
        &self.0.kind
    }

    #[doc(hidden)]
    pub fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }

    // Predicates: the kind of failure.

    /// The attempt or the call timed out, or no data arrived within the idle timeout.
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Timeout(_)
                | Kind::Connect {
                    timed_out: true,
                    ..
                }
        )
    }

    /// No connection could be made, so nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect { .. })
    }

    /// The connection was closed before the response was complete. The service may have carried out the request.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.kind, Kind::Interrupted(_) | Kind::Unresponsive)
    }

    #[doc(hidden)]
    /// An HTTP/2 connection stopped responding.
    pub fn is_unresponsive(&self) -> bool {
        matches!(self.0.kind, Kind::Unresponsive)
    }

    /// Too many requests: 429, or a 403 with a delay in its headers.
    pub fn is_throttled(&self) -> bool {
        self.is_status(StatusCode::TOO_MANY_REQUESTS) || self.is_limited()
    }

    /// 404 or 410: the resource does not exist, or no longer exists. [`status`](Self::status) distinguishes them.
    pub fn is_not_found(&self) -> bool {
        self.is_status(StatusCode::NOT_FOUND) || self.is_status(StatusCode::GONE)
    }

    /// 401: the credentials are missing, wrong or no longer valid.
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(StatusCode::UNAUTHORIZED)
    }

    /// 403: the credentials lack a permission.
    pub fn is_forbidden(&self) -> bool {
        self.is_status(StatusCode::FORBIDDEN)
    }

    /// 400: the request is invalid.
    pub fn is_bad_request(&self) -> bool {
        self.is_status(StatusCode::BAD_REQUEST)
    }

    /// 409: the request conflicts with the state of the resource.
    pub fn is_conflict(&self) -> bool {
        self.is_status(StatusCode::CONFLICT)
    }

    /// 4xx: the service rejected the request.
    pub fn is_client_error(&self) -> bool {
        self.response_status()
            .is_some_and(|status| status.is_client_error())
    }

    /// 5xx: the service, or a proxy or gateway before it, failed.
    pub fn is_server_error(&self) -> bool {
        self.response_status()
            .is_some_and(|status| status.is_server_error())
    }

    /// 3xx: the service sent a redirect. Redirects are never followed.
    pub fn is_redirect(&self) -> bool {
        matches!(self.0.kind, Kind::Redirect { .. } | Kind::RedirectFollowed)
    }

    /// A success response does not have the documented structure.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// The response exceeds the size limit of the client.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge { .. })
    }

    /// A file, reader or stream of the caller could not be read or written.
    pub fn is_io(&self) -> bool {
        matches!(self.0.kind, Kind::Io { .. })
    }

    /// An argument is invalid; nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::InvalidRequest(_))
    }

    /// A setting of the client is invalid; nothing was sent.
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(_))
    }

    /// A list cannot be read completely: a cursor was repeated, 100 pages in a row were empty, or there were fewer
    /// items than the total that the service stated. The stream's `position` returns the page.
    pub fn is_paging(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::RepeatedCursor | Kind::EmptyPages | Kind::Incomplete { .. }
        )
    }

    /// A list ended with fewer items than the total that the service stated. `ignore_total` of a list accepts a wrong
    /// total.
    pub fn is_incomplete(&self) -> bool {
        matches!(self.0.kind, Kind::Incomplete { .. })
    }

    /// The credentials could not be fetched, from a file, a provider or a token endpoint; nothing was sent.
    /// Credentials that the service rejects are [`is_unauthorized`](Self::is_unauthorized).
    pub fn is_credentials(&self) -> bool {
        matches!(self.0.kind, Kind::Credentials { .. })
    }

    /// The caller's middleware failed: see [`Error::middleware`](Self::middleware).
    pub fn is_middleware(&self) -> bool {
        matches!(self.0.kind, Kind::Middleware { .. })
    }

    /// The failure is transient: 408, 429, 502, 503, 504, a 403 with a delay, a timeout, a failed connection, or a
    /// failure that the call's `RetryPolicy` adds.
    ///
    /// Failures that another attempt cannot fix are not transient: a certificate of an unknown authority, a host that
    /// does not exist, a proxy that rejects the credentials (407) or is not supported.
    ///
    /// This does not mean that the operation is safe to repeat: see [`was_not_sent`](Self::was_not_sent).
    pub fn is_retryable(&self) -> bool {
        if self.is_permanent() {
            return false;
        }
        self.0.transient.unwrap_or_else(|| match self.0.kind {
            Kind::Timeout(_) | Kind::Connect { .. } | Kind::Interrupted(_) | Kind::Unresponsive => {
                true
            }
            Kind::Credentials { transient, .. } => transient,
            Kind::Status => self.0.status.is_some_and(transient::is_transient) || self.is_limited(),
            _ => false,
        })
    }

    /// The failure would have been retried, but the client's `RetryBudget` was used up.
    pub fn is_retry_budget_exhausted(&self) -> bool {
        self.0.budget_exhausted
    }

    /// A signature was rejected while the service's clock and this machine's differed by minutes: set the clock.
    pub fn is_clock_skewed(&self) -> bool {
        self.0.clock_skew.is_some()
    }

    #[doc(hidden)]
    /// Whether another attempt would fail in the same way, regardless of the retry policy.
    pub fn is_permanent(&self) -> bool {
        match self.0.kind {
            Kind::Connect { reason, .. } | Kind::Interrupted(reason) => reason.is_permanent(),
            Kind::Credentials { transient, .. } => !transient,
            Kind::Configuration(_)
            | Kind::InvalidRequest(_)
            | Kind::RedirectFollowed
            | Kind::Io { .. }
            | Kind::TooLarge { .. } => true,
            _ => self.is_status(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
        }
    }

    /// The request provably did not reach the service in any attempt, so any operation is safe to send again.
    pub fn was_not_sent(&self) -> bool {
        !self.0.sent_before
            && matches!(
                self.0.kind,
                Kind::Connect { .. }
                    | Kind::InvalidRequest(_)
                    | Kind::Configuration(_)
                    | Kind::Io { sent: false, .. }
                    | Kind::Timeout(Limit::Waiting(_) | Limit::Credentials(_))
                    | Kind::Credentials { .. }
                    | Kind::Middleware { sent: false, .. }
            )
    }

    /// The kind of failure, for a `match` or a metric. The predicates make the same distinctions.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::of(self)
    }

    #[doc(hidden)]
    /// The status of the response, or the kind of failure: the `error.type` of OpenTelemetry's conventions.
    pub fn type_name(&self) -> std::borrow::Cow<'static, str> {
        match self.response_status() {
            Some(status) => status.as_str().to_owned().into(),
            None => self.kind().name().into(),
        }
    }

    fn is_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }

    fn is_limited(&self) -> bool {
        let status = self.response_status();
        status.is_some_and(|status| transient::is_limited(status, self.0.retry_after))
    }

    #[doc(hidden)]
    /// The status of a response that is neither a success nor a redirect.
    pub fn response_status(&self) -> Option<StatusCode> {
        self.0
            .status
            .filter(|_| matches!(self.0.kind, Kind::Status))
    }

    /// Displays this error together with its sources on one line, for logs that do not show sources.
    pub fn with_causes(&self) -> impl fmt::Display + '_ {
        WithCauses(self)
    }

    // Accessors: the details of the failure.

    /// The name of the API: `panther`. `None` if the error occurred before any operation.
    pub fn api(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.api)
    }

    /// The name of the operation: `user_get`. `None` if the error occurred before any operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The status of the response, even if reading the response failed afterwards.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's message, as one line of at most 500 characters, without control characters.
    pub fn message(&self) -> Option<&str> {
        self.0.report.message.as_deref()
    }

    /// The service's error code.
    pub fn code(&self) -> Option<&str> {
        self.0.report.code.as_deref()
    }

    /// The id under which the service's operators can find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.report.request_id.as_deref()
    }

    /// The headers of the response, unchanged. They are not in `Debug`, since they may contain secrets.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the response, up to 64 KiB, converted to UTF-8 if its content type names another charset;
    /// credentials of this client are redacted. It is not in `Debug`.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Whether the body of the response was longer than [`body`](Self::body), or incomplete.
    pub fn is_body_truncated(&self) -> bool {
        self.0.body_truncated
    }

    /// Decodes the body as JSON of a type, such as the vendor's error schema.
    ///
    /// # Errors
    /// The body does not match the type: the error names the place and the expected type.
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

    /// The number of attempts: 0 if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time from the start of the call to this error.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The delay that the service requested.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The permission that the operation requires, if the response was 401 or 403 and the permission is documented.
    pub fn permission(&self) -> Option<&'static str> {
        let denied = self.is_unauthorized() || self.is_forbidden();
        self.0
            .operation
            .filter(|_| denied)
            .and_then(|operation| operation.permission)
    }
}

/// One line: the operation, the failure and the request id.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(formatter, "{operation}: ")?;
        }
        inner.kind.describe(inner, formatter)?;
        let mut notes: Vec<String> = Vec::new();
        if let Some(permission) = self.permission() {
            notes.push(format!("needs the permission \"{permission}\""));
        }
        if let Some(skew) = inner.clock_skew {
            notes.push(skew.to_string());
        }
        if let Some(wait) = self.retry_after() {
            notes.push(format!("retry after {} s", wait.as_secs_f64().ceil()));
        }
        if let Some(id) = self.request_id() {
            notes.push(format!("request {id}"));
        }
        if inner.attempts > 1 {
            notes.push(format!("{} attempts", inner.attempts));
        }
        if inner.budget_exhausted {
            notes.push("not retried: the retry budget is used up".to_owned());
        }
        if notes.is_empty() {
            Ok(())
        } else {
            write!(formatter, " ({})", notes.join("; "))
        }
    }
}

/// `the clock of this machine is 17 minutes behind the service's`
impl fmt::Display for ClockSkew {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.client_is_behind {
            "behind"
        } else {
            "ahead of"
        };
        let minutes = self.by.as_secs() / 60;
        write!(
            formatter,
            "the clock of this machine is {minutes} minutes {direction} the service's"
        )
    }
}

struct WithCauses<'a>(&'a Error);

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0, formatter)?;
        match &self.0.0.source {
            Some(source) => write!(formatter, ": {}", chain(source)),
            None => Ok(()),
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
            .map(|source| source as &(dyn StdError + 'static))
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
