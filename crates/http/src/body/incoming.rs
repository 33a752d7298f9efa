//! A response body.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use http_body::Body as _;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::PIECE;
use crate::clock::Clock;
use crate::error::{Error, Kind, Limit, Report};
use crate::failure::failed;
use crate::operation::Operation;
use crate::platform::{self, Instant, ResponseBody, Sleep};
use crate::redact::Redactor;

/// The context of a response whose body has not been read yet.
pub struct Head {
    pub operation: &'static Operation,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub redactor: Redactor,
    pub attempts: u32,
    pub start: Instant,
    pub clock: Clock,
}

impl Head {
    /// Adds the context of the response to an error that occurred while its body was read.
    pub fn tell(&self, mut error: Error) -> Error {
        let headers = self.redactor.headers(self.headers.clone());
        let inner = error.inner_mut();
        inner.operation = Some(self.operation);
        inner.status = Some(self.status);
        inner.report = Report::of_headers(&headers);
        inner.headers = headers;
        inner.attempts = self.attempts;
        inner.elapsed = self.clock.instant().saturating_duration_since(self.start);
        error
    }
}

/// The pieces of a body as they arrive, with an idle timeout between two of them.
pub struct Incoming {
    /// `None` after the end and after an error.
    body: Option<ResponseBody>,
    head: Arc<Head>,
    idle: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    /// Whether the timer runs, which is only while the caller waits for a piece.
    waiting: bool,
}

impl Incoming {
    pub fn new(body: ResponseBody, head: Head, idle: Duration) -> Self {
        Self {
            body: Some(body),
            head: Arc::new(head),
            idle,
            timer: None,
            waiting: false,
        }
    }

    pub fn head(&self) -> &Arc<Head> {
        &self.head
    }

    /// Polls for the next piece; `None` after the end and after an error.
    pub fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            let Some(body) = &mut self.body else {
                return Poll::Ready(None);
            };
            let frame = match Pin::new(body).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    ready!(self.poll_timer(context));
                    self.body = None;
                    let error = Error::new(Kind::Timeout(Limit::Idle(self.idle)));
                    return Poll::Ready(Some(Err(self.head.tell(error))));
                }
            };
            self.waiting = false;
            match frame {
                None => {
                    self.body = None;
                    return Poll::Ready(None);
                }
                Some(Err(error)) => {
                    self.body = None;
                    let limit = Limit::Idle(self.idle);
                    let error = failed(error, limit, &self.head.redactor);
                    return Poll::Ready(Some(Err(self.head.tell(error))));
                }
                // A frame without data contains trailers, which are not used.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) if !piece.is_empty() => return Poll::Ready(Some(Ok(piece))),
                    _ => {}
                },
            }
        }
    }

    /// Completes when the caller has waited as long as the idle timeout.
    fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.waiting {
            let Some(until) = Instant::now().checked_add(self.idle) else {
                return Poll::Pending;
            };
            match &mut self.timer {
                Some(timer) => timer.as_mut().reset(until),
                None => self.timer = Some(Box::pin(platform::sleep_until(until))),
            }
            self.waiting = true;
        }
        match &mut self.timer {
            Some(timer) => timer.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}

/// The body of a response, in pieces of at most 64 KiB, as they arrive.
///
/// The size is not limited. The idle timeout applies while the caller waits for the next piece. An incomplete body is
/// an error, and the stream ends after an error. Dropping the stream closes the connection.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// # async fn example(stream: specmill_client::ByteStream) -> Result<(), Box<dyn std::error::Error>> {
/// let mut stream = stream;
/// while let Some(piece) = stream.try_next().await? {
///     println!("{} bytes", piece.len());
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream {
    incoming: Incoming,
    /// The remainder of the current piece, if it is larger than [`PIECE`].
    rest: Bytes,
    length: Option<u64>,
    limit: u64,
}

impl ByteStream {
    #[doc(hidden)]
    /// `limit` is the largest body that is read into memory.
    pub fn new(incoming: Incoming, limit: u64) -> Self {
        let length = incoming
            .body
            .as_ref()
            .and_then(|body| body.size_hint().exact());
        Self {
            incoming,
            rest: Bytes::new(),
            length,
            limit,
        }
    }

    /// The number of bytes of the body, if the service states it; `None` for a compressed body.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the next piece; `None` at the end.
    ///
    /// # Errors
    /// The body is incomplete, or no data arrived within the idle timeout.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        let next = std::future::poll_fn(|context| self.poll_one(context)).await;
        next.transpose()
    }

    /// Reads the whole body into memory.
    ///
    /// # Errors
    /// In addition to those of the stream: the body is larger than the client's `max_response_bytes`.
    pub async fn collect(mut self) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.try_next().await? {
            if (all.len() + piece.len()) as u64 > self.limit {
                let error = Error::new(Kind::TooLarge { limit: self.limit });
                return Err(self.incoming.head.tell(error));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Writes the body to a writer, flushes the writer, and returns the number of bytes written.
    ///
    /// # Errors
    /// In addition to those of the stream: the writer fails ([`Error::is_io`]).
    pub async fn copy_to(
        mut self,
        writer: &mut (impl AsyncWrite + Unpin + ?Sized),
    ) -> Result<u64, Error> {
        let mut count = 0;
        while let Some(piece) = self.try_next().await? {
            let written = writer.write_all(&piece).await;
            written.map_err(|error| self.not_written(&error))?;
            count += piece.len() as u64;
        }
        let flushed = writer.flush().await;
        flushed.map_err(|error| self.not_written(&error))?;
        Ok(count)
    }

    fn not_written(&self, error: &std::io::Error) -> Error {
        let error = Error::new(Kind::Io {
            problem: format!("could not write the response: {error}"),
            sent: true,
        });
        self.incoming.head.tell(error)
    }

    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if self.rest.is_empty() {
            match ready!(self.incoming.poll_piece(context)) {
                Some(Ok(piece)) => self.rest = piece,
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_one(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ByteStream")
            .field("content_length", &self.length)
            .finish_non_exhaustive()
    }
}
