//! The span of each call and the event of each attempt. Names follow OpenTelemetry's conventions for HTTP clients; the
//! target is specmill-client, the crate that programs depend on.

#[cfg(not(feature = "tracing"))]
pub(super) use self::tracing_off::Span;
#[cfg(feature = "tracing")]
pub(super) use self::tracing_on::Span;

#[cfg(feature = "tracing")]
mod tracing_on {
    use std::time::Duration;

    use http::StatusCode;
    use specmill_http::base_url::BaseUrl;
    use specmill_http::error::Error;
    use specmill_http::operation::Operation;
    use tracing::Instrument as _;
    use tracing::field::Empty;

    /// Emits an event of an attempt: the common fields and `own`.
    macro_rules! event {
        ($level:ident, $operation:expr, $status:expr, $attempt:expr, $elapsed:expr, { $($own:tt)* }, $message:literal) => {
            tracing::event!(
                target: "specmill_client",
                tracing::Level::$level,
                api = $operation.api,
                operation = $operation.id,
                http.request.method = $operation.method.as_str(),
                url.template = $operation.path,
                http.response.status_code = $status.map(|status| status.as_u16()),
                http.request.resend_count = resends($attempt),
                attempt = $attempt,
                elapsed_ms = milliseconds($elapsed),
                $($own)*
                $message
            )
        };
    }

    fn milliseconds(time: Duration) -> u64 {
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    }

    /// The number of retries. The conventions omit the attribute for the first attempt.
    fn resends(attempt: u32) -> Option<u32> {
        attempt.checked_sub(1).filter(|count| *count > 0)
    }

    /// The span of a call.
    pub(in crate::execute) struct Span(tracing::Span);

    impl Span {
        pub(in crate::execute) fn new(operation: &'static Operation, base: &BaseUrl) -> Self {
            Self(tracing::info_span!(
                target: "specmill_client",
                "call",
                otel.name = format_args!("{} {}", operation.method, operation.path),
                otel.kind = "client",
                otel.status_code = Empty,
                api = operation.api,
                operation = operation.id,
                http.request.method = operation.method.as_str(),
                url.template = operation.path,
                server.address = base.host(),
                server.port = base.port(),
                http.response.status_code = Empty,
                http.request.resend_count = Empty,
                error.type = Empty,
            ))
        }

        /// Runs a future in the span.
        pub(in crate::execute) async fn around<F: Future>(&self, future: F) -> F::Output {
            future.instrument(self.0.clone()).await
        }

        /// Whether a subscriber records the span.
        pub(in crate::execute) fn is_enabled(&self) -> bool {
            !self.0.is_disabled()
        }

        pub(in crate::execute) fn succeeded(
            &self,
            operation: &Operation,
            attempt: u32,
            status: StatusCode,
            elapsed: Duration,
        ) {
            self.0.in_scope(|| {
                event!(
                    DEBUG,
                    operation,
                    Some(status),
                    attempt,
                    elapsed,
                    {},
                    "attempt succeeded"
                );
            });
            self.end(attempt, Some(status));
        }

        /// Records a failed attempt that is retried after the delay.
        pub(in crate::execute) fn retried(
            &self,
            operation: &Operation,
            error: &Error,
            delay: Duration,
        ) {
            self.0.in_scope(|| {
                event!(
                    WARN, operation, error.status(), error.attempts(), error.elapsed(),
                    {
                        error.type = &*error.type_name(),
                        error = %error.with_causes(),
                        delay_ms = milliseconds(delay),
                    },
                    "attempt failed and is retried"
                );
            });
        }

        /// Records the failure of the call with its last attempt.
        pub(in crate::execute) fn failed(&self, operation: &Operation, error: &Error) {
            self.0.in_scope(|| {
                event!(
                    DEBUG, operation, error.status(), error.attempts(), error.elapsed(),
                    {
                        error.type = &*error.type_name(),
                        error = %error.with_causes(),
                        retry_budget_exhausted = error.is_retry_budget_exhausted().then_some(true),
                    },
                    "attempt failed"
                );
            });
            if !self.0.is_disabled() {
                self.0.record("error.type", &*error.type_name());
                self.0.record("otel.status_code", "ERROR");
            }
            self.end(error.attempts(), error.status());
        }

        fn end(&self, attempts: u32, status: Option<StatusCode>) {
            if self.0.is_disabled() {
                return;
            }
            if let Some(status) = status {
                self.0.record("http.response.status_code", status.as_u16());
            }
            if let Some(count) = resends(attempts) {
                self.0.record("http.request.resend_count", count);
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod tracing_off {
    use std::time::Duration;

    use http::StatusCode;
    use specmill_http::base_url::BaseUrl;
    use specmill_http::error::Error;
    use specmill_http::operation::Operation;

    pub(in crate::execute) struct Span;

    #[expect(clippy::unused_self, reason = "as with the feature")]
    impl Span {
        pub(in crate::execute) fn new(_: &'static Operation, _: &BaseUrl) -> Self {
            Self
        }

        pub(in crate::execute) async fn around<F: Future>(&self, future: F) -> F::Output {
            future.await
        }

        pub(in crate::execute) fn is_enabled(&self) -> bool {
            false
        }

        pub(in crate::execute) fn succeeded(
            &self,
            _: &Operation,
            _: u32,
            _: StatusCode,
            _: Duration,
        ) {
        }

        pub(in crate::execute) fn retried(&self, _: &Operation, _: &Error, _: Duration) {}

        pub(in crate::execute) fn failed(&self, _: &Operation, _: &Error) {}
    }
}
