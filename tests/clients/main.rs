//! Calls the generated clients against the sandbox or a raw socket: their requests, their handling of responses,
//! and every kind of failure.
//!
//! The table in `crates/client/README.md` lists the test for each behaviour.

#![cfg(all(feature = "panther", feature = "scp", feature = "tracing"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails in a helper fails its test"
)]

mod blocking;
#[cfg(feature = "rustls")]
mod client_certificates;
#[cfg(any(feature = "gzip", feature = "brotli", feature = "zstd"))]
mod compression;
mod configuration;
mod credentials;
mod cursor_paging;
mod debug_log;
mod downloads;
mod errors;
#[cfg(feature = "metrics")]
mod metrics;
mod middleware;
mod mock_server;
mod mocks;
mod numbered_paging;
mod paths;
mod recording;
mod redirects;
mod requests;
mod responses;
mod retries;
mod sandbox;
mod support;
mod table;
mod ten_thousand;
mod timeouts;
#[cfg(feature = "tower")]
mod tower;
mod traces;
