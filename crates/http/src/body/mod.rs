//! Streamed request and response bodies.
//!
//! A [`BodySource`] is a request body, and a [`ByteStream`] is a response body. Neither holds more than a piece of the
//! body at a time.

#[cfg(feature = "gzip")]
mod gzip;
mod incoming;
mod outgoing;
mod source;

pub use incoming::ByteStream;
pub use incoming::{Head, Incoming};
pub use outgoing::Sending;
pub use source::BodySource;

/// Largest piece of a body that is handed on at a time.
pub const PIECE: usize = 64 * 1024;
