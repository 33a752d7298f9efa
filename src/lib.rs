//! Typed Rust clients made from vendor documentation.
//!
//! Each API is a module behind a feature of its own, all of them on by default; [`catalog()`] lists
//! them. Every client works the same way: a builder, a method for each operation, and one [`Error`].
//! Below is a tour of five minutes; a page for each task is in `guide`, every operation in
//! [`reference`](mod@reference).
//!
//! | feature | what it gives |
//! |---|---|
//! | `panther`, `scp`, … (default) | the APIs |
//! | `rustls` (default) | TLS by rustls |
//! | `native-tls` | TLS by the operating system's library |
//! | `http2` | HTTP/2 where a service offers it |
//! | `gzip`, `brotli`, `zstd` | responses compressed with gzip, Brotli or Zstandard |
//! | `tracing` (default) | a span for each call and an event for each attempt |
//! | `blocking` | calls from code that is not async |
//! | `metrics` | metrics of calls and requests by the crate `metrics` |
//! | `mock` | a mock server of each API, made from its document, for tests |
//! | `tower` | layers of tower as middleware |
//! | `schemars` | JSON Schemas of all types |
//! | `builders` | builders of the types that no request holds, for tests |
//! | `dynamic` | calls of operations by their name, with a description of each |
// The tour and the guide use clients of both APIs.
#![cfg_attr(all(feature = "panther", feature = "scp"), doc = "")]
#![cfg_attr(all(feature = "panther", feature = "scp"), doc = include_str!("guide/links.md"))]
#![cfg_attr(all(feature = "panther", feature = "scp"), doc = include_str!("../docs/tour.md"))]
// docs.rs says beside each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod apis;
mod catalog;
#[cfg(feature = "dynamic")]
pub mod dynamic;
#[cfg(all(feature = "panther", feature = "scp"))]
pub mod guide;
pub mod reference;

#[allow(
    unused_imports,
    unreachable_pub,
    reason = "without the feature of any API there is nothing to re-export"
)]
pub use apis::*;
pub use catalog::{Api, Operation, Version, catalog};
pub use specmill_client::{
    BodySource, ByteStream, CallOptions, Clock, Date, Error, ErrorKind, Event, EventStream,
    FileDownload, HttpClient, HttpClientBuilder, JsonLines, ManualClock, Pem, Progress, Proxy,
    Response, RetryBudget, RetryPolicy, Secret, Tls, TlsVersion, TransportError, VersionState,
    credentials, middleware, paging,
};

// Types of these crates stand in the signatures of the clients.
#[cfg(feature = "blocking")]
pub use specmill_client::blocking;
#[cfg(feature = "reqwest-0-13")]
pub use specmill_client::reqwest_0_13;
pub use specmill_client::{bytes, http, serde_json};

#[cfg(all(doctest, feature = "panther", feature = "scp"))]
#[doc = include_str!("../README.md")]
struct ReadMe;
