//! The kind of an input: a document in JSON or YAML, or a docs page.

use std::path::Path;

use serde_json::Value;

use specmill_docs::source::Given;
use specmill_openapi::diagnostic::Result;
use specmill_openapi::document::{parse_json, parse_yaml, utf_8, without_mark};

/// The kind of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An `OpenAPI` document in JSON.
    Json,
    /// An `OpenAPI` document in YAML.
    Yaml,
    /// A docs page in Markdown.
    Page,
}

/// Determines the kind of an input, by the extension of its name or else by its first characters.
pub(super) fn kind(given: &Given) -> Kind {
    let extension = Path::new(&given.argument)
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("json") => return Kind::Json,
        Some("yaml" | "yml") => return Kind::Yaml,
        Some("md" | "markdown") => return Kind::Page,
        _ => {}
    }
    let text = String::from_utf8_lossy(&given.bytes);
    let text = without_mark(&text).trim_start();
    if text.starts_with('{') {
        Kind::Json
    } else if text.lines().any(|line| {
        ["openapi:", "\"openapi\":", "'openapi':"]
            .iter()
            .any(|key| line.starts_with(key))
    }) {
        Kind::Yaml
    } else {
        Kind::Page
    }
}

/// The text of a document, and its parsed value.
pub(super) fn document(given: &Given, kind: Kind) -> Result<(String, Value)> {
    let text = utf_8(given.bytes.clone(), "document", &given.argument)?;
    let parsed = if kind == Kind::Json {
        parse_json(&text)
    } else {
        parse_yaml(&text)
    };
    let document = parsed.map_err(|diagnostic| {
        diagnostic
            .in_file(&given.argument)
            .help("correct the document")
    })?;
    Ok((text, document))
}
