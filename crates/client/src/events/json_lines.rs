use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;
use specmill_http::body::Incoming;
use specmill_http::decode;
use specmill_http::error::Error;

use super::splitter::{Ending, Splitter};
use super::{in_place_of_stream, too_large, undecoded};

/// The values of a response with JSON lines, as they arrive: `application/x-ndjson`, `application/jsonl` and similar,
/// and `application/json-seq`.
///
/// Empty lines are skipped. A line that is not of the type is an error ([`Error::is_decode`]) with the line as its
/// [`body`](Error::body); the next one can be read after it. The stream ends after any other error: an interrupted
/// connection, no data within the idle timeout, a line longer than the client's `max_response_bytes`. The total
/// duration is not limited, and nothing is retried after the stream was returned.
///
/// ```
/// # async fn example(lines: specmill_client::JsonLines<String>) -> Result<(), specmill_client::Error> {
/// let mut lines = lines;
/// while let Some(value) = lines.try_next().await? {
///     println!("{value}");
/// }
/// # Ok(())
/// # }
/// ```
pub struct JsonLines<T> {
    incoming: Incoming,
    splitter: Splitter,
    limit: u64,
    state: State,
    decode: fn(&[u8]) -> Result<T, String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The body has ended, which may complete the last line.
    Ended,
    Done,
}

impl<T: DeserializeOwned> JsonLines<T> {
    /// `sequence` states whether each value follows a record separator.
    pub(crate) fn new(incoming: Incoming, sequence: bool, limit: u64) -> Result<Self, Error> {
        if let Some(error) = in_place_of_stream(incoming.head(), "JSON line by line") {
            return Err(error);
        }
        let ending = if sequence {
            Ending::RecordSeparator
        } else {
            Ending::Lf
        };
        Ok(Self {
            incoming,
            splitter: Splitter::new(ending, usize::try_from(limit).unwrap_or(usize::MAX)),
            limit,
            state: State::Open,
            decode: decode::json::<T>,
        })
    }
}

impl<T> JsonLines<T> {
    /// Returns the next value; `None` at the end.
    ///
    /// # Errors
    /// The value is not of the type or too large, the connection breaks, or no data arrived within the idle timeout.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        let next = std::future::poll_fn(|context| self.poll_one(context)).await;
        next.transpose()
    }

    /// Collects the remaining values.
    ///
    /// # Errors
    /// The first error; everything read before it is lost. Use [`try_next`](Self::try_next) to keep it.
    pub async fn try_collect<C: Default + Extend<T>>(mut self) -> Result<C, Error> {
        let mut all = C::default();
        while let Some(next) = self.try_next().await? {
            all.extend(std::iter::once(next));
        }
        Ok(all)
    }

    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            let line = match self.state {
                State::Open => {
                    let Ok(line) = self.splitter.next() else {
                        self.state = State::Done;
                        let error = too_large(self.incoming.head(), self.limit);
                        return Poll::Ready(Some(Err(error)));
                    };
                    line
                }
                State::Ended => {
                    self.state = State::Done;
                    self.splitter.finish()
                }
                State::Done => return Poll::Ready(None),
            };
            if let Some(line) = line {
                if line.trim_ascii().is_empty() {
                    continue;
                }
                return Poll::Ready(Some(self.read(&line)));
            }
            if self.state != State::Open {
                continue;
            }
            match ready!(self.incoming.poll_piece(context)) {
                Some(Ok(piece)) => self.splitter.push(&piece),
                None => self.state = State::Ended,
                Some(Err(error)) => {
                    self.state = State::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    fn read(&self, line: &Bytes) -> Result<T, Error> {
        (self.decode)(line).map_err(|problem| {
            undecoded(self.incoming.head(), line, &format!("in a line: {problem}"))
        })
    }
}

impl<T> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_one(context)
    }
}

// No field is structurally pinned.
impl<T> Unpin for JsonLines<T> {}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JsonLines").finish_non_exhaustive()
    }
}
