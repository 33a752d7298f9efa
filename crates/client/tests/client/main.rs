//! The runtime, driven over loopback sockets with hand-written operation tables.

mod answers;
mod configuration;
mod credentials;
mod cursor_paging;
mod errors;
mod numbered_paging;
mod redirects;
mod requests;
mod retries;
#[cfg(feature = "signature")]
mod signature;
mod support;
mod timeouts;
#[cfg(feature = "tracing")]
mod tracing;
