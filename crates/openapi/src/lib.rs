//! Reads `OpenAPI` documents strictly, checks them, and converts them to `OpenAPI` 3.0.
//!
//! ```
//! use specmill_openapi::{changes::Changes, document, overlay, prepare};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let mut pets = document::parse_yaml(
//!     "openapi: 3.1.0
//! info: {title: Pets, version: '1'}
//! paths:
//!   /pets:
//!     get: {operationId: list_pets, responses: {'200': {description: OK}}}
//! ",
//! )?;
//! let mut changes = Changes::default();
//! // From here on, the document has version 3.0, whatever its version was.
//! prepare(&mut pets, &mut changes)?;
//! let reasons = document::parse_yaml(
//!     "overlay: 1.0.0
//! info: {title: Corrections, version: '1'}
//! actions:
//!   - target: $.paths['/pets'].get
//!     description: The changelog announces the removal.
//!     update: {deprecated: true}
//! ",
//! )?;
//! overlay::apply(&reasons, &mut pets, &mut changes)?;
//! let (pointer, path, method, operation) = document::operations(&pets).next().unwrap();
//! assert_eq!((pointer.as_str(), path, method), ("/paths/~1pets/get", "/pets", "get"));
//! assert_eq!(operation["deprecated"], true);
//! for change in changes.into_vec() {
//!     println!("{}: {}: {}", change.transform, change.pointer, change.what);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A document stays a [`serde_json::Value`], so that nothing in it is lost. Every error is a
//! [`Diagnostic`](diagnostic::Diagnostic) with a problem, a location and a remedy.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

pub mod bundle;
pub mod changes;
pub mod diagnostic;
pub mod document;
pub mod infinite;
pub mod layout;
mod lift;
pub mod markdown;
pub mod names;
pub mod order;
pub mod overlay;
mod prepare;
pub mod references;
pub mod rename;
mod signs;
pub mod structure;
mod swagger;
pub mod version;

pub use prepare::{check, prepare, prepare_partial};
