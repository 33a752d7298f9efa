//! What an attempt fails with.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use crate::error::{Cause, Error, Kind, Limit, Report, TEXT_LIMIT, one_line};
use crate::redact::Redactor;
use crate::retry;

/// The time of the attempt, or of the call, is up.
pub(super) fn timed_out(limit: Limit, status: Option<StatusCode>) -> Error {
    let mut error = Error::new(Kind::Timeout(limit));
    error.inner_mut().status = status;
    error
}

/// The call's time was up before it could begin.
pub(super) fn not_started(total: Duration) -> Error {
    Error::new(Kind::Timeout(Limit::Waiting(total)))
}

/// A success that is larger than is read.
pub(super) fn too_large(status: StatusCode, headers: HeaderMap, limit: u64) -> Error {
    let mut error = Error::new(Kind::TooLarge { limit });
    let inner = error.inner_mut();
    inner.status = Some(status);
    inner.report = Report::of_headers(&headers);
    inner.headers = headers;
    inner.body_truncated = true;
    error
}

/// An answer that is no success.
pub(super) fn refused(
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    body_truncated: bool,
    url: &reqwest::Url,
    now: std::time::SystemTime,
) -> Error {
    let kind = if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        let location = headers
            .get(LOCATION)
            .and_then(|location| location.to_str().ok());
        let host = location
            .and_then(|location| url.join(location).ok())
            .and_then(|location| one_line(location.host_str()?, TEXT_LIMIT));
        Kind::Redirect { host }
    } else {
        Kind::Status
    };
    let mut error = Error::new(kind);
    let inner = error.inner_mut();
    inner.status = Some(status);
    inner.report = Report::of(&headers, &body);
    inner.retry_after = retry::retry_after(&headers, now);
    inner.headers = headers;
    inner.body = body;
    inner.body_truncated = body_truncated;
    error
}

/// A failure without an answer.
pub(super) fn failed(error: reqwest::Error, limit: Limit, redactor: &Redactor) -> Error {
    // The address may carry a key.
    let error = error.without_url();
    let kind = if error.is_redirect() {
        Kind::RedirectFollowed
    } else if error.is_connect() {
        Kind::Connect {
            timed_out: error.is_timeout(),
        }
    } else if has_keep_alive_timeout(&error) {
        Kind::Unresponsive
    } else if error.is_timeout() {
        Kind::Timeout(limit)
    } else if error.is_builder() {
        Kind::InvalidRequest("the request cannot be made".to_owned())
    } else {
        Kind::Interrupted
    };
    let cause = redactor.text(&chain(&error));
    let mut error = Error::new(kind);
    error.inner_mut().source = Some(Cause(cause));
    error
}

/// Whether hyper closed the connection since a ping was not answered. A request is sent without another timeout of hyper's.
fn has_keep_alive_timeout(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(source) = next {
        if source
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_timeout)
        {
            return true;
        }
        next = source.source();
    }
    false
}

/// What an error and its sources say, as one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let part = error.to_string();
        // Some errors repeat their source's words.
        if !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
        next = error.source();
    }
    one_line(&parts.join(": "), TEXT_LIMIT).unwrap_or_default()
}
