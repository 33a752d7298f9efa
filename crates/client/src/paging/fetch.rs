use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use crate::error::{Error, Kind};
use crate::operation::Operation;

/// A page on its way, fetched by a task of its own. Dropping it stops the task.
pub(super) struct Fetch<T> {
    task: JoinHandle<Result<T, Error>>,
    operation: &'static Operation,
}

impl<T: Send + 'static> Fetch<T> {
    pub(super) fn start(
        operation: &'static Operation,
        fetch: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Self {
        // Events of the task belong to the span in which the listing is read.
        #[cfg(feature = "tracing")]
        let fetch = tracing::Instrument::in_current_span(fetch);
        Self {
            task: tokio::spawn(fetch),
            operation,
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        Pin::new(&mut self.task)
            .poll(context)
            .map(|result| match result {
                Ok(result) => result,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(Error::new(Kind::Cancelled).on(self.operation)),
                },
            })
    }
}

impl<T> Drop for Fetch<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}
