//! Compares two OpenAPI documents: the changes, with their effect on requests, responses and Rust callers.
//!
//! ```
//! use apidrift_compare::{Verdict, compare};
//! use apidrift_document::Document;
//!
//! let old = Document::parse(r#"{"openapi": "3.0.3", "paths": {"/a": {"get": {}}}}"#, "old")?;
//! let new = Document::parse(r#"{"openapi": "3.0.3", "paths": {}}"#, "new")?;
//! let report = compare(&old, &new);
//! assert_eq!(report.changes[0].rule.id(), "api-path-removed-without-deprecation");
//! assert_eq!(report.changes[0].wire, Verdict::Breaking);
//! # Ok::<(), apidrift_document::Error>(())
//! ```

mod compare;
mod day;
mod method_name;
mod report;
pub mod rules;
mod verdict;

pub use compare::{Options, compare, compare_with};
pub use day::{Day, NotADay};
pub use method_name::method_name;
pub use report::{Change, Operation, Pointer, Report, StaleAcceptance, Staleness};
pub use verdict::{Semver, Side, Verdict};

/// Runs the example of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
