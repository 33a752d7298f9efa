//! Media types.

/// Whether a media type is JSON. `*/*` is treated as JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json") || media_type == "*/*"
}
