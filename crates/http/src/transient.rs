//! Statuses of temporary failures.

use std::time::Duration;

use http::StatusCode;

/// Whether a status is transient by default.
pub fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// Whether a response is transient although its status is not: a 403 with a delay.
pub(crate) fn is_limited(status: StatusCode, wait: Option<Duration>) -> bool {
    status == StatusCode::FORBIDDEN && wait.is_some()
}
