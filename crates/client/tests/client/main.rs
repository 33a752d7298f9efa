//! Tests of the runtime over loopback sockets, with hand-written operation tables.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper fails its test"
)]

mod bodies;
#[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
mod bombs;
mod configuration;
mod credentials;
mod cursor_paging;
mod downloads;
#[cfg(feature = "dynamic")]
mod dynamic;
mod errors;
mod numbered_paging;
mod oauth2;
mod paging_kinds;
mod provided;
mod redirects;
mod requests;
mod responses;
mod retries;
#[cfg(feature = "signature")]
mod signature;
mod streams;
mod support;
mod timeouts;
mod unions;
mod uploads;
