//! A request body while it is sent.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::source::{Opened, Pieces, Slot, lock};
use super::{BodySource, PIECE};
use crate::error::{Error, Kind};
use crate::platform::{self, Instant};
use crate::text::{LIMIT as TEXT_LIMIT, one_line};

/// The progress of a body that is being sent.
#[derive(Clone)]
pub struct Sending(Arc<Mutex<State>>);

struct State {
    /// When a piece was last read.
    last_read: Instant,
    complete: bool,
    /// Wakes the task that waits for the response, because the attempt's timeout starts when the body is complete.
    waiting: Option<Waker>,
    problem: Option<String>,
}

impl Sending {
    /// Opens a source, and returns the body with its progress. Bytes in memory have no progress to track.
    pub async fn open(source: &BodySource) -> Result<(reqwest::Body, Option<Sending>), Error> {
        if let Some(bytes) = source.as_bytes() {
            return Ok((bytes.clone().into(), None));
        }
        let opened = source.open().await.map_err(|problem| {
            Error::new(Kind::Io {
                problem: one_line(&problem, TEXT_LIMIT).unwrap_or_default(),
                sent: false,
            })
        })?;
        let sending = Self(Arc::new(Mutex::new(State {
            last_read: Instant::now(),
            complete: false,
            waiting: None,
            problem: None,
        })));
        let outgoing = Outgoing::new(opened, source.gzip, sending.clone());
        let body = platform::request_body(outgoing).await;
        let body = body.map_err(|error| {
            Error::new(Kind::Io {
                problem: source_problem(&error),
                sent: false,
            })
        })?;
        Ok((body, Some(sending)))
    }

    /// The current deadline: `idle` after the last piece, or `attempt` after the end of the body. The flag is `true`
    /// in the second case. The task is woken if the body ends before the deadline.
    pub fn deadline(
        &self,
        idle: Duration,
        attempt: Duration,
        context: &Context<'_>,
    ) -> (Option<Instant>, bool) {
        let mut state = self.state();
        match &mut state.waiting {
            Some(waker) => waker.clone_from(context.waker()),
            None => state.waiting = Some(context.waker().clone()),
        }
        let time = if state.complete { attempt } else { idle };
        (state.last_read.checked_add(time), state.complete)
    }

    /// The error of the source, if it failed.
    pub fn error(&self) -> Option<Error> {
        let problem = self.state().problem.clone()?;
        Some(Error::new(Kind::Io {
            problem,
            sent: true,
        }))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn source_problem(error: &io::Error) -> String {
    let problem = format!("the source of the body could not be read: {error}");
    one_line(&problem, TEXT_LIMIT).unwrap_or_default()
}

/// The body of a request.
struct Outgoing {
    /// `None` after the end of the source. The mutex is never locked; reqwest requires a body to be `Sync`.
    pieces: Mutex<Option<Pieces>>,
    /// The remainder of the current piece, if it is larger than [`PIECE`].
    rest: Bytes,
    /// The last piece according to the length. It is sent only after the source has ended.
    last: Option<Bytes>,
    /// The remaining number of bytes of the source, if its length is known.
    remaining: Option<u64>,
    slot: Option<Slot>,
    started: bool,
    sending: Sending,
    #[cfg(feature = "gzip")]
    gzip: Option<super::gzip::Compressor>,
}

impl Outgoing {
    fn new(opened: Opened, gzip: bool, sending: Sending) -> Self {
        if opened.length == Some(0) {
            sending.state().complete = true;
        }
        #[cfg(not(feature = "gzip"))]
        let _ = gzip;
        Self {
            pieces: Mutex::new(Some(opened.pieces)),
            rest: Bytes::new(),
            last: None,
            remaining: opened.length,
            slot: opened.slot,
            started: false,
            sending,
            #[cfg(feature = "gzip")]
            gzip: gzip.then(super::gzip::Compressor::new),
        }
    }

    /// Polls for the next piece of the source, and checks the length.
    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        let pieces = self
            .pieces
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(source) = pieces else {
            return Poll::Ready(None);
        };
        self.started = true;
        loop {
            let next = ready!(source.as_mut().poll_next(context));
            let next = match (next, &mut self.remaining) {
                (Some(Ok(piece)), _) if piece.is_empty() => continue,
                (Some(Ok(piece)), Some(remaining)) => {
                    let length = piece.len() as u64;
                    if length > *remaining {
                        let problem = "it is longer than its length";
                        Some(Err(io::Error::new(io::ErrorKind::InvalidData, problem)))
                    } else {
                        *remaining -= length;
                        if *remaining == 0 {
                            self.last = Some(piece);
                            continue;
                        }
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                (Some(Ok(piece)), None) => return Poll::Ready(Some(Ok(piece))),
                (None, Some(1..)) => {
                    let problem = "it is shorter than its length";
                    Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, problem)))
                }
                (None, _) => self.last.take().map(Ok),
                (error, _) => error,
            };
            *pieces = None;
            return Poll::Ready(next);
        }
    }

    fn is_complete(&mut self) -> bool {
        #[cfg(feature = "gzip")]
        if self.gzip.is_some() {
            return false;
        }
        let pieces = self.pieces.get_mut();
        self.rest.is_empty() && pieces.unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Polls for the next piece to send.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        loop {
            if !self.rest.is_empty() {
                let length = self.rest.len().min(PIECE);
                return Poll::Ready(Some(Ok(self.rest.split_to(length))));
            }
            let next = ready!(self.poll_source(context));
            #[cfg(feature = "gzip")]
            let next = match (&mut self.gzip, next) {
                (Some(gzip), Some(Ok(piece))) => Some(gzip.add(&piece)),
                (gzip @ Some(_), None) => gzip.take().map(super::gzip::Compressor::finish),
                (_, next) => next,
            };
            match next {
                Some(Ok(piece)) => self.rest = piece,
                other => return Poll::Ready(other),
            }
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = ready!(self.poll_piece(context));
        // With a known length, hyper does not poll again after the last piece.
        let complete = self.is_complete();
        let mut state = self.sending.state();
        state.last_read = Instant::now();
        state.complete = complete;
        let waiting = if complete { state.waiting.take() } else { None };
        if let Some(Err(error)) = &next {
            state.problem = Some(source_problem(error));
        }
        drop(state);
        if let Some(waker) = waiting {
            waker.wake();
        }
        Poll::Ready(next.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        #[cfg(feature = "gzip")]
        if self.gzip.is_some() {
            return SizeHint::default();
        }
        match self.remaining {
            Some(remaining) => {
                let held = self.rest.len() + self.last.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(remaining + held as u64)
            }
            None => SizeHint::default(),
        }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        let pieces = self
            .pieces
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let (Some(slot), Some(pieces), false) = (&self.slot, pieces.take(), self.started) {
            *lock(slot) = Some(pieces);
        }
    }
}
