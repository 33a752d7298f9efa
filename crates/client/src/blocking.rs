//! Calls from code that is not async.
//!
//! Calls of a client are futures, and lists are streams. [`wait`] waits for a future, and [`iter`] converts a stream
//! to an iterator. Both use one runtime, which all calls of the process share.
//!
//! ```no_run
//! # async fn call() -> Result<(), specmill_client::Error> { Ok(()) }
//! # fn main() -> Result<(), specmill_client::Error> {
//! use specmill_client::blocking;
//!
//! blocking::wait(call())?; // blocking::wait(client.user_get("u-1").send())?
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::OnceLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Runtime};

/// Waits for a call, or for any future of a client: `client.user_get("u-1").send()`.
///
/// # Panics
/// It is called within an async runtime, or the operating system cannot start a thread.
pub fn wait<F: IntoFuture>(future: F) -> F::Output {
    runtime().block_on(future.into_future())
}

/// Converts a stream to an iterator, which waits for each item: `client.user_list().stream()`.
pub fn iter<S: Stream + Unpin>(stream: S) -> Iter<S> {
    Iter { stream }
}

/// The items of a stream: see [`iter`].
#[must_use = "an iterator does nothing unless it is read"]
pub struct Iter<S> {
    stream: S,
}

impl<S: Stream + Unpin> Iterator for Iter<S> {
    type Item = S::Item;

    /// # Panics
    /// Like [`wait`].
    fn next(&mut self) -> Option<S::Item> {
        let stream = &mut self.stream;
        wait(poll_fn(|context| Pin::new(&mut *stream).poll_next(context)))
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Iter(..)")
    }
}

/// The runtime. Its only thread drives the connections of all calls, while their callers wait.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let built = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("specmill-blocking")
            .enable_all()
            .build();
        #[expect(
            clippy::expect_used,
            reason = "without a thread no call can be made at all"
        )]
        built.expect("the operating system gives a thread")
    })
}
