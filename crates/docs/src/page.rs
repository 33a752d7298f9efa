//! Reads a docs page: its `OpenAPI` documents, each with one operation.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{METHODS, utf_8, without_mark};

use super::block::{self, Content, Operation};
use super::gitbook;
use super::markdown::{self, Markdown};

/// The maximum size of a page, in bytes.
pub const LARGEST_PAGE: usize = 32 * 1024 * 1024;

/// The maximum length of a page's name, in bytes.
const LONGEST_NAME: usize = 500;

/// The maximum number of notes in an error about a page.
const MOST_NOTES: usize = 10;

/// A docs page in Markdown.
#[derive(Debug, Clone)]
pub struct Page {
    name: String,
    /// Whether the name is just the file name.
    incidental: bool,
    text: String,
}

/// An operation's document on a page.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The operation that it describes.
    pub(super) operation: Operation,
    /// The line of the page where the block begins.
    pub(super) line: usize,
    /// The block as published.
    pub(super) block: String,
    /// The parsed document.
    pub(super) document: Value,
}

/// The content of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    /// Its operations, in order.
    pub(super) operations: Vec<Found>,
    /// A line for each skipped block, with its location.
    pub(super) notes: Vec<String>,
}

impl Page {
    /// A page by its name, which the record keeps, and its bytes: UTF-8 of at most 32 MiB.
    ///
    /// # Errors
    /// The page is too large, is not UTF-8, or is not Markdown with valid documents.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        check_name(&name)?;
        if bytes.len() > LARGEST_PAGE {
            return Err(too_large(&name));
        }
        let text = utf_8(bytes, "page", &name)?;
        let text = without_mark(&text);
        if is_html(text) {
            return Err(Diagnostic::new("the page is HTML, not Markdown")
                .at(&name, Place::Whole)
                .help(
                    "give the Markdown of the page; documentation sites often have it at the address of the page with \
                     `.md` behind it",
                ));
        }
        let text = markdown::clean(text);
        Ok(Self {
            name,
            incidental: false,
            text,
        })
    }

    /// A page from a saved file, such as `alerts (1).md`.
    ///
    /// If no recorded page has this name, an import uses the recorded page with the same operations.
    ///
    /// # Errors
    /// The page is too large, is not UTF-8, or is not Markdown with valid documents.
    pub fn from_file(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let page = Self::new(name, bytes)?;
        Ok(Self {
            incidental: true,
            ..page
        })
    }

    /// The name of the page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the name was derived from the file name.
    pub(super) fn is_incidental(&self) -> bool {
        self.incidental
    }

    /// The operations on the page. Headings and prose are ignored, but every block that may contain an operation results in
    /// an operation, a note or an error.
    pub(super) fn contents(&self) -> Result<Contents> {
        let page = markdown::read(&self.text);
        let mut found = Contents::default();
        let note = |line: usize, text: &str| format!("note: {}:{line}: {text}", self.name);
        for code in &page.code {
            if !code.closed {
                // The language is irrelevant: the unclosed block may contain further operations.
                return Err(
                    Diagnostic::new("the code block that begins here is never closed")
                        .at(&self.name, Place::Line(code.line - 1))
                        .help("give the whole page; its end seems to be missing"),
                );
            }
            let in_block = |diagnostic: Box<Diagnostic>| diagnostic.in_block(&self.name, code.line);
            match block::content(code).map_err(in_block)? {
                Content::Document(block, document) => {
                    let operation = block::operation(&document).map_err(in_block)?;
                    found.operations.push(Found {
                        operation,
                        line: code.line,
                        block,
                        document,
                    });
                }
                Content::Example(what) => found
                    .notes
                    .push(note(code.line, &format!("{what}; it is skipped"))),
                Content::Other => {}
            }
        }
        self.check_prose(&page)?;
        self.check_references(&page, &found)?;
        for (line, comment) in &page.comments {
            if block::mentions_document(comment) {
                found.notes.push(note(
                    *line,
                    "the OpenAPI document in this comment is skipped",
                ));
            }
        }
        for (line, heading) in empty_headings(&page, &found) {
            found.notes.push(note(
                line,
                &format!("the heading `{heading}` is followed by no document"),
            ));
        }
        if found.operations.is_empty() {
            let error =
                Diagnostic::new("the page contains no operation").at(&self.name, Place::Whole);
            let notes = found
                .notes
                .iter()
                .map(|note| note.trim_start_matches("note: "));
            let error = notes.take(MOST_NOTES).fold(error, Diagnostic::note);
            return Err(error.help(
                "give the Markdown of a page that contains OpenAPI documents in code blocks",
            ));
        }
        Ok(found)
    }

    /// A document outside of every code block has a damaged fence.
    fn check_prose(&self, page: &Markdown) -> Result<()> {
        let yaml = |line: &str| {
            let version = line
                .trim()
                .strip_prefix("openapi:")
                .unwrap_or_default()
                .trim();
            version
                .trim_start_matches(['"', '\''])
                .starts_with(|c: char| c.is_ascii_digit())
        };
        let found = page
            .prose
            .iter()
            .find(|(_, line)| yaml(line) || block::mentions_document(line));
        match found {
            None => Ok(()),
            Some((line, _)) => Err(Diagnostic::new(
                "an OpenAPI document stands outside of every code block",
            )
            .at(&self.name, Place::Line(*line))
            .help("put a line of three backticks before and behind it in a copy of the page")),
        }
    }

    /// Checks that every `GitBook` block that shows an operation has its document on the page.
    fn check_references(&self, page: &Markdown, found: &Contents) -> Result<()> {
        let references = gitbook::references(page);
        let mut lacking = references.iter().filter(|block| {
            !found.operations.iter().any(|found| {
                let inside = (block.line..=block.end).contains(&found.line);
                inside || block.method_and_path().as_ref() == Some(&found.operation.method_and_path)
            })
        });
        let Some(first) = lacking.next() else {
            return Ok(());
        };
        let error = Diagnostic::new(format!(
            "the block `{}` only points to a document: {}",
            first.name,
            first.describe()
        ))
        .at(&self.name, Place::Line(first.line));
        let error = lacking.fold(error, |error, block| {
            error.note(format!(
                "so does the one on line {}: {}",
                block.line,
                block.describe()
            ))
        });
        Err(error.help(
            "give the page as the site serves it in Markdown, with the documents in code blocks; or make the API from the \
             document itself with `cargo xtask new`",
        ))
    }
}

/// Headings with a method and a path that no document follows before the next heading of their level, with their lines.
fn empty_headings(page: &Markdown, found: &Contents) -> Vec<(usize, String)> {
    let headings: Vec<(usize, usize, &str)> = page
        .prose
        .iter()
        .map(|(line, text)| {
            (
                *line,
                text.len() - text.trim_start_matches('#').len(),
                text.as_str(),
            )
        })
        .filter(|(_, level, _)| *level > 0)
        .collect();
    let mut empty = Vec::new();
    for (index, (line, level, heading)) in headings.iter().enumerate() {
        let text = heading[*level..].trim();
        let Some((method, path)) = text.split_once(' ') else {
            continue;
        };
        let promises =
            METHODS.contains(&method.to_lowercase().as_str()) && path.trim_start().starts_with('/');
        let end = headings[index + 1..]
            .iter()
            .find(|(_, other, _)| other <= level)
            .map_or(usize::MAX, |h| h.0);
        let kept = found
            .operations
            .iter()
            .any(|found| (*line..end).contains(&found.line));
        if promises && !kept {
            empty.push((*line, text.to_owned()));
        }
    }
    empty
}

/// Whether a page consists of HTML.
fn is_html(page: &str) -> bool {
    let start: String = page
        .trim_start()
        .chars()
        .take(200)
        .collect::<String>()
        .to_lowercase();
    let has = |tag: &str| page.contains(tag);
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<')
            && ["<body", "<table", "<div", "<pre", "<h1"]
                .into_iter()
                .any(has)
            && !has("```")
            && !has("~~~"))
}

/// Checks the name of a page, which is written to the record and to generated documentation.
fn check_name(name: &str) -> Result<()> {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if name.trim().is_empty() || name.len() > LONGEST_NAME || name.contains(hides) {
        return Err(
            Diagnostic::new(format!("`{}` cannot name a page", name.escape_debug())).help(format!(
                "give a name of printable characters with --page, of at most {LONGEST_NAME} bytes"
            )),
        );
    }
    Ok(())
}

/// The error about a page that exceeds the maximum size.
pub(super) fn too_large(name: &str) -> Box<Diagnostic> {
    Diagnostic::new(format!(
        "the page has more than {LARGEST_PAGE} bytes, which is the limit"
    ))
    .at(name, Place::Whole)
    .help("give the page of the operations, not an archive of the site")
}
