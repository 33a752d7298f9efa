//! The condition under which a comparison fails.

use std::fmt;
use std::str::FromStr;

use crate::{Report, Verdict};

/// The findings that make a comparison fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailOn {
    /// A change that is breaking on the wire.
    Breaking,
    /// A change that is breaking, a warning or unknown on the wire.
    Warning,
    /// Any change.
    Any,
    /// A change that is breaking for Rust callers.
    Rust,
}

impl FailOn {
    /// All conditions.
    pub const ALL: [FailOn; 4] = [FailOn::Breaking, FailOn::Warning, FailOn::Any, FailOn::Rust];

    /// The word used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            FailOn::Breaking => "breaking",
            FailOn::Warning => "warning",
            FailOn::Any => "any",
            FailOn::Rust => "rust",
        }
    }

    /// Whether the report has such a finding. Accepted changes do not count.
    pub fn is_met(self, report: &Report) -> bool {
        report.changes.iter().any(|change| match self {
            FailOn::Breaking => change.wire == Verdict::Breaking,
            FailOn::Warning => change.wire != Verdict::Compatible,
            FailOn::Any => true,
            FailOn::Rust => change.rust == Verdict::Breaking,
        })
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = FailOn::ALL
            .into_iter()
            .find(|condition| condition.as_str() == text);
        known.ok_or_else(|| format!("`{text}` is none of breaking, warning, any, rust"))
    }
}
