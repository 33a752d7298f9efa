//! What can go wrong with a response.

mod apply;
mod delivery;
mod document;
mod json;
mod parse;
mod schedule;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::{error_body::ErrorBody, operation::Operation};

pub(crate) use apply::{Abort, Strike};
pub use json::ResponseError;
pub use parse::ParseFaultError;
pub use schedule::Faults;
pub(crate) use schedule::Schedule;

/// A fault: a response, and what is wrong with it.
///
/// A constructor selects the response, and methods add further faults. They can be combined:
///
/// ```
/// # use std::time::Duration;
/// # use specmill_sandbox::{Fault, Operation};
/// Fault::status(429).retry_after(Duration::from_secs(2));
/// Fault::html(502).drip(1, Duration::from_millis(5));
/// Fault::response().truncated().on(Operation::UserList);
/// ```
///
/// Faults other than [`response`](Self::response) and 2xx strike before the request is checked or
/// carried out, unless [`after_effect`](Self::after_effect) is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    response: Outcome,
    document: Document,
    delivery: Delivery,
    delay: Duration,
    headers: Vec<(HeaderName, HeaderValue)>,
    retry_after: Option<RetryAfter>,
    after_effect: bool,
    operation: Option<Operation>,
}

/// The response.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    /// What the API responds by itself.
    Own,
    /// The API's own response, with another status if it succeeds.
    Success(StatusCode),
    Error(StatusCode, Option<ErrorBody>),
    Html(StatusCode),
    Empty(StatusCode),
    Custom(StatusCode, HeaderValue, Bytes),
    Redirect(StatusCode),
    Abort(Abort),
    Hang,
}

/// What is wrong with the JSON of the API's own response, and with what it obeys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a defect of its own; all combine"
)]
struct Document {
    unknown_fields: bool,
    unknown_values: bool,
    nulls: bool,
    null_list: bool,
    empty_list: bool,
    empty_cursor: bool,
    paging: PagingDefects,
}

/// Paging parameters that the API does not obey.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PagingDefects {
    pub(crate) ignore_page: bool,
    pub(crate) ignore_size: bool,
    pub(crate) repeat_cursor: bool,
}

/// How the body travels.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Delivery {
    Whole,
    Truncated,
    TruncatedChunked,
    Drip { bytes: usize, pause: Duration },
    Endless,
    Huge { bytes: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum RetryAfter {
    Seconds(u64),
    DateIn(Duration),
}

impl Fault {
    fn new(response: Outcome) -> Self {
        Self {
            response,
            document: Document::default(),
            delivery: Delivery::Whole,
            delay: Duration::ZERO,
            headers: Vec::new(),
            retry_after: None,
            after_effect: false,
            operation: None,
        }
    }

    /// The API's own response, to be spoiled by the methods below.
    pub fn response() -> Self {
        Self::new(Outcome::Own)
    }

    /// A response with this status.
    ///
    /// A 2xx stands in place of the 200 of a request that succeeds, with the body it has (a 204
    /// or 205 has none). Anything else is an error in the shape of the API addressed. A number
    /// that is no status (below 200 or above 999) becomes 500.
    pub fn status(status: u16) -> Self {
        let status = valid(status);
        Self::new(if status.is_success() {
            Outcome::Success(status)
        } else {
            Outcome::Error(status, None)
        })
    }

    /// An error with this status, in a shape of choice.
    pub fn error(status: u16, body: ErrorBody) -> Self {
        Self::new(Outcome::Error(valid(status), Some(body)))
    }

    /// A load balancer's HTML page with this status.
    pub fn html(status: u16) -> Self {
        Self::new(Outcome::Html(valid(status)))
    }

    /// This status and an empty body, without a content type.
    pub fn empty(status: u16) -> Self {
        Self::new(Outcome::Empty(valid(status)))
    }

    /// Any other response. A content type that no header can hold is left out.
    pub fn custom(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let content_type = HeaderValue::from_str(content_type);
        let content_type = content_type.unwrap_or_else(|_| HeaderValue::from_static(""));
        Self::new(Outcome::Custom(valid(status), content_type, body.into()))
    }

    /// A redirect with this status (301, 302, 303, 307, 308) to the same path and query at
    /// [`Sandbox::other_origin_url`](crate::Sandbox::other_origin_url).
    pub fn redirect(status: u16) -> Self {
        Self::new(Outcome::Redirect(valid(status)))
    }

    /// The connection is closed in place of a response.
    pub fn close() -> Self {
        Self::new(Outcome::Abort(Abort::Close))
    }

    /// The connection is reset (TCP RST) in place of a response.
    pub fn reset() -> Self {
        Self::new(Outcome::Abort(Abort::Reset))
    }

    /// No response, on a connection that stays open.
    pub fn hang() -> Self {
        Self::new(Outcome::Hang)
    }

    /// Responds later.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header. One that is not valid is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(value)) {
            self.headers.push((name, value));
        }
        self
    }

    /// Adds `Retry-After` in whole seconds, rounded up.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.retry_after = Some(RetryAfter::Seconds(seconds));
        self
    }

    /// Adds `Retry-After` as an HTTP date, this long after the response by the sandbox's clock.
    pub fn retry_after_date(mut self, wait: Duration) -> Self {
        self.retry_after = Some(RetryAfter::DateIn(wait));
        self
    }

    /// The request is carried out before the fault strikes: a user is created, and the
    /// connection reset.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Restricts the fault to one operation.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// The body breaks off half-way, short of its `Content-Length`, and the connection is closed.
    pub fn truncated(mut self) -> Self {
        self.delivery = Delivery::Truncated;
        self
    }

    /// The body breaks off half-way, in chunked encoding without the last chunk.
    pub fn truncated_chunked(mut self) -> Self {
        self.delivery = Delivery::TruncatedChunked;
        self
    }

    /// The body comes in pieces of so many bytes (at least one) with a pause before each.
    pub fn drip(mut self, bytes: usize, pause: Duration) -> Self {
        self.delivery = Delivery::Drip {
            bytes: bytes.max(1),
            pause,
        };
        self
    }

    /// The body is followed by blanks without end.
    pub fn endless(mut self) -> Self {
        self.delivery = Delivery::Endless;
        self
    }

    /// The body is followed by blanks up to this length, which `Content-Length` declares. JSON
    /// stays valid.
    pub fn huge(mut self, bytes: u64) -> Self {
        self.delivery = Delivery::Huge { bytes };
        self
    }

    /// Every object of the response has one more member, with an object in it.
    pub fn unknown_fields(mut self) -> Self {
        self.document.unknown_fields = true;
        self
    }

    /// Every text member called `status` has the value `ADDED_LATER`.
    pub fn unknown_values(mut self) -> Self {
        self.document.unknown_values = true;
        self
    }

    /// Members that may be absent, and are, come as `null`. So does Identity Center's `sort`, which
    /// the sandbox always sends otherwise.
    pub fn nulls(mut self) -> Self {
        self.document.nulls = true;
        self
    }

    /// The list of a page is `null`.
    pub fn null_list(mut self) -> Self {
        self.document.null_list = true;
        self
    }

    /// The list of a page is empty; its cursor and count stay.
    pub fn empty_list(mut self) -> Self {
        self.document.empty_list = true;
        self
    }

    /// The end of a list is told by `"next": ""`, not by its absence.
    pub fn empty_cursor(mut self) -> Self {
        self.document.empty_cursor = true;
        self
    }

    /// `page` or `cursor` is ignored: it is always the first page that comes.
    pub fn ignoring_page(mut self) -> Self {
        self.document.paging.ignore_page = true;
        self
    }

    /// `size` or `limit` is ignored: pages have the default size.
    pub fn ignoring_size(mut self) -> Self {
        self.document.paging.ignore_size = true;
        self
    }

    /// `next` leads to the page that it comes with, again and again.
    pub fn repeating_cursor(mut self) -> Self {
        self.document.paging.repeat_cursor = true;
        self
    }

    fn concerns(&self, operation: Option<Operation>) -> bool {
        self.operation.is_none() || self.operation == operation
    }
}

impl RetryAfter {
    fn header(self, now: SystemTime) -> HeaderValue {
        match self {
            Self::Seconds(seconds) => HeaderValue::from(seconds),
            Self::DateIn(wait) => {
                let date = httpdate::fmt_http_date(now + wait);
                HeaderValue::from_str(&date).unwrap_or_else(|_| HeaderValue::from_static("0"))
            }
        }
    }
}

fn valid(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(status) if !status.is_informational() => status,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
