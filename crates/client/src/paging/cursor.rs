use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::fetch::Fetch;
use super::{Page, stream_methods};
use crate::call::Call;
use crate::error::{Error, Kind};
use crate::operation::Paging;

/// The pages of a listing whose answers name the next one.
pub struct CursorPages<P: Page> {
    call: Call,
    /// Cursor of the page that comes next; `None` is the first page.
    position: Option<String>,
    /// Every cursor that was used.
    seen: HashSet<String>,
    state: State<P>,
}

enum State<P> {
    Ready,
    Fetching(Fetch<P>),
    /// The page that came last led back.
    Repeated,
    Done,
}

impl<P: Page> CursorPages<P> {
    /// The pages that the call leads to. A cursor among its arguments is where it begins.
    pub fn new(call: Call) -> Self {
        let position = match call.operation().paging {
            Some(Paging::Cursor { parameter, .. }) => call
                .argument(parameter)
                .and_then(|value| value.as_str())
                .map(str::to_owned),
            _ => None,
        };
        Self {
            call,
            position,
            seen: HashSet::new(),
            state: State::Ready,
        }
    }

    /// Begins at a cursor, such as [`position`](Self::position) told before.
    pub fn resume_from(mut self, cursor: impl Into<String>) -> Self {
        self.position = Some(cursor.into()).filter(|cursor| !cursor.is_empty());
        self.seen.clear();
        self.state = State::Ready;
        self
    }

    /// The cursor of the page that comes next, or that failed; `None` is the first page, and the end.
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    fn fetch(&mut self) -> Fetch<P> {
        let mut call = self.call.clone();
        if let Some(cursor) = &self.position {
            self.seen.insert(cursor.clone());
            if let Some(Paging::Cursor { parameter, .. }) = call.operation().paging {
                call = call.parameter(parameter, Ok(cursor));
            }
        }
        Fetch::start(call.send_page())
    }
}

impl<P: Page> Stream for CursorPages<P> {
    type Item = Result<P, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if matches!(this.state, State::Ready) {
            this.state = State::Fetching(this.fetch());
        }
        match &mut this.state {
            State::Fetching(fetch) => match ready!(fetch.poll(context)) {
                Ok(page) => {
                    this.advance(page.next_cursor().map(str::to_owned));
                    Poll::Ready(Some(Ok(page)))
                }
                Err(error) => {
                    this.state = State::Done;
                    Poll::Ready(Some(Err(error)))
                }
            },
            State::Repeated => {
                this.state = State::Done;
                Poll::Ready(Some(Err(
                    Error::new(Kind::RepeatedCursor).on(this.call.operation())
                )))
            }
            State::Ready | State::Done => Poll::Ready(None),
        }
    }
}

impl<P: Page> CursorPages<P> {
    /// Starts on the page after the one that came.
    fn advance(&mut self, next: Option<String>) {
        match next.filter(|cursor| !cursor.is_empty()) {
            None => {
                self.position = None;
                self.state = State::Done;
            }
            Some(cursor) if self.seen.contains(&cursor) => self.state = State::Repeated,
            Some(cursor) => {
                self.position = Some(cursor);
                self.state = State::Fetching(self.fetch());
            }
        }
    }
}

stream_methods!(CursorPages, P);
