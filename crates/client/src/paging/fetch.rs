use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::Page;
use crate::call::Call;
use crate::error::{Error, Kind};

/// A page on its way, fetched by a task of its own. Dropping it stops the task.
pub(super) struct Fetch<P>(JoinHandle<Result<(P, Bytes), Error>>);

impl<P: Page> Fetch<P> {
    pub(super) fn start(call: Call) -> Self {
        let fetch = call.send_page();
        // Events of the task belong to the span in which the listing is read.
        #[cfg(feature = "tracing")]
        let fetch = tracing::Instrument::in_current_span(fetch);
        Self(tokio::spawn(fetch))
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(P, Bytes), Error>> {
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

impl<P> Drop for Fetch<P> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
