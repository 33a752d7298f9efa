//! An attempt that goes through the client's middleware.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use specmill_http::error::{Error, Kind, Limit};
use specmill_http::failure::{refused, timed_out};
use specmill_http::operation::Operation;
use specmill_http::platform;
use specmill_http::redact::Redactor;
use specmill_http::request::Prepared;

use super::attempt::{Failure, attempt};
use super::reading::{Head, Reading, Whole};
use super::{RawResponse, Times};
use crate::middleware::{Attempt, Handled, Next, Request, Response};
use crate::transport::Transport;

/// The context of the attempts of a call.
pub(super) struct Context<'a> {
    pub(super) transport: &'a Transport,
    pub(super) operation: &'static Operation,
    pub(super) times: &'a Times,
    /// Whether the body of a success response is returned as a stream.
    pub(super) streams: bool,
    /// Whether the request has passed all middleware.
    pub(super) reached: AtomicBool,
}

impl Attempt for Context<'_> {
    fn attempt(&self, request: Request) -> Handled<'_> {
        Box::pin(self.make(request))
    }
}

impl Context<'_> {
    /// The request of an attempt, before its credentials are added.
    fn request(&self, prepared: &Prepared, attempt: u32) -> Request {
        let now = self.transport.shared().clock.instant();
        let credentials = if self.operation.authenticated {
            self.transport.authentication().header_names()
        } else {
            Vec::new()
        };
        Request::new(
            self.operation,
            prepared,
            attempt,
            now.saturating_duration_since(self.times.start),
            self.times.remaining(now),
            credentials,
        )
    }

    async fn make(&self, request: Request) -> Result<Response, Error> {
        let prepared = request.into_prepared()?;
        self.reached.store(true, Ordering::Relaxed);
        let clock = &self.transport.shared().clock;
        let start = clock.instant();
        let (transport, operation, times) = (self.transport, self.operation, self.times);
        let result = if self.streams {
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
            Err(Failure { error, refused }) => match error.into_response() {
                Ok((status, parts)) => Ok(Response {
                    body_truncated: parts.body_truncated,
                    clock_skew: parts.clock_skew,
                    refused,
                    elapsed,
                    ..Response::new(status, parts.headers, parts.body)
                }),
                Err(error) => Err(error),
            },
        }
    }
}

/// Makes an attempt through the client's middleware.
pub(super) async fn run<R: Reading>(
    context: &Context<'_>,
    prepared: &Prepared,
    attempt: u32,
) -> Result<RawResponse<R::Body>, Failure> {
    let shared = context.transport.shared();
    let request = context.request(prepared, attempt);
    let next = Next::new(&shared.middleware, context);
    let remaining = context.times.remaining(shared.clock.instant());
    let handled: Handled<'_> = Box::pin(next.run(request));
    let result = match platform::timeout(remaining, handled).await {
        Ok(Ok(response)) => conclude::<R>(context.transport, response, &prepared.url),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(timed_out(Limit::Call(context.times.total), None).into()),
    };
    result.map_err(|mut failure| {
        let not_sent = !context.reached.load(Ordering::Relaxed);
        if let Kind::Middleware { sent, .. } = &mut failure.error.inner_mut().kind {
            *sent = !not_sent;
        }
        failure
    })
}

/// Converts a response that passed the middleware to the result of the attempt.
fn conclude<R: Reading>(
    transport: &Transport,
    response: Response,
    url: &reqwest::Url,
) -> Result<RawResponse<R::Body>, Failure> {
    if response.status.is_success() {
        return Ok(RawResponse {
            status: response.status,
            headers: response.headers,
            body: R::of_parts(response.body, response.stream),
            attempts: 0,
            start: transport.shared().clock.instant(),
            elapsed: Duration::ZERO,
            redactor: response
                .redactor
                .unwrap_or_else(|| Redactor::new(transport.authentication(), &HeaderMap::new())),
        });
    }
    let mut error = refused(
        response.status,
        response.body,
        response.headers,
        response.body_truncated,
        url,
        transport.shared().clock.now(),
    );
    error.inner_mut().clock_skew = response.clock_skew;
    Err(Failure {
        error,
        refused: response.refused,
    })
}
