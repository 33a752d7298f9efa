//! The deadline of an attempt.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use specmill_http::platform::Sleep;

/// Returns the output of the future, or `None` if the deadline passes first.
pub(super) async fn within<F: Future>(
    mut deadline: Pin<&mut Option<Sleep>>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        match deadline.as_mut().as_pin_mut() {
            Some(deadline) => deadline.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    })
    .await
}
