use std::task::{Context, Poll};

use specmill_http::error::{Error, Kind};
use specmill_http::operation::Operation;
use specmill_http::platform::Task;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Page;
use super::contents::Contents;
use crate::call::{Call, PagePlace};

type Fetched<P> = Result<(P, Contents), Error>;

/// A page in flight, fetched by a task of its own. Dropping it stops the task.
///
/// The task can fetch other pages of the list afterwards, since both a task and a call take longer to make than to
/// reuse.
pub(super) struct Fetch<P> {
    requests: UnboundedSender<Request>,
    pages: UnboundedReceiver<Fetched<P>>,
    task: Task<()>,
    operation: &'static Operation,
}

/// A request for a page.
struct Request {
    /// `None` if it is the page that the call requests by itself.
    place: Option<PagePlace>,
    /// The span in which the listing is read, to which events of the task belong.
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl<P: Page> Fetch<P> {
    /// Requests a page of the list of the call, from the task of an `earlier` page if there is one.
    pub(super) fn start(call: &Call, place: Option<PagePlace>, earlier: Option<Self>) -> Self {
        let request = Request {
            place,
            #[cfg(feature = "tracing")]
            span: tracing::Span::current(),
        };
        // A call that was turned to another page does not request its first one any more.
        let request = match earlier.filter(|_| request.place.is_some()) {
            Some(earlier) => match earlier.requests.send(request) {
                Ok(()) => return earlier,
                // The task ended with its runtime.
                Err(unsent) => unsent.0,
            },
            None => request,
        };
        let (requests, waiting) = unbounded_channel();
        let (fetched, pages) = unbounded_channel();
        // It cannot fail: `waiting` exists.
        let _ = requests.send(request);
        Self {
            requests,
            pages,
            task: Task::spawn(serve(call.clone(), waiting, fetched)),
            operation: call.operation(),
        }
    }

    /// The page. Afterwards the task waits for another request.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Fetched<P>> {
        match self.pages.poll_recv(context) {
            Poll::Ready(Some(fetched)) => Poll::Ready(fetched),
            Poll::Pending => Poll::Pending,
            // The task ended: with a panic, which continues here, or with its runtime.
            Poll::Ready(None) => self
                .task
                .poll(context)
                .map(|_| Err(Error::new(Kind::Cancelled).on(self.operation))),
        }
    }
}

/// Lets other tasks run before a page is consumed: the request for the next one is sent meanwhile, even if the page is
/// consumed without waiting for anything, or on the only thread.
pub(super) fn let_others_run<T>(context: &mut Context<'_>) -> Poll<T> {
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
        let page = fetch(&mut call, request.place);
        #[cfg(feature = "tracing")]
        let page = tracing::Instrument::instrument(page, request.span);
        if fetched.send(page.await).is_err() {
            return;
        }
    }
}

async fn fetch<P: Page>(call: &mut Call, place: Option<PagePlace>) -> Fetched<P> {
    if let Some(place) = place {
        call.turn_to(place)
            .map_err(|problem| Error::invalid_request(call.operation(), problem))?;
    }
    call.send_page_with_contents().await
}
