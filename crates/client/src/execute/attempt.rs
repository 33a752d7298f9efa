//! One attempt: sending, and reading the answer within its bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use super::failure::{clock_skew, failed, refused, timed_out, too_large};
use super::{Answer, MOST_ERROR_BYTES, Times};
use crate::decode;
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
    let mut body = Received::default();
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
                body: body.into_bytes(),
                attempts: 0,
                elapsed: Duration::ZERO,
                redactor,
            }),
        };
    }
    // Whatever becomes of the body, the status is what the caller must hear.
    let end = timeout(until, read(&mut response, &mut body, MOST_ERROR_BYTES)).await;
    let complete = matches!(end, Some(Ok(End::Complete)));
    // A copy: an error may be kept for long, and a piece would keep the connection's whole buffer.
    let body = Bytes::copy_from_slice(&body.into_bytes());
    let now = shared.clock.now();
    let skew = if operation.authenticated && transport.authentication().is_signature() {
        clock_skew(status, &headers, now)
    } else {
        None
    };
    let mut error = refused(
        status,
        // In UTF-8 first: credentials are looked for in that.
        redactor.body(decode::to_utf8(&headers, body), !complete),
        redactor.headers(headers),
        !complete,
        &url,
        now,
    );
    error.inner_mut().clock_skew = skew;
    Err(error)
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
    let redactor = Redactor::new(authentication, &headers);
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

/// Most bytes that are set aside for a body before they come, whatever length is announced.
const MOST_SET_ASIDE: usize = 256 * 1024;

/// A body as far as it came. One that comes in a single piece, as most do, is not copied.
#[derive(Default)]
enum Received {
    #[default]
    Nothing,
    Piece(Bytes),
    Copied(BytesMut),
}

impl Received {
    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Piece(piece) => piece.len(),
            Self::Copied(buffer) => buffer.len(),
        }
    }

    /// Adds a piece; `announced` is the length of the whole body, where it is known.
    fn add(&mut self, piece: Bytes, announced: Option<u64>) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::Piece(piece),
            Self::Piece(first) => {
                let announced = announced.and_then(|length| usize::try_from(length).ok());
                let length = announced.unwrap_or(0).min(MOST_SET_ASIDE);
                let mut buffer = BytesMut::with_capacity(length.max(first.len() + piece.len()));
                buffer.extend_from_slice(&first);
                buffer.extend_from_slice(&piece);
                Self::Copied(buffer)
            }
            Self::Copied(mut buffer) => {
                buffer.extend_from_slice(&piece);
                Self::Copied(buffer)
            }
        };
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Piece(piece) => piece,
            Self::Copied(buffer) => buffer.freeze(),
        }
    }
}

/// Reads a body, up to `most` bytes. What was read before a failure stays in `body`.
async fn read(
    response: &mut reqwest::Response,
    body: &mut Received,
    most: usize,
) -> Result<End, reqwest::Error> {
    let announced = response.content_length();
    while let Some(mut piece) = response.chunk().await? {
        let room = most - body.len();
        let over = piece.len() > room;
        piece.truncate(room);
        body.add(piece, announced);
        if over {
            return Ok(End::Over);
        }
    }
    Ok(End::Complete)
}
