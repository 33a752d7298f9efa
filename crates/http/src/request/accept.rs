//! The values of the `Accept` header, by the type of the response.

/// A JSON document.
pub const JSON: &str = "application/json";
/// A string.
pub const TEXT: &str = "text/plain, */*;q=0.5";
/// Bytes, or an empty body.
pub const ANY: &str = "*/*";
/// Server-sent events.
pub const EVENTS: &str = "text/event-stream";
