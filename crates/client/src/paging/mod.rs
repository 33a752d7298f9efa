//! Paged lists.
//!
//! Four streams: pages or items, of lists whose responses identify the next page ([`CursorPages`], [`CursorItems`]) or
//! of pages that are requested by their number ([`NumberedPages`], [`NumberedItems`]). All of them fetch the next page
//! while the current one is consumed, in tasks of the tokio runtime that stop when the stream is dropped; its request is
//! sent before the current page is yielded. Every page is requested with all arguments of the call.
//!
//! A stream ends after an error. `position` then returns where to continue with `resume_from`.

mod contents;
mod cursor;
mod fetch;
mod items;
mod numbered;
mod progress;

use serde::de::DeserializeOwned;
use specmill_http::decode;
use specmill_http::error::Error;
use specmill_http::operation::Operation;
use specmill_http::request::accept::JSON;

use crate::call::{Call, undecoded};

pub(crate) use contents::Contents;
pub use cursor::CursorPages;
pub use items::{CursorItems, NumberedItems};
pub use numbered::NumberedPages;

impl Call {
    /// Sends the call and returns a page of its list, with the contents of the response that do not depend on its type.
    pub(crate) async fn send_page_with_contents<P: Page>(&self) -> Result<(P, Contents), Error> {
        let operation = self.operation();
        let response = self.execute(JSON).await?;
        let page = Contents::with_page::<P>(&response.body).map_or_else(
            || {
                decode::json_or_empty::<P>(&response.body)
                    .map(|page| (page, Contents::of(&response.body)))
            },
            Ok,
        );
        match page.and_then(|(page, contents)| Ok((page.of(operation)?, contents))) {
            Ok((page, contents)) => Ok((
                page,
                contents.with_headers(&response.headers, operation.paging),
            )),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }
}

/// A page of a list. Implemented by the generator for the response of each paged operation.
pub trait Page: DeserializeOwned + Send + 'static {
    /// The type of the items.
    type Item: Send + 'static;

    /// Completes the page with data that the table of the operation locates. The default implementation adds nothing.
    ///
    /// # Errors
    /// The response is not a page of the operation. The error is one line with the location and the expected type.
    fn of(self, operation: &'static Operation) -> Result<Self, String> {
        let _ = operation;
        Ok(self)
    }

    /// The cursor of the next page; `""` at the end. Numbered pages have none.
    ///
    /// If it is `None`, the default, the cursor is read from the field of the response that the table of the operation
    /// names.
    fn next_cursor(&self) -> Option<&str> {
        None
    }

    /// The items of the page.
    fn items(&self) -> &[Self::Item];

    /// The items of the page, by value.
    fn into_items(self) -> Vec<Self::Item>;

    /// The number of items per page, if the service states it. It distinguishes a short page from one of a service
    /// that ignores the requested size.
    ///
    /// If it is `None`, the default, it is read from the field of the response with the name of the size parameter.
    fn page_size(&self) -> Option<u64> {
        None
    }

    /// The total number of items of the list, if the service states it. It prevents a list from ending too early, and
    /// pages from being fetched in vain. A list with fewer items ends with an error.
    ///
    /// If it is `None`, the default, it is read from the field `total`, `total_count`, `totalCount`, `totalElements`
    /// or `count` of the response, with values such as `7`, `7.0` or `"7"`. Any other value is ignored.
    fn total(&self) -> Option<u64> {
        None
    }
}

/// A response that is a list.
impl<T: DeserializeOwned + Send + 'static> Page for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }

    fn into_items(self) -> Vec<T> {
        self
    }
}

/// The common methods of the four streams, each of which has a `poll_one`.
macro_rules! stream_methods {
    ($stream:ident, $item:ty) => {
        impl<P: Page> $stream<P> {
            /// Returns the next element; `None` at the end.
            // Not an `async fn`, which would move each item once more.
            #[inline]
            pub fn try_next(&mut self) -> impl Future<Output = Result<Option<$item>, Error>> {
                std::future::poll_fn(|context| self.poll_one(context))
            }

            /// Collects the rest of the stream: `let all: Vec<_> = stream.try_collect().await?;`
            ///
            /// # Errors
            /// The first error; everything read before it is lost. Use [`try_next`](Self::try_next) to keep it.
            pub async fn try_collect<C: Default + Extend<$item>>(mut self) -> Result<C, Error> {
                let mut all = C::default();
                while let Some(next) = self.try_next().await? {
                    all.extend(std::iter::once(next));
                }
                Ok(all)
            }
        }

        impl<P: Page> Stream for $stream<P> {
            type Item = Result<$item, Error>;

            fn poll_next(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Option<Self::Item>> {
                self.get_mut().poll_one(context).map(Result::transpose)
            }
        }

        // No field is structurally pinned: pages and items can be moved.
        impl<P: Page> Unpin for $stream<P> {}

        impl<P: Page> std::fmt::Debug for $stream<P> {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter
                    .debug_struct(stringify!($stream))
                    .finish_non_exhaustive()
            }
        }
    };
}
use stream_methods;
