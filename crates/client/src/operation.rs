//! The tables that generated code describes its operations with.
//!
//! They are written by the generator as `static`s and read by [`Call`](crate::Call). Their fields are
//! public, and a new field is a change that needs the clients to be generated anew.

use std::fmt;

pub use http::Method;

/// One operation of an API: everything the runtime must know to call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Name of the API, as it stands in errors: `panther`.
    pub api: &'static str,
    /// Name of the operation: `user_list`.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template, below the base URL: `/users/{id}`.
    pub path: &'static str,
    /// Every parameter the operation takes, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The request body, if the operation takes one.
    pub body: Option<Body>,
    /// How the operation's responses are paged, if they are.
    pub paging: Option<Paging>,
    /// The permission that the caller's credentials need; named by 401 and 403 errors.
    pub permission: Option<&'static str>,
    /// Whether credentials and the client's fixed headers are sent.
    pub authenticated: bool,
    /// Whether it may be sent twice.
    pub idempotency: Idempotency,
    /// What says whether the response is to be a stream, where the operation responds with either.
    pub stream_flag: Option<StreamFlag>,
}

/// Whether an operation may be sent twice, and how the service recognises that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// As its HTTP method says.
    ByMethod,
    /// Whatever its method: a search by POST, say.
    Always,
    /// The service recognises the attempts of one call by a key.
    Key {
        /// Header that takes the key.
        header: &'static str,
    },
}

/// `panther user_list`, as errors begin.
impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.api, self.id)
    }
}

impl Operation {
    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|known| known.name == name)
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name as on the wire.
    pub name: &'static str,
    /// Where it is sent.
    pub location: ParameterLocation,
    /// Whether a call without it is refused.
    pub required: bool,
    /// How values of more than one part are written.
    pub style: Style,
    /// Limits checked before anything is sent.
    pub bounds: Bounds,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
    /// In the path, as exactly one segment.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

impl fmt::Display for ParameterLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// How a value of more than one part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Query: a repeated name for each item, `a=1&a=2`; each field of an object becomes a parameter of its own.
    Form,
    /// Query: one parameter, items joined by commas, `a=1,2`; the fields of an object as `a=b,1`.
    FormJoined,
    /// Query: one parameter, items joined by spaces, `a=1%202`.
    SpaceDelimited,
    /// Query: one parameter, items joined by bars, `a=1|2`.
    PipeDelimited,
    /// Query: one parameter for each field of an object, `a[b]=1`.
    DeepObject,
    /// Path and header: items joined by commas.
    Simple,
    /// One parameter that holds a JSON document.
    Json,
}

/// Limits of a parameter's value. Those of numbers and lengths hold for each item of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least number.
    pub minimum: Option<f64>,
    /// Greatest number.
    pub maximum: Option<f64>,
    /// Whether the number must be greater than `minimum`.
    pub exclusive_minimum: bool,
    /// Whether the number must be less than `maximum`.
    pub exclusive_maximum: bool,
    /// Least number of characters.
    pub min_length: Option<u64>,
    /// Greatest number of characters.
    pub max_length: Option<u64>,
    /// Least number of items.
    pub min_items: Option<u64>,
    /// Greatest number of items.
    pub max_items: Option<u64>,
}

impl Bounds {
    /// No limit at all.
    pub const NONE: Self = Self {
        minimum: None,
        maximum: None,
        exclusive_minimum: false,
        exclusive_maximum: false,
        min_length: None,
        max_length: None,
        min_items: None,
        max_items: None,
    };
}

impl Default for Bounds {
    fn default() -> Self {
        Self::NONE
    }
}

/// The body an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// How the value is turned into bytes.
    pub encoding: BodyEncoding,
    /// Whether a call without a body is refused.
    pub required: bool,
}

/// How a body is turned into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEncoding {
    /// A JSON document.
    Json,
    /// `application/x-www-form-urlencoded`; a list repeats its name, and a nested list or object is
    /// written as JSON.
    Form,
    /// `application/x-www-form-urlencoded`; fields and indices are written in brackets: `a[b][0]=1`.
    FormBrackets,
    /// A string, as UTF-8.
    Text,
    /// Bytes as they are, set with [`Call::body_bytes`](crate::Call::body_bytes).
    Bytes,
}

/// What says whether a response is to be a stream. It is set for each call: `true` where a stream is asked for, `false`
/// where JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamFlag {
    /// A field of the JSON body.
    Body(&'static str),
    /// A query parameter.
    Query(&'static str),
}

/// What the data of a server-sent event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventData {
    /// JSON of the declared type.
    Json,
    /// A string, as it is.
    Text,
    /// The declared type describes the event as a whole: an object with the fields `event`, `id`, `retry` and `data`,
    /// where the data is JSON if it can be read as such, or else a string.
    Envelope,
}

/// How an operation's responses are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Each response holds the cursor of the next one.
    Cursor {
        /// Query parameter that takes the cursor.
        parameter: &'static str,
        /// Field of the response that holds the next cursor.
        next: &'static str,
        /// Field of the response that holds the items.
        items: Items,
    },
    /// Pages are requested by their number.
    PageNumber {
        /// Query parameter that takes the page number.
        parameter: &'static str,
        /// Number of the first page.
        first: u64,
        /// Query parameter that takes the number of items on a page.
        size_parameter: Option<&'static str>,
        /// Items on a page where the caller sets no size.
        default_size: u64,
        /// Field of the response that holds the items.
        items: Items,
    },
}

/// Where a page holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items {
    /// Field of the response.
    pub field: &'static str,
    /// Whether a response without it is invalid. Where it is `false`, such a page is empty.
    pub required: bool,
}
