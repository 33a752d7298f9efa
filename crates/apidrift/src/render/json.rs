//! JSON, for programs.

use serde::Serialize;
use serde_json::Value;

use crate::{Change, Operation, Pointer, Report, StaleAcceptance};
use crate::{Semver, Side, Verdict};

/// The JSON Schema of [`json`]'s output.
pub const SCHEMA: &str = include_str!("../../report.schema.json");

/// The maximum number of operations of a change; `operations_total` is their complete number.
const LISTED_OPERATIONS: usize = 100;

#[derive(Serialize)]
pub(super) struct Output<'a> {
    changes: Vec<Entry<'a>>,
    accepted: Vec<Accepted<'a>>,
    stale_acceptances: &'a [StaleAcceptance],
    semver: Semver,
}

#[derive(Serialize)]
struct Accepted<'a> {
    reason: &'a str,
    #[serde(flatten)]
    change: Entry<'a>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    wire: Verdict,
    rust: Verdict,
    side: Side,
    pointer: &'a Pointer,
    operations: Vec<&'a Operation>,
    operations_total: usize,
    message: &'a str,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
    fingerprint: &'a str,
}

impl<'a> From<&'a Change> for Entry<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            rule: change.rule.id(),
            wire: change.wire,
            rust: change.rust,
            side: change.side,
            pointer: &change.pointer,
            operations: change.operations().take(LISTED_OPERATIONS).collect(),
            operations_total: change.operations().len(),
            message: &change.message,
            before: change.before.as_ref(),
            after: change.after.as_ref(),
            fingerprint: &change.fingerprint,
        }
    }
}

/// Several reports: `{"documents": [{"old", "new", "report"}]}`, each report as [`json`] prints it.
pub fn json_of(reports: &[Report]) -> String {
    #[derive(Serialize)]
    struct Documents<'a> {
        documents: Vec<One<'a>>,
    }
    #[derive(Serialize)]
    struct One<'a> {
        old: &'a str,
        new: &'a str,
        report: Output<'a>,
    }
    let documents = reports.iter().map(|report| One {
        old: &report.old,
        new: &report.new,
        report: output(report),
    });
    written(&Documents {
        documents: documents.collect(),
    })
}

/// The report as JSON, described by [`SCHEMA`]. Ends with a line break.
pub fn json(report: &Report) -> String {
    written(&output(report))
}

pub(super) fn output(report: &Report) -> Output<'_> {
    let accepted = report.accepted.iter().map(|(change, reason)| Accepted {
        reason,
        change: change.into(),
    });
    Output {
        changes: report.changes.iter().map(Entry::from).collect(),
        accepted: accepted.collect(),
        stale_acceptances: &report.stale,
        semver: report.semver,
    }
}

fn written(output: &impl Serialize) -> String {
    // The output consists of strings, numbers and lists of these, so serialization cannot fail.
    let mut text = serde_json::to_string_pretty(output).unwrap_or_default();
    text.push('\n');
    text
}
