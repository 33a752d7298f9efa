//! Writes generated Rust as text.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Options;
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::names;

use super::prose;

/// A generated file in progress.
pub(super) struct Source(String);

impl Source {
    /// A file that begins with the mark of generated files and its documentation.
    pub(super) fn new(options: &Options, docs: &str) -> Self {
        let mut text = mark(options);
        for line in prose::lines(docs) {
            let _ = writeln!(text, "//!{}", plain(&line));
        }
        Self(text)
    }

    /// Adds lines, or a part of a line.
    pub(super) fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Adds a line with the given indentation level.
    pub(super) fn line(&mut self, level: usize, text: &str) {
        let _ = writeln!(self.0, "{:1$}{text}", "", level * 4);
    }

    /// Adds an empty line.
    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    /// Adds a doc comment; nothing if the string is empty.
    pub(super) fn docs(&mut self, level: usize, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        for line in prose::lines(text) {
            let _ = writeln!(self.0, "{:1$}///{2}", "", level * 4, plain(&line));
        }
    }

    /// The file.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Lines that are indented by one level; empty ones stay empty.
pub(super) fn indented(text: &str) -> String {
    let indentation = |line: &str| if line.is_empty() { "" } else { "    " };
    let lines = text.lines();
    lines
        .map(|line| format!("{}{line}\n", indentation(line)))
        .collect()
}

/// The first line of every generated Rust file.
pub(super) fn mark(options: &Options) -> String {
    format!(
        "// {} from specs/{}/openapi.json. Do not edit.\n",
        options.mark, options.name
    )
}

/// A line of a comment without the characters that rustc rejects there: invisible ones, and those that change the text
/// direction.
fn plain(line: &str) -> Cow<'_, str> {
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(line);
    }
    let shown = line.replace('\t', "    ");
    let visible = shown.chars().filter(|one| names::is_visible(*one));
    Cow::Owned(visible.collect())
}

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// An integer literal, with its type if Rust would infer another.
pub(super) fn whole_number(number: i64) -> String {
    if i32::try_from(number).is_ok() {
        number.to_string()
    } else {
        format!("{number}i64")
    }
}

/// An error of the generator itself.
pub(super) fn defect(error: &dyn std::fmt::Display) -> Box<Diagnostic> {
    Diagnostic::new(format!("the generated code is not Rust: {error}"))
        .help("this is a defect of the generator; report it with the document")
}

/// An error as [`defect`], as a result.
pub(super) fn refuse<T>(error: &dyn std::fmt::Display) -> Result<T> {
    Err(defect(error))
}
