//! One attempt: sending, and reading the answer within its bounds.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use reqwest::Url;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, Sleep};

use super::failure::{clock_skew, failed, not_started, refused, timed_out, too_large};
use super::{Answer, MOST_ERROR_BYTES, Times};
use crate::authentication::Authentication;
use crate::clock::Clock;
use crate::decode;
use crate::error::{Error, Kind, Limit};
use crate::operation::Operation;
use crate::redact::Redactor;
use crate::request::{Prepared, with_pair};
use crate::transport::Transport;

pub(crate) async fn attempt(
    transport: &Transport,
    operation: &'static Operation,
    prepared: &Prepared,
    times: &Times,
) -> Result<Answer, Error> {
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
    let (request, redactor) = authenticated(
        transport,
        Arc::clone(&authentication),
        operation,
        prepared,
        &url,
    )?;

    let remaining = times.remaining(shared.clock.instant());
    let (time, limit) = if times.attempt <= remaining {
        (times.attempt, Limit::Attempt(times.attempt))
    } else {
        (remaining, Limit::Call(times.total))
    };
    let until = Instant::now().checked_add(time);

    // Nothing is moved once it is polled: what sends and reads a response is large.
    let mut deadline = pin!(until.map(tokio::time::sleep_until));
    let sent = within(deadline.as_mut(), pin!(shared.http.execute(request))).await;
    let mut response = match sent {
        None => return Err(timed_out(limit, None)),
        Some(Err(error)) => return Err(failed(error, limit, &redactor)),
        Some(Ok(response)) => response,
    };
    let status = response.status();
    if response.url() != &*url {
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
        let end = within(deadline, pin!(read(&mut response, &mut body, limit_bytes))).await;
        return match end {
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
    let end = within(
        deadline,
        pin!(read(&mut response, &mut body, MOST_ERROR_BYTES)),
    )
    .await;
    let complete = matches!(end, Some(Ok(End::Complete)));
    // A copy: an error may be kept for long, and a piece would keep the connection's whole buffer.
    let body = Bytes::copy_from_slice(&body.into_bytes());
    let now = shared.clock.now();
    let skew = if operation.authenticated && authentication.is_signature() {
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
    if is_provided && status == StatusCode::UNAUTHORIZED {
        error.inner_mut().refused = Some(authentication);
    }
    Err(error)
}

/// The credentials that are valid now. The wait for them ends with the call.
async fn credentials(
    authentication: Arc<Authentication>,
    times: &Times,
    clock: &Clock,
) -> Result<Arc<Authentication>, Error> {
    let remaining = times.remaining(clock.instant());
    let resolved = tokio::time::timeout(remaining, authentication.resolved(clock));
    let limit = Limit::Credentials(times.total);
    resolved
        .await
        .unwrap_or_else(|_| Err(timed_out(limit, None)))
}

/// A permit to have a request in flight. The wait for it ends with the call.
async fn permit<'a>(
    permits: &'a Semaphore,
    times: &Times,
    now: Instant,
) -> Result<SemaphorePermit<'a>, Error> {
    match tokio::time::timeout(times.remaining(now), permits.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        // The semaphore is never closed.
        Err(_) | Ok(Err(_)) => Err(not_started(times.total)),
    }
}

/// The request with credentials made for this very attempt.
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
    }
    let redactor = Redactor::new(authentication, &headers);
    let mut request = reqwest::Request::new(operation.method.clone(), url.clone());
    *request.headers_mut() = headers;
    *request.body_mut() = prepared.body.clone().map(Into::into);
    Ok((request, redactor))
}

/// What the future comes to, or `None` when the time is up before. Without a deadline there is no limit.
async fn within<F: Future>(
    mut deadline: Pin<&mut Option<Sleep>>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        match deadline.as_mut().as_pin_mut() {
            Some(deadline) => deadline.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    })
    .await
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
