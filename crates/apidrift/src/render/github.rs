//! For GitHub's annotations.

use std::fmt::Write;

use super::groups::{notes, summary};
use super::safe;
use crate::{Report, Verdict};

/// The report as workflow commands, one for each change, on the newer document.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    for change in &report.changes {
        let level = match change.wire.max(change.rust) {
            Verdict::Breaking => "error",
            Verdict::Warning | Verdict::Unknown => "warning",
            Verdict::Compatible => "notice",
        };
        let title = format!(
            "{} (wire {}, Rust {})",
            change.rule.id(),
            change.wire,
            change.rust
        );
        let message = format!(
            "{} at #{} [{}]",
            change.message,
            change.place(),
            change.fingerprint
        );
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "::{level} file={},title={}::{}",
            safe::property(&report.new),
            safe::property(&title),
            safe::command(&message)
        );
    }
    for note in notes(report) {
        let _ = writeln!(
            out,
            "::warning title=accepted changes::{}",
            safe::command(&note)
        );
    }
    let _ = writeln!(
        out,
        "::notice title=apidrift::{}",
        safe::command(&summary(report))
    );
    out
}
