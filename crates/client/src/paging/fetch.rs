use std::task::{Context, Poll};

use specmill_http::error::{Error, Kind};
use specmill_http::operation::Operation;
use specmill_http::platform::Task;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Page;
use super::contents::Contents;
use crate::call::{Call, PageSelector};

type Fetched<P> = Result<(P, Contents), Error>;

/// A page that is being fetched, in a task of its own. Dropping the value stops the task.
///
/// The task can then fetch other pages of the list, since reusing a task and a call costs less than creating them.
pub(super) struct Fetch<P> {
    requests: UnboundedSender<Request>,
    pages: UnboundedReceiver<Fetched<P>>,
    task: Task<()>,
    operation: &'static Operation,
}

/// A request for a page.
struct Request {
    /// `None` for the page that the call requests by default.
    page: Option<PageSelector>,
    /// The span in which the list is read, to which the events of the task belong.
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl<P: Page> Fetch<P> {
    /// Requests a page of the list of the call, from the task of an `earlier` page if there is one.
    pub(super) fn start(call: &Call, page: Option<PageSelector>, earlier: Option<Self>) -> Self {
        let request = Request {
            page,
            #[cfg(feature = "tracing")]
            span: tracing::Span::current(),
        };
        // A call that has selected a page cannot request the default one again.
        let request = match earlier.filter(|_| request.page.is_some()) {
            Some(earlier) => match earlier.requests.send(request) {
                Ok(()) => return earlier,
                // The task ended with its runtime.
                Err(unsent) => unsent.0,
            },
            None => request,
        };
        let (requests, waiting) = unbounded_channel();
        let (fetched, pages) = unbounded_channel();
        // Sending cannot fail, since the receiver exists.
        let _ = requests.send(request);
        Self {
            requests,
            pages,
            task: Task::spawn(serve(call.clone(), waiting, fetched)),
            operation: call.operation(),
        }
    }

    /// Polls for the page. The task then waits for another request.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Fetched<P>> {
        match self.pages.poll_recv(context) {
            Poll::Ready(Some(fetched)) => Poll::Ready(fetched),
            Poll::Pending => Poll::Pending,
            // The task ended with a panic, which is resumed here, or with its runtime.
            Poll::Ready(None) => self
                .task
                .poll(context)
                .map(|_| Err(Error::new(Kind::Cancelled).on(self.operation))),
        }
    }
}

/// Yields to the runtime before a page is returned, so that the request for the next page is sent first, even on a single
/// thread.
pub(super) fn yield_once<T>(context: &mut Context<'_>) -> Poll<T> {
    context.waker().wake_by_ref();
    Poll::Pending
}

/// Fetches the requested pages, one after the other.
async fn serve<P: Page>(
    mut call: Call,
    mut waiting: UnboundedReceiver<Request>,
    fetched: UnboundedSender<Fetched<P>>,
) {
    while let Some(request) = waiting.recv().await {
        let page = fetch(&mut call, request.page);
        #[cfg(feature = "tracing")]
        let page = tracing::Instrument::instrument(page, request.span);
        if fetched.send(page.await).is_err() {
            return;
        }
    }
}

async fn fetch<P: Page>(call: &mut Call, page: Option<PageSelector>) -> Fetched<P> {
    if let Some(page) = page {
        call.select_page(page)
            .map_err(|problem| Error::invalid_request(call.operation(), problem))?;
    }
    call.send_page_with_contents().await
}
