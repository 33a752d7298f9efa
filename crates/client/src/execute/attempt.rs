//! One attempt: sending, and reading the answer within its bounds.

use std::time::Duration;

use bytes::BytesMut;
use tokio::time::Instant;

use super::failure::{failed, refused, timed_out, too_large};
use super::{Answer, MOST_ERROR_BYTES, Times};
use crate::error::{Error, Kind, Limit};
use crate::operation::Operation;
use crate::redact::Redactor;
use crate::request::{Prepared, with_pair};
use crate::transport::Transport;

pub(super) async fn attempt(
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

    let mut response = match timeout(until, shared.http.execute(request)).await {
        None => return Err(timed_out(limit, None)),
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
            None => Err(timed_out(limit, Some(status))),
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
