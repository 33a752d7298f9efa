use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use foldhash::quality::RandomState;
use futures_core::Stream;
use specmill_http::error::Error;
use specmill_http::operation::Paging;
use specmill_http::request::Argument;

use super::contents::Contents;
use super::fetch::{Fetch, yield_once};
use super::progress::Progress;
use super::{Page, stream_methods};
use crate::call::{Call, PageSelector};

/// The distance from the current page to one that should be beyond the end, if no total states the end.
const FAR: u64 = 1_000_000;

/// The pages of a list with numbered pages, or with pages that are requested by the number of preceding items.
///
/// A page that is short, empty, or equal to an earlier one ends the list. If the total that the service stated is
/// greater than the number of items so far, the stream ends with an error ([`Error::is_paging`]).
///
/// Pages with equal values are not repetitions if the service respects the page number. If the items have no id that
/// shows it, a page beyond the end is requested, which is then empty or fails.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting or a state of the listing, apart from the others"
)]
pub struct NumberedPages<P: Page> {
    call: Call,
    /// Whether the number of a page is the number of preceding items.
    by_items: bool,
    /// The number of the most recent page.
    current: u64,
    /// The number of the next page.
    position: u64,
    /// The number of the page to fetch next.
    next: u64,
    /// The difference between the numbers of consecutive pages.
    step: u64,
    first: u64,
    /// The requested number of items per page; 0 if neither the caller nor the document states it.
    size: u64,
    /// Whether the service may silently return fewer items per page than requested.
    size_is_a_wish: bool,
    /// The number of items of the largest page so far.
    largest: u64,
    concurrency: usize,
    /// The pages that are being fetched, each with its number.
    flights: VecDeque<(u64, Fetch<P>)>,
    /// The task of the most recent page, to reuse.
    idle: Option<Fetch<P>>,
    /// The most recent page, until the request for the next one is sent.
    pending: Option<P>,
    /// Fingerprints of the pages so far.
    seen: HashSet<u64, RandomState>,
    /// `None` before the first page.
    progress: Option<Progress>,
    ignore_total: bool,
    /// The number after the last page, according to the total of the service.
    expected_end: Option<u64>,
    doubt: Option<Doubt<P>>,
    /// Whether the service is known to respect the page number, so that no page is a repetition.
    heeds_number: bool,
    done: bool,
}

/// A page that equals an earlier one, until it is known whether the service respects the page number.
struct Doubt<P> {
    page: P,
    contents: Contents,
    beyond: Fetch<P>,
}

impl<P: Page> NumberedPages<P> {
    /// The pages of the call. It starts at the page number among its arguments, if there is one.
    pub fn new(mut call: Call) -> Self {
        let by_items = matches!(call.operation().paging, Some(Paging::Offset { .. }));
        let (mut first, mut size, mut position, mut size_is_a_wish) = (0, 0, 0, false);
        if let Some(
            Paging::PageNumber {
                parameter,
                first: least,
                size_parameter,
                default_size,
                ..
            }
            | Paging::Offset {
                parameter,
                first: least,
                size_parameter,
                default_size,
                ..
            },
        ) = call.operation().paging
        {
            let number = |name: &str| call.argument(name).and_then(Argument::as_u64);
            let asked = size_parameter.and_then(number);
            // A service accepts sizes within the documented bounds, but may cap a size above its default.
            let bounded = size_parameter
                .and_then(|name| call.operation().parameter(name))
                .is_some_and(|table| table.bounds.maximum.is_some());
            size_is_a_wish = !bounded && asked.is_some_and(|asked| asked > default_size);
            size = asked.unwrap_or(default_size);
            first = least;
            let asked = number(parameter);
            if asked.is_none() && call.argument(parameter).is_some() {
                call.fail(format!("{parameter} is not a page number"));
            }
            position = asked.unwrap_or(first);
        }
        Self {
            call,
            by_items,
            current: position,
            position,
            next: position,
            step: 1,
            first,
            size,
            size_is_a_wish,
            largest: 0,
            concurrency: 1,
            flights: VecDeque::new(),
            idle: None,
            pending: None,
            seen: HashSet::default(),
            progress: None,
            ignore_total: false,
            expected_end: None,
            doubt: None,
            heeds_number: false,
            done: false,
        }
    }

    /// The number of pages that are fetched in parallel: 1 by default; 0 means 1. The pages are still yielded in
    /// order. As many pages are held in memory, plus the one that is consumed.
    ///
    /// The first page is fetched by itself.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.max(1);
        self
    }

    /// Accepts a list with fewer items than the service's own total, for a service whose total is wrong. The total
    /// still prevents the list from ending at a short page.
    pub fn ignore_total(mut self) -> Self {
        self.ignore_total = true;
        self
    }

    /// Starts at a page, such as an earlier [`position`](Self::position).
    pub fn resume_from(mut self, page: u64) -> Self {
        self.current = page;
        self.position = page;
        self.next = page;
        self.largest = 0;
        self.flights.clear();
        self.idle = None;
        self.pending = None;
        self.seen.clear();
        self.progress = None;
        self.expected_end = None;
        self.doubt = None;
        self.heeds_number = false;
        self.done = false;
        self
    }

    /// The number of the next or the failed page; after an error for missing items, of the page that should have
    /// contained them.
    pub fn position(&self) -> u64 {
        match self.pending {
            Some(_) => self.current,
            None => self.position,
        }
    }

    /// The number of the most recent page.
    pub(super) fn current(&self) -> u64 {
        self.current
    }

    fn fetch_ahead(&mut self) {
        let most = if self.progress.is_some() {
            self.concurrency
        } else {
            1
        };
        while self.flights.len() < most {
            // Beyond the end that the service reports, only one page is fetched, to verify it.
            let beyond = self.expected_end.is_some_and(|end| self.next >= end);
            if beyond && !self.flights.is_empty() {
                break;
            }
            let flight = self.fetch(self.next);
            self.flights.push_back((self.next, flight));
            self.next = self.next.saturating_add(self.step);
        }
    }

    fn fetch(&mut self, number: u64) -> Fetch<P> {
        let selector = match self.call.operation().paging {
            // Without a number from the caller, the first page is the service's default.
            Some(Paging::PageNumber { parameter, .. } | Paging::Offset { parameter, .. })
                if number != self.first || self.call.argument(parameter).is_some() =>
            {
                let number = Argument::Number(number.into());
                Some(PageSelector::Argument(parameter, number))
            }
            _ => None,
        };
        Fetch::start(&self.call, selector, self.idle.take())
    }

    /// The number of items of a full page, according to the service; 0 if it is unknown.
    fn size(&self, page: &P, contents: &Contents) -> u64 {
        let told = page
            .page_size()
            .or_else(|| match self.call.operation().paging {
                Some(
                    Paging::PageNumber {
                        size_parameter: Some(name),
                        ..
                    }
                    | Paging::Offset {
                        size_parameter: Some(name),
                        ..
                    },
                ) => contents.number(name),
                _ => None,
            });
        match told {
            Some(told) if told > 0 && (told < self.size || self.size == 0) => told,
            _ if self.size_is_a_wish => self.size.min(self.largest),
            _ => self.size,
        }
    }

    /// The progress so far. Of the pages before the start of this stream, only the number is known.
    fn progress(&self, size: u64, items: u64) -> Progress {
        let skipped = self.position.saturating_sub(self.first);
        self.progress.unwrap_or_else(|| match (skipped, size) {
            (0, _) => Progress::from_the_start(),
            _ if self.by_items => Progress::after(skipped, Some(skipped)),
            (_, 0) => Progress::after(skipped.saturating_mul(items), None),
            // The service may send fewer items than requested without reporting it.
            _ => Progress::after(
                skipped.saturating_mul(size.min(items)),
                Some(skipped.saturating_mul(size)),
            ),
        })
    }

    /// Whether the page is the last one. Updates the progress.
    fn is_last(&mut self, page: &P, contents: &Contents) -> bool {
        let items = page.items().len() as u64;
        let size = self.size(page, contents);
        let mut progress = self.progress(size, items);
        progress.add(items, page.total().or_else(|| contents.total()));
        self.progress = Some(progress);
        self.largest = self.largest.max(items);
        let more = match self.call.operation().paging {
            Some(
                Paging::PageNumber {
                    more: Some(more), ..
                }
                | Paging::Offset {
                    more: Some(more), ..
                },
            ) => contents.more(more),
            _ => None,
        };
        match (progress.more(), more) {
            (Some(_), Some(false)) if self.ignore_total => true,
            (Some(total), _) => {
                // A page shorter than requested was capped by the service.
                let pages = if self.by_items {
                    total
                } else {
                    total.div_ceil(items.max(1))
                };
                self.expected_end = Some(self.first.saturating_add(pages));
                false
            }
            (None, Some(more)) => !more,
            (None, None) => items < size,
        }
    }

    /// Continues after a page that is the next one of the list.
    fn advance(&mut self, page: &P, contents: &Contents) {
        let last = self.is_last(page, contents);
        if self.by_items {
            self.step = (page.items().len() as u64).max(1);
        }
        self.current = self.position;
        self.position = self.position.saturating_add(self.step);
        // If a page has fewer items than those before it, the following offsets change.
        if self
            .flights
            .front()
            .is_none_or(|(number, _)| *number != self.position)
        {
            self.flights.clear();
            self.next = self.position;
        }
        if last {
            self.finish();
        } else {
            self.fetch_ahead();
        }
    }

    /// Ends the list at a page that is empty or equal to an earlier one.
    fn conclude(&mut self, page: &P, contents: &Contents) -> Result<Option<P>, Error> {
        self.finish();
        let mut progress = self.progress(self.size(page, contents), 0);
        progress.conclude(page.total().or_else(|| contents.total()));
        match progress.missing(Some(self.position)) {
            Some(missing) if !self.ignore_total => {
                Err(Error::new(missing).on(self.call.operation()))
            }
            _ => Ok(None),
        }
    }

    fn fail(&mut self, error: Error) -> Result<Option<P>, Error> {
        self.finish();
        Err(error)
    }

    fn finish(&mut self) {
        self.done = true;
        self.flights.clear();
        self.idle = None;
    }

    /// Decides how to continue after a page.
    fn take(&mut self, page: P, contents: Contents) -> Step<P> {
        if page.items().is_empty() {
            return Step::Out(self.conclude(&page, &contents));
        }
        let new = self.seen.insert(contents.fingerprint(self.seen.hasher()));
        if new || self.heeds_number {
            self.advance(&page, &contents);
            return Step::Out(Ok(Some(page)));
        }
        let has_ids = match self.call.operation().paging {
            Some(paging) => contents.has_ids(paging.items().field),
            None => false,
        };
        if has_ids {
            return Step::Out(self.conclude(&page, &contents));
        }
        let end = self
            .expected_end
            .filter(|end| *end > self.position)
            .unwrap_or_else(|| self.position.saturating_add(FAR));
        let beyond = self.fetch(end);
        self.doubt = Some(Doubt {
            page,
            contents,
            beyond,
        });
        Step::Again
    }

    /// Decides about a page that equals an earlier one, with the page beyond the end.
    fn resolve(
        &mut self,
        page: P,
        contents: &Contents,
        beyond: Result<(P, Contents), Error>,
    ) -> Result<Option<P>, Error> {
        match beyond {
            Ok((beyond, of_it))
                if !beyond.items().is_empty()
                    && self.seen.contains(&of_it.fingerprint(self.seen.hasher())) =>
            {
                return self.conclude(&page, contents);
            }
            // A refusal, by the service or by the parameter's bounds, shows that the number is honoured.
            Err(error) if !error.is_invalid_request() && !is_refused(&error) => {
                return self.fail(error);
            }
            _ => self.heeds_number = true,
        }
        self.advance(&page, contents);
        Ok(Some(page))
    }
}

/// The step after a page.
enum Step<P> {
    Out(Result<Option<P>, Error>),
    Again,
}

fn is_refused(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| status.is_client_error())
        && !error.is_retryable()
}

impl<P: Page> NumberedPages<P> {
    pub(super) fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P>, Error>> {
        if let Some(page) = self.pending.take() {
            return Poll::Ready(Ok(Some(page)));
        }
        loop {
            if let Some(doubt) = &mut self.doubt {
                let beyond = ready!(doubt.beyond.poll(context));
                let Some(Doubt { page, contents, .. }) = self.doubt.take() else {
                    continue;
                };
                return Poll::Ready(self.resolve(page, &contents, beyond));
            }
            if self.done {
                return Poll::Ready(Ok(None));
            }
            self.fetch_ahead();
            let Some((_, flight)) = self.flights.front_mut() else {
                return Poll::Ready(Ok(None));
            };
            let result = ready!(flight.poll(context));
            let flight = self.flights.pop_front();
            let (page, contents) = match result {
                Ok(page) => page,
                Err(error) => return Poll::Ready(self.fail(error)),
            };
            self.idle = flight.map(|(_, fetch)| fetch);
            match self.take(page, contents) {
                Step::Out(Ok(Some(page))) if !self.flights.is_empty() => {
                    self.pending = Some(page);
                    return yield_once(context);
                }
                Step::Out(next) => return Poll::Ready(next),
                Step::Again => {}
            }
        }
    }
}

stream_methods!(NumberedPages, P);
