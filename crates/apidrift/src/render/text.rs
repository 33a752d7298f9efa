//! For a terminal.

use std::fmt::Write;

use super::groups::{groups, message, notes, summary};
use super::safe;
use crate::{Report, Verdict};

/// The report as text, grouped by operation, then by side. With `colour` for a terminal.
pub fn text(report: &Report, colour: bool) -> String {
    let mut out = String::new();
    for group in groups(report.changes.iter()) {
        line(&mut out, &paint(&safe::line(&group.title), "1", colour));
        let mut side = None;
        for change in group.changes {
            if side != Some(change.side) && change.side != crate::Side::None {
                line(&mut out, &format!("  {}", change.side));
            }
            side = Some(change.side);
            let wire = paint(&format!("{:10}", change.wire), code(change.wire), colour);
            let rust = paint(
                &format!("rust {:10}", change.rust),
                code(change.rust),
                colour,
            );
            let what = safe::line(message(&group.title, change));
            line(&mut out, &format!("    {wire} {rust} {what}"));
            let place = safe::line(change.place());
            let detail = format!("{} at #{place} [{}]", change.rule.id(), change.fingerprint);
            line(
                &mut out,
                &format!("               {}", paint(&detail, "2", colour)),
            );
        }
        out.push('\n');
    }
    for note in notes(report) {
        line(&mut out, &safe::line(&note));
    }
    line(&mut out, &summary(report));
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaking => "31",
        Verdict::Warning => "33",
        Verdict::Unknown => "35",
        Verdict::Compatible => "32",
    }
}

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
