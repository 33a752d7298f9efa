//! Verdicts: the severity of a change, and the side that it affects.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The severity of a change for one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing that worked stops working.
    Compatible,
    /// The effect cannot be determined from the documents.
    Unknown,
    /// Most uses still work, but the change needs a review.
    Warning,
    /// Something that worked stops working or changes its meaning.
    Breaking,
}

impl Verdict {
    /// All verdicts, most severe first.
    pub const ALL: [Verdict; 4] = [
        Verdict::Breaking,
        Verdict::Warning,
        Verdict::Unknown,
        Verdict::Compatible,
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Compatible => "compatible",
            Verdict::Unknown => "unknown",
            Verdict::Warning => "warning",
            Verdict::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The messages that a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Messages that clients send.
    Request,
    /// Messages that the API sends.
    Response,
    /// Both of them.
    Both,
    /// Neither: the description of the API itself.
    None,
}

impl Side {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Request => "request",
            Side::Response => "response",
            Side::Both => "both",
            Side::None => "none",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The version step that a set of changes requires for a crate generated from the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Semver {
    /// Nothing changed.
    None,
    /// Something changed that does not affect callers.
    Patch,
    /// Something was added, or needs a review.
    Minor,
    /// Programs that use the crate stop compiling, or fail when they run.
    Major,
}

impl Semver {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Semver::None => "none",
            Semver::Patch => "patch",
            Semver::Minor => "minor",
            Semver::Major => "major",
        }
    }
}

impl fmt::Display for Semver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
