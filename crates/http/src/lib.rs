//! A single HTTP exchange with a service: requests, credentials, transport and responses.
//!
//! This is the lower part of specmill-client, which re-exports the items that programs and generated clients use.
//! [`request`] builds a request from the table of an operation and its arguments, none of which can change another part
//! of the request; [`credentials`] adds the credentials; [`HttpClient`] sends the request over TLS and proxies. Every
//! failure is an [`Error`], from which credentials are redacted.
//!
//! ```
//! use specmill_http::base_url::BaseUrl;
//! use specmill_http::operation::{
//!     Bounds, Idempotency, Method, Operation, Parameter, ParameterLocation, Style,
//! };
//! use specmill_http::request::{Argument, Arguments, Headers, accept, prepare};
//!
//! static USER_GET: Operation = Operation {
//!     api: "demo",
//!     id: "user_get",
//!     method: Method::GET,
//!     path: "/users/{id}",
//!     parameters: &[Parameter {
//!         name: "id",
//!         location: ParameterLocation::Path,
//!         required: true,
//!         style: Style::Simple,
//!         allow_reserved: false,
//!         bounds: Bounds::NONE,
//!     }],
//!     body: None,
//!     paging: None,
//!     permission: None,
//!     authenticated: true,
//!     security: &[],
//!     server: None,
//!     accept: None,
//!     idempotency: Idempotency::ByMethod,
//!     stream_flag: None,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let base = BaseUrl::parse("https://api.example.com/v1/", &[], false, &Default::default())?;
//! let arguments: Arguments = vec![(&USER_GET.parameters[0], Argument::of(&"ann/bob?admin=true")?)];
//! let request = prepare(&USER_GET, &base, Headers::default(), &arguments, None, accept::JSON)?;
//! assert_eq!(request.url.as_str(), "https://api.example.com/v1/users/ann%2Fbob%3Fadmin%3Dtrue");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! - `rustls` (default): TLS with rustls and the certificates of the operating system.
//! - `native-tls`: TLS with the library of the operating system; used if `rustls` is off.
//! - `http2`: HTTP/2, if the service offers it.
//! - `gzip`, `brotli`, `zstd`: compressed responses with gzip, Brotli or Zstandard. With `gzip`, request bodies can be
//!   compressed too.
//! - `reqwest-0-13`: the module `reqwest_0_13`, for clients that use an HTTP client of reqwest 0.13.
//! - `signature`: the request signature of Samsung Cloud Platform.

// docs.rs shows the feature that each item requires.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod base_url;
pub mod credentials;
pub mod multipart;
pub mod operation;
pub mod request;
#[cfg(feature = "reqwest-0-13")]
pub mod reqwest_0_13;

// For the packages that build on this one. These items can change in any release.
#[doc(hidden)]
pub mod body;
#[doc(hidden)]
pub mod clock;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod failure;
#[doc(hidden)]
pub mod http_client;
#[doc(hidden)]
pub mod platform;
#[doc(hidden)]
pub mod redact;
#[doc(hidden)]
pub mod response;
#[doc(hidden)]
pub mod servers;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod transient;

mod percent;
mod retry_after;
mod setting_names;

pub use body::{BodySource, ByteStream};
pub use clock::{Clock, ManualClock};
pub use credentials::{Authentication, Secret};
pub use error::{Error, ErrorKind, TransportError};
pub use http_client::{
    HttpClient, HttpClientBuilder, Pem, Proxy, Tls, TlsVersion, UnknownTlsVersion,
};
pub use response::Response;
pub use setting_names::SettingNames;
