//! The event of each attempt.

use std::time::Duration;

use http::StatusCode;

use crate::error::Error;
use crate::operation::Operation;

/// The fields that every event of an attempt has, and those of its own.
#[cfg(feature = "tracing")]
macro_rules! event {
    ($level:ident, $operation:expr, $status:expr, $attempt:expr, $elapsed:expr, { $($own:tt)* }, $message:literal) => {
        tracing::event!(
            tracing::Level::$level,
            api = $operation.api,
            operation = $operation.id,
            http.request.method = $operation.method.as_str(),
            url.template = $operation.path,
            http.response.status_code = $status.map(|status| status.as_u16()),
            attempt = $attempt,
            elapsed_ms = milliseconds($elapsed),
            $($own)*
            $message
        )
    };
}

#[cfg(feature = "tracing")]
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(feature = "tracing")]
pub(super) fn succeeded(
    operation: &Operation,
    attempt: u32,
    status: StatusCode,
    elapsed: Duration,
) {
    event!(
        DEBUG,
        operation,
        Some(status),
        attempt,
        elapsed,
        {},
        "attempt succeeded"
    );
}

/// The attempt failed, and another follows after the delay.
#[cfg(feature = "tracing")]
pub(super) fn retried(operation: &Operation, error: &Error, delay: Duration) {
    event!(
        WARN, operation, error.status(), error.attempts(), error.elapsed(),
        { error = %error.with_causes(), delay_ms = milliseconds(delay), },
        "attempt failed and is retried"
    );
}

/// The attempt failed, and with it the call.
#[cfg(feature = "tracing")]
pub(super) fn failed(operation: &Operation, error: &Error) {
    event!(
        DEBUG, operation, error.status(), error.attempts(), error.elapsed(),
        {
            error = %error.with_causes(),
            retry_budget_exhausted = error.is_retry_budget_exhausted().then_some(true),
        },
        "attempt failed"
    );
}

#[cfg(not(feature = "tracing"))]
pub(super) fn succeeded(_: &Operation, _: u32, _: StatusCode, _: Duration) {}

#[cfg(not(feature = "tracing"))]
pub(super) fn retried(_: &Operation, _: &Error, _: Duration) {}

#[cfg(not(feature = "tracing"))]
pub(super) fn failed(_: &Operation, _: &Error) {}
