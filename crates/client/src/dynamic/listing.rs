use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use specmill_http::error::Error;
use specmill_http::operation::Paging;

use super::Page;
use crate::call::Call;
use crate::paging::{CursorPages, NumberedPages};

/// The pages of a list with any kind of paging.
///
/// The stream ends after an error; [`position`](Self::position) then returns where to resume.
#[derive(Debug)]
pub struct Pages(Kind);

#[derive(Debug)]
enum Kind {
    Cursor(Box<CursorPages<Page>>),
    Numbered(Box<NumberedPages<Page>>),
}

impl Pages {
    pub(super) fn new(call: Call, paging: Paging) -> Self {
        Self(if paging.is_numbered() {
            Kind::Numbered(Box::new(NumberedPages::new(call)))
        } else {
            Kind::Cursor(Box::new(CursorPages::new(call)))
        })
    }

    /// The number of numbered pages that are fetched in parallel: see [`NumberedPages::concurrency`]. Pages that
    /// contain the position of the next one are fetched one by one.
    pub fn concurrency(self, pages: usize) -> Self {
        Self(match self.0 {
            Kind::Numbered(numbered) => Kind::Numbered(Box::new(numbered.concurrency(pages))),
            cursor @ Kind::Cursor(_) => cursor,
        })
    }

    /// Accepts a list with fewer items than the total that the service stated: see [`NumberedPages::ignore_total`].
    pub fn ignore_total(self) -> Self {
        Self(match self.0 {
            Kind::Cursor(pages) => Kind::Cursor(Box::new(pages.ignore_total())),
            Kind::Numbered(pages) => Kind::Numbered(Box::new(pages.ignore_total())),
        })
    }

    /// The value of the paging parameter for the next or the failed page, or the link to it if the pages are linked.
    /// With cursors and links, `None` is the first page or the end.
    pub fn position(&self) -> Option<String> {
        match &self.0 {
            Kind::Cursor(pages) => pages.position().map(str::to_owned),
            Kind::Numbered(pages) => Some(pages.position().to_string()),
        }
    }

    /// Returns the next page; `None` at the end.
    ///
    /// # Errors
    /// The call for a page fails, or the list cannot be read completely: see [`Error::is_paging`].
    pub async fn try_next(&mut self) -> Result<Option<Page>, Error> {
        match &mut self.0 {
            Kind::Cursor(pages) => pages.try_next().await,
            Kind::Numbered(pages) => pages.try_next().await,
        }
    }
}

impl Stream for Pages {
    type Item = Result<Page, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.get_mut().0 {
            Kind::Cursor(pages) => Pin::new(pages).poll_next(context),
            Kind::Numbered(pages) => Pin::new(pages).poll_next(context),
        }
    }
}
