//! The tables that generated code describes its operations with.
//!
//! They are written by the generator as `static`s and read by [`Call`](crate::Call). Their fields are
//! public, and a new field is a change that needs the clients to be regenerated.

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
    /// Path template, below the base URL: `/users/{id}`. After a `?` stand the pairs of the query that every request has:
    /// `/messages?beta=true`.
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
    /// Of an API with several security schemes, the names of those that a request needs: alternatives, each of schemes that
    /// are needed at once. An empty alternative stands for no credentials. Not looked at in a client of one scheme.
    pub security: &'static [&'static [&'static str]],
    /// Server of the operation, where it is not the client's: the URL that the document gives, or a path on the client's host.
    pub server: Option<&'static str>,
    /// Media types that a request accepts; `None` for the usual ones of its kind of response.
    pub accept: Option<&'static str>,
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
    /// Query: whether the reserved characters of RFC 3986 are sent as they are, but for those that would end the value.
    pub allow_reserved: bool,
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
    /// Query and cookie: a repeated name for each item, `a=1&a=2`; each field of an object becomes a parameter, or a
    /// cookie, of its own.
    Form,
    /// Query and cookie: one parameter, items joined by commas, `a=1,2`; the fields of an object as `a=b,1`.
    FormJoined,
    /// Query: one parameter, items joined by spaces, `a=1%202`.
    SpaceDelimited,
    /// Query: one parameter, items joined by bars, `a=1|2`.
    PipeDelimited,
    /// Query: one parameter for each value in an object or a list, `a[b]=1`, `a[c][0]=2`.
    DeepObject,
    /// Path and header: items joined by commas; the fields of an object as `a,b,c,1`.
    Simple,
    /// The same, the fields of an object as `a=b,c=1`.
    SimpleExploded,
    /// Path: a full stop, then items joined by commas.
    Label,
    /// Path: a full stop before each item, and before each field as `a=b`.
    LabelExploded,
    /// Path: `;name=`, then items joined by commas.
    Matrix,
    /// Path: `;name=1;name=2`, and the fields of an object as `;a=b;c=1`.
    MatrixExploded,
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
///
/// Fields of a response are names, or JSON pointers where they stand deeper: `/meta/next_cursor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Each response holds the cursor of the next one.
    Cursor {
        /// Query parameter that takes the cursor.
        parameter: &'static str,
        /// Field of the response that holds the next cursor, a string or a number.
        next: &'static str,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response that holds the items.
        items: Items,
    },
    /// The next page follows the last item of a page.
    LastItem {
        /// Query parameter that takes the id of an item.
        parameter: &'static str,
        /// Field of an item that holds its id.
        id: &'static str,
        /// Field of the response that says whether there is a next page.
        more: &'static str,
        /// Field of the response that holds the items.
        items: Items,
    },
    /// Each response holds the URL of the next one, of which the query is sent.
    Link {
        /// Field of the response that holds the URL; `None` where the `Link` header does.
        next: Option<&'static str>,
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
        /// Items on a page where the caller sets no size; 0 where nobody knows.
        default_size: u64,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response that holds the items.
        items: Items,
    },
    /// Pages are requested by the number of the items before them.
    Offset {
        /// Query parameter that takes the number of items.
        parameter: &'static str,
        /// Number of the first item.
        first: u64,
        /// Query parameter that takes the number of items on a page.
        size_parameter: Option<&'static str>,
        /// Items on a page where the caller sets no size; 0 where nobody knows.
        default_size: u64,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response that holds the items.
        items: Items,
    },
}

impl Paging {
    /// The query parameter that says which page is requested; a link says it with all of its query.
    pub fn parameter(&self) -> Option<&'static str> {
        match *self {
            Self::Cursor { parameter, .. }
            | Self::LastItem { parameter, .. }
            | Self::PageNumber { parameter, .. }
            | Self::Offset { parameter, .. } => Some(parameter),
            Self::Link { .. } => None,
        }
    }

    /// Where a page holds its items.
    pub fn items(&self) -> Items {
        match *self {
            Self::Cursor { items, .. }
            | Self::LastItem { items, .. }
            | Self::Link { items, .. }
            | Self::PageNumber { items, .. }
            | Self::Offset { items, .. } => items,
        }
    }

    /// Whether pages are requested by a number, so that several can be on their way.
    pub fn is_numbered(&self) -> bool {
        matches!(self, Self::PageNumber { .. } | Self::Offset { .. })
    }
}

/// Where a page holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items {
    /// Field of the response; empty where the response is the list.
    pub field: &'static str,
    /// Whether a response without it is invalid. Where it is `false`, such a page is empty.
    pub required: bool,
}
