//! Typed Rust clients made from vendor documentation.
//!
//! | feature | module | what it is |
//! |---|---|---|
//! | `panther` (default) | [`panther`] | Panther's REST API, a SIEM |
//! | `scp` (default) | [`scp::identity_center`] | Samsung Cloud Platform IAM Identity Center |
//! | `rustls` (default) | | TLS by rustls |
//! | `native-tls` | | TLS by the operating system's library |
//! | `http2` | | HTTP/2 where a service offers it |
//! | `tracing` (default) | | an event for each attempt of a call |
//! | `schemars` | | JSON Schemas of all types |
//!
//! Every client works the same way: a builder, a method for each operation, and one [`Error`].
//! [`catalog()`] lists what there is.

mod apis;
mod catalog;

pub use apis::*;
pub use catalog::{Api, Operation, Version, catalog};
pub use specmill_client::{
    CallOptions, Date, Error, Response, RetryBudget, RetryPolicy, Secret, VersionState,
};

#[cfg(all(doctest, feature = "panther", feature = "scp"))]
#[doc = include_str!("../README.md")]
struct ReadMe;
