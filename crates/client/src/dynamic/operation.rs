use specmill_http::operation::{self, EventData};

/// The description of an operation for users, in addition to the table that the runtime reads. Written by the
/// generator.
#[derive(Debug, PartialEq)]
pub struct Operation {
    /// The table of the operation.
    pub table: &'static operation::Operation,
    /// The resource of the operation, as the first word of a command: `user`.
    pub group: &'static str,
    /// A one-line description of the resource; empty if the document has none.
    pub group_description: &'static str,
    /// The action of the operation, as the second word of a command: `list`. Group and verb together are unique.
    pub verb: &'static str,
    /// A one-line description of the action.
    pub summary: &'static str,
    /// A longer description; empty if the document has none.
    pub description: &'static str,
    /// Whether the vendor has deprecated the operation.
    pub deprecated: bool,
    /// The description of each parameter, in the order of the table.
    pub parameters: &'static [Parameter],
    /// The fields of a JSON or form body that is an object; those of nested objects are listed individually. A
    /// recursive or too deeply nested value is one JSON value.
    pub body: &'static [Member],
    /// The content of a success response.
    pub success: Success,
    /// The stream that a success response is, or can be.
    pub stream: Option<Stream>,
}

/// A response that is a sequence of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Server-sent events.
    Events(EventData),
    /// JSON values line by line, with this media type.
    Lines(&'static str),
}

/// The description of a parameter for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name as words joined by hyphens: `include-deactivated`. Parameters in different locations can have the same
    /// words.
    pub words: &'static str,
    /// The kind of the value, or of each value of a list.
    pub kind: Kind,
    /// Whether the parameter accepts a list of values.
    pub repeats: bool,
    /// The known values; empty if any value is accepted.
    pub values: &'static [&'static str],
    /// The default of the service, as JSON.
    pub default: Option<&'static str>,
    /// The example in the document, as an argument.
    pub example: Option<&'static str>,
    /// A description; empty if the document has none.
    pub description: &'static str,
}

/// A field of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The names of the properties from the outermost object to the field: `role`, `name`.
    pub path: &'static [&'static str],
    /// The names as words joined by hyphens: `role-name`. Several fields can have the same words.
    pub words: &'static str,
    /// The kind of the value, or of each value of a list.
    pub kind: Kind,
    /// Whether the field is a list of values.
    pub repeats: bool,
    /// Whether the field is required.
    pub required: bool,
    /// The known values; empty if any value is accepted.
    pub values: &'static [&'static str],
    /// The example in the document, as an argument.
    pub example: Option<&'static str>,
    /// A description; empty if the document has none.
    pub description: &'static str,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON value.
    Json,
}

/// The content of a success response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// No body.
    Empty,
    /// JSON, or no body if `optional`.
    Json {
        /// Whether a success response may have no body.
        optional: bool,
        /// The only field of the response that is a list of objects, if it contains the whole content. For a paged
        /// operation, the table names the items.
        rows: Option<&'static str>,
        /// Paths to the scalar fields of the response, or of each item; empty if none are known.
        columns: &'static [&'static [&'static str]],
    },
    /// A string.
    Text,
    /// Bytes.
    Bytes,
    /// The stream of the operation.
    Stream,
}
