//! The categories of schema keywords.

/// Keywords that describe a value without constraining it.
pub(crate) const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "summary",
    "default",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "writeOnly",
    "xml",
    "$comment",
    "$id",
    "$schema",
    "$anchor",
    "$defs",
    "definitions",
];

/// Whether a keyword does not affect which values are valid.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
