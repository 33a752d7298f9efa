//! Example values of the types of an API, and of the schemas of its document.
//!
//! ```
//! use serde_json::json;
//! use specmill_model::{Options, lower};
//! use specmill_openapi::document;
//! use specmill_samples::{Instances, Samples, Values};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let normalized = document::parse_yaml(
//!     "openapi: 3.0.3
//! info: {title: Pets, version: '1'}
//! paths:
//!   /pets:
//!     get:
//!       operationId: pet_list
//!       parameters: [{name: tag, in: query, schema: {type: string, pattern: '^[a-c]{3}$'}}]
//!       responses: {'204': {description: None}}
//! ",
//! )?;
//! let model = lower(&Options::new("Pets"), &normalized)?;
//! let tag = &model.operations[0].parameters[0];
//! // A value of the type, and one that the document allows.
//! assert_eq!(Samples::new(&model).parameter(tag), Some(json!("text")));
//! assert_eq!(Instances::new(&normalized).parameter(tag), Some(json!("aaa")));
//! # Ok(())
//! # }
//! ```
//!
//! The values are the same in every run, so that generated files are too.

mod instances;
mod ranks;
mod samples;

pub use instances::Instances;
pub use samples::{Samples, Values, sample_content_type, within};
