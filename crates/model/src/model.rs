//! The model of an API.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Model {
    /// The name of the API in prose.
    pub title: String,
    /// The description of the API.
    pub description: Option<String>,
    /// The version of the document.
    pub version: String,
    /// The servers of the API.
    pub servers: Vec<Server>,
    /// Suffixes that users may append to a base URL. The client removes them.
    pub base_url_suffixes: Vec<String>,
    /// The servers of operations that do not use a server of the API.
    pub operation_servers: Vec<OperationServer>,
    /// The authentication of requests.
    pub authentication: Authentication,
    /// Header parameters that are set once for each client.
    pub settings: Vec<ClientSetting>,
    /// The versions of the API, newest first.
    pub api_versions: Vec<ApiVersion>,
    /// The operations, in document order.
    pub operations: Vec<Operation>,
    /// The webhooks whose bodies have types, in the order of the document.
    pub webhooks: Vec<Webhook>,
    /// The Rust names of their request types.
    pub request_names: BTreeSet<String>,
    /// The types, sorted by name.
    pub types: Vec<TypeDefinition>,
    /// The location of each type in the document, as a JSON pointer, by type name.
    pub places: BTreeMap<String, String>,
    /// Schemas that fall back to any JSON value, because progenitor does not support them.
    pub fallbacks: Vec<Fallback>,
    /// Operations that are skipped.
    pub skipped: Vec<SkippedOperation>,
    /// Operations whose declared paging does not match their types, each with the reason.
    pub unpaged: Vec<(String, String)>,
    /// Other features of the document that the crate does not support, as sentences.
    pub notes: Vec<String>,
}

impl Model {
    /// The parameters that are skipped: the operation, the parameter, and the reason.
    pub fn skipped_parameters(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.operations.iter().flat_map(|operation| {
            let skipped = operation.skipped_parameters.iter();
            skipped.map(|(which, reason)| (operation.id.as_str(), which.as_str(), reason.as_str()))
        })
    }
}

/// A server of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// The URL template, which contains `{variable}` placeholders.
    pub url: String,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a URL template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name in the template.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// The allowed values, each with its Rust name. Empty if any value is allowed.
    pub values: Vec<(String, String)>,
}

/// A server that only some operations use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationServer {
    /// The URL, or a path on the host of the API. Variables without a default remain in it, as `{variable}`.
    pub url: String,
    /// The setting that replaces the URL.
    pub setting: String,
}

impl OperationServer {
    /// Whether the setting must have a value for the operations, since a variable has no default.
    pub fn is_required(&self) -> bool {
        has_variables(&self.url)
    }
}

/// Whether a URL contains variables without a default.
pub(crate) fn has_variables(url: &str) -> bool {
    url.contains('{')
}

/// A security scheme of an API with several schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name in the document.
    pub name: String,
    /// The setting that contains the credentials.
    pub setting: String,
    /// The authentication of the scheme.
    pub kind: Authentication,
}

/// The authentication of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// None.
    None,
    /// A key in a header.
    ApiKeyHeader(String),
    /// A key in the query.
    ApiKeyQuery(String),
    /// A key in a cookie.
    ApiKeyCookie(String),
    /// A bearer token.
    Bearer,
    /// A bearer token from a token endpoint.
    OAuth2(TokenEndpoint),
    /// A user name and a password.
    Basic,
    /// The signature of Samsung Cloud Platform.
    ScpSignature,
    /// Several schemes; each operation declares the schemes that it accepts.
    Several(Vec<SecurityScheme>),
}

impl Authentication {
    /// Whether the scheme sends a bearer token in `Authorization`, whatever its source.
    pub(crate) fn is_bearer(&self) -> bool {
        matches!(self, Self::Bearer | Self::OAuth2(_))
    }
}

/// The builder method that accepts an OAuth 2.0 grant instead of the token that `setting` sets.
pub fn grant_setting(setting: &str) -> String {
    match setting {
        "bearer_token" => "oauth2".to_owned(),
        other => format!("{other}_grant"),
    }
}

/// A token endpoint of OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenEndpoint {
    /// The URL in the document.
    pub token_url: String,
    /// The path and query, if the URL has the origin of a server of the document.
    pub token_path: Option<String>,
    /// The path and query of the refresh URL, under the same condition.
    pub refresh_path: Option<String>,
    /// The scopes in the document.
    pub scopes: Vec<String>,
}

/// A header parameter that is set once for each client.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClientSetting {
    /// The header name.
    pub header: String,
    /// The name of the setting: `api_version`, `language`.
    pub setting: String,
    /// The header value, in which `{}` is replaced by the value of the setting.
    pub template: String,
    /// The default value.
    pub default: Option<String>,
    /// The allowed values. Empty if any value is allowed.
    pub values: Vec<String>,
    /// The description.
    pub description: Option<String>,
}

/// A version of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiVersion {
    /// `1.4`
    pub version: String,
    /// `CURRENT`, `SUPPORTED`, `PLANNED` or `DEPRECATED`
    pub state: String,
    /// The last day of guaranteed support, as `YYYY-MM-DD`.
    pub not_before: Option<String>,
}

/// An operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// The name: a Rust identifier in snake case.
    pub id: String,
    /// The tag, which determines the file.
    pub tag: String,
    /// The description of the tag.
    pub tag_description: Option<String>,
    /// The method, in upper case.
    pub method: String,
    /// The path template, followed by `?` and the constants of the query, if there are any.
    pub path: String,
    /// The summary, in one line.
    pub summary: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
    /// The documentation page, and the name of the operation on it.
    pub source: Option<(String, String)>,
    /// The required permission.
    pub permission: Option<String>,
    /// Whether requests contain credentials.
    pub authenticated: bool,
    /// For an API with several security schemes: the accepted alternatives, each a list of scheme names that are required
    /// together. An empty list stands for no credentials.
    pub security: Vec<Vec<String>>,
    /// The URL of the server, if it is not a server of the API.
    pub server: Option<String>,
    /// The value of `Accept`, if it is not the default of the response kind.
    pub accept: Option<String>,
    /// Whether the operation is idempotent.
    pub idempotency: Idempotency,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The optional parameters that are skipped, each with the reason.
    pub skipped_parameters: Vec<(String, String)>,
    /// The request body.
    pub body: Option<Body>,
    /// The body of a success response.
    pub success: Success,
    /// The stream that the response always or optionally is.
    pub stream: Option<Stream>,
    /// The declared statuses, with their descriptions.
    pub statuses: Vec<(String, String)>,
    /// The lowered schemas of declared errors that have a type of their own.
    pub errors: Vec<Value>,
    /// The declared response headers.
    pub headers: Vec<ResponseHeader>,
    /// The paging.
    pub paging: Option<Paging>,
}

impl Operation {
    /// The path template, and the constants of the query.
    pub fn path_and_query(&self) -> (&str, &str) {
        let mut in_placeholder = false;
        let at = self.path.find(|character| {
            match character {
                '{' => in_placeholder = true,
                '}' => in_placeholder = false,
                _ => {}
            }
            character == '?' && !in_placeholder
        });
        at.map_or((&*self.path, ""), |at| {
            (&self.path[..at], &self.path[at + 1..])
        })
    }
}

/// Whether an operation is idempotent, and how the service recognises a retried request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// Determined by the method.
    ByMethod,
    /// Idempotent with any method.
    Always,
    /// Idempotent with a key in this header.
    Key {
        /// The header name.
        header: String,
    },
}

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// The style of a value that is not a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a=1&a=2`
    Form,
    /// `a=1,2`
    FormJoined,
    /// `a=1%202`
    SpaceDelimited,
    /// `a=1|2`
    PipeDelimited,
    /// `a[b]=1`
    DeepObject,
    /// `1,2`, in paths and headers.
    Simple,
    /// `1,2` for a list, `a=b,c=1` for an object.
    SimpleExploded,
    /// `.1,2`, in paths.
    Label,
    /// `.1.2` for a list, `.a=b.c=1` for an object.
    LabelExploded,
    /// `;a=1,2`, in paths.
    Matrix,
    /// `;a=1;a=2` for a list, `;b=1;c=2` for an object.
    MatrixExploded,
    /// JSON.
    Json,
}

/// A parameter.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The Rust name.
    pub identifier: String,
    /// The location.
    pub location: ParameterLocation,
    /// Whether the parameter is required.
    pub required: bool,
    /// The style.
    pub style: Style,
    /// Whether reserved characters are sent without percent-encoding.
    pub allow_reserved: bool,
    /// The description.
    pub description: Option<String>,
    /// The schema in the document, for bounds and defaults.
    pub schema: Value,
    /// The lowered schema.
    pub lowered: Value,
    /// An example value in the document.
    pub example: Option<Value>,
}

/// A declared response header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHeader {
    /// The name on the wire.
    pub name: String,
    /// The Rust name.
    pub identifier: String,
    /// The kind of the value.
    pub kind: HeaderKind,
    /// The description.
    pub description: Option<String>,
}

/// The kind of a header's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderKind {
    /// A value of this Rust type.
    Value(&'static str),
    /// Comma-separated values of this Rust type.
    List(&'static str),
    /// A JSON document.
    Json,
}

/// The encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/x-www-form-urlencoded`, with nested properties in brackets.
    FormBrackets,
    /// An unchanged string.
    Text,
    /// Unchanged bytes.
    Bytes,
    /// Unchanged bytes, with a content type that the caller supplies: that of a `multipart` body contains the boundary.
    BytesOfType,
}

/// A part of a multipart form.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FormPart {
    /// The name on the wire; empty for additional parts.
    pub name: String,
    /// The Rust name.
    pub identifier: String,
    /// Whether the part is required.
    pub required: bool,
    /// Whether it stands for the parts with names that the document does not list.
    pub additional: bool,
    /// Whether a form can have several parts of this name.
    pub many: bool,
    /// The kind of the part.
    pub kind: PartKind,
    /// The media types in the document.
    pub content_type: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The lowered schema of one part.
    pub lowered: Value,
}

/// The kind of a part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A string.
    Text,
    /// JSON.
    Json,
    /// A file.
    File,
}

/// A request body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Body {
    /// The parts of a multipart form. Empty for any other body.
    pub form: Vec<FormPart>,
    /// The media type.
    pub content_type: String,
    /// The encoding.
    pub encoding: Encoding,
    /// The fields of a form with another style.
    pub styles: Vec<(String, Style)>,
    /// Whether the body is required.
    pub required: bool,
    /// The description.
    pub description: Option<String>,
    /// The schema in the document.
    pub schema: Value,
    /// The lowered schema.
    pub lowered: Value,
    /// An example value in the document.
    pub example: Option<Value>,
}

/// The body of a success response.
#[derive(Debug, Clone, PartialEq)]
pub enum Success {
    /// Empty.
    Empty,
    /// JSON with this lowered schema.
    Json(Value),
    /// JSON with this lowered schema, or empty.
    OptionalJson(Value),
    /// A string.
    Text,
    /// Bytes.
    Bytes,
    /// The stream of the operation.
    Stream,
}

/// A response that is a sequence of values, decoded as they arrive.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stream {
    /// The encoding of the values.
    pub form: StreamForm,
    /// The media type.
    pub content_type: String,
    /// The lowered schema of a value.
    pub item: Value,
    /// The flag that selects the stream. `None` if the response is always a stream.
    pub flag: Option<StreamFlag>,
}

/// The encoding of the values of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamForm {
    /// Server-sent events whose data is JSON.
    JsonEvents,
    /// Server-sent events whose data is a string.
    TextEvents,
    /// Server-sent events whose schema describes the whole event, with its name and data.
    WholeEvents,
    /// JSON values, one per line or after record separators.
    JsonLines,
}

/// The flag of a request that selects a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamFlag {
    /// A field of the JSON body.
    Body(String),
    /// A query parameter.
    Query(String),
}

/// The paging of a list. Fields of a response are names, or JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// By cursor.
    Cursor {
        /// The query parameter for the cursor.
        parameter: String,
        /// The field with the next cursor.
        next: String,
        /// The field that says whether there is a next page.
        more: Option<String>,
        /// The field with the items. Empty if the response itself is the list.
        items: String,
    },
    /// By cursor, whose next value is in a header of the response.
    HeaderCursor {
        /// The query parameter for the cursor.
        parameter: String,
        /// The header with the next cursor.
        header: String,
        /// The field with the items. Empty if the response itself is the list.
        items: String,
    },
    /// By cursor, in the JSON body of the request.
    BodyCursor {
        /// The field of the body for the cursor, a name or a JSON pointer.
        field: String,
        /// The field with the next cursor.
        next: String,
        /// The field that says whether there is a next page.
        more: Option<String>,
        /// The field with the items.
        items: String,
    },
    /// By the id of the last item.
    LastItem {
        /// The query parameter for the id.
        parameter: String,
        /// The field of an item with its id.
        id: String,
        /// The field that says whether there is a next page.
        more: String,
        /// The field with the items.
        items: String,
    },
    /// By a link to the next page.
    Link {
        /// The field with the link. `None` for the header `Link`.
        next: Option<String>,
        /// The field with the items.
        items: String,
    },
    /// By page number or offset.
    Numbered {
        /// The query parameter for the number.
        parameter: String,
        /// Whether the number is an offset: the number of items before the page.
        by_items: bool,
        /// The number of the first page.
        first: u64,
        /// The query parameter for the page size.
        size: Option<String>,
        /// The default page size of the service.
        default_size: Option<u64>,
        /// The field that says whether there is a next page.
        more: Option<String>,
        /// The field with the items.
        items: String,
    },
}

impl Paging {
    /// The field with the items.
    pub fn items(&self) -> &str {
        match self {
            Self::Cursor { items, .. }
            | Self::HeaderCursor { items, .. }
            | Self::BodyCursor { items, .. }
            | Self::LastItem { items, .. }
            | Self::Link { items, .. }
            | Self::Numbered { items, .. } => items,
        }
    }

    /// A description of the paging.
    pub fn describe(&self) -> String {
        match self {
            Self::Cursor {
                parameter, next, ..
            } => format!("by the cursor `{parameter}`, with the next cursor in `{next}`"),
            Self::HeaderCursor {
                parameter, header, ..
            } => format!(
                "by the cursor `{parameter}`, with the next cursor in the header `{header}`"
            ),
            Self::BodyCursor { field, next, .. } => {
                format!("by the cursor `{field}` of the body, with the next cursor in `{next}`")
            }
            Self::LastItem { parameter, id, .. } => {
                format!("by `{parameter}`, the `{id}` of the last item")
            }
            Self::Link {
                next: Some(next), ..
            } => format!("by the link in `{next}`"),
            Self::Link { next: None, .. } => "by the `Link` header".to_owned(),
            Self::Numbered {
                parameter,
                by_items: false,
                first,
                ..
            } => format!("by the page number `{parameter}` from {first}"),
            Self::Numbered {
                parameter, first, ..
            } => format!("by the offset `{parameter}` from {first}"),
        }
    }
}

/// A named type.
#[derive(Debug, Clone)]
pub struct TypeDefinition {
    /// The Rust name.
    pub name: String,
    /// Whether the type is a component of the document. Any other type is named after its location.
    pub component: bool,
    /// The tag of the operation that contains the inline type. `None` for a component, and for a type inside a component.
    pub tag_of_place: Option<String>,
    /// The vendor's name, if the document contains one.
    pub published: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The lowered schema.
    pub lowered: Value,
    /// The values of an enumeration. Empty for any other type.
    pub values: Vec<String>,
    /// The properties of an object: the Rust name, and the name on the wire.
    pub properties: BTreeMap<String, String>,
    /// An example value in the document.
    pub example: Option<Value>,
    /// Examples of properties, by the name on the wire.
    pub property_examples: BTreeMap<String, Value>,
    /// The discriminator of a union, if it has one.
    pub tag: Option<Tag>,
    /// The variants of a union, in the order of the branches. Empty for any other type.
    pub variants: Vec<Variant>,
    /// The statuses that select the variants, if an operation responds with the type.
    pub statuses: Vec<StatusVariant>,
    /// The Rust name of the field for additional properties, if the document allows them.
    pub additional: Option<String>,
    /// The properties that may be `null`, by the name on the wire.
    pub nullable: BTreeSet<String>,
    /// The formats of strings, by the name on the wire.
    pub formats: BTreeMap<String, String>,
}

/// A request that the service sends to the programs of its users.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// Its name in the document.
    pub name: String,
    /// Its name in Rust.
    pub identifier: String,
    /// Its description in the document.
    pub description: Option<String>,
    /// The schema of its body.
    pub lowered: Value,
}

/// A status, with the response of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusVariant {
    /// The status, or a range: `200`, `2XX`.
    pub status: String,
    /// The Rust name of the variant.
    pub name: String,
    /// The description of the response.
    pub description: String,
    /// The index of the body's branch. `None` if the response has no body.
    pub branch: Option<usize>,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The shapes of its values. Empty if a discriminator selects the variant.
    pub shapes: Vec<Shape>,
}

/// A shape of a variant's values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Shape {
    /// The JSON type.
    pub kind: JsonKind,
    /// The properties that distinguish an object from other variants.
    pub properties: Vec<ShapeProperty>,
}

/// The JSON type of a value, with the Rust type for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// A boolean.
    Boolean,
    /// A number, as `i64`.
    Integer,
    /// A number, as `u64`.
    Unsigned,
    /// A number, as `f64`.
    Number,
    /// A string.
    String,
    /// An enumerated string.
    Enumeration,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any value.
    Any,
}

/// A property that distinguishes objects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ShapeProperty {
    /// The name on the wire.
    pub name: String,
    /// Whether the property is required.
    pub required: bool,
    /// The allowed values. Empty if any value is allowed.
    pub values: Vec<Value>,
}

/// The discriminator of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tag {
    /// The name on the wire.
    pub property: String,
    /// The values that select each branch, in the order of the branches.
    pub values: Vec<Vec<String>>,
}

/// A schema that falls back to any JSON value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fallback {
    /// The location in the normalised document, as a JSON pointer.
    pub pointer: String,
    /// The reason.
    pub reason: String,
}

/// An operation that is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedOperation {
    /// The operation id, or the method and path.
    pub operation: String,
    /// The location in the normalised document, as a JSON pointer.
    pub pointer: String,
    /// The reason.
    pub reason: String,
}
