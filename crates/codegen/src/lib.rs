//! Generates the crate of a typed client from the model of an API.
//!
//! ```
//! use specmill_codegen::{Options, generate};
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
//!       tags: [pet]
//!       parameters: [{name: id, in: path, required: true, schema: {type: string}}]
//!       responses: {'204': {description: It is there}}
//! ",
//! )?;
//! let options = Options::new("pets", "pets-client", "Pets");
//! // The model of the API, with the skipped operations and the reasons.
//! let model = specmill_model::lower(&options.lowering(), &normalized)?;
//! assert_eq!(model.operations[0].id, "pet_get");
//! assert!(model.skipped.is_empty());
//! // The crate, as files.
//! let generated = generate(&options, &normalized, &model, "digest of the document")?;
//! let operations = &generated.files[std::path::Path::new("src/operations/pet.rs")];
//! assert!(operations.contains(r#"GET "/pets/{id}""#));
//! # Ok(())
//! # }
//! ```
//!
//! The generated crate contains declarations; the macros of the runtime, `specmill-client`, expand them.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

pub mod generate;
mod manifest;
mod options;
mod progenitor_document;
pub mod stock_document;

pub use generate::{Coverage, Generated, generate};
pub use manifest::{CarriedManifest, Manifest, dependencies};
pub use options::{CommandWords, Options};
