//! Compares two OpenAPI documents, and classifies each change twice: on the wire, for existing clients, and for Rust
//! code that uses a crate generated from the document.
//!
//! ```
//! use apidrift::{Document, Verdict};
//!
//! let old = Document::parse(r#"{"openapi": "3.0.3", "paths": {"/a": {"get": {}}}}"#, "old")?;
//! let new = Document::parse(r#"{"openapi": "3.0.3", "paths": {}}"#, "new")?;
//! let report = apidrift::compare(&old, &new);
//! assert_eq!(report.changes[0].wire, Verdict::Breaking);
//! print!("{}", apidrift::render::text(&report, false));
//! # Ok::<(), apidrift::Error>(())
//! ```

pub mod policy;
pub mod render;

pub use apidrift_compare::{
    Change, Day, NotADay, Operation, Options, Pointer, Report, Semver, Side, StaleAcceptance,
    Staleness, Verdict, compare, compare_with, rules,
};
pub use apidrift_document::{Document, Error, MAX_BYTES};

/// Runs the example of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
