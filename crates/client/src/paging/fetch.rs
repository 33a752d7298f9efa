use std::future::Future;
use std::task::{Context, Poll};

use specmill_http::error::{Error, Kind};
use specmill_http::operation::Operation;
use specmill_http::platform::Task;

/// A page that is being fetched, in a task of its own. Dropping the value stops the task.
pub(super) struct Fetch<T> {
    task: Task<Result<T, Error>>,
    operation: &'static Operation,
}

impl<T: Send + 'static> Fetch<T> {
    pub(super) fn start(
        operation: &'static Operation,
        fetch: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Self {
        // The task's events belong to the span in which the listing is read.
        #[cfg(feature = "tracing")]
        let fetch = tracing::Instrument::in_current_span(fetch);
        Self {
            task: Task::spawn(fetch),
            operation,
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        let operation = self.operation;
        self.task
            .poll(context)
            .map(|result| result.unwrap_or_else(|| Err(Error::new(Kind::Cancelled).on(operation))))
    }
}
