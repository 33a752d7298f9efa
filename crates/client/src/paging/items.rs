use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;
use specmill_http::error::Error;

use super::{CursorPages, NumberedPages, Page, stream_methods};
use crate::call::Call;

/// The items of a list whose responses identify the next page. See [`CursorPages`] for the errors that end it.
pub struct CursorItems<P: Page> {
    pages: CursorPages<P>,
    items: IntoIter<P::Item>,
}

impl<P: Page> CursorItems<P> {
    /// The items of the call. It starts at the cursor among its arguments, if there is one.
    pub fn new(call: Call) -> Self {
        Self::of(CursorPages::new(call))
    }

    fn of(pages: CursorPages<P>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// Accepts a list with fewer items than the total that the service stated: see [`CursorPages::ignore_total`].
    pub fn ignore_total(mut self) -> Self {
        self.pages = self.pages.ignore_total();
        self
    }

    /// Starts at a cursor, such as an earlier [`position`](Self::position): see [`CursorPages::resume_from`].
    pub fn resume_from(self, cursor: impl Into<String>) -> Self {
        Self::of(self.pages.resume_from(cursor))
    }

    /// The cursor of the page with the next item, or of the failed page; `None` is the first page or the end.
    ///
    /// A stream that resumes there repeats the items of that page that were already yielded.
    pub fn position(&self) -> Option<&str> {
        if self.items.len() > 0 {
            self.pages.current()
        } else {
            self.pages.position()
        }
    }
}

impl<P: Page> CursorItems<P> {
    // Inlined, with a single return of items, so that each item is moved as rarely as possible.
    #[inline]
    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        if self.items.len() == 0 {
            ready!(self.poll_page(context))?;
        }
        Poll::Ready(Ok(self.items.next()))
    }

    /// Takes the items of the next page that is not empty. There are none at the end.
    #[inline(never)]
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        // Frees the memory of the page before the next one is awaited.
        self.items = IntoIter::default();
        while let Some(page) = ready!(self.pages.poll_one(context))? {
            self.items = page.into_items().into_iter();
            if self.items.len() > 0 {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

stream_methods!(CursorItems, P::Item);

/// The items of a list with numbered pages. See [`NumberedPages`] for the errors that end it.
pub struct NumberedItems<P: Page> {
    pages: NumberedPages<P>,
    items: IntoIter<P::Item>,
}

impl<P: Page> NumberedItems<P> {
    /// The items of the call. It starts at the page number among its arguments, if there is one.
    pub fn new(call: Call) -> Self {
        Self::of(NumberedPages::new(call))
    }

    fn of(pages: NumberedPages<P>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// The number of pages that are fetched in parallel: see [`NumberedPages::concurrency`].
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
    }

    /// Accepts a list with fewer items than the total that the service stated: see [`NumberedPages::ignore_total`].
    pub fn ignore_total(mut self) -> Self {
        self.pages = self.pages.ignore_total();
        self
    }

    /// Starts at a page, such as an earlier [`position`](Self::position).
    pub fn resume_from(self, page: u64) -> Self {
        Self::of(self.pages.resume_from(page))
    }

    /// The number of the page with the next item, or of the failed page.
    ///
    /// A stream that resumes there repeats the items of that page that were already yielded.
    pub fn position(&self) -> u64 {
        if self.items.len() > 0 {
            self.pages.current()
        } else {
            self.pages.position()
        }
    }
}

impl<P: Page> NumberedItems<P> {
    // Inlined, with a single return of items, so that each item is moved as rarely as possible.
    #[inline]
    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        if self.items.len() == 0 {
            ready!(self.poll_page(context))?;
        }
        Poll::Ready(Ok(self.items.next()))
    }

    /// Takes the items of the next page that is not empty. There are none at the end.
    #[inline(never)]
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        // Frees the memory of the page before the next one is awaited.
        self.items = IntoIter::default();
        while let Some(page) = ready!(self.pages.poll_one(context))? {
            self.items = page.into_items().into_iter();
            if self.items.len() > 0 {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

stream_methods!(NumberedItems, P::Item);
