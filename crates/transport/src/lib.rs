//! Sends requests with retries.
//!
//! This is the middle part of specmill-client, which re-exports the items that programs use. [`execute`] makes the
//! attempts of a call, each with current credentials, through the client's [`middleware`], within its timeouts, and
//! with a span and metrics if their features are enabled. [`RetryPolicy`] and [`RetryBudget`] decide which failures
//! are retried, and [`CallOptions`] overrides the settings of the client for one call.
//!
//! ```
//! use specmill_http::operation::{Idempotency, Method, Operation};
//! use specmill_http::request::{Headers, accept, prepare};
//! use specmill_transport::CallOptions;
//! use specmill_transport::execute::{Whole, run};
//! # use std::time::Duration;
//! # use http::HeaderMap;
//! # use specmill_http::base_url::BaseUrl;
//! # use specmill_http::credentials::Surroundings;
//! # use specmill_http::{Authentication, Clock, Error, HttpClient};
//! # use specmill_transport::{RetryPolicy, Transport};
//! # use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! # use tokio::net::TcpListener;
//!
//! static PING: Operation = Operation {
//!     api: "demo",
//!     id: "ping",
//!     method: Method::GET,
//!     path: "/ping",
//!     parameters: &[],
//!     body: None,
//!     paging: None,
//!     permission: None,
//!     authenticated: false,
//!     security: &[],
//!     server: None,
//!     accept: None,
//!     idempotency: Idempotency::ByMethod,
//!     stream_flag: None,
//! };
//!
//! # /// A transport to a loopback address, which retries without a delay.
//! # fn transport(base: &BaseUrl) -> Result<Transport, Error> {
//! #     let http = HttpClient::builder().no_proxy().build()?.for_base(base)?;
//! #     let limit = Duration::from_secs(30);
//! #     Ok(Transport::new(specmill_transport::transport::Parts {
//! #         surroundings: Surroundings {
//! #             http: http.clone(),
//! #             base: base.url().clone(),
//! #             allow_http: false,
//! #             timeout: limit,
//! #             user_agent: None,
//! #             clock: Clock::system(),
//! #         },
//! #         http,
//! #         base: base.clone(),
//! #         servers: Default::default(),
//! #         max_concurrent_calls: None,
//! #         authentication: Authentication::none(),
//! #         headers: HeaderMap::new(),
//! #         fixed_headers: HeaderMap::new(),
//! #         middleware: Default::default(),
//! #         attempt_timeout: limit,
//! #         total_timeout: limit,
//! #         idle_timeout: limit,
//! #         retry: RetryPolicy::default().base_delay(Duration::ZERO),
//! #         retry_budget: Default::default(),
//! #         max_response_bytes: 1024,
//! #         clock: Clock::system(),
//! #     }))
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
//! # let base = format!("http://{}", listener.local_addr()?);
//! # let base = BaseUrl::parse(&base, &[], false, &Default::default())?;
//! # let transport = transport(&base)?;
//! // The service responds with 503 and then with 200.
//! # tokio::spawn(async move {
//! #     for status in ["503 Service Unavailable", "200 OK"] {
//! #         let (mut socket, _) = listener.accept().await.unwrap();
//! #         let _ = socket.read(&mut [0; 2048]).await.unwrap();
//! #         let head = format!("HTTP/1.1 {status}\r\ncontent-length: 4\r\nconnection: close\r\n\r\npong");
//! #         socket.write_all(head.as_bytes()).await.unwrap();
//! #     }
//! # });
//! let request = prepare(&PING, &base, Headers::default(), &Vec::new(), None, accept::TEXT)?;
//! let response = run::<Whole>(&transport, &PING, &request, &CallOptions::default()).await?;
//! assert_eq!((response.attempts, &response.body[..]), (2, &b"pong"[..]));
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! - `gzip`, `brotli`, `zstd`: compressed responses; with `gzip`, request bodies can be compressed too.
//! - `tracing`: a span for each call and an event for each attempt.
//! - `metrics`: metrics of calls and requests with the crate `metrics`.
//! - `tower`: tower layers as middleware.

// docs.rs shows the feature that each item requires.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod execute;
pub mod middleware;
#[doc(hidden)]
pub mod options;
#[doc(hidden)]
pub mod retry;
#[doc(hidden)]
pub mod transport;

pub use options::CallOptions;
pub use retry::{RetryBudget, RetryPolicy};
pub use transport::Transport;

// Types of other crates in this crate's signatures.
#[doc(no_inline)]
pub use specmill_http::Error;
