//! The middleware around both APIs: the log, latency and faults.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONNECTION, header::CONTENT_TYPE, request};

use crate::{
    clock::Clock,
    error_body::{ErrorBody, ErrorFacts},
    fault::{Abort, Fault, Schedule, Strike},
    log::RequestLog,
    operation::{Api, Operation},
};

/// The maximum size of a request body, in bytes. A user has a few hundred.
const LARGEST_BODY: usize = 64 * 1024;

/// The shared state of a listener.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(crate) api: Api,
    /// The prefix of every path: empty, or with a leading slash.
    pub(crate) prefix: Arc<str>,
    pub(crate) log: RequestLog,
    pub(crate) faults: Arc<Schedule>,
    pub(crate) latency: Latency,
    pub(crate) clock: Clock,
    pub(crate) other_origin: Arc<str>,
    pub(crate) request_ids: Arc<AtomicU64>,
}

/// The latency of every response, which can change while the sandbox runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latency(Arc<AtomicU64>);

impl Latency {
    pub(crate) fn set(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    async fn pass(&self) {
        let micros = self.0.load(Ordering::Relaxed);
        if micros > 0 {
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
    }
}

/// The id of a request, in the response header `X-Request-Id` and in error bodies.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// The middleware.
pub(crate) async fn run(
    State(pipeline): State<Pipeline>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let number = pipeline.request_ids.fetch_add(1, Ordering::Relaxed);
    let id = RequestId(format!("sandbox-{number:08}").into());
    let (mut head, body) = request.into_parts();
    let template = matched.as_ref().map(|matched| {
        let template = matched.as_str();
        template.strip_prefix(&*pipeline.prefix).unwrap_or(template)
    });
    let operation =
        template.and_then(|template| Operation::find(pipeline.api, &head.method, template));
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let request = pipeline
            .log
            .record(pipeline.api, operation, &head, &Bytes::new());
        request.answered(StatusCode::PAYLOAD_TOO_LARGE.as_u16());
        return pipeline.refuse_body(&head, &id);
    };
    let recorded = pipeline.log.record(pipeline.api, operation, &head, &body);
    let _in_flight = pipeline.log.enter();
    pipeline.latency.pass().await;

    let fault = match pipeline.api {
        Api::OtherOrigin => None,
        _ => pipeline.faults.choose(operation),
    };
    head.extensions.insert(id.clone());
    let mut response = match fault {
        None => next.run(Request::from_parts(head, Body::from(body))).await,
        Some(fault) => pipeline.strike(fault, head, body, &id, next).await,
    };
    if response.extensions().get::<Abort>().is_none() {
        recorded.answered(response.status().as_u16());
        if let Ok(id) = HeaderValue::from_str(&id.0) {
            response.headers_mut().entry("x-request-id").or_insert(id);
        }
    }
    response
}

impl Pipeline {
    async fn strike(
        &self,
        fault: Fault,
        mut head: request::Parts,
        body: Bytes,
        id: &RequestId,
        next: Next,
    ) -> Response {
        let uri = head.uri.clone();
        let own = if fault.carries_out() {
            head.extensions.insert(fault.paging());
            Some(next.run(Request::from_parts(head, Body::from(body))).await)
        } else {
            None
        };
        let strike = Strike {
            api: self.api,
            path: uri.path(),
            path_and_query: uri.path_and_query().map_or("/", |target| target.as_str()),
            request_id: &id.0,
            other_origin: &self.other_origin,
            now: self.clock.now(),
            timestamp: &self.clock.rfc3339(),
        };
        fault.strike(own, &strike).await
    }

    fn refuse_body(&self, head: &request::Parts, id: &RequestId) -> Response {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        let body = ErrorBody::of(self.api).render(&ErrorFacts {
            status,
            code: None,
            message: "the request body is larger than 64 KiB, or incomplete",
            path: head.uri.path(),
            request_id: &id.0,
            timestamp: &self.clock.rfc3339(),
        });
        let headers = [(CONTENT_TYPE, "application/json"), (CONNECTION, "close")];
        (status, headers, body.to_string()).into_response()
    }
}
