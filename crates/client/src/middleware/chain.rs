use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use super::{Handled, Request, Response, Stack};
use crate::error::{Error, Kind, Limit};
use crate::execute::{Head, RawResponse, Reading, Times, Whole, attempt, conclude, timed_out};
use crate::operation::Operation;
use crate::platform;
use crate::request::Prepared;
use crate::transport::Transport;

/// What the attempts of a call have in common.
pub(crate) struct Context<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) operation: &'static Operation,
    pub(crate) times: &'a Times,
    /// Whether the body of a success is given out as a stream.
    pub(crate) streams: bool,
    /// Whether middleware let the request go out.
    pub(crate) reached: AtomicBool,
}

/// The rest of a client's middleware, and the attempt at its end.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    stack: &'a Stack,
    position: usize,
    context: &'a Context<'a>,
}

impl Next<'_> {
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
            None => self.attempt(request).await,
        }
    }

    async fn attempt(self, request: Request) -> Result<Response, Error> {
        let context = self.context;
        let prepared = request.into_prepared()?;
        context.reached.store(true, Ordering::Relaxed);
        let clock = &context.transport.shared().clock;
        let start = clock.instant();
        let (transport, operation, times) = (context.transport, context.operation, context.times);
        let result = if context.streams {
            let result = attempt::<Head>(transport, operation, &prepared, times).await;
            result.map(|response| response.split(|body| (Bytes::new(), Some(body))))
        } else {
            let result = attempt::<Whole>(transport, operation, &prepared, times).await;
            result.map(|response| response.split(|body| (body, None)))
        };
        let elapsed = clock.instant().saturating_duration_since(start);
        match result {
            Ok((response, stream)) => Ok(Response {
                stream,
                elapsed,
                redactor: Some(response.redactor),
                ..Response::new(response.status, response.headers, response.body)
            }),
            Err(error) => match error.into_response() {
                Ok((status, parts)) => Ok(Response {
                    body_truncated: parts.body_truncated,
                    clock_skew: parts.clock_skew,
                    refused: parts.refused,
                    elapsed,
                    ..Response::new(status, parts.headers, parts.body)
                }),
                Err(error) => Err(error),
            },
        }
    }
}

/// One attempt through a client's middleware.
pub(crate) async fn run<R: Reading>(
    context: &Context<'_>,
    prepared: &Prepared,
    attempt: u32,
) -> Result<RawResponse<R::Body>, Error> {
    let shared = context.transport.shared();
    let request = Request::new(context, prepared, attempt);
    let next = Next {
        stack: &shared.middleware,
        position: 0,
        context,
    };
    let remaining = context.times.remaining(shared.clock.instant());
    let handled: Handled<'_> = Box::pin(next.run(request));
    let result = match platform::timeout(remaining, handled).await {
        Ok(Ok(response)) => conclude::<R>(context.transport, response, &prepared.url),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(timed_out(Limit::Call(context.times.total()), None)),
    };
    result.map_err(|mut error| {
        let not_sent = !context.reached.load(Ordering::Relaxed);
        if let Kind::Middleware { sent, .. } = &mut error.inner_mut().kind {
            *sent = !not_sent;
        }
        error
    })
}
