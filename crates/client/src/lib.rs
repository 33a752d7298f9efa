//! The runtime of the clients that specmill generates.
//!
//! A generated client contains tables and types. This crate makes the calls: requests, credentials, retries, limits,
//! paging, and one error type. Users meet [`Error`], [`RetryPolicy`], [`CallOptions`], [`Response`] and the streams of
//! [`paging`]; the other items are for generated code.
//!
//! # Features
//! - `rustls` (default): TLS with rustls and the certificates of the operating system.
//! - `native-tls`: TLS with the library of the operating system; used if `rustls` is off.
//! - `http2`: HTTP/2, if the service offers it.
//! - `gzip`, `brotli`, `zstd`: compressed responses with gzip, Brotli or Zstandard. With `gzip`, request bodies can be
//!   compressed too.
//! - `tracing` (default): a span for each call and an event for each attempt.
//! - `reqwest-0-13`: the module `reqwest_0_13`, for clients that use an HTTP client of reqwest 0.13.
//! - `dynamic`: calls of operations by name, with a description of each.
//! - `schemars`: JSON Schemas of declared types.
//! - `jiff`, `uuid`, `base64`: typed values of string fields with formats.
//! - `blocking`: calls from code that is not async.
//! - `metrics`: metrics of calls and requests with the crate `metrics`.
//! - `mock`: mock servers of APIs, generated from their documents, for tests.
//! - `tower`: tower layers as middleware.
//! - `signature`: Samsung Cloud Platform's request signature.

// docs.rs says beside each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub mod blocking;
mod body;
mod call;
mod clock;
pub mod credentials;
pub mod declare;
mod decode;
pub mod deserialize;
#[cfg(not(target_arch = "wasm32"))]
mod download;
#[cfg(feature = "dynamic")]
pub mod dynamic;
pub mod environment;
mod error;
mod events;
mod execute;
mod failure;
mod http_client;
pub mod middleware;
#[cfg(feature = "mock")]
pub mod mock;
pub mod multipart;
pub mod operation;
mod options;
pub mod paging;
mod percent;
mod platform;
mod redact;
mod request;
#[cfg(feature = "reqwest-0-13")]
pub mod reqwest_0_13;
mod response;
mod retry;
mod retry_after;
pub mod server;
mod servers;
mod setting_names;
mod settings;
mod text;
mod transient;
mod transport;
mod version;

pub use body::{BodySource, ByteStream};
pub use call::Call;
pub use clock::{Clock, ManualClock};
pub use credentials::{Authentication, Secret};
#[cfg(not(target_arch = "wasm32"))]
pub use download::{FileDownload, Progress};
pub use error::{Error, ErrorKind, TransportError};
pub use events::{Event, EventStream, JsonLines};
pub use http_client::{
    HttpClient, HttpClientBuilder, Pem, Proxy, Tls, TlsVersion, UnknownTlsVersion,
};
pub use options::CallOptions;
pub use response::Response;
pub use retry::{RetryBudget, RetryPolicy};
pub use settings::{Api, Settings};
pub use transport::Transport;
pub use version::{Date, VersionState};

// Types of other crates that stand in this crate's signatures.
pub use bytes;
pub use http;
#[cfg(feature = "jiff")]
pub use jiff;
pub use serde_json;
#[cfg(feature = "uuid")]
pub use uuid;
