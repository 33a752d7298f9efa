//! The body of a success response: read, or returned as a stream.

use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use specmill_http::error::{Error, Kind, Limit, Report};
use specmill_http::failure::{failed, timed_out, too_large};
use specmill_http::platform::{self, Instant, Response, ResponseBody, Sleep};
use specmill_http::redact::Redactor;
use specmill_http::request::{Prepared, accept};

use super::RawResponse;
use super::deadline::within;

/// A success response whose body has not been read yet.
#[doc(hidden)]
pub struct Opened {
    /// The start of the call.
    pub(super) start: Instant,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) response: Response,
    pub(super) redactor: Redactor,
    /// The limit to report if the deadline passes.
    pub(super) limit: Limit,
    pub(super) max_bytes: u64,
}

impl Opened {
    fn response<B>(
        start: Instant,
        status: StatusCode,
        headers: HeaderMap,
        redactor: Redactor,
        body: B,
    ) -> RawResponse<B> {
        RawResponse {
            status,
            headers,
            body,
            attempts: 0,
            start,
            elapsed: Duration::ZERO,
            redactor,
        }
    }
}

/// How the body of a success response is read.
pub trait Reading {
    /// The result.
    type Body: Send;

    /// Whether the body is returned as a stream.
    const STREAMS: bool;

    #[doc(hidden)]
    /// Converts the body from middleware: bytes, or a stream that has not been read yet.
    fn of_parts(bytes: Bytes, stream: Option<ResponseBody>) -> Self::Body;

    #[doc(hidden)]
    /// Reads the body, before the deadline of the attempt.
    fn read(
        opened: Opened,
        prepared: &Prepared,
        deadline: Pin<&mut Option<Sleep>>,
    ) -> impl Future<Output = Result<RawResponse<Self::Body>, Error>> + Send;
}

/// Reads the whole body, up to the limit of the client.
pub struct Whole;

impl Reading for Whole {
    type Body = Bytes;

    const STREAMS: bool = false;

    fn of_parts(bytes: Bytes, _: Option<ResponseBody>) -> Bytes {
        bytes
    }

    async fn read(
        opened: Opened,
        prepared: &Prepared,
        deadline: Pin<&mut Option<Sleep>>,
    ) -> Result<RawResponse, Error> {
        let Opened {
            start,
            status,
            headers,
            mut response,
            redactor,
            limit,
            max_bytes,
        } = opened;
        // An event stream may never end, so it is not read.
        if prepared
            .headers
            .get(&ACCEPT)
            .is_some_and(|accepted| accepted == accept::JSON)
            && is_event_stream(&headers)
        {
            let headers = redactor.headers(headers);
            let problem = "expected JSON, found a stream of events, which `send_byte_stream` reads";
            let mut error = Error::new(Kind::Decode(problem.to_owned()));
            let inner = error.inner_mut();
            inner.status = Some(status);
            inner.report = Report::of_headers(&headers);
            inner.headers = headers;
            inner.body_truncated = true;
            return Err(error);
        }
        if response
            .content_length()
            .is_some_and(|length| length > max_bytes)
        {
            return Err(too_large(status, redactor.headers(headers), max_bytes));
        }
        let mut body = Received::default();
        let limit_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        let end = within(deadline, pin!(read(&mut response, &mut body, limit_bytes))).await;
        match end {
            None => Err(timed_out(limit, Some(status))),
            Some(Err(error)) => {
                let mut error = failed(error, limit, &redactor);
                error.inner_mut().status = Some(status);
                Err(error)
            }
            Some(Ok(End::Over)) => Err(too_large(status, redactor.headers(headers), max_bytes)),
            Some(Ok(End::Complete)) => Ok(Opened::response(
                start,
                status,
                headers,
                redactor,
                body.into_bytes(),
            )),
        }
    }
}

/// Reads only the head; the caller reads the body.
pub struct Head;

impl Reading for Head {
    type Body = ResponseBody;

    const STREAMS: bool = true;

    fn of_parts(bytes: Bytes, stream: Option<ResponseBody>) -> ResponseBody {
        stream.unwrap_or_else(|| bytes.into())
    }

    async fn read(
        opened: Opened,
        _: &Prepared,
        _: Pin<&mut Option<Sleep>>,
    ) -> Result<RawResponse<ResponseBody>, Error> {
        let body = platform::response_body(opened.response);
        Ok(Opened::response(
            opened.start,
            opened.status,
            opened.headers,
            opened.redactor,
            body,
        ))
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    const ESSENCE: &[u8] = b"text/event-stream";
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type
        .and_then(|value| value.trim_ascii_start().split_at_checked(ESSENCE.len()))
        .is_some_and(|(essence, rest)| {
            essence.eq_ignore_ascii_case(ESSENCE)
                && matches!(rest.trim_ascii_start().first(), None | Some(b';'))
        })
}

pub(super) enum End {
    Complete,
    Over,
}

/// The maximum capacity that is reserved for a body, regardless of its announced length.
const MOST_SET_ASIDE: usize = 256 * 1024;

/// The received part of a body. A body that arrives in a single piece, as most do, is not copied.
#[derive(Default)]
pub(super) enum Received {
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

    /// Adds a piece. `announced` is the length of the whole body, if it is known.
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

    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Piece(piece) => piece,
            Self::Copied(buffer) => buffer.freeze(),
        }
    }
}

/// Reads a body, up to `most` bytes. If reading fails, `body` contains the received part.
pub(super) async fn read(
    response: &mut Response,
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
