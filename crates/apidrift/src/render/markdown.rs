//! For a comment on a pull request.

use std::fmt::Write;

use super::groups::{groups, message, notes, summary};
use super::safe;
use crate::report::Change;
use crate::{Report, Verdict};

/// The longest comment GitHub takes is 65536 characters; the rest is room for what surrounds this.
const MAX_BYTES: usize = 60_000;

/// Longer lists are folded.
const OPEN_CHANGES: usize = 20;

/// The report as markdown. What breaks comes first and open, long lists and the rest folded; what does
/// not fit into a comment is counted.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("{}\n", summary(report));
    for note in notes(report) {
        let _ = write!(out, "\n{}\n", safe::code(&note));
    }
    let worst = |change: &Change| change.wire.max(change.rust);
    let mut left_out = 0;
    for verdict in Verdict::ALL {
        let changes: Vec<&Change> = report
            .changes
            .iter()
            .filter(|change| worst(change) == verdict)
            .collect();
        if changes.is_empty() {
            continue;
        }
        let folded = changes.len() > OPEN_CHANGES || verdict == Verdict::Compatible;
        left_out += section(&mut out, verdict, &changes, folded);
    }
    if left_out > 0 {
        let _ = write!(
            out,
            "\n… and {left_out} more changes that do not fit here.\n"
        );
    }
    out
}

/// Writes what fits and returns how many changes did not.
fn section(out: &mut String, verdict: Verdict, changes: &[&Change], folded: bool) -> usize {
    let heading = match verdict {
        Verdict::Breaking => "Breaking",
        Verdict::Warning => "To be looked at",
        Verdict::Unknown => "Not decided",
        Verdict::Compatible => "Compatible",
    };
    let heading = format!("{heading}: {}", changes.len());
    if folded {
        let _ = write!(out, "\n<details><summary>{heading}</summary>\n");
    } else {
        let _ = write!(out, "\n### {heading}\n");
    }
    let mut left_out = 0;
    for group in groups(changes.iter().copied()) {
        let title = format!("\n**{}**\n\n", safe::code(&group.title));
        if out.len() + title.len() > MAX_BYTES {
            left_out += group.changes.len();
            continue;
        }
        out.push_str(&title);
        for change in group.changes {
            let item = format!(
                "- wire **{}**, Rust **{}**: {} {}, {}\n",
                change.wire,
                change.rust,
                safe::code(message(&group.title, change)),
                change.rule.id(),
                change.fingerprint
            );
            if out.len() + item.len() > MAX_BYTES {
                left_out += 1;
            } else {
                out.push_str(&item);
            }
        }
    }
    if folded {
        out.push_str("\n</details>\n");
    }
    left_out
}
