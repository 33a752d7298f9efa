use std::fmt;
use std::time::Duration;

use super::{Inner, Reason};

/// The kinds of failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A setting of the client is invalid.
    Configuration(String),
    /// An argument of the call is invalid.
    InvalidRequest(String),
    /// No connection could be made.
    Connect {
        timed_out: bool,
        reason: Reason,
    },
    /// The connection was closed before the response was complete.
    Interrupted(Reason),
    /// An HTTP/2 connection no longer responded to pings. All calls on it fail.
    Unresponsive,
    Timeout(Limit),
    /// A file, reader or stream of the caller could not be read or written.
    Io {
        problem: String,
        /// Whether a part of the request may have reached the service.
        sent: bool,
    },
    /// A response that is neither a success nor a redirect.
    Status,
    Redirect {
        host: Option<String>,
    },
    /// The supplied HTTP client followed a redirect by itself.
    RedirectFollowed,
    /// A success response with the wrong structure: the location and the expected type.
    Decode(String),
    TooLarge {
        limit: u64,
    },
    RepeatedCursor,
    /// Too many pages in a row were empty, each with a cursor for the next one.
    EmptyPages,
    /// A list ended before the total that the service stated; `page` is the number of the last page.
    Incomplete {
        total: u64,
        came: u64,
        page: Option<u64>,
    },
    /// The credentials could not be fetched.
    Credentials {
        problem: String,
        transient: bool,
    },
    /// The caller's middleware failed; `sent` if it had sent the request before.
    Middleware {
        problem: String,
        sent: bool,
    },
    /// The tokio runtime was shut down during the call.
    Cancelled,
}

/// The time limit that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Attempt(Duration),
    Call(Duration),
    /// The limit of the call, while it waited for other calls to end.
    Waiting(Duration),
    /// The limit between two pieces of a streamed body.
    Idle(Duration),
    /// The limit of the call, while it waited for credentials.
    Credentials(Duration),
}

impl Kind {
    /// Writes the part of the message that depends on the kind.
    pub(super) fn describe(
        &self,
        inner: &Inner,
        formatter: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        match self {
            Self::Configuration(problem) => write!(formatter, "invalid configuration: {problem}"),
            Self::InvalidRequest(problem) => write!(formatter, "invalid request: {problem}"),
            Self::Connect { reason, .. } => because(formatter, "could not connect", *reason),
            Self::Interrupted(reason) => because(formatter, "the request was interrupted", *reason),
            Self::Unresponsive => formatter.write_str("the connection stopped responding"),
            Self::Timeout(limit) => {
                match limit {
                    Limit::Attempt(time) => write!(formatter, "the attempt timed out after {time:?}")?,
                    Limit::Call(time) => write!(formatter, "the call timed out after {time:?}")?,
                    Limit::Waiting(time) => write!(
                        formatter,
                        "not sent within {time:?}: it waited for other calls to end, see max_concurrent_calls"
                    )?,
                    Limit::Idle(time) => write!(formatter, "no data for {time:?}: see idle_timeout")?,
                    Limit::Credentials(time) => {
                        write!(formatter, "not sent within {time:?}: it waited for credentials")?;
                    }
                }
                match inner.status {
                    Some(status) => write!(formatter, "; the status was {status}"),
                    None => Ok(()),
                }
            }
            Self::Io { problem, .. } => formatter.write_str(problem),
            Self::Status => {
                status_line(formatter, inner)?;
                match (&inner.report.message, &inner.report.form) {
                    (Some(message), _) => write!(formatter, ": {message}"),
                    (None, Some(form)) => write!(formatter, ": {form}"),
                    (None, None) => Ok(()),
                }
            }
            Self::Redirect { host } => {
                status_line(formatter, inner)?;
                match host {
                    Some(host) => write!(formatter, ": redirected to {host}, which is not followed"),
                    None => formatter.write_str(": redirected, which is not followed"),
                }
            }
            Self::RedirectFollowed => formatter.write_str(
                "the supplied HTTP client followed a redirect: build it with reqwest::redirect::Policy::none()",
            ),
            Self::Decode(problem) => {
                status_line(formatter, inner)?;
                write!(formatter, ", but the body could not be decoded: {problem}")
            }
            Self::TooLarge { limit } => {
                status_line(formatter, inner)?;
                write!(formatter, ", but the body is larger than {limit} bytes: see max_response_bytes")
            }
            Self::RepeatedCursor => {
                formatter.write_str("the service sent a cursor for the second time; reading on would not end")
            }
            Self::EmptyPages => {
                formatter.write_str("100 pages in a row were empty, each with a cursor; reading on might not end")
            }
            Self::Incomplete { total, came, page } => {
                write!(formatter, "the listing ended after {came} of the {total} items that the service reported")?;
                match page {
                    Some(page) => write!(formatter, ", at page {page}"),
                    None => Ok(()),
                }
            }
            Self::Credentials { problem, .. } => write!(formatter, "no credentials: {problem}"),
            Self::Middleware { problem, .. } => write!(formatter, "middleware failed: {problem}"),
            Self::Cancelled => formatter.write_str("the tokio runtime was shut down"),
        }
    }
}

fn status_line(formatter: &mut fmt::Formatter<'_>, inner: &Inner) -> fmt::Result {
    match inner.status {
        // `StatusCode` writes "<unknown status code>" after a number that has no name.
        Some(status) => match status.canonical_reason() {
            Some(reason) => write!(formatter, "{} {reason}", status.as_u16()),
            None => write!(formatter, "{}", status.as_u16()),
        },
        None => formatter.write_str("no status"),
    }
}

fn because(formatter: &mut fmt::Formatter<'_>, what: &str, reason: Reason) -> fmt::Result {
    match reason.words() {
        Some(words) => write!(formatter, "{what}: {words}"),
        None => formatter.write_str(what),
    }
}
