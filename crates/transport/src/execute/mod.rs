//! The attempts of a call, until one succeeds or no retry is allowed.

mod attempt;
mod deadline;
mod meters;
mod reading;
mod through_middleware;
mod trace;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use specmill_http::credentials::Authentication;
use specmill_http::error::{Error, Kind, MOST_ERROR_BYTES, Report};
use specmill_http::operation::Operation;
use specmill_http::platform::{self, Instant};
use specmill_http::redact::Redactor;
use specmill_http::request::Prepared;

use self::attempt::{Failure, attempt};
use self::meters::Meters;
pub use self::reading::{Head, Reading, Whole};
use self::through_middleware::Context;
use self::trace::Span;
use crate::options::{self, CallOptions};
use crate::transport::Transport;

/// A success response. Its body is bytes, or a stream that has not been read yet.
pub struct RawResponse<B = Bytes> {
    /// The status: any 2xx.
    pub status: StatusCode,
    /// The headers, unchanged.
    pub headers: HeaderMap,
    /// The body.
    pub body: B,
    /// The number of attempts, including the successful one.
    pub attempts: u32,
    /// The start of the call, on the client's clock.
    pub start: Instant,
    pub(crate) elapsed: Duration,
    /// Redacts the credentials of the attempt.
    pub redactor: Redactor,
}

impl<B> RawResponse<B> {
    /// Splits the body into bytes and another part.
    pub(crate) fn split<O>(self, split: impl FnOnce(B) -> (Bytes, O)) -> (RawResponse, O) {
        let (body, other) = split(self.body);
        let response = RawResponse {
            status: self.status,
            headers: self.headers,
            body,
            attempts: self.attempts,
            start: self.start,
            elapsed: self.elapsed,
            redactor: self.redactor,
        };
        (response, other)
    }
}

impl RawResponse {
    /// Converts a success response that cannot be used to an error.
    pub fn into_error(self, operation: &'static Operation, kind: Kind) -> Error {
        let body_truncated = self.body.len() > MOST_ERROR_BYTES;
        // Copied, since a stored error would otherwise keep the whole response.
        let kept = self.body.len().min(MOST_ERROR_BYTES);
        let body = Bytes::copy_from_slice(&self.body[..kept]);
        let headers = self.redactor.headers(self.headers);
        // The location in a document may contain a key that the service chose.
        let kind = match kind {
            Kind::Decode(problem) => Kind::Decode(self.redactor.text(&problem)),
            other => other,
        };
        let mut error = Error::new(kind).on(operation);
        let inner = error.inner_mut();
        inner.status = Some(self.status);
        inner.report = Report::of_headers(&headers);
        inner.headers = headers;
        inner.body = self.redactor.body(body, body_truncated);
        inner.body_truncated = body_truncated;
        inner.attempts = self.attempts;
        inner.elapsed = self.elapsed;
        error
    }
}

/// The time limits of a call.
struct Times {
    start: Instant,
    /// `None` if the deadline is too far in the future to be represented.
    deadline: Option<Instant>,
    total: Duration,
    attempt: Duration,
    /// The idle timeout of the request body.
    idle: Duration,
}

impl Times {
    fn remaining(&self, now: Instant) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| {
            deadline.saturating_duration_since(now)
        })
    }
}

/// Makes attempts until one succeeds or no retry is allowed.
///
/// A call that sends a streamed body has no total timeout, unless its options set one.
///
/// # Errors
/// The last attempt failed, and no retry is allowed.
pub async fn run<R: Reading>(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
    options: &CallOptions,
) -> Result<RawResponse<R::Body>, Error> {
    let shared = transport.shared();
    let clock = &shared.clock;
    let policy = options.retry.as_ref().unwrap_or(&shared.retry);
    let streams = prepared
        .body
        .as_ref()
        .is_some_and(|body| body.as_bytes().is_none());
    let total = match options.timeout {
        Some(timeout) => timeout,
        None if streams => Duration::MAX,
        None => shared.total_timeout,
    };
    let start = clock.instant();
    let times = Times {
        start,
        deadline: start.checked_add(total),
        total,
        attempt: options.attempt_timeout.unwrap_or(shared.attempt_timeout),
        idle: options.idle_timeout.unwrap_or(shared.idle_timeout),
    };
    let idempotent = options::is_idempotent(operation, options);
    shared.tokens.earn();
    // An invalid base URL of the operation was reported when the request was prepared.
    let base = transport.base_of(operation).unwrap_or(&shared.base);
    let span = Span::new(operation, base);
    let mut meters = Meters::new(operation, base);
    let mut renewed = false;
    let mut attempts = 0;
    let mut sent = false;
    let mut took_token = false;
    loop {
        attempts += 1;
        let in_flight = meters.begin();
        let result = if shared.middleware.is_empty() {
            if span.is_enabled() {
                let attempt = attempt::<R>(transport, operation, prepared, &times);
                span.around(Box::pin(attempt)).await
            } else {
                // Without a subscriber, nothing is allocated and nothing large is moved.
                attempt::<R>(transport, operation, prepared, &times).await
            }
        } else {
            let context = Context {
                transport,
                operation,
                times: &times,
                streams: R::STREAMS,
                reached: AtomicBool::new(false),
            };
            let handled = through_middleware::run::<R>(&context, prepared, attempts);
            span.around(Box::pin(handled)).await
        };
        in_flight.end();
        let now = clock.instant();
        let elapsed = now.saturating_duration_since(times.start);
        match result {
            Ok(mut response) => {
                if took_token {
                    shared.tokens.give_back();
                }
                meters.attempted(Some(response.status), None);
                meters.ended(attempts, None);
                span.succeeded(operation, attempts, response.status, elapsed);
                response.attempts = attempts;
                response.start = times.start;
                response.elapsed = elapsed;
                return Ok(response);
            }
            Err(Failure { mut error, refused }) => {
                let inner = error.inner_mut();
                inner.operation = Some(operation);
                // A credential that cannot be sent ends the call before the attempt.
                inner.attempts = if matches!(
                    inner.kind,
                    Kind::Configuration(_)
                        | Kind::Credentials { .. }
                        | Kind::Io { sent: false, .. }
                ) {
                    attempts - 1
                } else {
                    attempts
                };
                inner.elapsed = elapsed;
                inner.sent_before = sent;
                sent |= !error.was_not_sent();
                meters.attempted(error.status(), Some(&error));
                if let Some(refused) = refused
                    && !renewed
                {
                    renewed = true;
                    if renewal(transport, operation, &refused, times.remaining(now)).await {
                        meters.retried(&error);
                        span.retried(operation, &error, Duration::ZERO);
                        continue;
                    }
                }
                let transient = policy.is_transient(&error);
                error.inner_mut().transient = Some(transient);
                let delay = policy.delay(attempts, clock.random(), error.retry_after());
                // A lost connection fails every call on it, so their first retries do not indicate an outage.
                let free = attempts == 1 && error.is_unresponsive();
                let wanted = policy.allows(&operation.method, idempotent, &error, attempts)
                    && prepared.can_be_sent()
                    && delay < times.remaining(now);
                if wanted && (free || shared.tokens.take()) {
                    took_token = !free;
                    meters.retried(&error);
                    span.retried(operation, &error, delay);
                    shared.middleware.before_retry(&error, delay);
                    clock.sleep(delay).await;
                    continue;
                }
                error.inner_mut().budget_exhausted = wanted;
                meters.ended(attempts, Some(&error));
                span.failed(operation, &error);
                return Err(error);
            }
        }
    }
}

/// Fetches credentials again after the service rejected them. Returns whether they changed.
async fn renewal(
    transport: &Transport,
    operation: &Operation,
    refused: &Authentication,
    time: Duration,
) -> bool {
    let clock = &transport.shared().clock;
    let Ok(current) = transport.authentication().of(operation) else {
        return false;
    };
    let renewed = current.renewed(refused, clock);
    platform::timeout(time, renewed).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use http::Method;
    use specmill_http::base_url::BaseUrl;
    use specmill_http::clock::Clock;
    use specmill_http::request::accept::ANY;
    use specmill_http::request::{Arguments, Headers, prepare};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::retry::{RetryBudget, RetryPolicy};
    use crate::transport::Parts;

    static OPERATION: Operation = Operation {
        api: "demo",
        id: "get",
        method: Method::GET,
        path: "/here",
        parameters: &[],
        body: None,
        paging: None,
        permission: None,
        authenticated: true,
        security: &[],
        server: None,
        accept: None,
        idempotency: specmill_http::operation::Idempotency::ByMethod,
        stream_flag: None,
    };

    /// Redirects `/here` to `/there`, and responds there.
    async fn serve(listener: TcpListener) {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = [0; 2048];
            let count = socket.read(&mut bytes).await.unwrap();
            let response: &[u8] = if bytes[..count].starts_with(b"GET /here") {
                b"HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            } else {
                b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
            };
            socket.write_all(response).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_response_from_another_address_is_refused_should_a_client_follow_after_all() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener));
        // Another test may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // reqwest follows redirects by default.
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let transport = Transport::new(Parts {
            servers: specmill_http::servers::Servers::default(),
            surroundings: specmill_http::credentials::Surroundings {
                http: http.clone(),
                base: base.parse().unwrap(),
                allow_http: false,
                timeout: Duration::from_secs(9),
                user_agent: None,
                clock: Clock::system(),
            },
            http,
            max_concurrent_calls: None,
            base: BaseUrl::parse(&base, &[], false, &specmill_http::SettingNames::default())
                .unwrap(),
            authentication: Authentication::none(),
            headers: HeaderMap::new(),
            fixed_headers: HeaderMap::new(),
            middleware: crate::middleware::Stack::default(),
            attempt_timeout: Duration::from_secs(9),
            total_timeout: Duration::from_secs(9),
            idle_timeout: Duration::from_secs(9),
            retry: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            max_response_bytes: 1000,
            clock: Clock::system(),
        });
        let base = &transport.shared().base;
        let arguments = Arguments::new();
        let prepared = prepare(&OPERATION, base, Headers::default(), &arguments, None, ANY);
        let options = CallOptions::default();
        let result = run::<Whole>(&transport, &OPERATION, &prepared.unwrap(), &options).await;
        let error = result.err().unwrap();
        assert!(error.is_redirect() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "demo get: the supplied HTTP client followed a redirect: build it with reqwest::redirect::Policy::none()"
        );
    }
}
