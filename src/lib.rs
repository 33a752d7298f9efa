//! Typed Rust clients generated from vendor documentation.
//!
//! ```no_run
//! # #[cfg(feature = "panther")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use specmill::panther::Client;
//!
//! let panther = Client::from_env()?; // PANTHER_BASE_URL and PANTHER_API_KEY
//! let mut users = panther.user_list().contains("lee").stream();
//! while let Some(user) = users.try_next().await? {
//!     println!("{} {}", user.email, user.enabled);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Each API is a module behind a feature; [`catalog()`] lists them. All clients work the same way: a builder, a method
//! for each operation, and one [`Error`].
//!
//! - The [tour](#the-tour) below takes five minutes.
//! - [`guide`] has a page for each task, such as authentication, paging, retries and tests. [`guide::handle_errors`] lists
//!   the kinds of failures, and [`guide::requirements`] the platforms and the limits.
//! - [`reference`](mod@reference) lists every operation with its parameters, its response and an example.
//! - `dynamic`, a module behind the feature of that name, calls operations by name.
//!
//! # Types that all clients share
//!
//! | type | use |
//! |---|---|
//! | [`Error`], [`ErrorKind`] | the failure of a call |
//! | [`Response`] | a result with its status, headers and request id |
//! | [`CallOptions`], [`RetryPolicy`], [`RetryBudget`] | timeouts and retries |
//! | [`Secret`], [`credentials`] | credentials, and providers that rotate them |
//! | [`HttpClient`], [`Tls`], [`Proxy`] | connections |
//! | [`middleware`] | code around each attempt |
//! | [`paging`] | streams of items and pages |
//! | [`BodySource`], [`ByteStream`], [`EventStream`], [`JsonLines`] | bodies that are streamed |
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `panther`, `scp` (default) | the APIs |
//! | `rustls` (default) | TLS with rustls |
//! | `native-tls` | TLS with the library of the operating system |
//! | `http2` | HTTP/2, if the service offers it |
//! | `gzip`, `brotli`, `zstd` | compressed responses |
//! | `tracing` (default) | a span for each call and an event for each attempt |
//! | `blocking` | calls from code that is not async |
//! | `metrics` | metrics of calls and requests, with the crate `metrics` |
//! | `mock` | a mock server of each API, generated from its document, for tests |
//! | `tower` | tower layers as middleware |
//! | `reqwest-0-13` | clients that use an HTTP client of reqwest 0.13 |
//! | `schemars` | JSON Schemas of all types |
//! | `jiff`, `uuid`, `base64` | typed values of string fields with formats, such as `created_at_timestamp()` |
//! | `builders` | builders of the types that only responses contain, for tests |
//! | `dynamic` | calls of operations by name, with a description of each |
//!
// The programs of the tour are tests in `tests/docs`.
#![cfg_attr(not(doctest), doc = include_str!("guide/links.md"))]
#![cfg_attr(not(doctest), doc = include_str!("../docs/tour.md"))]
// docs.rs shows the feature that each item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod apis;
mod catalog;
#[cfg(feature = "dynamic")]
pub mod dynamic;
pub mod guide;
pub mod reference;

#[allow(
    unused_imports,
    unreachable_pub,
    reason = "without any API there is nothing to re-export"
)]
pub use apis::*;
pub use catalog::{Api, Operation, Version, catalog};
pub use specmill_client::{
    BodySource, ByteStream, CallOptions, Clock, Date, Error, ErrorKind, Event, EventStream,
    HttpClient, HttpClientBuilder, JsonLines, ManualClock, Pem, Proxy, Response, RetryBudget,
    RetryPolicy, Secret, Tls, TlsVersion, TransportError, VersionState, credentials, middleware,
    paging,
};

#[cfg(not(target_arch = "wasm32"))]
pub use specmill_client::{FileDownload, Progress};

// The signatures of the clients use types of these crates.
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub use specmill_client::blocking;
#[cfg(feature = "reqwest-0-13")]
pub use specmill_client::reqwest_0_13;
pub use specmill_client::{bytes, http, serde_json};
