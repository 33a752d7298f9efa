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
    /// A page of a listing, with what the response holds whatever its type.
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
            Ok((page, contents)) => Ok((page, contents.with_headers(&response.headers))),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }
}

/// A page of a listing. Implemented by the generator for the response of each paged operation.
pub trait Page: DeserializeOwned + Send + 'static {
    /// The type of the items.
    type Item: Send + 'static;

    /// The page, with what the table of its operation tells beyond its type; the default adds nothing.
    ///
    /// # Errors
    /// The response is no page of the operation: a line that says where, and what was expected.
    fn of(self, operation: &'static Operation) -> Result<Self, String> {
        let _ = operation;
        Ok(self)
    }

    /// The cursor of the next page, `""` at the end. Numbered pages have none.
    ///
    /// `None`, which is the default, leaves it to the response's field that the table of the operation names.
    fn next_cursor(&self) -> Option<&str> {
        None
    }

    /// The page's items.
    fn items(&self) -> &[Self::Item];

    /// The page's items, by value.
    fn into_items(self) -> Vec<Self::Item>;

    /// How many items the service says a page of this listing holds, where it does. Tells a page that is short from
    /// one of a service that ignores the size it was asked for.
    ///
    /// `None`, which is the default, leaves it to the response's field of the same name as the size parameter.
    fn page_size(&self) -> Option<u64> {
        None
    }

    /// How many items the service says the listing holds, where it does. It keeps a listing from ending too early, and
    /// pages from being fetched in vain; where fewer items came in the end, the listing ends with an error.
    ///
    /// `None`, which is the default, leaves it to the response's field `total`, `total_count`, `totalCount`,
    /// `totalElements` or `count`, be it `7`, `7.0` or `"7"`. Anything else there is no total.
    fn total(&self) -> Option<u64> {
        None
    }
}

/// A response that is the list itself.
impl<T: DeserializeOwned + Send + 'static> Page for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }

    fn into_items(self) -> Vec<T> {
        self
    }
}

/// The methods that all four streams have. Each has a `poll_one`.
macro_rules! stream_methods {
    ($stream:ident, $item:ty) => {
        impl<P: Page> $stream<P> {
            /// The next one; `None` at the end.
            // Not an `async fn`, through which each item would be moved once more.
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

        // Nothing in a stream is pinned: pages and items are moved about freely.
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
