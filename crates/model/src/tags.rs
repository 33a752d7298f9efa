//! The tag of an operation, which determines its module and its group of commands.

use serde_json::Value;

use specmill_openapi::names;

/// The module and the tag of an operation. An operation without a tag is named after the first segment of its path that is not
/// a parameter, a version or `api`.
pub(super) fn tag<'v>(path: &str, operation: &'v Value) -> (String, Option<&'v str>) {
    let published = operation.pointer("/tags/0").and_then(Value::as_str);
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix('v').unwrap_or(segment);
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut segments = path.split('/').filter(|segment| {
        let says_nothing = segment.is_empty() || segment.starts_with('{') || *segment == "api";
        !says_nothing && !is_version(segment)
    });
    let name = published.or_else(|| segments.next()).unwrap_or("other");
    (names::module_name(name), published)
}
