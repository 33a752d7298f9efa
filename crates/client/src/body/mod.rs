//! Streamed request and response bodies.
//!
//! A [`BodySource`] is a request body, a [`ByteStream`] is a response body, and a [`FileDownload`] saves a response
//! body to a file. None of them holds more than a piece of the body at a time.

#[cfg(not(target_arch = "wasm32"))]
mod file;
#[cfg(feature = "gzip")]
mod gzip;
mod incoming;
mod outgoing;
#[cfg(not(target_arch = "wasm32"))]
mod part;
mod source;

#[cfg(not(target_arch = "wasm32"))]
pub use file::{FileDownload, Progress};
pub use incoming::ByteStream;
pub(crate) use incoming::{Head, Incoming};
pub(crate) use outgoing::Sending;
pub use source::BodySource;

/// Largest piece of a body that is handed on at a time.
pub(crate) const PIECE: usize = 64 * 1024;
