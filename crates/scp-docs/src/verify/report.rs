//! The result of a comparison.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// A difference between a page and the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The page.
    pub page: String,
    /// The line of the page, from 1.
    pub line: usize,
    /// The file of the spec: the hand-written one, or the normalised one for what only that has.
    pub file: PathBuf,
    /// The JSON pointer in that file, to the value that differs, or to its place if there is none.
    pub pointer: String,
    /// What differs: ``GET /v1/users (1.4), query parameter `size`: default``.
    pub what: String,
    /// What the page says.
    pub page_says: String,
    /// What the spec says.
    pub spec_says: String,
}

/// A fact that a page does not contain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unknown {
    /// The page.
    pub page: String,
    /// The line near its place on the page, if there is one.
    pub line: Option<usize>,
    /// What it is.
    pub what: String,
    /// The JSON pointer in the spec to what could not be compared; empty where there is none.
    pub pointer: String,
}

/// The result of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The differences, in the order of the pages.
    pub differences: Vec<Difference>,
    /// The facts that the pages do not contain.
    pub unknown: Vec<Unknown>,
    /// How many sections were compared: each operation counts once for each version.
    pub sections: usize,
    /// The operations that were compared, as the spec names them.
    pub operations: BTreeSet<String>,
    /// The models that were compared, as the spec names them.
    pub models: BTreeSet<String>,
    /// Notes on the pages, a line each.
    pub notes: Vec<String>,
    page: String,
    subject: String,
}

impl Report {
    pub(super) fn page(&mut self, name: &str) {
        name.clone_into(&mut self.page);
        self.subject.clear();
    }

    /// Names what the next findings are about.
    pub(super) fn subject(&mut self, subject: String) {
        self.subject = subject;
    }

    pub(super) fn difference(
        &mut self,
        line: usize,
        pointer: impl Into<String>,
        what: &str,
        page_says: impl Into<String>,
        spec_says: impl Into<String>,
    ) {
        self.differences.push(Difference {
            page: self.page.clone(),
            line,
            file: PathBuf::new(),
            pointer: pointer.into(),
            what: self.about(what),
            page_says: page_says.into(),
            spec_says: spec_says.into(),
        });
    }

    pub(super) fn unknown(&mut self, line: Option<usize>, what: &str, pointer: impl Into<String>) {
        let what = self.about(what);
        self.unknown.push(Unknown {
            page: self.page.clone(),
            line,
            what,
            pointer: pointer.into(),
        });
    }

    fn about(&self, what: &str) -> String {
        if self.subject.is_empty() {
            what.to_owned()
        } else {
            format!("{}, {what}", self.subject)
        }
    }

    /// A summary in one line.
    pub fn summary(&self) -> String {
        let count = |count: usize, one: &str, many: &str| {
            format!("{count} {}", if count == 1 { one } else { many })
        };
        format!(
            "{}, {} unknown; compared {} in {} and {}",
            count(self.differences.len(), "difference", "differences"),
            self.unknown.len(),
            count(self.operations.len(), "operation", "operations"),
            count(self.sections, "section", "sections"),
            count(self.models.len(), "model", "models"),
        )
    }
}
