//! Reading a docs page: the JSON blocks on it, one operation each.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{METHODS, utf_8, without_mark};

use super::block::{self, Block, Operation};

/// The largest page that is read, in bytes.
pub const LARGEST_PAGE: usize = 32 * 1024 * 1024;

/// The longest name of a page, in bytes.
const LONGEST_NAME: usize = 500;

/// A docs page in Markdown.
#[derive(Debug, Clone)]
pub struct Page {
    name: String,
    text: String,
}

/// An operation's document on a page.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What the document describes.
    pub(super) operation: Operation,
    /// The line of the page where the block begins.
    pub(super) line: usize,
    /// The block as published.
    pub(super) block: String,
    /// What the block holds.
    pub(super) document: Value,
}

impl Page {
    /// A page by its name, which the record keeps, and its bytes: UTF-8 of at most 32 MiB.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        check_name(&name)?;
        if bytes.len() > LARGEST_PAGE {
            return Err(too_large(&name));
        }
        let text = utf_8(bytes, "page", &name)?;
        let text = without_mark(&text).to_owned();
        Ok(Self { name, text })
    }

    /// The name that the record keeps.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The operations on the page, in their order. Headings and prose count for nothing.
    pub(super) fn operations(&self) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for block in self.blocks() {
            if !block.closed {
                // Of any language: what it swallowed may hold operations.
                return Err(
                    Diagnostic::new("the code block that begins here is never closed")
                        .at(&self.name, Place::Line(block.line - 1))
                        .help("give the whole page; its end seems to be missing"),
                );
            }
            if block.json {
                let (operation, document) = block::operation(&block.text)
                    .map_err(|diagnostic| diagnostic.in_block(&self.name, block.line))?;
                found.push(Found {
                    operation,
                    line: block.line,
                    block: block.text,
                    document,
                });
            }
        }
        if found.is_empty() {
            return Err(Diagnostic::new("the page holds no operation")
                .at(&self.name, Place::Whole)
                .help("give the Markdown of a page that holds OpenAPI documents in `json` code blocks"));
        }
        Ok(found)
    }

    /// Headings that name a method and a path, but no document follows before the next heading of
    /// their level: line and heading.
    pub(super) fn empty_headings(&self) -> Vec<(usize, String)> {
        let blocks = self.blocks();
        let in_block = |line: usize| {
            blocks
                .iter()
                .any(|block| (block.line..=block.end).contains(&line))
        };
        let headings: Vec<(usize, usize, &str)> = block::lines(&self.text)
            .enumerate()
            .map(|(index, line)| {
                (
                    index + 1,
                    line.len() - line.trim_start_matches('#').len(),
                    line,
                )
            })
            .filter(|(line, level, _)| *level > 0 && !in_block(*line))
            .collect();
        let mut empty = Vec::new();
        for (index, (line, level, heading)) in headings.iter().enumerate() {
            let text = heading[*level..].trim();
            let Some((method, path)) = text.split_once(' ') else {
                continue;
            };
            let promises = METHODS.contains(&method.to_lowercase().as_str())
                && path.trim_start().starts_with('/');
            let end = headings[index + 1..]
                .iter()
                .find(|(_, other, _)| other <= level)
                .map_or(usize::MAX, |h| h.0);
            let kept = blocks
                .iter()
                .any(|block| block.json && (*line..end).contains(&block.line));
            if promises && !kept {
                empty.push((*line, text.to_owned()));
            }
        }
        empty
    }

    fn blocks(&self) -> Vec<Block> {
        block::blocks(&self.text)
    }
}

/// The name of a page goes into the record and into generated documentation.
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

/// The error about a page that is larger than any page is.
pub(super) fn too_large(name: &str) -> Box<Diagnostic> {
    Diagnostic::new(format!(
        "the page has more than {LARGEST_PAGE} bytes, which is the limit"
    ))
    .at(name, Place::Whole)
    .help("give the page of the operations, not an archive of the site")
}
