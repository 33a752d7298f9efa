use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use crate::error::{Error, Kind};

/// A page on its way, fetched by a task of its own. Dropping it stops the task.
pub(super) struct Fetch<T>(JoinHandle<Result<T, Error>>);

impl<T: Send + 'static> Fetch<T> {
    pub(super) fn start(fetch: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        // Events of the task belong to the span in which the listing is read.
        #[cfg(feature = "tracing")]
        let fetch = tracing::Instrument::in_current_span(fetch);
        Self(tokio::spawn(fetch))
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|result| match result {
                Ok(result) => result,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(Error::new(Kind::Cancelled)),
                },
            })
    }
}

impl<T> Drop for Fetch<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
