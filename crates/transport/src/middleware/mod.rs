//! Middleware: the caller's code around each attempt of a call, such as caches, rate limiters and recorders.

mod debug_log;
mod next;
mod recording;
mod request;
mod response;
#[cfg(feature = "tower")]
mod tower;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use self::debug_log::DebugLog;
pub(crate) use self::next::Attempt;
pub use self::next::Next;
pub use self::recording::{Recorder, Replayer};
pub use self::request::Request;
pub use self::response::Response;
#[cfg(feature = "tower")]
pub use self::tower::{InnerService, TowerLayer};

use specmill_http::error::Error;

/// Code around each attempt of a client's calls.
///
/// Implement it with an `async fn`. It receives the request before the client's credentials are added, and `next`,
/// which makes the attempt. It may change the request, make the attempt once, several times or not at all, and change
/// or replace the response.
///
/// A response of any status is `Ok`. `Err` means that there was no response: no connection, a timeout, an incomplete
/// body. The retry policy applies outside the middleware, so middleware runs again for each attempt.
///
/// Time spent in middleware counts towards the total timeout of the call, but not towards the attempt timeout.
///
/// ```
/// # extern crate specmill_transport as specmill_client;
/// use specmill_client::Error;
/// use specmill_client::middleware::{Middleware, Next, Request, Response};
///
/// /// Writes a line for each attempt.
/// struct Lines;
///
/// impl Middleware for Lines {
///     async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
///         let line = format!("{} {}", request.method(), request.url_template());
///         let result = next.run(request).await;
///         match &result {
///             Ok(response) => println!("{line}: {} in {:?}", response.status(), response.elapsed()),
///             Err(error) => println!("{line}: {error}"),
///         }
///         result
///     }
/// }
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Handles one attempt.
    ///
    /// # Errors
    /// Those of `next`, or [`Error::middleware`] for a failure of its own.
    fn handle(
        &self,
        request: Request,
        next: Next<'_>,
    ) -> impl Future<Output = Result<Response, Error>> + Send;

    /// Called when an attempt has failed and another follows after `delay`, before the wait. The default
    /// implementation does nothing.
    fn before_retry(&self, error: &Error, delay: Duration) {
        let _ = (error, delay);
    }
}

impl<M: Middleware> Middleware for Arc<M> {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        M::handle(self, request, next).await
    }

    fn before_retry(&self, error: &Error, delay: Duration) {
        M::before_retry(self, error, delay);
    }
}

/// The future of a response, from middleware or from the attempt.
pub(crate) type Handled<'a> = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>>;

/// An object-safe [`Middleware`].
trait Erased: Send + Sync {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> Handled<'a>;
    fn before_retry(&self, error: &Error, delay: Duration);
}

impl<M: Middleware> Erased for M {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> Handled<'a> {
        Box::pin(Middleware::handle(self, request, next))
    }

    fn before_retry(&self, error: &Error, delay: Duration) {
        Middleware::before_retry(self, error, delay);
    }
}

/// The middleware of a client, outermost first.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Stack(Vec<Arc<dyn Erased>>);

impl Stack {
    pub fn push(&mut self, middleware: impl Middleware) {
        self.0.push(Arc::new(middleware));
    }

    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    pub(crate) fn before_retry(&self, error: &Error, delay: Duration) {
        for middleware in &self.0 {
            middleware.before_retry(error, delay);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Stack {
    // Its contents may be sensitive.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{} middleware]", self.0.len())
    }
}
