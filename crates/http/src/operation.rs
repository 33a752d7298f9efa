//! The tables that generated code describes its operations with.
//!
//! They are written by the generator as `static`s and read by calls. Their fields are
//! public, and a new field is a change that needs the clients to be regenerated.

use std::fmt;

pub use http::Method;

/// One operation of an API: everything the runtime must know to call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Name of the API in errors: `panther`.
    pub api: &'static str,
    /// Name of the operation: `user_list`.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template, below the base URL: `/users/{id}`. After a `?` stand the pairs of the query that every request has:
    /// `/messages?beta=true`.
    pub path: &'static str,
    /// The parameters of the operation, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The request body, if the operation has one.
    pub body: Option<Body>,
    /// How the operation's responses are paged, if they are.
    pub paging: Option<Paging>,
    /// The permission that the caller's credentials need; named by 401 and 403 errors.
    pub permission: Option<&'static str>,
    /// Whether credentials and the client's fixed headers are sent.
    pub authenticated: bool,
    /// For an API with several security schemes, the names of those that a request needs: a list of alternatives, each
    /// with the schemes that are needed together. An empty alternative means no credentials. Ignored in a client with
    /// one scheme.
    pub security: &'static [&'static [&'static str]],
    /// Server of the operation, if it is not the client's: the URL in the document, or a path on the client's host.
    pub server: Option<&'static str>,
    /// Media types that a request accepts; `None` for the usual ones of its kind of response.
    pub accept: Option<&'static str>,
    /// Whether it may be sent twice.
    pub idempotency: Idempotency,
    /// The field that selects a stream, if the operation responds with either JSON or a stream.
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
    #[doc(hidden)]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
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
    /// Whether it is required.
    pub required: bool,
    /// How values of more than one part are written.
    pub style: Style,
    /// Query: whether the reserved characters of RFC 3986 are sent unencoded, except those that would end the value.
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
    /// Query and cookie: the name is repeated for each item, `a=1&a=2`; each field of an object becomes a separate
    /// parameter or cookie.
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

/// Limits of a parameter's value. Those of numbers and lengths apply to each item of a list.
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

/// The body of an operation's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// How the value is turned into bytes.
    pub encoding: BodyEncoding,
    /// Whether the body is required.
    pub required: bool,
    /// The fields of a form whose style differs from that of [`encoding`](Self::encoding), each with a style of the
    /// query.
    pub styles: &'static [(&'static str, Style)],
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
    /// Unchanged bytes, set with `Call::body_bytes`.
    Bytes,
}

/// The field that selects a stream. It is set for each call: `true` requests a stream, `false` JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamFlag {
    /// A field of the JSON body.
    Body(&'static str),
    /// A query parameter.
    Query(&'static str),
}

/// The type of the data of a server-sent event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventData {
    /// JSON of the declared type.
    Json,
    /// An unchanged string.
    Text,
    /// The declared type describes the event as a whole: an object with the fields `event`, `id`, `retry` and `data`,
    /// in which the data is JSON if it can be parsed, or else a string.
    Envelope,
}

/// How an operation's responses are paged.
///
/// Fields of a response are given as names, or as JSON pointers if they are nested: `/meta/next_cursor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Each response contains the cursor of the next one.
    Cursor {
        /// Query parameter for the cursor.
        parameter: &'static str,
        /// Field of the response with the next cursor, a string or a number.
        next: &'static str,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response with the items.
        items: Items,
    },
    /// The next page follows the last item of a page.
    LastItem {
        /// Query parameter for the id of an item.
        parameter: &'static str,
        /// Field of an item with its id.
        id: &'static str,
        /// Field of the response that says whether there is a next page.
        more: &'static str,
        /// Field of the response with the items.
        items: Items,
    },
    /// Each response contains the URL of the next one, of which only the query is used.
    Link {
        /// Field of the response with the URL; `None` for the `Link` header.
        next: Option<&'static str>,
        /// Field of the response with the items.
        items: Items,
    },
    /// Pages are requested by their number.
    PageNumber {
        /// Query parameter for the page number.
        parameter: &'static str,
        /// Number of the first page.
        first: u64,
        /// Query parameter for the number of items on a page.
        size_parameter: Option<&'static str>,
        /// Items on a page if the caller sets no size; 0 if unknown.
        default_size: u64,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response with the items.
        items: Items,
    },
    /// Pages are requested by the number of the items before them.
    Offset {
        /// Query parameter for the number of items.
        parameter: &'static str,
        /// Number of the first item.
        first: u64,
        /// Query parameter for the number of items on a page.
        size_parameter: Option<&'static str>,
        /// Items on a page if the caller sets no size; 0 if unknown.
        default_size: u64,
        /// Field of the response that says whether there is a next page.
        more: Option<&'static str>,
        /// Field of the response with the items.
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

    /// The location of the items in a page.
    pub fn items(&self) -> Items {
        match *self {
            Self::Cursor { items, .. }
            | Self::LastItem { items, .. }
            | Self::Link { items, .. }
            | Self::PageNumber { items, .. }
            | Self::Offset { items, .. } => items,
        }
    }

    /// Whether pages are requested by number, so that several can be fetched in parallel.
    pub fn is_numbered(&self) -> bool {
        matches!(self, Self::PageNumber { .. } | Self::Offset { .. })
    }
}

/// The location of the items in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items {
    /// Field of the response; empty if the response is the list.
    pub field: &'static str,
    /// Whether a response without it is invalid. If it is `false`, such a page is empty.
    pub required: bool,
}
