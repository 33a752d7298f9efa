//! Annotations of GitHub workflows.

use std::fmt::Write;

use super::groups::{notes, summary, verdicts};
use super::lines::Lines;
use super::order::{Gravity, in_order};
use super::told::told;
use super::{pointer, safe};
use crate::{Report, Verdict};

/// The maximum number of annotations of one kind that GitHub shows for a step.
const SHOWN: usize = 10;

/// The report as workflow commands for the newer document, at the lines that `lines` finds: the ten most severe changes, and
/// the number of the others.
pub fn github(report: &Report, lines: Option<Lines<'_>>) -> String {
    github_of(&[(report, lines)])
}

/// Several reports, with the ten most severe changes of all.
pub fn github_of(reports: &[(&Report, Option<Lines<'_>>)]) -> String {
    let mut out = String::new();
    let mut all: Vec<_> = reports
        .iter()
        .flat_map(|(report, lines)| {
            let told = told(&in_order(&report.changes)).into_iter();
            told.map(move |line| (*report, lines.as_ref(), line))
        })
        .collect();
    all.sort_by_key(|(_, _, line)| Gravity::of(line.first()));
    for (report, lines, line) in all.iter().take(SHOWN) {
        let change = line.first();
        let level = match line.wire().max(line.rust()) {
            Verdict::Breaking => "error",
            Verdict::Warning | Verdict::Unknown => "warning",
            Verdict::Compatible => "notice",
        };
        let title = format!("{} ({})", change.rule.id(), verdicts(report, line));
        let message = format!(
            "{} at {} [{}]",
            line.message,
            pointer(change.place()),
            line.fingerprints()
        );
        let place = lines.zip(change.pointer.new.as_deref());
        let number = place.and_then(|(lines, pointer)| lines.of(pointer));
        let number = number.map_or_else(String::new, |number| format!(",line={number}"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "::{level} file={}{number},title={}::{}",
            safe::property(&report.new),
            safe::property(&title),
            safe::command(&message)
        );
    }
    for note in reports.iter().flat_map(|(report, _)| notes(report)) {
        let _ = writeln!(
            out,
            "::warning title=accepted changes::{}",
            safe::command(&note)
        );
    }
    let mut more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("{more} more changes are in the other formats. "),
    };
    for (report, _) in reports {
        let _ = writeln!(
            out,
            "::notice file={},title=apidrift::{more}{}",
            safe::property(&report.new),
            safe::command(&summary(report))
        );
        more.clear();
    }
    out
}
