//! What the generator knows of an API.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An API, as the generated crate will offer it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Model {
    /// The API's name in prose.
    pub title: String,
    /// What the document says of the API.
    pub description: Option<String>,
    /// The version of the document.
    pub version: String,
    /// Where the API is served.
    pub servers: Vec<Server>,
    /// Endings of addresses that people paste, and that are taken off a base address.
    pub base_url_suffixes: Vec<String>,
    /// Servers of operations that are at none of the API's.
    pub operation_servers: Vec<OperationServer>,
    /// How requests prove who sends them.
    pub authentication: Authentication,
    /// Header parameters that are set once for a client.
    pub settings: Vec<ClientSetting>,
    /// The versions of the API, newest first.
    pub api_versions: Vec<ApiVersion>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The names in Rust of their requests.
    pub request_names: BTreeSet<String>,
    /// The types, by name.
    pub types: Vec<TypeDefinition>,
    /// The place of each type in the document, as a JSON pointer, by the type's name.
    pub places: BTreeMap<String, String>,
    /// Places whose type is any JSON value, since progenitor cannot express the schema.
    pub widened: Vec<Widened>,
    /// Operations that are not generated.
    pub left_out: Vec<LeftOut>,
    /// Lists of which the document says how they page, and whose types do not bear it out: each with the reason.
    pub unpaged: Vec<(String, String)>,
    /// What else the document asks for and the crate does not do, in sentences.
    pub notes: Vec<String>,
}

impl Model {
    /// The parameters that are not generated: the operation, which parameter it is, and why.
    pub fn skipped_parameters(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.operations.iter().flat_map(|operation| {
            let skipped = operation.skipped_parameters.iter();
            skipped.map(|(which, reason)| (operation.id.as_str(), which.as_str(), reason.as_str()))
        })
    }
}

/// An address template of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// The template, with `{variable}` in it.
    pub url: String,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

/// A variable of an address template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerVariable {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub description: Option<String>,
    /// The values it takes, each with its name in Rust; empty where it takes any.
    pub values: Vec<(String, String)>,
}

/// A server of some operations alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationServer {
    /// Its address, or a path on the host of the API.
    pub url: String,
    /// The setting that replaces the address.
    pub setting: String,
}

/// A security scheme of an API that has several.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: String,
    /// The setting that holds its credentials.
    pub setting: String,
    /// What it sends.
    pub kind: Authentication,
}

/// How requests prove who sends them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// They do not.
    None,
    /// A key in a header.
    ApiKeyHeader(String),
    /// A key in the query.
    ApiKeyQuery(String),
    /// A key in a cookie.
    ApiKeyCookie(String),
    /// A bearer token.
    Bearer,
    /// A bearer token, which a token endpoint gives.
    OAuth2(TokenEndpoint),
    /// A user and a password.
    Basic,
    /// Samsung Cloud Platform's signature.
    ScpSignature,
    /// By what each operation asks for, of several schemes.
    Several(Vec<SecurityScheme>),
}

impl Authentication {
    /// Whether it is a token in `Authorization`, wherever that comes from.
    pub(crate) fn is_bearer(&self) -> bool {
        matches!(self, Self::Bearer | Self::OAuth2(_))
    }
}

/// The method of a builder that takes a grant of OAuth 2.0 in place of the token that `setting` sets.
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
    /// The URL that the document gives.
    pub token_url: String,
    /// Its path and query, where it is on the origin of a server of the document.
    pub token_path: Option<String>,
    /// Those of the URL that renews the tokens of users, likewise.
    pub refresh_path: Option<String>,
    /// The scopes that the document lists.
    pub scopes: Vec<String>,
}

/// A header parameter that is set once for a client.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClientSetting {
    /// The header.
    pub header: String,
    /// The name of the setting: `api_version`, `language`.
    pub setting: String,
    /// The header's value, with `{}` for the setting's.
    pub template: String,
    /// The value where none is set.
    pub default: Option<String>,
    /// The values it takes; empty where it takes any.
    pub values: Vec<String>,
    /// What it is.
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
    /// The date up to which it is guaranteed, `YYYY-MM-DD`.
    pub not_before: Option<String>,
}

/// An operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// Its name: a Rust identifier in snake case.
    pub id: String,
    /// The tag whose file holds it.
    pub tag: String,
    /// What the document says of the tag.
    pub tag_description: Option<String>,
    /// Its method, in upper case.
    pub method: String,
    /// Its path template; after a `?` the pairs of the query that every request has.
    pub path: String,
    /// One line on what it does.
    pub summary: Option<String>,
    /// More on what it does.
    pub description: Option<String>,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// The page, and the operation's name there.
    pub source: Option<(String, String)>,
    /// The permission it needs.
    pub permission: Option<String>,
    /// Whether its requests carry credentials.
    pub authenticated: bool,
    /// Of an API with several security schemes, those that a request needs, by their names: alternatives, each of schemes
    /// that are needed at once. An empty one stands for no credentials.
    pub security: Vec<Vec<String>>,
    /// The address of its server, where that is none of the API's.
    pub server: Option<String>,
    /// The media types that a request asks for, where they are not the usual ones of its kind of response.
    pub accept: Option<String>,
    /// Whether it may be sent twice.
    pub idempotency: Idempotency,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The optional parameters that are not generated: which each is, and why.
    pub skipped_parameters: Vec<(String, String)>,
    /// Its body.
    pub body: Option<Body>,
    /// Its response.
    pub success: Success,
    /// The stream that its response is, or can be.
    pub stream: Option<Stream>,
    /// The statuses that are declared, with what the document says of each.
    pub statuses: Vec<(String, String)>,
    /// The lowered schemas of declared errors that have a type of their own.
    pub errors: Vec<Value>,
    /// The headers that its responses are declared with.
    pub headers: Vec<ResponseHeader>,
    /// How it pages.
    pub paging: Option<Paging>,
}

impl Operation {
    /// The path template alone, and the pairs of the query that every request has.
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

/// Whether an operation may be sent twice, and how the service recognises that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// As its method says.
    ByMethod,
    /// Whatever its method.
    Always,
    /// By a key in this header.
    Key {
        /// Name of the header.
        header: String,
    },
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
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
    /// `1,2`, in paths and headers
    Simple,
    /// The same, the fields of an object as `a=b,c=1`.
    SimpleExploded,
    /// `.1,2`, in paths
    Label,
    /// `.1.2`, and the fields of an object as `.a=b.c=1`
    LabelExploded,
    /// `;a=1,2`, in paths
    Matrix,
    /// `;a=1;a=2`, and the fields of an object as `;b=1;c=2`
    MatrixExploded,
    /// As JSON.
    Json,
}

/// A parameter.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its name in Rust.
    pub identifier: String,
    /// Where it goes.
    pub place: ParameterPlace,
    /// Whether a request must have it.
    pub required: bool,
    /// How it is written.
    pub style: Style,
    /// Whether reserved characters are sent as they are.
    pub allow_reserved: bool,
    /// What it is.
    pub description: Option<String>,
    /// Its schema in the document, for bounds and defaults.
    pub schema: Value,
    /// Its lowered schema.
    pub lowered: Value,
    /// A value that the document gives as an example.
    pub example: Option<Value>,
}

/// A header that responses are declared with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHeader {
    /// Its name on the wire.
    pub name: String,
    /// Its name in Rust.
    pub identifier: String,
    /// What it holds.
    pub kind: HeaderKind,
    /// What it is.
    pub description: Option<String>,
}

/// What a header holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderKind {
    /// A value of this Rust type.
    Value(&'static str),
    /// Values of this Rust type, with commas between them.
    List(&'static str),
    /// A JSON document.
    Json,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// The same, what is in objects and lists named in brackets.
    FormBrackets,
    /// A text as it is.
    Text,
    /// Bytes as they are.
    Bytes,
    /// Bytes as they are, with a content type that the caller gives: that of a `multipart` body holds the
    /// boundary of its parts.
    BytesOfType,
}

/// A part of a multipart form.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FormPart {
    /// Its name on the wire; empty for additional parts.
    pub name: String,
    /// Its name in Rust.
    pub identifier: String,
    /// Whether a form must have it.
    pub required: bool,
    /// Whether it stands for parts of all names that the document does not give.
    pub additional: bool,
    /// Whether a form can have several of one name.
    pub many: bool,
    /// How it is written.
    pub kind: PartKind,
    /// The media types that the document gives for it.
    pub content_type: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Its lowered schema, or that of one of several.
    pub lowered: Value,
}

/// How a part of a form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// As text.
    Text,
    /// As JSON.
    Json,
    /// As a file.
    File,
}

/// A request's body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Body {
    /// The parts of a multipart form whose schema names them; empty for any other body.
    pub form: Vec<FormPart>,
    /// Its media type.
    pub content_type: String,
    /// How it is written.
    pub encoding: Encoding,
    /// The fields of a form whose style differs, each with a style of the query.
    pub styles: Vec<(String, Style)>,
    /// Whether a request must have it.
    pub required: bool,
    /// What it is.
    pub description: Option<String>,
    /// Its schema in the document.
    pub schema: Value,
    /// Its lowered schema.
    pub lowered: Value,
    /// A value that the document gives as an example.
    pub example: Option<Value>,
}

/// What a success responds with.
#[derive(Debug, Clone, PartialEq)]
pub enum Success {
    /// Nothing.
    Empty,
    /// JSON, of this lowered schema.
    Json(Value),
    /// JSON or nothing.
    OptionalJson(Value),
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// The stream of the operation.
    Stream,
}

/// A response that is a sequence of values, read as they come.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stream {
    /// How the values are written.
    pub form: StreamForm,
    /// The media type.
    pub content_type: String,
    /// The lowered schema of a value.
    pub item: Value,
    /// What says whether the response is to be a stream.
    pub flag: Option<StreamFlag>,
}

/// How the values of a stream are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamForm {
    /// Server-sent events whose data is JSON.
    JsonEvents,
    /// Server-sent events whose data is a string.
    TextEvents,
    /// Server-sent events whose schema describes the event as a whole, with its name and data.
    WholeEvents,
    /// JSON values line by line, or after record separators.
    JsonLines,
}

/// What says whether a response is to be a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamFlag {
    /// This field of the JSON body.
    Body(String),
    /// This query parameter.
    Query(String),
}

/// How a list pages. Fields of a response are names, or pointers that begin with `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// By cursor.
    Cursor {
        /// The query parameter that takes the cursor.
        parameter: String,
        /// The field that holds the next cursor.
        next: String,
        /// The field that says whether there is a next page.
        more: Option<String>,
        /// The field that holds the items; empty where the response is the list.
        items: String,
    },
    /// By the id of the last item.
    LastItem {
        /// The query parameter that takes the id.
        parameter: String,
        /// The field of an item that holds its id.
        id: String,
        /// The field that says whether there is a next page.
        more: String,
        /// The field that holds the items.
        items: String,
    },
    /// By a link to the next page.
    Link {
        /// The field that holds the link; `None` where the `Link` header does.
        next: Option<String>,
        /// The field that holds the items.
        items: String,
    },
    /// By the number of the page, or of the items before it.
    Numbered {
        /// The query parameter that takes the number.
        parameter: String,
        /// Whether the number is that of the items before the page.
        by_items: bool,
        /// The number of the first page.
        first: u64,
        /// The query parameter that takes the size of a page.
        size: Option<String>,
        /// The size where none is asked for.
        default_size: Option<u64>,
        /// The field that says whether there is a next page.
        more: Option<String>,
        /// The field that holds the items.
        items: String,
    },
}

impl Paging {
    /// The field that holds the items.
    pub fn items(&self) -> &str {
        match self {
            Self::Cursor { items, .. }
            | Self::LastItem { items, .. }
            | Self::Link { items, .. }
            | Self::Numbered { items, .. } => items,
        }
    }

    /// How the list pages, in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Cursor {
                parameter, next, ..
            } => format!("by the cursor `{parameter}`, the next one in `{next}`"),
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
    /// Its name in Rust.
    pub name: String,
    /// Whether it is a component of the document; any other type is named for its place.
    pub component: bool,
    /// The tag of the operation that it is inline in; `None` for a component, and for what is inline in one.
    pub tag_of_place: Option<String>,
    /// The vendor's name, where the document has one.
    pub published: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Its lowered schema.
    pub lowered: Value,
    /// The values of an enumeration; empty for any other type.
    pub values: Vec<String>,
    /// The members of an object: name in Rust, name on the wire.
    pub members: BTreeMap<String, String>,
    /// A value that the document gives as an example.
    pub example: Option<Value>,
    /// Examples of single members, by the name on the wire.
    pub member_examples: BTreeMap<String, Value>,
    /// How the branches of a union are told apart, where a member of them says it.
    pub tag: Option<Tag>,
    /// The variants of a union, in the order of the branches; empty for any other type.
    pub variants: Vec<Variant>,
    /// The statuses of which each stands for a variant, where an operation responds with the type.
    pub statuses: Vec<StatusVariant>,
    /// The name in Rust of what holds the members that the document does not name, where they are kept.
    pub additional: Option<String>,
    /// The members that may be `null`, by the name on the wire.
    pub nullable: BTreeSet<String>,
    /// The formats of strings, by the name on the wire.
    pub formats: BTreeMap<String, String>,
}

/// A status, and what an operation responds with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusVariant {
    /// The status, or a range of them: `200`, `2XX`.
    pub status: String,
    /// The name of its variant in Rust.
    pub name: String,
    /// What the document says of it.
    pub description: String,
    /// The place of its body among the branches; `None` where it has none.
    pub branch: Option<usize>,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// Its name in Rust.
    pub name: String,
    /// What its values look like; empty where a tag tells the branches apart.
    pub shapes: Vec<Shape>,
}

/// What the values of a variant look like.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Shape {
    /// Their JSON type.
    pub kind: JsonKind,
    /// The properties that tell an object from those of other variants.
    pub properties: Vec<ShapeProperty>,
}

/// The JSON type of a value, and what holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// A boolean.
    Boolean,
    /// A number held as `i64`.
    Integer,
    /// A number held as `u64`.
    Unsigned,
    /// A number held as `f64`.
    Number,
    /// A string.
    String,
    /// A string whose values are listed.
    Enumeration,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any value.
    Any,
}

/// A property that tells objects apart.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ShapeProperty {
    /// Its name on the wire.
    pub name: String,
    /// Whether it must be present.
    pub required: bool,
    /// The values that it takes; empty where it takes any.
    pub values: Vec<Value>,
}

/// The member that tells the branches of a union apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tag {
    /// Its name on the wire.
    pub member: String,
    /// The values of each branch, in the order of the branches.
    pub values: Vec<Vec<String>>,
}

/// A place whose type is wider than its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Widened {
    /// The place in the normalised document.
    pub pointer: String,
    /// Why.
    pub reason: String,
}

/// An operation that is not generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name, or its method and path.
    pub operation: String,
    /// The place in the normalised document.
    pub pointer: String,
    /// Why.
    pub reason: String,
}
