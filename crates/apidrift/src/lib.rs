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

mod compare;
mod day;
mod document;
mod error;
pub mod policy;
pub mod render;
mod report;
pub mod rules;
mod verdict;

pub use compare::{Options, compare, compare_with};
pub use day::{Day, NotADay};
pub use document::{Document, MAX_BYTES};
pub use error::Error;
pub use report::{Change, Operation, Pointer, Report, StaleAcceptance, Staleness};
pub use verdict::{Semver, Side, Verdict};

/// Runs the example of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
