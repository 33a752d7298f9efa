use std::collections::HashSet;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use foldhash::quality::RandomState;
use futures_core::Stream;
use specmill_http::error::{Error, Kind};
use specmill_http::operation::Paging;
use specmill_http::request::Argument;

use super::contents::{Contents, steps};
use super::fetch::{Fetch, yield_once};
use super::progress::Progress;
use super::{Page, stream_methods};
use crate::call::{Call, PageSelector};

/// The number of consecutive empty pages after which a list ends with an error.
pub(super) const MOST_EMPTY_PAGES: u32 = 100;

/// The pages of a list whose responses identify the next page: with a cursor, with their last item, or with a link.
///
/// Only the query of a link is used, with the operation's own URL. The position is then the link.
///
/// The stream ends with an error ([`Error::is_paging`]) if a cursor is repeated, if 100 pages in a row are empty
/// although each names a next one, or if there are fewer items than the total that the service stated.
pub struct CursorPages<P: Page> {
    call: Call,
    /// The cursor of the most recent page.
    current: Option<String>,
    /// The cursor of the next page; `None` for the first page.
    position: Option<String>,
    /// Fingerprints of the cursors that were used.
    seen: HashSet<u64, RandomState>,
    progress: Progress,
    ignore_total: bool,
    /// The number of empty pages since the last item.
    empty_pages: u32,
    state: State<P>,
    /// The task of the most recent page, to reuse.
    idle: Option<Fetch<P>>,
    /// The most recent page, until the request for the next one is sent.
    pending: Option<P>,
}

enum State<P> {
    Ready,
    Fetching(Fetch<P>),
    /// The error that follows the last page.
    Failed(Kind),
    Done,
}

impl<P: Page> CursorPages<P> {
    /// The pages of the call. It starts at the cursor among its arguments, if there is one.
    pub fn new(call: Call) -> Self {
        let position = match call.operation().paging {
            Some(Paging::BodyCursor { field, .. }) => call
                .json_body()
                .and_then(|body| Contents::of(body).text(field)),
            paging => paging
                .and_then(|paging| call.argument(paging.parameter()?))
                .and_then(Argument::scalar),
        };
        let stream = Self {
            call,
            current: None,
            position: None,
            seen: HashSet::default(),
            progress: Progress::from_the_start(),
            ignore_total: false,
            empty_pages: 0,
            state: State::Ready,
            idle: None,
            pending: None,
        };
        stream.begin_at(position)
    }

    /// Starts at a cursor, such as an earlier [`position`](Self::position). The number of items is then not compared
    /// with the service's total, since earlier items are not counted.
    pub fn resume_from(self, cursor: impl Into<String>) -> Self {
        self.begin_at(Some(cursor.into()))
    }

    fn begin_at(mut self, cursor: Option<String>) -> Self {
        self.position = cursor.filter(|cursor| !cursor.is_empty());
        self.current = None;
        self.progress = match self.position {
            None => Progress::from_the_start(),
            Some(_) => Progress::after(0, None),
        };
        self.seen.clear();
        if let Some(cursor) = self.position.take() {
            self.is_new(&cursor);
            self.position = Some(cursor);
        }
        self.empty_pages = 0;
        self.state = State::Ready;
        self.idle = None;
        self.pending = None;
        self
    }

    /// Accepts a list with fewer items than the total that the service stated, for a service whose total is wrong.
    pub fn ignore_total(mut self) -> Self {
        self.ignore_total = true;
        self
    }

    /// The cursor of the next or the failed page; `None` is the first page or the end.
    ///
    /// After an error for missing items it is that of the last page.
    pub fn position(&self) -> Option<&str> {
        match self.pending {
            Some(_) => self.current(),
            None => self.position.as_deref(),
        }
    }

    /// The cursor of the most recent page.
    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    fn fetch(&mut self) -> State<P> {
        let selector = match (&self.position, self.call.operation().paging) {
            (Some(position), Some(paging)) => Some(match (paging, paging.parameter()) {
                (Paging::BodyCursor { field, .. }, _) => {
                    PageSelector::BodyField(steps(field), position.clone())
                }
                (_, Some(name)) => PageSelector::Argument(name, Argument::String(position.clone())),
                (_, None) => PageSelector::Link(position.clone()),
            }),
            _ => None,
        };
        State::Fetching(Fetch::start(&self.call, selector, self.idle.take()))
    }

    /// Records a cursor. Returns whether it was not used before.
    fn is_new(&mut self, cursor: &str) -> bool {
        let fingerprint = self.seen.hasher().hash_one(cursor);
        self.seen.insert(fingerprint)
    }

    /// The cursor of the next page, according to the most recent one; `None` at the end.
    fn next(&self, page: &P, contents: &Contents) -> Option<String> {
        if let Some(next) = page.next_cursor() {
            return Some(next.to_owned()).filter(|next| !next.is_empty());
        }
        match self.call.operation().paging? {
            Paging::Cursor { next, more, .. } | Paging::BodyCursor { next, more, .. } => {
                let ends = more.is_some_and(|more| contents.more(more) == Some(false));
                contents.text(next).filter(|_| !ends)
            }
            Paging::LastItem {
                id, more, items, ..
            } => {
                let goes_on = contents.more(more) == Some(true);
                goes_on.then(|| contents.of_last_item(items.field, id))?
            }
            Paging::HeaderCursor { .. } | Paging::Link { next: None, .. } => {
                let next = contents.of_header().filter(|next| !next.is_empty());
                next.map(str::to_owned)
            }
            Paging::Link {
                next: Some(next), ..
            } => contents.target(next),
            Paging::PageNumber { .. } | Paging::Offset { .. } => None,
        }
    }

    /// Starts to fetch the page after the most recent one, or records the end of the list.
    fn advance(&mut self, page: &P, contents: &Contents) {
        let items = page.items().len() as u64;
        let total = page.total().or_else(|| contents.total());
        self.progress.add(items, total);
        self.empty_pages = if items == 0 { self.empty_pages + 1 } else { 0 };
        let next = self.next(page, contents);
        let failure = match &next {
            None => self.progress.missing(None).filter(|_| !self.ignore_total),
            Some(cursor) if !self.is_new(cursor) => Some(Kind::RepeatedCursor),
            Some(_) => None,
        };
        if let Some(kind) = failure {
            self.current.clone_from(&self.position);
            self.state = State::Failed(kind);
            return;
        }
        self.current = std::mem::replace(&mut self.position, next);
        self.state = if self.position.is_none() {
            State::Done
        } else if self.empty_pages < MOST_EMPTY_PAGES {
            self.fetch()
        } else {
            State::Failed(Kind::EmptyPages)
        };
    }
}

impl<P: Page> CursorPages<P> {
    pub(super) fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P>, Error>> {
        if let Some(page) = self.pending.take() {
            return Poll::Ready(Ok(Some(page)));
        }
        if matches!(self.state, State::Ready) {
            self.state = self.fetch();
        }
        let fetched = match &mut self.state {
            State::Fetching(fetch) => Some(ready!(fetch.poll(context))),
            _ => None,
        };
        match (std::mem::replace(&mut self.state, State::Done), fetched) {
            (State::Fetching(fetch), Some(fetched)) => {
                let (page, contents) = fetched?;
                self.idle = Some(fetch);
                self.advance(&page, &contents);
                if matches!(self.state, State::Fetching(_)) {
                    self.pending = Some(page);
                    return yield_once(context);
                }
                Poll::Ready(Ok(Some(page)))
            }
            (State::Failed(kind), _) => {
                Poll::Ready(Err(Error::new(kind).on(self.call.operation())))
            }
            _ => Poll::Ready(Ok(None)),
        }
    }
}

stream_methods!(CursorPages, P);
