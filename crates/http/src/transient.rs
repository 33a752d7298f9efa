//! Statuses of temporary failures.

use std::time::Duration;

use http::StatusCode;

/// Statuses of failures that are transient unless a policy says otherwise.
pub fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// Whether the response is a refusal that passes with time although its status does not say so: a 403 that asks to wait.
pub(crate) fn is_limited(status: StatusCode, wait: Option<Duration>) -> bool {
    status == StatusCode::FORBIDDEN && wait.is_some()
}
