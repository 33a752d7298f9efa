//! The error of this crate: a location, a problem, and a remedy.

use std::fmt;

/// The reason why an input cannot be used.
///
/// Displayed as one line: `name:line:column: problem; remedy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    name: String,
    place: Option<(usize, usize)>,
    problem: String,
    remedy: String,
}

impl Error {
    /// An error of the input `name`, with the problem and the remedy.
    pub fn new(
        name: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            place: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same, with a location: line and column, both from 1.
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.place = Some((line, column));
        self
    }

    /// The input the error is about, as the caller named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Line and column of the problem, both from 1; `None` if it concerns the whole input.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

impl std::error::Error for Error {}
