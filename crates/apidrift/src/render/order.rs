//! The order of changes in a report.

use crate::Change;
use crate::Verdict;

/// The effect of a change on callers, most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Gravity {
    BreaksWire,
    BreaksRust,
    Doubtful,
    Compatible,
}

impl Gravity {
    pub(super) const ALL: [Gravity; 4] = [
        Gravity::BreaksWire,
        Gravity::BreaksRust,
        Gravity::Doubtful,
        Gravity::Compatible,
    ];

    pub(super) fn of(change: &Change) -> Self {
        match (change.wire, change.rust) {
            (Verdict::Breaking, _) => Gravity::BreaksWire,
            (_, Verdict::Breaking) => Gravity::BreaksRust,
            (Verdict::Compatible, Verdict::Compatible) => Gravity::Compatible,
            _ => Gravity::Doubtful,
        }
    }

    /// The heading for changes of this severity.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Gravity::BreaksWire => "Breaking on the wire",
            Gravity::BreaksRust => "Breaking for Rust",
            Gravity::Doubtful => "To be looked at",
            Gravity::Compatible => "Compatible",
        }
    }
}

/// Changes by severity, most severe first, otherwise in their original order.
pub(super) fn in_order(changes: &[Change]) -> Vec<&Change> {
    let mut ordered: Vec<&Change> = changes.iter().collect();
    ordered.sort_by_key(|change| Gravity::of(change));
    ordered
}

/// The changes of one severity.
pub(super) fn of_gravity(changes: &[Change], gravity: Gravity) -> Vec<&Change> {
    changes
        .iter()
        .filter(|change| Gravity::of(change) == gravity)
        .collect()
}
