//! Code blocks of a Markdown page, and the OpenAPI documents in them.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document::{METHODS, parse_json};
use crate::normalise;

/// A fenced code block whose language is `json`.
#[derive(Debug)]
pub(super) struct Block {
    /// The line of the page on which the content begins.
    pub(super) line: usize,
    /// The content, without the indentation of the fence.
    pub(super) text: String,
    /// Whether the closing fence was found.
    pub(super) closed: bool,
}

/// The `json` code blocks of a page, as CommonMark fences them.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(fence) = opening(line) else { continue };
        let mut text = String::new();
        let mut closed = false;
        for (_, line) in lines.by_ref() {
            if fence.is_closed_by(line) {
                closed = true;
                break;
            }
            let indentation = line.len() - line.trim_start_matches(' ').len();
            text.push_str(&line[indentation.min(fence.indentation)..]);
            text.push('\n');
        }
        if fence.json {
            // One line, as most pages have it, is kept without its line end.
            text.truncate(text.trim_end().len());
            found.push(Block { line: index + 2, text, closed });
        }
    }
    found
}

struct Fence {
    indentation: usize,
    marker: char,
    length: usize,
    json: bool,
}

fn opening(line: &str) -> Option<Fence> {
    let content = line.trim_start_matches(' ');
    let marker = content.chars().next().filter(|marker| matches!(marker, '`' | '~'))?;
    let length = content.chars().take_while(|c| *c == marker).count();
    let language = content[length..].split_whitespace().next().unwrap_or_default();
    // A run of backticks with another one after it is a code span.
    let fence = length >= 3 && !(marker == '`' && content[length..].contains('`'));
    fence.then(|| Fence {
        indentation: line.len() - content.len(),
        marker,
        length,
        json: language.eq_ignore_ascii_case("json"),
    })
}

impl Fence {
    fn is_closed_by(&self, line: &str) -> bool {
        let content = line.trim();
        content.chars().count() >= self.length && content.chars().all(|c| c == self.marker)
    }
}

/// The operationId of the one operation in a published document; anything else is an error.
pub(super) fn operation(text: &str) -> Result<String> {
    let document = parse_json(text).map_err(|diagnostic| diagnostic.help("copy the page again"))?;
    normalise::check_published(&document)?;
    let operations: Vec<&Value> = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values())
        .flat_map(|item| METHODS.iter().filter_map(|method| item.get(*method)))
        .collect();
    let [operation] = operations[..] else {
        return Err(Diagnostic::new(format!("the document holds {} operations", operations.len()))
            .at_place(Place::Pointer("/paths".into()))
            .help("a published document holds exactly one; `cargo xtask new` takes whole documents"));
    };
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) if !crate::names::operation_name(id).is_empty() => Ok(id.to_owned()),
        _ => Err(Diagnostic::new("the operation has no operationId")
            .at_place(Place::Pointer("/paths".into()))
            .help("its name is needed to name its file")),
    }
}
