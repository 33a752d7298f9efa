use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use super::{CursorPages, NumberedPages, Page, stream_methods};
use crate::call::Call;
use crate::error::Error;

/// The items of a listing whose responses name the next one. See [`CursorPages`] for the errors that end it.
pub struct CursorItems<P: Page> {
    pages: CursorPages<P>,
    items: IntoIter<P::Item>,
}

impl<P: Page> CursorItems<P> {
    /// The items that the call leads to. A cursor among its arguments is where it begins.
    pub fn new(call: Call) -> Self {
        Self::of(CursorPages::new(call))
    }

    fn of(pages: CursorPages<P>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// Takes a listing for complete whatever the service's total says: see [`CursorPages::ignore_total`].
    pub fn ignore_total(mut self) -> Self {
        self.pages = self.pages.ignore_total();
        self
    }

    /// Begins at a cursor, such as [`position`](Self::position) told before: see [`CursorPages::resume_from`].
    pub fn resume_from(self, cursor: impl Into<String>) -> Self {
        Self::of(self.pages.resume_from(cursor))
    }

    /// The cursor of the page that the next item is on, or that failed; `None` is the first page, and the end.
    ///
    /// Resuming there gives the items of that page again that were already taken.
    pub fn position(&self) -> Option<&str> {
        if self.items.len() > 0 {
            self.pages.current()
        } else {
            self.pages.position()
        }
    }
}

impl<P: Page> CursorItems<P> {
    // Inlined, so that an item is moved once: from its page to the caller.
    #[inline]
    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        match self.items.next() {
            Some(item) => Poll::Ready(Ok(Some(item))),
            None => self.poll_page(context),
        }
    }

    /// The first item of the next page that has one.
    #[inline(never)]
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        while let Some(page) = ready!(self.pages.poll_one(context))? {
            self.items = page.into_items().into_iter();
            if let Some(item) = self.items.next() {
                return Poll::Ready(Ok(Some(item)));
            }
        }
        Poll::Ready(Ok(None))
    }
}

stream_methods!(CursorItems, P::Item);

/// The items of a listing whose pages are numbered. See [`NumberedPages`] for the errors that end it.
pub struct NumberedItems<P: Page> {
    pages: NumberedPages<P>,
    items: IntoIter<P::Item>,
}

impl<P: Page> NumberedItems<P> {
    /// The items that the call leads to. A page number among its arguments is where it begins.
    pub fn new(call: Call) -> Self {
        Self::of(NumberedPages::new(call))
    }

    fn of(pages: NumberedPages<P>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// How many pages may be on their way at a time: see [`NumberedPages::concurrency`].
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
    }

    /// Takes a listing for complete whatever the service's total says: see [`NumberedPages::ignore_total`].
    pub fn ignore_total(mut self) -> Self {
        self.pages = self.pages.ignore_total();
        self
    }

    /// Begins at a page, such as [`position`](Self::position) told before.
    pub fn resume_from(self, page: u64) -> Self {
        Self::of(self.pages.resume_from(page))
    }

    /// Number of the page that the next item is on, or that failed.
    ///
    /// Resuming there gives the items of that page again that were already taken.
    pub fn position(&self) -> u64 {
        if self.items.len() > 0 {
            self.pages.current()
        } else {
            self.pages.position()
        }
    }
}

impl<P: Page> NumberedItems<P> {
    // Inlined, so that an item is moved once: from its page to the caller.
    #[inline]
    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        match self.items.next() {
            Some(item) => Poll::Ready(Ok(Some(item))),
            None => self.poll_page(context),
        }
    }

    /// The first item of the next page that has one.
    #[inline(never)]
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        while let Some(page) = ready!(self.pages.poll_one(context))? {
            self.items = page.into_items().into_iter();
            if let Some(item) = self.items.next() {
                return Poll::Ready(Ok(Some(item)));
            }
        }
        Poll::Ready(Ok(None))
    }
}

stream_methods!(NumberedItems, P::Item);
