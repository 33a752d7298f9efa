//! The model of an HTTP API, lowered from a normalised `OpenAPI` document.
//!
//! ```
//! use specmill_model::{Options, ParameterLocation, lower};
//! use specmill_openapi::document;
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let normalized = document::parse_yaml(
//!     "openapi: 3.0.3
//! info: {title: Pets, version: '1'}
//! servers: [{url: 'https://pets.example.com'}]
//! paths:
//!   /pets/{id}:
//!     get:
//!       operationId: pet_get
//!       parameters: [{name: id, in: path, required: true, schema: {type: string}}]
//!       responses: {'204': {description: It exists}}
//! ",
//! )?;
//! let model = lower(&Options::new("Pets"), &normalized)?;
//! assert_eq!(model.operations[0].id, "pet_get");
//! assert_eq!(model.operations[0].parameters[0].location, ParameterLocation::Path);
//! assert!(model.skipped.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The model contains the facts that a client needs in addition to types: the locations of parameters, the paging of lists, the
//! credentials of each operation, and the versions of the service. Its types are schemas that progenitor accepts. Lowering does
//! not change the normalised document.
//!
//! A generator must handle every case, so the enums of the model are exhaustive: a new variant is a breaking change.
//! [`TypeDefinition`], [`SkippedOperation`] and [`Fallback`] are exhaustive because a generator creates them too.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod accept;
mod all_of;
mod api_facts;
mod bodies;
mod default_response;
mod examples;
mod form_styles;
mod forms;
mod inheritance;
mod keywords;
mod lower;
mod marks;
mod media;
mod model;
mod oauth2;
mod one_way;
mod operations;
mod options;
mod paging;
mod parameter_style;
mod parameters;
mod path_template;
mod reader;
mod resolve;
mod response_headers;
mod schema_kind;
mod schemas;
mod security;
mod servers;
mod shape;
mod streams;
mod tags;
mod union;
mod webhooks;

pub use lower::lower;
pub use marks::UNTYPED;
pub use model::{
    ApiVersion, Authentication, Body, ClientSetting, Encoding, Fallback, FormPart, HeaderKind,
    Idempotency, JsonKind, Model, Operation, OperationServer, Paging, Parameter, ParameterLocation,
    PartKind, ResponseHeader, SecurityScheme, Server, ServerVariable, Shape, ShapeProperty,
    SkippedOperation, StatusVariant, Stream, StreamFlag, StreamForm, Style, Success, Tag,
    TokenEndpoint, TypeDefinition, Variant, Webhook, grant_setting,
};
pub use options::Options;
pub use paging::steps;
pub use schemas::{fallback_reason, untyped_here};
