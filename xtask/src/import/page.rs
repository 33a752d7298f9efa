//! Reading a docs page: the JSON blocks on it, one operation each.

use crate::diagnostic::{Diagnostic, Place, Result};

use super::block::{self, Block};

/// The largest page that is read, in bytes.
pub(crate) const LARGEST_PAGE: usize = 32 * 1024 * 1024;

/// A docs page in Markdown.
#[derive(Debug, Clone)]
pub struct Page {
    name: String,
    text: String,
}

/// An operation's document on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The published operationId.
    pub(super) operation: String,
    /// The line of the page where the block begins.
    pub(super) line: usize,
    /// The block as published.
    pub(super) block: String,
}

impl Page {
    /// A page by its name, which the record keeps, and its bytes: UTF-8 of at most 32 MiB.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        if bytes.len() > LARGEST_PAGE {
            return Err(Diagnostic::new(format!("the page has {} bytes; {LARGEST_PAGE} is the limit", bytes.len()))
                .at(&name, Place::Whole)
                .help("give the page of the operations, not an archive of the site"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
            Diagnostic::new("the page is not UTF-8")
                .at(&name, Place::Line(line))
                .help("save the page as UTF-8 text")
        })?;
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
            let place = |diagnostic: Box<Diagnostic>| diagnostic.in_block(&self.name, block.line);
            if !block.closed {
                return Err(Diagnostic::new("the code block is never closed")
                    .at(&self.name, Place::Line(block.line))
                    .help("give the whole page; its end seems to be missing"));
            }
            let operation = block::operation(&block.text).map_err(place)?;
            found.push(Found { operation, line: block.line, block: block.text });
        }
        if found.is_empty() {
            return Err(Diagnostic::new("the page holds no operation")
                .at(&self.name, Place::Whole)
                .help("give the Markdown of a page that holds OpenAPI documents in `json` code blocks"));
        }
        Ok(found)
    }

    /// Headings that name a method and a path, but no document follows: line and heading.
    pub(super) fn empty_headings(&self) -> impl Iterator<Item = (usize, &str)> {
        let blocks: Vec<usize> = self.blocks().iter().map(|block| block.line).collect();
        let headings: Vec<(usize, &str)> = self
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.starts_with('#'))
            .map(|(index, line)| (index + 1, line.trim_start_matches('#').trim()))
            .collect();
        let ends: Vec<usize> = headings.iter().skip(1).map(|(line, _)| *line).chain([usize::MAX]).collect();
        headings.into_iter().zip(ends).filter_map(move |((line, heading), end)| {
            let (method, path) = heading.split_once(' ')?;
            let promises = crate::document::METHODS.contains(&method.to_lowercase().as_str()) && path.starts_with('/');
            let kept = blocks.iter().any(|block| (line..end).contains(block));
            (promises && !kept).then_some((line, heading))
        })
    }

    /// The `json` code blocks of the page.
    fn blocks(&self) -> Vec<Block> {
        block::blocks(&self.text)
    }
}
