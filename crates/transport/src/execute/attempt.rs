//! A single attempt: sends the request, and reads the response within its limits.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::StatusCode;
use reqwest::Url;
use specmill_http::body::Sending;
use specmill_http::clock::Clock;
use specmill_http::credentials::Authentication;
use specmill_http::decode;
use specmill_http::error::{Error, Kind, Limit, MOST_ERROR_BYTES};
use specmill_http::failure::{clock_skew, failed, not_started, refused, timed_out};
use specmill_http::operation::Operation;
use specmill_http::platform::{self, Instant, Sleep};
use specmill_http::redact::Redactor;
use specmill_http::request::{Prepared, with_pair};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::deadline::within;
use super::reading::{End, Opened, Reading, Received, read};
use super::{RawResponse, Times};
use crate::transport::Transport;

/// The failure of an attempt.
pub(super) struct Failure {
    pub(super) error: Error,
    /// The fetched credentials that the service rejected, if it rejected them.
    pub(super) refused: Option<Arc<Authentication>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            refused: None,
        }
    }
}

pub(super) async fn attempt<R: Reading>(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
    times: &Times,
) -> Result<RawResponse<R::Body>, Failure> {
    let shared = transport.shared();
    let authentication = transport.authentication().of(operation)?;
    let is_provided = operation.authenticated && authentication.is_provided();
    let authentication = if is_provided {
        credentials(authentication, times, &shared.clock).await?
    } else {
        authentication
    };
    let _permit = match &shared.permits {
        Some(permits) => Some(permit(permits, times, shared.clock.instant()).await?),
        None => None,
    };
    let in_query = if operation.authenticated {
        authentication.query()
    } else {
        Vec::new()
    };
    let mut url = Cow::Borrowed(&prepared.url);
    for (name, value) in in_query {
        let query = with_pair(url.query(), name, value);
        url.to_mut().set_query(Some(&query));
    }
    let (mut request, redactor) = authenticated(
        transport,
        Arc::clone(&authentication),
        operation,
        prepared,
        &url,
    )?;
    let mut sending = None;
    if let Some(source) = &prepared.body {
        let (body, watched) = Sending::open(source).await?;
        *request.body_mut() = Some(body);
        sending = watched;
    }

    let remaining = times.remaining(shared.clock.instant());
    let (time, limit) = if times.attempt <= remaining {
        (times.attempt, Limit::Attempt(times.attempt))
    } else {
        (remaining, Limit::Call(times.total))
    };
    let until = Instant::now().checked_add(time);

    // Pinned in place, since the future that sends and reads a response is large to move.
    let mut deadline = pin!(until.map(platform::sleep_until));
    let request = pin!(platform::execute(&shared.http, request));
    let (sent, limit) = match &sending {
        None => (within(deadline.as_mut(), request).await, limit),
        Some(sending) => {
            let end = times.deadline.map(|_| Instant::now() + remaining);
            let sent = while_sending(sending, deadline.as_mut(), times, end, request).await;
            sent.map_or_else(|limit| (None, limit), |sent| (Some(sent), limit))
        }
    };
    let mut response = match sent {
        None => return Err(timed_out(limit, None).into()),
        Some(Err(error)) => {
            // A source that fails closes the connection; the error reports the source instead.
            let source = sending.and_then(|sending| sending.error());
            let error = source.unwrap_or_else(|| failed(error, limit, &redactor));
            return Err(error.into());
        }
        Some(Ok(response)) => response,
    };
    let status = response.status();
    if response.url() != &*url {
        // The supplied client followed a redirect, so the response may come from another origin.
        return Err(Error::new(Kind::RedirectFollowed).into());
    }
    let headers = std::mem::take(response.headers_mut());
    if status.is_success() {
        let opened = Opened {
            start: times.start,
            status,
            headers,
            response,
            redactor,
            limit,
            max_bytes: shared.max_response_bytes,
        };
        return Ok(R::read(opened, prepared, deadline).await?);
    }
    let mut body = Received::default();
    // The status is reported even if the body cannot be read.
    let end = within(
        deadline,
        pin!(read(&mut response, &mut body, MOST_ERROR_BYTES)),
    )
    .await;
    let complete = matches!(end, Some(Ok(End::Complete)));
    // Copied, since a stored error would otherwise keep the connection's whole buffer.
    let body = Bytes::copy_from_slice(&body.into_bytes());
    let now = shared.clock.now();
    let skew = if operation.authenticated && authentication.is_signature() {
        clock_skew(status, &headers, now)
    } else {
        None
    };
    let mut error = refused(
        status,
        // Converted to UTF-8 first, in which credentials are searched.
        redactor.body(decode::to_utf8(&headers, body), !complete),
        redactor.headers(headers),
        !complete,
        &url,
        now,
    );
    error.inner_mut().clock_skew = skew;
    let refused = (is_provided && status == StatusCode::UNAUTHORIZED).then_some(authentication);
    Err(Failure { error, refused })
}

/// Returns the currently valid credentials. Waits at most until the deadline of the call.
async fn credentials(
    authentication: Arc<Authentication>,
    times: &Times,
    clock: &Clock,
) -> Result<Arc<Authentication>, Error> {
    let remaining = times.remaining(clock.instant());
    let resolved = platform::timeout(remaining, authentication.resolved(clock));
    let limit = Limit::Credentials(times.total);
    resolved
        .await
        .unwrap_or_else(|_| Err(timed_out(limit, None)))
}

/// Acquires a permit for a request in flight. Waits at most until the deadline of the call.
async fn permit<'a>(
    permits: &'a Semaphore,
    times: &Times,
    now: Instant,
) -> Result<SemaphorePermit<'a>, Error> {
    match platform::timeout(times.remaining(now), permits.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        // The semaphore is never closed.
        Err(_) | Ok(Err(_)) => Err(not_started(times.total)),
    }
}

/// Builds the request, with credentials for this attempt.
fn authenticated(
    transport: &Transport,
    authentication: Arc<Authentication>,
    operation: &'static Operation,
    prepared: &Prepared,
    url: &Url,
) -> Result<(reqwest::Request, Redactor), Error> {
    let mut headers = prepared.headers.to_map();
    if operation.authenticated {
        let now = transport.shared().clock.now();
        authentication.add_headers(&operation.method, url.as_str(), now, &mut headers)?;
        platform::check_credentials(&headers)?;
    }
    let redactor = Redactor::new(authentication, &headers);
    let mut request = reqwest::Request::new(operation.method.clone(), url.clone());
    *request.headers_mut() = headers;
    Ok((request, redactor))
}

/// Like [`within`], but with a deadline that depends on the progress of the request body. The error is the exceeded
/// limit.
async fn while_sending<F: Future>(
    sending: &Sending,
    mut deadline: Pin<&mut Option<Sleep>>,
    times: &Times,
    end: Option<Instant>,
    mut future: Pin<&mut F>,
) -> Result<F::Output, Limit> {
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        loop {
            let (own, complete) = sending.deadline(times.idle, times.attempt, context);
            let (until, limit) = match (own, end) {
                (own, Some(end)) if own.is_none_or(|own| end < own) => {
                    (Some(end), Limit::Call(times.total))
                }
                (own, _) if complete => (own, Limit::Attempt(times.attempt)),
                (own, _) => (own, Limit::Idle(times.idle)),
            };
            let Some(until) = until else {
                return Poll::Pending;
            };
            let Some(mut sleep) = deadline.as_mut().as_pin_mut() else {
                deadline.set(Some(platform::sleep_until(until)));
                continue;
            };
            if sleep.deadline() != until {
                sleep.as_mut().reset(until);
            }
            if sleep.poll(context).is_pending() {
                return Poll::Pending;
            }
            // The deadline moves if data was sent in the meantime.
            let (own, _) = sending.deadline(times.idle, times.attempt, context);
            let now = Instant::now();
            let is_over = |until: Option<Instant>| until.is_some_and(|until| until <= now);
            if is_over(own) || is_over(end) {
                return Poll::Ready(Err(limit));
            }
        }
    })
    .await
}
