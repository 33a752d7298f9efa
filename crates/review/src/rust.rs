//! The changes for Rust callers: the public surfaces of two crates, compared by the rules of cargo.

mod accepts;
mod attribute;
mod compare;
mod items;
mod types;

use std::collections::BTreeMap;
use std::fmt;

use apidrift::{Report, Semver, Verdict};
use serde_json::Value;
use specmill_surface::Surface;

use specmill_openapi::diagnostic::Result;

use super::Revision;

pub use compare::compare_surfaces;

/// Returns the surface of an API's crate, given its name, its normalised document, and their revision.
pub type SurfaceOf<'a> = dyn Fn(&Revision, &str, &Value) -> Result<Surface> + 'a;

/// The review for Rust callers.
#[derive(Debug)]
#[non_exhaustive]
pub enum RustReview {
    /// The verdicts are estimated from the rules of the changes; with the reason, if the surfaces could not be
    /// compared.
    Estimated(Option<String>),
    /// The surfaces of both crates were compared.
    Compared(Vec<RustChange>),
}

/// A difference between the surfaces of two crates.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustChange {
    /// The path of the item: `types::User::email`.
    pub item: String,
    /// A description of the change, with the item.
    pub message: String,
    /// The effect on programs that use the crate.
    pub verdict: Verdict,
    /// Whether it adds something that programs can use.
    pub adds: bool,
    /// The item before, as a line of `surface.txt`; `None` if it is new.
    pub before: Option<String>,
    /// The item after; `None` if it was removed.
    pub after: Option<String>,
    /// The fingerprints of the changes of the document that caused it; empty if there is none.
    pub causes: Vec<String>,
    /// The places of the documents that the item is generated from.
    places: [Option<String>; 2],
}

impl RustChange {
    /// The required version step.
    pub fn step(&self) -> Semver {
        match self.verdict {
            Verdict::Breaking => Semver::Major,
            Verdict::Warning | Verdict::Unknown => Semver::Minor,
            Verdict::Compatible if self.adds => Semver::Minor,
            Verdict::Compatible => Semver::Patch,
        }
    }
}

impl fmt::Display for RustChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl RustReview {
    /// Updates the differences whose causes have other verdicts now: `before` and `after` are verdicts by fingerprint.
    pub(crate) fn follow(
        &mut self,
        before: &BTreeMap<String, Verdict>,
        after: &BTreeMap<String, Verdict>,
    ) {
        let Self::Compared(changes) = self else {
            return;
        };
        changes.retain_mut(|change| {
            let known = change
                .causes
                .iter()
                .filter(|cause| before.contains_key(*cause));
            let known: Vec<&String> = known.collect();
            if known.is_empty() {
                return true;
            }
            let left: Vec<Verdict> = known
                .iter()
                .filter_map(|cause| after.get(*cause).copied())
                .collect();
            let settled = |cause: &&String| after.get(*cause) != before.get(*cause);
            match left.iter().max() {
                None => false,
                Some(verdict) if known.iter().all(settled) => {
                    change.verdict = *verdict;
                    true
                }
                Some(_) => true,
            }
        });
    }

    /// The differences; none if the surfaces were not compared.
    pub fn changes(&self) -> &[RustChange] {
        match self {
            Self::Compared(changes) => changes,
            Self::Estimated(_) => &[],
        }
    }

    /// The differences that no change of the document caused.
    pub fn alone(&self) -> impl Iterator<Item = &RustChange> {
        self.changes()
            .iter()
            .filter(|change| change.causes.is_empty())
    }

    /// The version step, if the surfaces were compared.
    pub(super) fn step(&self) -> Option<Semver> {
        match self {
            Self::Compared(changes) => {
                let steps = changes.iter().map(RustChange::step);
                Some(steps.max().unwrap_or(Semver::None))
            }
            Self::Estimated(_) => None,
        }
    }
}

/// The maximum number of items that are listed with one change of a document.
const MOST_ITEMS: usize = 3;

/// Compares the surfaces of two crates, each generated from the normalised document next to it.
///
/// The differences are linked to the changes in the report on the documents: the changes take their verdicts for Rust
/// and the version step from the differences, and name their items.
pub fn compare_crates(
    report: &mut Report,
    (old, old_surface): (&Value, &Surface),
    (new, new_surface): (&Value, &Surface),
) -> Vec<RustChange> {
    let mut changes = compare_surfaces(old_surface, new_surface);
    tie(&mut changes, report, old, new);
    changes
}

fn tie(changes: &mut [RustChange], report: &mut Report, old: &Value, new: &Value) {
    attribute::causes(changes, report, old, new);
    for change in &mut report.changes {
        let tied: Vec<&RustChange> = changes
            .iter()
            .filter(|one| one.causes.contains(&change.fingerprint))
            .collect();
        let verdicts = tied.iter().map(|one| one.verdict);
        change.rust = verdicts.max().unwrap_or(Verdict::Compatible);
        if tied.is_empty() {
            continue;
        }
        let named: Vec<&str> = tied
            .iter()
            .take(MOST_ITEMS)
            .map(|one| one.message.as_str())
            .collect();
        change.message += &format!("; in Rust, {}", named.join(", "));
        if let Some(more) = tied.len().checked_sub(MOST_ITEMS).filter(|more| *more > 0) {
            change.message += &format!(", and {more} more");
        }
    }
    let steps = changes.iter().map(RustChange::step).max();
    // If no item describes the change, the documentation of the crate does.
    let least = if report.changes.is_empty() {
        Semver::None
    } else {
        Semver::Patch
    };
    report.semver = steps.unwrap_or(least).max(least);
}
