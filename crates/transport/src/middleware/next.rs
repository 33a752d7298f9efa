use specmill_http::error::Error;

use super::{Handled, Request, Response, Stack};

/// The attempt that the middleware wraps.
pub(crate) trait Attempt: Send + Sync {
    /// Makes an attempt.
    fn attempt(&self, request: Request) -> Handled<'_>;
}

/// The rest of the middleware, and the attempt that it wraps.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    stack: &'a Stack,
    position: usize,
    end: &'a dyn Attempt,
}

impl<'a> Next<'a> {
    pub(crate) fn new(stack: &'a Stack, end: &'a dyn Attempt) -> Self {
        Self {
            stack,
            position: 0,
            end,
        }
    }

    /// Makes the attempt, through the inner middleware. A copy of `self` can make another one.
    ///
    /// # Errors
    /// There is no response: no connection, a timeout, an incomplete or too large body, unavailable credentials, or
    /// middleware that failed.
    pub async fn run(self, request: Request) -> Result<Response, Error> {
        match self.stack.0.get(self.position) {
            Some(middleware) => {
                let next = Self {
                    position: self.position + 1,
                    ..self
                };
                middleware.handle(request, next).await
            }
            None => self.end.attempt(request).await,
        }
    }
}
