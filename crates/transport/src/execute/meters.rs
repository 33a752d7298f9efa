//! Metrics with the crate `metrics`. Names follow OpenTelemetry's conventions for HTTP clients, if there is one.

#[cfg(not(feature = "metrics"))]
pub(super) use self::metrics_off::Meters;
#[cfg(feature = "metrics")]
pub(super) use self::metrics_on::Meters;

#[cfg(feature = "metrics")]
mod metrics_on {
    use http::StatusCode;
    use metrics::{Label, Unit, counter, gauge, histogram};
    use specmill_http::base_url::BaseUrl;
    use specmill_http::error::Error;
    use specmill_http::operation::Operation;
    use specmill_http::platform::Instant;

    const REQUEST_DURATION: &str = "http.client.request.duration";
    const ACTIVE_REQUESTS: &str = "http.client.active_requests";
    const CALL_DURATION: &str = "specmill.client.call.duration";
    const CALL_ATTEMPTS: &str = "specmill.client.call.attempts";
    const RETRIES: &str = "specmill.client.retries";

    /// The metrics of a call.
    pub(in crate::execute) struct Meters {
        operation: &'static Operation,
        server: [Label; 2],
        /// The time of the machine instead of the client's clock, since durations are measured.
        call: Instant,
        attempt: Instant,
    }

    /// A request in flight. Dropping it, also by cancelling the call, decrements the gauge.
    pub(in crate::execute) struct InFlight(Vec<Label>);

    impl InFlight {
        /// Ends the request.
        #[expect(clippy::unused_self, reason = "dropping it counts")]
        pub(in crate::execute) fn end(self) {}
    }

    impl Drop for InFlight {
        fn drop(&mut self) {
            gauge!(ACTIVE_REQUESTS, std::mem::take(&mut self.0)).decrement(1.0);
        }
    }

    impl Meters {
        pub(in crate::execute) fn new(operation: &'static Operation, base: &BaseUrl) -> Self {
            describe();
            let now = Instant::now();
            Self {
                operation,
                server: [
                    Label::new("server.address", base.host().to_owned()),
                    Label::new("server.port", base.port().to_string()),
                ],
                call: now,
                attempt: now,
            }
        }

        pub(in crate::execute) fn begin(&mut self) -> InFlight {
            self.attempt = Instant::now();
            let mut labels = vec![self.method()];
            labels.extend(self.server.iter().cloned());
            gauge!(ACTIVE_REQUESTS, labels.clone()).increment(1.0);
            InFlight(labels)
        }

        /// Records the end of an attempt.
        pub(in crate::execute) fn attempted(
            &self,
            status: Option<StatusCode>,
            error: Option<&Error>,
        ) {
            let mut labels = vec![
                self.method(),
                Label::from_static_parts("url.template", self.operation.path),
            ];
            labels.extend(self.server.iter().cloned());
            if let Some(status) = status {
                labels.push(Label::new(
                    "http.response.status_code",
                    status.as_str().to_owned(),
                ));
            }
            labels.extend(error.map(of_error));
            histogram!(REQUEST_DURATION, labels).record(self.attempt.elapsed());
        }

        /// Records that the attempt is retried.
        pub(in crate::execute) fn retried(&self, error: &Error) {
            let mut labels = self.of_call();
            labels.push(of_error(error));
            counter!(RETRIES, labels).increment(1);
        }

        /// Records the end of the call.
        pub(in crate::execute) fn ended(&self, attempts: u32, error: Option<&Error>) {
            let mut labels = self.of_call();
            labels.extend(error.map(of_error));
            histogram!(CALL_DURATION, labels.clone()).record(self.call.elapsed());
            histogram!(CALL_ATTEMPTS, labels).record(f64::from(attempts));
        }

        fn method(&self) -> Label {
            // Cloned, since an extension method owns its name.
            Label::new("http.request.method", self.operation.method.to_string())
        }

        fn of_call(&self) -> Vec<Label> {
            vec![
                Label::from_static_parts("api", self.operation.api),
                Label::from_static_parts("operation", self.operation.id),
            ]
        }
    }

    fn of_error(error: &Error) -> Label {
        Label::new("error.type", error.type_name().into_owned())
    }

    /// Describes the metrics to the recorder, once.
    fn describe() {
        use std::sync::Once;

        static DESCRIBED: Once = Once::new();
        DESCRIBED.call_once(|| {
            metrics::describe_histogram!(
                REQUEST_DURATION,
                Unit::Seconds,
                "Duration of HTTP client requests."
            );
            metrics::describe_gauge!(
                ACTIVE_REQUESTS,
                Unit::Count,
                "Number of active HTTP requests."
            );
            metrics::describe_histogram!(
                CALL_DURATION,
                Unit::Seconds,
                "Duration of calls with all their attempts."
            );
            metrics::describe_histogram!(CALL_ATTEMPTS, Unit::Count, "Attempts of a call.");
            metrics::describe_counter!(RETRIES, Unit::Count, "Retries by what failed before.");
        });
    }
}

#[cfg(not(feature = "metrics"))]
mod metrics_off {
    use http::StatusCode;
    use specmill_http::base_url::BaseUrl;
    use specmill_http::error::Error;
    use specmill_http::operation::Operation;

    pub(in crate::execute) struct Meters;

    pub(in crate::execute) struct InFlight;

    #[expect(clippy::unused_self, reason = "as with the feature")]
    impl InFlight {
        pub(in crate::execute) fn end(self) {}
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    impl Meters {
        pub(in crate::execute) fn new(_: &'static Operation, _: &BaseUrl) -> Self {
            Self
        }

        pub(in crate::execute) fn begin(&mut self) -> InFlight {
            InFlight
        }

        pub(in crate::execute) fn attempted(&self, _: Option<StatusCode>, _: Option<&Error>) {}

        pub(in crate::execute) fn retried(&self, _: &Error) {}

        pub(in crate::execute) fn ended(&self, _: u32, _: Option<&Error>) {}
    }
}
