//! Compression of request bodies.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Compresses a body incrementally.
pub(super) struct Compressor(GzEncoder<Vec<u8>>);

impl Compressor {
    pub(super) fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::default()))
    }

    /// Adds a piece, and returns the compressed bytes that are available so far.
    pub(super) fn add(&mut self, piece: &[u8]) -> io::Result<Bytes> {
        self.0.write_all(piece)?;
        Ok(std::mem::take(self.0.get_mut()).into())
    }

    /// Returns the remaining compressed bytes.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        self.0.finish().map(Bytes::from)
    }
}

/// Compresses an in-memory body.
pub(super) fn compressed(bytes: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish().map(Bytes::from)
}
