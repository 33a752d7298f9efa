//! The result of a comparison.

use std::sync::Arc;

use serde::Serialize;

use crate::rules::Rule;
use crate::{Semver, Side, Verdict};

/// An operation that a change affects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Operation {
    /// Upper case, such as `GET`.
    pub method: String,
    /// As written in the newer document that has it.
    pub path: String,
    /// As in the newer document that has it.
    pub operation_id: Option<String>,
}

impl Operation {
    /// The name of the method that a generated crate has for it: its ID in snake case.
    pub fn method_name(&self) -> Option<String> {
        self.operation_id.as_deref().map(crate::method_name)
    }
}

/// The location of a change, as JSON pointers. `None` if a document does not have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Pointer {
    /// In the older document.
    pub old: Option<String>,
    /// In the newer document.
    pub new: Option<String>,
}

/// One change, reported where it is declared.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The verdict for the wire.
    pub wire: Verdict,
    /// The verdict for code that uses a crate generated from the document.
    pub rust: Verdict,
    /// Which messages it concerns.
    pub side: Side,
    /// Where it is declared.
    pub pointer: Pointer,
    /// The change in one sentence.
    pub message: String,
    /// The value before the change; `None` if there was none.
    pub before: Option<serde_json::Value>,
    /// The value after the change; `None` if there is none.
    pub after: Option<serde_json::Value>,
    /// Identifies this change across runs: 16 hexadecimal digits.
    pub fingerprint: String,
    pub(crate) reach: Reach,
}

impl Change {
    /// The affected operations, ordered by path and method.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &Operation> {
        self.reach
            .members
            .iter()
            .map(|&index| &self.reach.all[index as usize])
    }

    /// The location in the newer document if it has one, otherwise in the older.
    pub fn place(&self) -> &str {
        let pointer = self.pointer.new.as_deref().or(self.pointer.old.as_deref());
        pointer.unwrap_or_default()
    }
}

/// A set of operations. Sets are shared between changes, since thousands of operations may use a deeply nested component.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    pub(crate) all: Arc<[Operation]>,
    pub(crate) members: Arc<[u32]>,
}

/// An entry of the file of accepted changes that has no effect, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StaleAcceptance {
    /// The subject of the entry: a fingerprint, or a rule, a path or both.
    pub names: String,
    /// The reason given in it.
    pub reason: String,
    /// The last day it is in effect, as `YYYY-MM-DD`.
    pub expires: String,
    /// Why it has no effect.
    pub state: Staleness,
}

impl StaleAcceptance {
    /// An entry that identifies changes by `names`, was accepted for `reason` until `expires`, and has no effect.
    pub fn new(names: String, reason: String, expires: String, state: Staleness) -> Self {
        Self {
            names,
            reason,
            expires,
            state,
        }
    }

    /// Why it has no effect, as the end of a sentence.
    pub fn problem(&self) -> String {
        match self.state {
            Staleness::Unmatched => "names no change any more; delete it".to_owned(),
            Staleness::Expired => format!("expired on {}", self.expires),
        }
    }
}

/// The reason why an entry of the file of accepted changes has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Staleness {
    /// No change has this fingerprint.
    Unmatched,
    /// Its last day has passed; the change is reported again.
    Expired,
}

/// The result of a comparison.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The caller's name for the older document.
    pub old: String,
    /// The caller's name for the newer document.
    pub new: String,
    /// The title of the API, from the newer document.
    pub title: Option<String>,
    /// Whether the verdicts for Rust callers are estimates from the rules, and not replaced by those of generated code.
    pub rust_is_estimate: bool,
    /// The changes, most severe first within each operation.
    pub changes: Vec<Change>,
    /// Changes that are not reported because they were accepted, with the reason.
    pub accepted: Vec<(Change, String)>,
    /// Entries of the file of accepted changes that have no effect.
    pub stale: Vec<StaleAcceptance>,
    /// The version step that the changes require for a generated crate. Accepted changes count.
    pub semver: Semver,
}

impl Report {
    pub(crate) fn new(old: &str, new: &str, changes: Vec<Change>) -> Self {
        let semver = semver(&changes);
        Self {
            old: old.to_owned(),
            new: new.to_owned(),
            title: None,
            rust_is_estimate: true,
            changes,
            accepted: Vec::new(),
            stale: Vec::new(),
            semver,
        }
    }

    /// The number of changes with this verdict for the wire.
    pub fn count_wire(&self, verdict: Verdict) -> usize {
        self.changes
            .iter()
            .filter(|change| change.wire == verdict)
            .count()
    }

    /// The number of changes with this verdict for Rust callers.
    pub fn count_rust(&self, verdict: Verdict) -> usize {
        self.changes
            .iter()
            .filter(|change| change.rust == verdict)
            .count()
    }

    /// Computes the version step again, after verdicts were changed.
    pub fn update_semver(&mut self) {
        let accepted = self
            .accepted
            .iter()
            .map(|(change, _)| semver(std::slice::from_ref(change)));
        self.semver = semver(&self.changes).max(accepted.max().unwrap_or(Semver::None));
    }
}

/// By cargo's rules, a change that breaks a program that uses the crate is major; an addition or a deprecation is minor; any
/// other change is a patch. A change that only breaks the wire affects all versions of a crate.
fn semver(changes: &[Change]) -> Semver {
    let step = |change: &Change| match change.rust {
        Verdict::Breaking => Semver::Major,
        Verdict::Warning | Verdict::Unknown => Semver::Minor,
        Verdict::Compatible if change.rule.adds() => Semver::Minor,
        Verdict::Compatible => Semver::Patch,
    };
    changes.iter().map(step).max().unwrap_or(Semver::None)
}
