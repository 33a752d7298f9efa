//! Faults of responses.

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

/// A fault: a response, and its defects.
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
/// A fault applies before the request is validated and carried out, unless it is [`response`](Self::response) or a 2xx, or
/// [`after_effect`](Self::after_effect) is set.
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
    /// The API's own response.
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

/// Changes of the JSON of the API's own response, and of the parameters that it honours.
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

/// Paging parameters that the API ignores.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PagingDefects {
    pub(crate) ignore_page: bool,
    pub(crate) ignore_size: bool,
    pub(crate) repeat_cursor: bool,
}

/// How the body is transmitted.
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

    /// The API's own response, which the methods below change.
    pub fn response() -> Self {
        Self::new(Outcome::Own)
    }

    /// A response with this status.
    ///
    /// A 2xx replaces the 200 of a successful request and keeps its body (a 204 or 205 has none). Any other status is an error
    /// in the format of the API. A number that is not a status (below 200 or above 999) becomes 500.
    pub fn status(status: u16) -> Self {
        let status = valid(status);
        Self::new(if status.is_success() {
            Outcome::Success(status)
        } else {
            Outcome::Error(status, None)
        })
    }

    /// An error with this status, in the given format.
    pub fn error(status: u16, body: ErrorBody) -> Self {
        Self::new(Outcome::Error(valid(status), Some(body)))
    }

    /// The HTML page of a load balancer, with this status.
    pub fn html(status: u16) -> Self {
        Self::new(Outcome::Html(valid(status)))
    }

    /// An empty body with this status, without a content type.
    pub fn empty(status: u16) -> Self {
        Self::new(Outcome::Empty(valid(status)))
    }

    /// Any other response. A content type that is not a valid header value is ignored.
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

    /// Closes the connection instead of responding.
    pub fn close() -> Self {
        Self::new(Outcome::Abort(Abort::Close))
    }

    /// Resets the connection (TCP RST) instead of responding.
    pub fn reset() -> Self {
        Self::new(Outcome::Abort(Abort::Reset))
    }

    /// Never responds, and keeps the connection open.
    pub fn hang() -> Self {
        Self::new(Outcome::Hang)
    }

    /// Delays the response.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header. An invalid header is ignored.
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

    /// Adds `Retry-After` as an HTTP date: this long after the response, by the clock of the sandbox.
    pub fn retry_after_date(mut self, wait: Duration) -> Self {
        self.retry_after = Some(RetryAfter::DateIn(wait));
        self
    }

    /// Carries the request out before the fault applies: for example, a user is created, and then the connection is reset.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Restricts the fault to one operation.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Sends half of the body, fewer bytes than `Content-Length`, and closes the connection.
    pub fn truncated(mut self) -> Self {
        self.delivery = Delivery::Truncated;
        self
    }

    /// Sends half of the body in chunked encoding, without the last chunk.
    pub fn truncated_chunked(mut self) -> Self {
        self.delivery = Delivery::TruncatedChunked;
        self
    }

    /// Sends the body in pieces of so many bytes (at least one), with a pause before each.
    pub fn drip(mut self, bytes: usize, pause: Duration) -> Self {
        self.delivery = Delivery::Drip {
            bytes: bytes.max(1),
            pause,
        };
        self
    }

    /// Sends spaces after the body without end.
    pub fn endless(mut self) -> Self {
        self.delivery = Delivery::Endless;
        self
    }

    /// Pads the body with spaces to this length, which `Content-Length` declares. JSON stays valid.
    pub fn huge(mut self, bytes: u64) -> Self {
        self.delivery = Delivery::Huge { bytes };
        self
    }

    /// Adds an unknown property, which contains an object, to every object of the response.
    pub fn unknown_fields(mut self) -> Self {
        self.document.unknown_fields = true;
        self
    }

    /// Changes every string property `status` to `ADDED_LATER`.
    pub fn unknown_values(mut self) -> Self {
        self.document.unknown_values = true;
        self
    }

    /// Sends absent optional properties as `null`, and also Identity Center's `sort`, which the sandbox otherwise always sends.
    pub fn nulls(mut self) -> Self {
        self.document.nulls = true;
        self
    }

    /// Makes the list of a page `null`.
    pub fn null_list(mut self) -> Self {
        self.document.null_list = true;
        self
    }

    /// Makes the list of a page empty; its cursor and count stay.
    pub fn empty_list(mut self) -> Self {
        self.document.empty_list = true;
        self
    }

    /// Marks the end of a list with `"next": ""` instead of omitting the property.
    pub fn empty_cursor(mut self) -> Self {
        self.document.empty_cursor = true;
        self
    }

    /// Ignores `page` or `cursor`, so that the first page is always returned.
    pub fn ignoring_page(mut self) -> Self {
        self.document.paging.ignore_page = true;
        self
    }

    /// Ignores `size` or `limit`, so that pages have the default size.
    pub fn ignoring_size(mut self) -> Self {
        self.document.paging.ignore_size = true;
        self
    }

    /// Makes `next` refer to the same page.
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
