//! The content of a code block: an `OpenAPI` document, an example, or something else.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{METHODS, child, parse_json, parse_yaml, to_json, without_mark};

use super::cause::causes;
use super::markdown::Code;

/// The content of a block.
pub(super) enum Content {
    /// An `OpenAPI` document: the published string, with YAML converted to JSON, and its parsed value.
    Document(String, Value),
    /// JSON that is not an `OpenAPI` document, with the reason.
    Example(&'static str),
    /// Something else.
    Other,
}

/// Parses a block. The content determines its type, not the language of the fence; a document that cannot be parsed
/// is an error.
pub(super) fn content(code: &Code) -> Result<Content> {
    let text = without_mark(code.text.trim());
    if code.span {
        return span(text);
    }
    let plain =
        ["", "json", "jsonc", "json5", "yaml", "yml", "openapi"].contains(&code.language.as_str());
    if text.starts_with('{') && !text.starts_with("{%") && !text.starts_with("{{") {
        return match parse_json(text) {
            Ok(value) if is_document(&value) => Ok(Content::Document(text.to_owned(), value)),
            Ok(_) => Ok(Content::Example("this JSON is no OpenAPI document")),
            // JSON that ends too early is an error even if it may not be a document, since the block is incomplete.
            Err(error) if mentions_document(text) || (plain && error.message().contains("EOF")) => {
                Err(broken(text, error))
            }
            Err(_) => Ok(Content::Example(
                "this is neither JSON nor an OpenAPI document",
            )),
        };
    }
    if plain && text.starts_with('[') && parse_json(text).is_ok() {
        return Ok(Content::Example("this JSON is no OpenAPI document"));
    }
    if begins_as_yaml(text) {
        let value = parse_yaml(text).map_err(|error| {
            error.help("copy the page again; if the vendor publishes it so, correct the block in a copy of the page")
        })?;
        return Ok(Content::Document(
            to_json(&value).trim_end().to_owned(),
            value,
        ));
    }
    if mentions_document(text) {
        if plain {
            return Err(Diagnostic::new(
                "the block holds an OpenAPI document, but does not begin with it",
            )
            .at_place(Place::Line(1))
            .help("remove the text before the document in a copy of the page"));
        }
        return Ok(Content::Example(
            "this code mentions an OpenAPI document, but is none",
        ));
    }
    Ok(Content::Other)
}

/// A code span is prose, unless it contains a document, which results from a damaged fence.
fn span(text: &str) -> Result<Content> {
    match parse_json(text) {
        Ok(value) if is_document(&value) => Ok(Content::Document(text.to_owned(), value)),
        _ if mentions_document(text) && text.contains('{') && text.contains("paths") => {
            Err(Diagnostic::new("an OpenAPI document is in a code span")
                .at_place(Place::Line(1))
                .help("put a line of three backticks before and behind it in a copy of the page"))
        }
        _ => Ok(Content::Other),
    }
}

fn is_document(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some();
    has("openapi") || has("swagger") || (has("paths") && has("info"))
}

/// The error for invalid JSON. It names the likely causes if they can be determined.
fn broken(text: &str, error: Box<Diagnostic>) -> Box<Diagnostic> {
    let causes = causes(text);
    let error = causes.iter().fold(error, |error, cause| error.note(*cause));
    error.help(if causes.is_empty() {
        "copy the page again; if the vendor publishes it so, correct the block in a copy of the page"
    } else {
        "give the Markdown of the page as the vendor publishes it, not what a browser or an editor made of it"
    })
}

/// Whether a line without indentation has the key `openapi` or `swagger`, and all lines before it contain only keys.
fn begins_as_yaml(text: &str) -> bool {
    let first = text.lines().find(|line| {
        let line = line.trim();
        !line.is_empty()
            && !line.starts_with('#')
            && !line.starts_with("---")
            && !line.starts_with('%')
    });
    let is_key = |line: &str, names: &[&str]| {
        let key = line.split(':').next().unwrap_or_default();
        line.contains(':') && names.contains(&key.trim().trim_matches(['"', '\'']))
    };
    let margin = |line: &str| !line.starts_with([' ', '\t']);
    first.is_some_and(|line| is_key(line, &["openapi", "swagger"]))
        || (first
            .is_some_and(|line| is_key(line, &["info", "paths", "tags", "servers", "components"]))
            && text
                .lines()
                .any(|line| margin(line) && is_key(line, &["openapi", "swagger"])))
}

/// Whether the text contains a key that only `OpenAPI` documents have, in quotes of any kind.
pub(super) fn mentions_document(text: &str) -> bool {
    const QUOTES: [&str; 13] = [
        "\"", "'", "“", "”", "„", "«", "»", "″", "&quot;", "&#34;", "&#x22;", "&ldquo;", "&rdquo;",
    ];
    ["openapi", "swagger", "operationId"].iter().any(|key| {
        text.match_indices(key).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + key.len()..]);
            let closing = QUOTES.iter().find_map(|quote| after.strip_prefix(quote));
            QUOTES.iter().any(|quote| before.ends_with(quote))
                && closing.is_some_and(|after| after.trim_start().starts_with(':'))
        })
    })
}

/// The operation of a published document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// The published operationId.
    pub(super) id: String,
    /// Method and path, such as `GET /users/{id}`, which identify an operation independently of its operationId.
    pub(super) method_and_path: String,
}

/// The operation of a published document; anything else is an error.
pub(super) fn operation(document: &Value) -> Result<Operation> {
    specmill_openapi::check(document)?;
    let found = operations_of(document);
    let [(pointer, method_and_path, operation)] = &found[..] else {
        return Err(Diagnostic::new(format!("the document holds {} operations", found.len()))
            .at_place(Place::Pointer("/paths".into()))
            .help("a published document holds exactly one; `cargo xtask new` takes whole documents"));
    };
    let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
        return Err(Diagnostic::new("the operation has no operationId")
            .at_place(Place::Pointer(pointer.clone()))
            .help("its name is needed to name its file and its function"));
    };
    Ok(Operation {
        id: id.to_owned(),
        method_and_path: method_and_path.clone(),
    })
}

/// Pointer, method and path, and value of every operation in a document.
pub(super) fn operations_of(document: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let pointer = child(&child("/paths", path), method);
                found.push((
                    pointer,
                    format!("{} {path}", method.to_uppercase()),
                    operation,
                ));
            }
        }
    }
    found
}
