//! Attempts: sending, reading, and trying again.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use crate::error::{Cause, Error, Kind, Limit, Report, TEXT_LIMIT, one_line};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::redact::Redactor;
use crate::request::{Prepared, with_pair};
use crate::retry;
use crate::transport::Transport;

/// Most bytes kept of an answer that is no success.
const MOST_ERROR_BYTES: usize = 64 * 1024;

/// A success as it came.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    redactor: Redactor,
}

impl Answer {
    /// The error that a success becomes when it cannot be used.
    pub(crate) fn into_error(self, operation: &'static Operation, kind: Kind) -> Error {
        let body_truncated = self.body.len() > MOST_ERROR_BYTES;
        let body = self.body.slice(..self.body.len().min(MOST_ERROR_BYTES));
        let headers = self.redactor.headers(self.headers);
        let mut error = Error::new(kind).on(operation);
        let inner = error.inner_mut();
        inner.status = Some(self.status);
        inner.report = Report::of_headers(&headers);
        inner.headers = headers;
        inner.body = self.redactor.bytes(body);
        inner.body_truncated = body_truncated;
        inner.attempts = self.attempts;
        inner.elapsed = self.elapsed;
        error
    }
}

/// The times that bound a call.
struct Times {
    start: Instant,
    /// `None` where it is too far away to be told.
    deadline: Option<Instant>,
    total: Duration,
    attempt: Duration,
}

impl Times {
    fn remaining(&self, now: Instant) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| {
            deadline.saturating_duration_since(now)
        })
    }
}

/// Makes attempts until one succeeds or no other may follow.
pub(crate) async fn run(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
    options: &CallOptions,
) -> Result<Answer, Error> {
    let shared = transport.shared();
    let clock = &shared.clock;
    let policy = options.retry.as_ref().unwrap_or(&shared.retry);
    let total = options.timeout.unwrap_or(shared.total_timeout);
    let start = clock.instant();
    let times = Times {
        start,
        deadline: start.checked_add(total),
        total,
        attempt: options.attempt_timeout.unwrap_or(shared.attempt_timeout),
    };
    shared.tokens.earn();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let result = attempt(transport, operation, prepared, &times).await;
        let now = clock.instant();
        let elapsed = now.saturating_duration_since(times.start);
        match result {
            Ok(mut answer) => {
                trace(operation, attempts, Some(answer.status), None, None);
                answer.attempts = attempts;
                answer.elapsed = elapsed;
                return Ok(answer);
            }
            Err(mut error) => {
                let inner = error.inner_mut();
                inner.operation = Some(operation);
                // Credentials that cannot be sent end the call before the attempt.
                inner.attempts = if matches!(inner.kind, Kind::Configuration(_)) {
                    attempts - 1
                } else {
                    attempts
                };
                inner.elapsed = elapsed;
                let delay = policy.delay(attempts, clock.random(), error.retry_after());
                let again = policy.allows(&operation.method, &error, attempts)
                    && delay < times.remaining(now)
                    && shared.tokens.take();
                trace(
                    operation,
                    attempts,
                    error.status(),
                    Some(&error),
                    again.then_some(delay),
                );
                if !again {
                    return Err(error);
                }
                clock.sleep(delay).await;
            }
        }
    }
}

async fn attempt(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
    times: &Times,
) -> Result<Answer, Error> {
    let shared = transport.shared();
    let (request, redactor) = authenticated(transport, operation, prepared)?;
    let url = request.url().clone();

    let remaining = times.remaining(shared.clock.instant());
    let (time, limit) = if times.attempt <= remaining {
        (times.attempt, Limit::Attempt(times.attempt))
    } else {
        (remaining, Limit::Call(times.total))
    };
    let until = Instant::now().checked_add(time);
    let within = |status| {
        move || {
            let mut error = Error::new(Kind::Timeout(limit));
            error.inner_mut().status = status;
            error
        }
    };

    let mut response = match timeout(until, shared.http.execute(request)).await {
        None => return Err(within(None)()),
        Some(Err(error)) => return Err(failed(error, limit, &redactor)),
        Some(Ok(response)) => response,
    };
    let status = response.status();
    if *response.url() != url {
        // The supplied client went elsewhere: what it brought back is not this API's answer.
        return Err(Error::new(Kind::RedirectFollowed));
    }
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    if status.is_success() {
        let most = shared.max_response_bytes;
        if response
            .content_length()
            .is_some_and(|length| length > most)
        {
            return Err(too_large(status, redactor.headers(headers), most));
        }
        let limit_bytes = usize::try_from(most).unwrap_or(usize::MAX);
        return match timeout(until, read(&mut response, &mut body, limit_bytes)).await {
            None => Err(within(Some(status))()),
            Some(Err(error)) => {
                let mut error = failed(error, limit, &redactor);
                error.inner_mut().status = Some(status);
                Err(error)
            }
            Some(Ok(End::Over)) => Err(too_large(status, redactor.headers(headers), most)),
            Some(Ok(End::Complete)) => Ok(Answer {
                status,
                headers,
                body: body.freeze(),
                attempts: 0,
                elapsed: Duration::ZERO,
                redactor,
            }),
        };
    }
    // Whatever becomes of the body, the status is what the caller must hear.
    let end = timeout(until, read(&mut response, &mut body, MOST_ERROR_BYTES)).await;
    let complete = matches!(end, Some(Ok(End::Complete)));
    Err(refused(
        status,
        redactor.headers(headers),
        redactor.bytes(body.freeze()),
        !complete,
        &url,
        shared.clock.now(),
    ))
}

/// The request with credentials made for this very attempt.
fn authenticated(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
) -> Result<(reqwest::Request, Redactor), Error> {
    let shared = transport.shared();
    let mut url = prepared.url.clone();
    let mut headers = prepared.headers.clone();
    let authentication = transport.authentication();
    if operation.authenticated {
        if let Some((name, value)) = authentication.query() {
            let query = with_pair(url.query(), name, value);
            url.set_query(Some(&query));
        }
        for (name, value) in
            authentication.headers(&operation.method, url.as_str(), shared.clock.now())?
        {
            headers.insert(name, value);
        }
    }
    let redactor = Redactor::new(&authentication, &headers);
    let mut request = reqwest::Request::new(operation.method.clone(), url);
    *request.headers_mut() = headers;
    *request.body_mut() = prepared.body.clone().map(Into::into);
    Ok((request, redactor))
}

/// As [`tokio::time::timeout_at`], where `None` is no limit. The answer is `None` when the time is up.
async fn timeout<F: Future>(until: Option<Instant>, future: F) -> Option<F::Output> {
    match until {
        Some(until) => tokio::time::timeout_at(until, future).await.ok(),
        None => Some(future.await),
    }
}

enum End {
    Complete,
    Over,
}

/// Reads a body into `buffer`, up to `most` bytes. What was read before a failure stays in the buffer.
async fn read(
    response: &mut reqwest::Response,
    buffer: &mut BytesMut,
    most: usize,
) -> Result<End, reqwest::Error> {
    while let Some(chunk) = response.chunk().await? {
        let room = most - buffer.len();
        if chunk.len() > room {
            buffer.extend_from_slice(&chunk[..room]);
            return Ok(End::Over);
        }
        buffer.extend_from_slice(&chunk);
    }
    Ok(End::Complete)
}

fn too_large(status: StatusCode, headers: HeaderMap, limit: u64) -> Error {
    let mut error = Error::new(Kind::TooLarge { limit });
    let inner = error.inner_mut();
    inner.status = Some(status);
    inner.report = Report::of_headers(&headers);
    inner.headers = headers;
    inner.body_truncated = true;
    error
}

/// An answer that is no success.
fn refused(
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
fn failed(error: reqwest::Error, limit: Limit, redactor: &Redactor) -> Error {
    // The address may carry a key.
    let error = error.without_url();
    let kind = if error.is_redirect() {
        Kind::RedirectFollowed
    } else if error.is_connect() {
        Kind::Connect {
            timed_out: error.is_timeout(),
        }
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

#[cfg(feature = "tracing")]
fn trace(
    operation: &'static Operation,
    attempt: u32,
    status: Option<StatusCode>,
    error: Option<&Error>,
    delay: Option<Duration>,
) {
    tracing::debug!(
        api = operation.api,
        operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        http.response.status_code = status.map(|status| status.as_u16()),
        attempt,
        error = error.map(tracing::field::display),
        delay_ms = delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
        "attempt"
    );
}

#[cfg(not(feature = "tracing"))]
fn trace(
    _: &'static Operation,
    _: u32,
    _: Option<StatusCode>,
    _: Option<&Error>,
    _: Option<Duration>,
) {
}
