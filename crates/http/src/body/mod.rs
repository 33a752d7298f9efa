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

/// The maximum size of a piece of a body, in bytes.
pub const PIECE: usize = 64 * 1024;
