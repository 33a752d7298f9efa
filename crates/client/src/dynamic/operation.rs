use crate::operation::{self, EventData};

/// What people are told of an operation, beside the table that the runtime reads. Written by the generator.
#[derive(Debug, PartialEq)]
pub struct Operation {
    /// The table of the operation.
    pub table: &'static operation::Operation,
    /// What it acts on, as the first word of a command: `user`.
    pub group: &'static str,
    /// One line on what it acts on; empty where the document does not say.
    pub group_description: &'static str,
    /// What it does, as the second word of a command: `list`. Group and verb together are of one operation alone.
    pub verb: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// More on what it does; empty where the document says no more.
    pub description: &'static str,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// What is told of each parameter, in the order of the table.
    pub parameters: &'static [Parameter],
    /// The members of a JSON or form body that is an object, those of objects in it one by one. What holds itself, or
    /// nests too deep, is one JSON value.
    pub body: &'static [Member],
    /// What a success responds with.
    pub success: Success,
    /// The stream that a success is, or can be.
    pub stream: Option<Stream>,
}

/// A response that is a sequence of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Server-sent events.
    Events(EventData),
    /// JSON values line by line, of this media type.
    Lines(&'static str),
}

/// What people are told of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name as words joined by hyphens: `include-deactivated`. Parameters in several locations can have the same.
    pub words: &'static str,
    /// What a value is, or what each of several is.
    pub kind: Kind,
    /// Whether it takes a list of values.
    pub repeats: bool,
    /// The values that are known; empty where any is taken.
    pub values: &'static [&'static str],
    /// What the service takes where none is sent, as JSON.
    pub default: Option<&'static str>,
    /// A value that the document gives as an example, as an argument.
    pub example: Option<&'static str>,
    /// What it is; empty where the document does not say.
    pub description: &'static str,
}

/// A member of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its names on the wire, from the outermost object to it: `role`, `name`.
    pub path: &'static [&'static str],
    /// Its names as words joined by hyphens: `role-name`. Several members can have the same.
    pub words: &'static str,
    /// What a value is, or what each of several is.
    pub kind: Kind,
    /// Whether it is a list of values.
    pub repeats: bool,
    /// Whether a body must have it.
    pub required: bool,
    /// The values that are known; empty where any is taken.
    pub values: &'static [&'static str],
    /// A value that the document gives as an example, as an argument.
    pub example: Option<&'static str>,
    /// What it is; empty where the document does not say.
    pub description: &'static str,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON value.
    Json,
}

/// What a success responds with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// Nothing.
    Empty,
    /// JSON, or nothing where `optional`.
    Json {
        /// Whether a success may have no body.
        optional: bool,
        /// The one member of the response that is a list of objects, where all there is to show is in it. Of an operation
        /// that pages, the table says where the items are.
        rows: Option<&'static str>,
        /// Paths to the members of the response, or of each item, that are plain values; empty where none are known.
        columns: &'static [&'static [&'static str]],
    },
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// The stream of the operation.
    Stream,
}
