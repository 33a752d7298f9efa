//! The failure of an attempt: errors of responses that are not a success, and of attempts without a response.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{DATE, LOCATION};
use http::{HeaderMap, StatusCode};

use crate::error::{ClockSkew, Error, Kind, Limit, Reason, Report, TransportError};
use crate::platform;
use crate::redact::Redactor;
use crate::retry_after;
use crate::text::{LIMIT as TEXT_LIMIT, one_line};

/// The attempt or the call timed out.
pub fn timed_out(limit: Limit, status: Option<StatusCode>) -> Error {
    let mut error = Error::new(Kind::Timeout(limit));
    error.inner_mut().status = status;
    error
}

/// The call timed out while it waited for other calls to end.
pub fn not_started(total: Duration) -> Error {
    Error::new(Kind::Timeout(Limit::Waiting(total)))
}

/// A success response that is larger than the limit.
pub fn too_large(status: StatusCode, headers: HeaderMap, limit: u64) -> Error {
    let mut error = Error::new(Kind::TooLarge { limit });
    let inner = error.inner_mut();
    inner.status = Some(status);
    inner.report = Report::of_headers(&headers);
    inner.headers = headers;
    inner.body_truncated = true;
    error
}

/// An unsuccessful response.
pub fn refused(
    status: StatusCode,
    body: Bytes,
    headers: HeaderMap,
    body_truncated: bool,
    url: &reqwest::Url,
    now: SystemTime,
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
    inner.retry_after = retry_after::requested(status, &headers, now);
    inner.headers = headers;
    inner.body = body;
    inner.body_truncated = body_truncated;
    error
}

/// The minimum difference between the clocks that is reported. Responses are delayed, and `Date` has whole seconds.
const MIN_SKEW: Duration = Duration::from_secs(120);

/// The difference between the clocks, if it may be the reason for which the service rejected a signature.
pub fn clock_skew(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<ClockSkew> {
    if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return None;
    }
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let (by, client_is_behind) = match date.duration_since(now) {
        Ok(by) => (by, true),
        Err(error) => (error.duration(), false),
    };
    (by >= MIN_SKEW).then_some(ClockSkew {
        by,
        client_is_behind,
    })
}

/// Converts an error of reqwest, such as that of an attempt without a response.
pub fn failed(error: reqwest::Error, limit: Limit, redactor: &Redactor) -> Error {
    let reason = Reason::of(&error);
    let kind = if error.is_redirect() {
        Kind::RedirectFollowed
    } else if platform::is_connect(&error) {
        Kind::Connect {
            timed_out: error.is_timeout(),
            reason,
        }
    } else if has_keep_alive_timeout(&error) {
        Kind::Unresponsive
    } else if error.is_timeout() {
        Kind::Timeout(limit)
    } else if error.is_builder() {
        Kind::InvalidRequest("the request cannot be made".to_owned())
    } else {
        Kind::Interrupted(reason)
    };
    let source = TransportError::new(error, |text| redactor.text(text));
    let mut error = Error::new(kind);
    error.inner_mut().source = Some(source);
    error
}

/// Whether hyper closed the connection because a ping had no reply. No other timeout of hyper is in use.
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
