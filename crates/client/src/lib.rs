//! The runtime of the clients that specmill generates.
//!
//! A generated client contains tables and types. This crate makes the calls: requests, credentials, retries, limits,
//! paging, and one error type. Users work with [`Error`], [`RetryPolicy`], [`CallOptions`], [`Response`] and the
//! streams of [`paging`]; the other items are for generated code.
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
//! - `signature`: the request signature of Samsung Cloud Platform.

// docs.rs shows the feature that each item requires.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub mod blocking;
mod call;
pub mod declare;
pub mod deserialize;
#[cfg(not(target_arch = "wasm32"))]
mod download;
#[cfg(feature = "dynamic")]
pub mod dynamic;
pub mod environment;
mod events;
pub mod paging;
pub mod server;
mod settings;
mod transport;
mod version;

pub use call::Call;
#[cfg(not(target_arch = "wasm32"))]
pub use download::{FileDownload, Progress};
pub use events::{Event, EventStream, JsonLines};
pub use settings::{Api, Settings};
#[cfg(feature = "reqwest-0-13")]
#[doc(inline)]
pub use specmill_http::reqwest_0_13;
#[doc(inline)]
pub use specmill_http::{
    Authentication, BodySource, ByteStream, Clock, Error, ErrorKind, HttpClient, HttpClientBuilder,
    ManualClock, Pem, Proxy, Response, Secret, Tls, TlsVersion, TransportError, UnknownTlsVersion,
    multipart, operation,
};
#[cfg(feature = "mock")]
#[doc(inline)]
pub use specmill_mock::mock_server;
#[doc(inline)]
pub use specmill_transport::{CallOptions, RetryBudget, RetryPolicy};
pub use transport::Transport;
pub use version::{Date, VersionState};

/// Credentials that are fetched on demand: from a file, a vault or a token endpoint.
pub mod credentials {
    #[doc(inline)]
    pub use specmill_http::credentials::{OAuth2, ProvidedSecret, SecretProvider};
}

/// Middleware: the caller's code around each attempt of a call, such as caches, rate limiters and recorders.
pub mod middleware {
    #[doc(inline)]
    pub use specmill_transport::middleware::{
        DebugLog, Middleware, Next, Recorder, Replayer, Request, Response,
    };
    #[cfg(feature = "tower")]
    #[doc(inline)]
    pub use specmill_transport::middleware::{InnerService, TowerLayer};
}

/// Mock servers of APIs, generated from their documents, for tests of programs that use a client.
///
/// Generated crates contain a mock server behind the feature `mock`, with a method for each operation. It listens on a
/// loopback port in the process of the test, and uses wiremock.
#[cfg(feature = "mock")]
pub mod mock {
    #[doc(inline)]
    pub use specmill_mock::{
        Expectation, MockApi, MockError, MockOperation, MockServer, MockStream, NotJson,
        NotStreamed, ReceivedPart, ReceivedRequest, StreamForm,
    };
}

// Types of other crates in this crate's signatures.
pub use bytes;
pub use http;
#[cfg(feature = "jiff")]
pub use jiff;
pub use serde_json;
#[cfg(feature = "uuid")]
pub use uuid;
