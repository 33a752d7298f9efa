//! Applies a fault to a response.

use std::{fmt, time::SystemTime};

use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
    response,
};
use serde_json::Value;

use super::{Delivery, Fault, Outcome, PagingDefects};
use crate::{
    error_body::{ErrorBody, ErrorFacts},
    operation::Api,
};

/// How the connection ends instead of a response. It is stored in the extensions of the response, for the code that owns the
/// socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abort {
    Close,
    Reset,
}

impl fmt::Display for Abort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the fault ends the connection")
    }
}

impl std::error::Error for Abort {}

impl IntoResponse for Abort {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(self);
        response
    }
}

/// The facts of a request that a fault needs.
#[derive(Debug)]
pub(crate) struct Strike<'a> {
    pub(crate) api: Api,
    pub(crate) path: &'a str,
    pub(crate) path_and_query: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) other_origin: &'a str,
    pub(crate) now: SystemTime,
    /// The current time as RFC 3339.
    pub(crate) timestamp: &'a str,
}

impl Fault {
    /// Whether the request is carried out first.
    pub(crate) fn carries_out(&self) -> bool {
        self.after_effect || matches!(self.response, Outcome::Own | Outcome::Success(_))
    }

    pub(crate) fn paging(&self) -> PagingDefects {
        self.document.paging
    }

    /// The response with the fault. `own` is the API's own response, if the request was carried out.
    pub(crate) async fn strike(&self, own: Option<Response>, strike: &Strike<'_>) -> Response {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let response = match &self.response {
            Outcome::Own | Outcome::Success(_) => own.unwrap_or_default(),
            Outcome::Error(status, shape) => error(*status, *shape, strike),
            Outcome::Html(status) => html(*status),
            Outcome::Empty(status) => status.into_response(),
            Outcome::Custom(status, content_type, body) => (
                *status,
                [(CONTENT_TYPE, content_type.clone())],
                body.clone(),
            )
                .into_response(),
            Outcome::Redirect(status) => {
                let location = format!("{}{}", strike.other_origin, strike.path_and_query);
                (*status, [(LOCATION, location)]).into_response()
            }
            Outcome::Abort(abort) => return abort.into_response(),
            Outcome::Hang => std::future::pending().await,
        };
        let (mut head, body) = response.into_parts();
        // The sandbox's own responses are complete in memory, so that reading one cannot fail.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let body = self.spoil(&mut head, body);
        self.add_headers(&mut head, strike.now);
        let response = Response::from_parts(head, Body::empty());
        if self.delivery == Delivery::Whole && body.is_empty() {
            return response;
        }
        self.delivery.deliver(response, body)
    }

    /// Changes the status and the document.
    fn spoil(&self, head: &mut response::Parts, body: Bytes) -> Bytes {
        if let Outcome::Success(status) = self.response
            && head.status.is_success()
        {
            head.status = status;
            if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
                head.headers.remove(CONTENT_TYPE);
                return Bytes::new();
            }
        }
        if !self.document.changes() {
            return body;
        }
        let Ok(mut document) = serde_json::from_slice::<Value>(&body) else {
            return body;
        };
        self.document.apply(&mut document);
        document.to_string().into()
    }

    fn add_headers(&self, head: &mut response::Parts, now: SystemTime) {
        for (name, value) in &self.headers {
            head.headers.append(name.clone(), value.clone());
        }
        if let Some(retry_after) = self.retry_after {
            head.headers.insert(RETRY_AFTER, retry_after.header(now));
        }
    }
}

fn error(status: StatusCode, shape: Option<ErrorBody>, strike: &Strike<'_>) -> Response {
    let shape = shape.unwrap_or_else(|| ErrorBody::of(strike.api));
    let message = format!(
        "{} (injected by the sandbox)",
        status.canonical_reason().unwrap_or("Error")
    );
    let body = shape.render(&ErrorFacts {
        status,
        code: None,
        message: &message,
        path: strike.path,
        request_id: strike.request_id,
        timestamp: strike.timestamp,
    });
    let content_type = HeaderValue::from_static(shape.content_type());
    (status, [(CONTENT_TYPE, content_type)], body.to_string()).into_response()
}

fn html(status: StatusCode) -> Response {
    let title = format!(
        "{} {}",
        status.as_u16(),
        status.canonical_reason().unwrap_or("Error")
    );
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    let content_type = HeaderValue::from_static("text/html");
    (status, [(CONTENT_TYPE, content_type)], page).into_response()
}
