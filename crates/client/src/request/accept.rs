//! The media types that a request accepts, by what its response is read as.

/// A JSON document.
pub(crate) const JSON: &str = "application/json";
/// A string.
pub(crate) const TEXT: &str = "text/plain, */*;q=0.5";
/// Bytes, or nothing at all.
pub(crate) const ANY: &str = "*/*";
/// Server-sent events.
pub(crate) const EVENTS: &str = "text/event-stream";
