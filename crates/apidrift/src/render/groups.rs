//! Groups changes by the operations that they affect.

use std::collections::HashMap;

use super::told::{Told, told};
use crate::{Change, Report};
use crate::{Side, Verdict};

/// The maximum number of operations in the heading of a group.
const NAMED: usize = 3;

/// Lines about changes that affect the same operations.
pub(super) struct Group<'a> {
    pub(super) title: String,
    pub(super) lines: Vec<Told<'a>>,
}

/// Groups in the order of their first change; within each, by side.
pub(super) fn groups<'a>(changes: &[&'a Change]) -> Vec<Group<'a>> {
    let mut groups: Vec<(String, Vec<&'a Change>)> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for change in changes {
        let title = title(change);
        let at = *index.entry(title.clone()).or_insert_with(|| {
            groups.push((title, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(change);
    }
    let rank = |side: Side| match side {
        Side::None => 0,
        Side::Both => 1,
        Side::Request => 2,
        Side::Response => 3,
    };
    groups
        .into_iter()
        .map(|(title, changes)| {
            let mut lines = told(&changes);
            lines.sort_by_key(|line| rank(line.side()));
            Group { title, lines }
        })
        .collect()
}

fn title(change: &Change) -> String {
    let total = change.operations().len();
    let name = |operation: &crate::Operation| match &operation.operation_id {
        Some(id) => format!("{} {} ({id})", operation.method, operation.path),
        None => format!("{} {}", operation.method, operation.path),
    };
    let mut operations = change.operations();
    match (total, operations.next()) {
        (1, Some(only)) => name(only),
        (_, Some(first)) => {
            let label =
                |operation: &crate::Operation| format!("{} {}", operation.method, operation.path);
            let rest = operations.take(NAMED - 1).map(label);
            let named: Vec<String> = std::iter::once(label(first)).chain(rest).collect();
            let more = total - named.len();
            let tail = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("{total} operations: {}{tail}", named.join(", "))
        }
        _ => "The API".to_owned(),
    }
}

/// A message without the operations, if the heading contains them.
pub(super) fn shortened<'a>(title: &str, message: &'a str) -> &'a str {
    let operation = title.split(" (").next().unwrap_or(title);
    let rest = message.strip_prefix(operation);
    let rest = rest.and_then(|rest| rest.strip_prefix(", ").or_else(|| rest.strip_prefix(": ")));
    rest.unwrap_or(message)
}

/// `breaking on the wire, compatible for Rust`
pub(super) fn verdicts(report: &Report, told: &Told<'_>) -> String {
    let (wire, rust) = (told.wire(), told.rust());
    let estimate = if report.rust_is_estimate {
        " (estimate)"
    } else {
        ""
    };
    format!("{wire} on the wire, {rust} for Rust{estimate}")
}

/// A summary of the report in one line.
pub(super) fn summary(report: &Report) -> String {
    if report.changes.is_empty() && report.accepted.is_empty() {
        return "No change.".to_owned();
    }
    let counts = |count: fn(&Report, Verdict) -> usize| {
        let words = Verdict::ALL.into_iter().filter_map(|verdict| {
            let count = count(report, verdict);
            (count > 0).then(|| format!("{count} {verdict}"))
        });
        let words: Vec<String> = words.collect();
        if words.is_empty() {
            "none".to_owned()
        } else {
            words.join(", ")
        }
    };
    format!(
        "On the wire: {}. For Rust callers{}: {}. Version step: {}.",
        counts(Report::count_wire),
        if report.rust_is_estimate {
            ", as an estimate"
        } else {
            ""
        },
        counts(Report::count_rust),
        report.semver
    )
}

/// The state of the entries of the file of accepted changes.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if !report.accepted.is_empty() {
        notes.push(format!("{} accepted.", report.accepted.len()));
    }
    for entry in &report.stale {
        notes.push(format!(
            "The accepted change {} ({}) {}.",
            entry.names,
            entry.reason,
            entry.problem()
        ));
    }
    notes
}
