//! Tells the user when a failed attempt is retried after a delay.

use std::time::Duration;

use specmill::Error;
use specmill::middleware::{Middleware, Next, Request, Response};

use crate::output::say;

/// Writes a line to standard error before each wait for a retry.
pub(super) struct Waiting;

impl Middleware for Waiting {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        next.run(request).await
    }

    fn before_retry(&self, error: &Error, delay: Duration) {
        let attempt = error.attempts() + 1;
        say(&format!(
            "{}: retrying in {:.1} s (attempt {attempt})",
            error.with_causes(),
            delay.as_secs_f64()
        ));
    }
}
