//! Reads OpenAPI documents: JSON or YAML, with the files that they reference, into a compact tree.
//!
//! ```
//! use apidrift_document::{Cursor, Document};
//!
//! let document = Document::parse(
//!     r##"{
//!         "openapi": "3.0.3",
//!         "paths": {"/a": {"$ref": "#/x-items/a"}},
//!         "x-items": {"a": {"get": {"operationId": "getA"}}}
//!     }"##,
//!     "openapi.json",
//! )?;
//! let item = document.root().get("paths").and_then(|paths| paths.get("/a")).unwrap();
//! let item = document.resolve(item).target;
//! assert_eq!(item.pointer(), "/x-items/a");
//! let id = item.get("get").and_then(|get| get.get("operationId"));
//! assert_eq!(id.and_then(Cursor::as_str), Some("getA"));
//! # Ok::<(), apidrift_document::Error>(())
//! ```

mod all_of;
mod document;
mod error;
mod file_reference;
mod files;
mod keywords;
mod parse;
mod pointer;
mod read;
mod reference;
mod strings;
mod tree;

pub use all_of::Merged;
pub use document::{Document, Resolved};
pub use error::Error;
pub use file_reference::FILES;
pub use keywords::is_annotation;
pub use parse::MAX_BYTES;
pub use pointer::last_token;
pub use reference::leads_out;
pub use tree::{Cursor, NodeId, Number};

#[cfg(test)]
mod tests;

/// Runs the example of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
