//! The tables by which generated code describes operations.
//!
//! The generator writes them as `static`s, and calls read them. Their fields are public; when a field is added,
//! clients must be regenerated.

use std::fmt;

pub use http::Method;

/// An operation of an API: all information that the runtime needs to call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The name of the API in errors: `panther`.
    pub api: &'static str,
    /// The name of the operation: `user_list`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, relative to the base URL: `/users/{id}`. It may end with `?` and query pairs that are sent
    /// with every request: `/messages?beta=true`.
    pub path: &'static str,
    /// The parameters of the operation, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The request body, if the operation has one.
    pub body: Option<Body>,
    /// How the operation's responses are paged, if they are.
    pub paging: Option<Paging>,
    /// The permission that the credentials of the caller need. Errors with the status 401 or 403 name it.
    pub permission: Option<&'static str>,
    /// Whether credentials and the client's fixed headers are sent.
    pub authenticated: bool,
    /// For an API with several security schemes, the names of those that a request needs: a list of alternatives, each
    /// with the schemes that are needed together. An empty alternative means no credentials. Ignored by clients with
    /// one scheme.
    pub security: &'static [&'static [&'static str]],
    /// The server of the operation, if it is not the client's: the URL in the document, or a path on the client's
    /// host.
    pub server: Option<&'static str>,
    /// The media types in the `Accept` header; `None` for the default of the kind of response.
    pub accept: Option<&'static str>,
    /// Whether the operation may be sent twice.
    pub idempotency: Idempotency,
    /// The field that selects a stream, if the operation responds with either JSON or a stream.
    pub stream_flag: Option<StreamFlag>,
}

/// Whether an operation may be sent twice, and how the service recognises the second request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Determined by the HTTP method.
    ByMethod,
    /// Always, regardless of the method. An example is a search by POST.
    Always,
    /// With a key, by which the service recognises the attempts of a call.
    Key {
        /// The header of the key.
        header: &'static str,
    },
}

/// Formats the start of an error: `panther user_list`.
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
    /// The name in requests.
    pub name: &'static str,
    /// Where it is sent.
    pub location: ParameterLocation,
    /// Whether it is required.
    pub required: bool,
    /// How a value with several parts is encoded.
    pub style: Style,
    /// Query: whether the reserved characters of RFC 3986 are sent unencoded, except those that would end the value.
    pub allow_reserved: bool,
    /// Limits that are checked before the request is sent.
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

/// How a value with several parts is encoded.
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
    /// Like `Simple`, but with the fields of an object as `a=b,c=1`.
    SimpleExploded,
    /// Path: a dot, then items joined by commas.
    Label,
    /// Path: a dot before each item, and before each field as `a=b`.
    LabelExploded,
    /// Path: `;name=`, then items joined by commas.
    Matrix,
    /// Path: `;name=1;name=2`, and the fields of an object as `;a=b;c=1`.
    MatrixExploded,
    /// One parameter that contains a JSON document.
    Json,
}

/// Limits of a parameter's value. Limits of numbers and lengths apply to each item of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The minimum number.
    pub minimum: Option<f64>,
    /// The maximum number.
    pub maximum: Option<f64>,
    /// Whether the number must be greater than `minimum`.
    pub exclusive_minimum: bool,
    /// Whether the number must be less than `maximum`.
    pub exclusive_maximum: bool,
    /// The minimum number of characters.
    pub min_length: Option<u64>,
    /// The maximum number of characters.
    pub max_length: Option<u64>,
    /// The minimum number of items.
    pub min_items: Option<u64>,
    /// The maximum number of items.
    pub max_items: Option<u64>,
}

impl Bounds {
    /// No limits.
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

/// The request body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// How the value is encoded.
    pub encoding: BodyEncoding,
    /// Whether the body is required.
    pub required: bool,
    /// The fields of a form whose style differs from that of [`encoding`](Self::encoding), each with its style, as for
    /// a query parameter.
    pub styles: &'static [(&'static str, Style)],
}

/// How a request body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEncoding {
    /// A JSON document.
    Json,
    /// `application/x-www-form-urlencoded`; the name is repeated for each item of a list, and nested lists and objects
    /// are encoded as JSON.
    Form,
    /// `application/x-www-form-urlencoded`; names of fields and indices are in brackets: `a[b][0]=1`.
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

/// The type of the data of server-sent events.
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
        /// The query parameter for the cursor.
        parameter: &'static str,
        /// The field of the response with the next cursor, a string or a number.
        next: &'static str,
        /// The field of the response that states whether there is a next page.
        more: Option<&'static str>,
        /// The field of the response with the items.
        items: Items,
    },
    /// Each response contains the cursor of the next one in a header.
    HeaderCursor {
        /// The query parameter for the cursor.
        parameter: &'static str,
        /// The header of the response with the next cursor.
        header: &'static str,
        /// The field of the response with the items.
        items: Items,
    },
    /// Each response contains the cursor of the next one, which is sent in the JSON body of the request.
    BodyCursor {
        /// The field of the request's body for the cursor, a string.
        field: &'static str,
        /// The field of the response with the next cursor.
        next: &'static str,
        /// The field of the response that states whether there is a next page.
        more: Option<&'static str>,
        /// The field of the response with the items.
        items: Items,
    },
    /// The next page is requested by the last item of a page.
    LastItem {
        /// The query parameter for the id of an item.
        parameter: &'static str,
        /// The field of an item with its id.
        id: &'static str,
        /// The field of the response that states whether there is a next page.
        more: &'static str,
        /// The field of the response with the items.
        items: Items,
    },
    /// Each response contains the URL of the next one, of which only the query is used.
    Link {
        /// The field of the response with the URL; `None` for the `Link` header.
        next: Option<&'static str>,
        /// The field of the response with the items.
        items: Items,
    },
    /// Pages are requested by their number.
    PageNumber {
        /// The query parameter for the page number.
        parameter: &'static str,
        /// The number of the first page.
        first: u64,
        /// The query parameter for the number of items per page.
        size_parameter: Option<&'static str>,
        /// The number of items per page if the caller sets no size; 0 if unknown.
        default_size: u64,
        /// The field of the response that states whether there is a next page.
        more: Option<&'static str>,
        /// The field of the response with the items.
        items: Items,
    },
    /// Pages are requested by the number of preceding items.
    Offset {
        /// The query parameter for the number of preceding items.
        parameter: &'static str,
        /// The offset of the first item.
        first: u64,
        /// The query parameter for the number of items per page.
        size_parameter: Option<&'static str>,
        /// The number of items per page if the caller sets no size; 0 if unknown.
        default_size: u64,
        /// The field of the response that states whether there is a next page.
        more: Option<&'static str>,
        /// The field of the response with the items.
        items: Items,
    },
}

impl Paging {
    /// The query parameter that selects the page. `None` for a link, which sets the whole query, and for a cursor in the
    /// body.
    pub fn parameter(&self) -> Option<&'static str> {
        match *self {
            Self::Cursor { parameter, .. }
            | Self::HeaderCursor { parameter, .. }
            | Self::LastItem { parameter, .. }
            | Self::PageNumber { parameter, .. }
            | Self::Offset { parameter, .. } => Some(parameter),
            Self::BodyCursor { .. } | Self::Link { .. } => None,
        }
    }

    /// The location of the items in a page.
    pub fn items(&self) -> Items {
        match *self {
            Self::Cursor { items, .. }
            | Self::HeaderCursor { items, .. }
            | Self::BodyCursor { items, .. }
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
    /// The field of the response; empty if the response is the list.
    pub field: &'static str,
    /// Whether a response without the field is invalid. If `false`, such a response is an empty page.
    pub required: bool,
}
