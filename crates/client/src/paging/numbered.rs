use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use foldhash::quality::RandomState;
use futures_core::Stream;

use super::contents::Contents;
use super::fetch::Fetch;
use super::{Page, stream_methods};
use crate::call::Call;
use crate::error::Error;
use crate::operation::Paging;

/// The pages of a listing whose pages are numbered.
///
/// The end is a page that is short, empty, or the same as one before it.
pub struct NumberedPages<P: Page> {
    call: Call,
    /// Number of the page that comes next.
    position: u64,
    /// Number of the page that is fetched next.
    next: u64,
    first: u64,
    /// Items on a page, as asked for; 0 where neither the caller nor the document says.
    size: u64,
    concurrency: usize,
    flights: VecDeque<Fetch<(P, Contents)>>,
    /// Fingerprints of the pages that came.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// Items up to the page that came last.
    passed: Option<u64>,
    /// Number after the last page, as the service's total has it.
    expected_end: Option<u64>,
    begun: bool,
    done: bool,
}

impl<P: Page> NumberedPages<P> {
    /// The pages that the call leads to. A page number among its arguments is where it begins.
    pub fn new(mut call: Call) -> Self {
        let (first, size, position) = match call.operation().paging {
            Some(Paging::PageNumber {
                parameter,
                first,
                size_parameter,
                default_size,
                ..
            }) => {
                let number = |name: &str| call.argument(name).and_then(serde_json::Value::as_u64);
                let size = size_parameter.and_then(number).unwrap_or(default_size);
                let position = number(parameter);
                if position.is_none() && call.argument(parameter).is_some() {
                    call.fail(format!("{parameter} is no number of a page"));
                }
                (first, size, position.unwrap_or(first))
            }
            _ => (0, 0, 0),
        };
        Self {
            call,
            position,
            next: position,
            first,
            size,
            concurrency: 1,
            flights: VecDeque::new(),
            seen: HashSet::new(),
            hasher: RandomState::default(),
            passed: None,
            expected_end: None,
            begun: false,
            done: false,
        }
    }

    /// How many pages may be on their way at a time: 1, and 0 is taken for 1. They come in order all the same. As many
    /// pages are held in memory, and the one that is consumed.
    ///
    /// The first page is fetched alone.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.max(1);
        self
    }

    /// Begins at a page, such as [`position`](Self::position) told before.
    pub fn resume_from(mut self, page: u64) -> Self {
        self.position = page;
        self.next = page;
        self.flights.clear();
        self.seen.clear();
        self.passed = None;
        self.expected_end = None;
        self.begun = false;
        self.done = false;
        self
    }

    /// Number of the page that comes next, or that failed.
    pub fn position(&self) -> u64 {
        self.position
    }

    fn fetch_ahead(&mut self) {
        let most = if self.begun { self.concurrency } else { 1 };
        while self.flights.len() < most {
            // Beyond the end that the service tells, only one page is fetched to make sure.
            let beyond = self.expected_end.is_some_and(|end| self.next >= end);
            if beyond && !self.flights.is_empty() {
                break;
            }
            let mut call = self.call.clone();
            if let Some(Paging::PageNumber { parameter, .. }) = call.operation().paging {
                // The first page is what the service answers unasked, unless the caller asked.
                if self.next != self.first || call.argument(parameter).is_some() {
                    call = call.parameter(parameter, Ok(self.next));
                }
            }
            self.flights
                .push_back(Fetch::start(call.send_page_with_contents()));
            self.next = self.next.saturating_add(1);
        }
    }

    /// Whether the page is the last one. Takes note of what it tells.
    fn is_last(&mut self, page: &P, contents: &Contents) -> bool {
        let items = page.items().len() as u64;
        let told = page
            .page_size()
            .or_else(|| match self.call.operation().paging {
                Some(Paging::PageNumber {
                    size_parameter: Some(name),
                    ..
                }) => contents.number(name),
                _ => None,
            });
        let size = match told {
            Some(told) if told > 0 && (told < self.size || self.size == 0) => told,
            _ => self.size,
        };
        // Of the pages before the one where this listing began only the number is known.
        let before = self.passed.unwrap_or_else(|| {
            self.position
                .saturating_sub(self.first)
                .saturating_mul(size)
        });
        let passed = before.saturating_add(items);
        self.passed = Some(passed);
        match page.total().or_else(|| contents.total()) {
            Some(total) if total > passed => {
                // The service has more: a page shorter than was asked for is one that it cut down.
                self.expected_end = Some(self.first.saturating_add(total.div_ceil(items.max(1))));
                false
            }
            _ => items < size,
        }
    }
}

impl<P: Page> Stream for NumberedPages<P> {
    type Item = Result<P, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.done {
            return Poll::Ready(None);
        }
        this.fetch_ahead();
        let Some(flight) = this.flights.front_mut() else {
            return Poll::Ready(None);
        };
        let result = ready!(flight.poll(context));
        this.flights.pop_front();
        let (page, contents) = match result {
            Ok(page) => page,
            Err(error) => {
                this.finish();
                return Poll::Ready(Some(Err(error)));
            }
        };
        let print = contents.fingerprint(&this.hasher);
        if page.items().is_empty() || !this.seen.insert(print) {
            this.finish();
            return Poll::Ready(None);
        }
        let last = this.is_last(&page, &contents);
        this.begun = true;
        this.position = this.position.saturating_add(1);
        if last {
            this.finish();
        } else {
            this.fetch_ahead();
        }
        Poll::Ready(Some(Ok(page)))
    }
}

impl<P: Page> NumberedPages<P> {
    fn finish(&mut self) {
        self.done = true;
        self.flights.clear();
    }
}

stream_methods!(NumberedPages, P);
