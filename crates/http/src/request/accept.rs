//! The media types that a request accepts, by what its response is read as.

/// A JSON document.
pub const JSON: &str = "application/json";
/// A string.
pub const TEXT: &str = "text/plain, */*;q=0.5";
/// Bytes, or nothing at all.
pub const ANY: &str = "*/*";
/// Server-sent events.
pub const EVENTS: &str = "text/event-stream";
