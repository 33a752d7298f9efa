//! Code blocks of a Markdown page, and the `OpenAPI` documents in them.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{METHODS, child, parse_json};

/// A fenced code block.
#[derive(Debug)]
pub(super) struct Block {
    /// The line of the page on which the content begins.
    pub(super) line: usize,
    /// The line after the content: that of the closing fence.
    pub(super) end: usize,
    /// Whether its language is `json`.
    pub(super) json: bool,
    /// The content, without what stands before the fence on its line.
    pub(super) text: String,
    /// Whether the closing fence was found.
    pub(super) closed: bool,
}

/// The lines of a text, as `CommonMark` ends them: by a line feed, a carriage return, or both.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('\r'))
}

/// The fenced code blocks of a page, as `CommonMark` fences them.
///
/// A fence may be indented, and may stand in a quote or a list; more indentation than `CommonMark`
/// allows is taken too, since what a page means by three backticks is plain.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = lines(page).enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(fence) = opening(line) else { continue };
        let mut block = Block {
            line: index + 2,
            end: index + 2,
            json: fence.json,
            text: String::new(),
            closed: false,
        };
        for (index, line) in lines.by_ref() {
            block.end = index + 1;
            if fence.is_closed_by(line) {
                block.closed = true;
                break;
            }
            block.text.push_str(fence.content(line));
            block.text.push('\n');
        }
        // One line, as most pages have it, is kept without its line end.
        block.text.truncate(block.text.trim_end().len());
        found.push(block);
    }
    found
}

struct Fence {
    /// How many characters stand before the fence on its line.
    before: usize,
    marker: char,
    length: usize,
    json: bool,
}

fn opening(line: &str) -> Option<Fence> {
    let mut content = line.trim_start_matches(is_container);
    for bullet in ["- ", "* ", "+ "] {
        content = content
            .strip_prefix(bullet)
            .map_or(content, |item| item.trim_start_matches(is_container));
    }
    let number = content.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() < content.len()
        && let Some(item) = number.strip_prefix(['.', ')'])
    {
        content = item.trim_start_matches(is_container);
    }
    let marker = content
        .chars()
        .next()
        .filter(|marker| matches!(marker, '`' | '~'))?;
    let length = content.chars().take_while(|c| *c == marker).count();
    let language = content[length..]
        .split_whitespace()
        .next()
        .unwrap_or_default();
    // A run of backticks with another one after it is a code span.
    let fence = length >= 3 && !(marker == '`' && content[length..].contains('`'));
    fence.then(|| Fence {
        before: line.len() - content.len(),
        marker,
        length,
        json: language.eq_ignore_ascii_case("json"),
    })
}

/// What may stand before a fence: indentation, and the marks of a quote.
fn is_container(character: char) -> bool {
    matches!(character, ' ' | '\t' | '>')
}

impl Fence {
    fn is_closed_by(&self, line: &str) -> bool {
        let content = line.trim_start_matches(is_container).trim_end();
        content.chars().count() >= self.length && content.chars().all(|c| c == self.marker)
    }

    /// A line without what stands before the fence, as far as it has that.
    fn content<'a>(&self, line: &'a str) -> &'a str {
        let before = line.len() - line.trim_start_matches(is_container).len();
        &line[before.min(self.before)..]
    }
}

/// The one operation of a published document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// The published operationId.
    pub(super) id: String,
    /// Method and path, which tell operations apart whatever they are called: `GET /users/{id}`.
    pub(super) method_and_path: String,
}

/// The operation of a published document; anything else is an error.
pub(super) fn operation(text: &str) -> Result<(Operation, Value)> {
    let document = parse_json(text).map_err(|diagnostic| {
        diagnostic.help("copy the page again; if the vendor publishes it so, mend the block in a copy of the page")
    })?;
    specmill_openapi::check(&document)?;
    let found = operations_of(&document);
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
    let operation = Operation {
        id: id.to_owned(),
        method_and_path: method_and_path.clone(),
    };
    Ok((operation, document))
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
