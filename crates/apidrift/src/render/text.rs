//! Text for a terminal.

use std::fmt::Write;

use super::advice::advice;
use super::groups::{groups, notes, shortened, summary, verdicts};
use super::order::{Gravity, of_gravity};
use super::{pointer, safe};
use crate::{Report, Verdict};

/// The report as text: changes that break the wire, changes that break Rust callers, and the others, each by operation and
/// side. `colour` adds colours for a terminal.
pub fn text(report: &Report, colour: bool) -> String {
    let mut out = String::new();
    for gravity in Gravity::ALL {
        let changes = of_gravity(&report.changes, gravity);
        if changes.is_empty() {
            continue;
        }
        let groups = groups(&changes);
        let count: usize = groups.iter().map(|group| group.lines.len()).sum();
        let heading = format!("{}: {count}", gravity.heading());
        line(&mut out, &paint(&heading, "1;4", colour));
        out.push('\n');
        for group in groups {
            line(&mut out, &paint(&safe::line(&group.title), "1", colour));
            let mut side = None;
            for told in &group.lines {
                if side != Some(told.side()) && told.side() != crate::Side::None {
                    line(&mut out, &format!("  {}", told.side()));
                }
                side = Some(told.side());
                let what = safe::line(shortened(&group.title, &told.message));
                let code = code(told.wire().max(told.rust()));
                let verdicts = paint(&verdicts(report, told), code, colour);
                line(&mut out, &format!("    {what}"));
                if let Some(advice) = advice(told.first()) {
                    line(&mut out, &format!("      → {}", safe::line(&advice)));
                }
                let change = told.first();
                let place = safe::line(&pointer(change.place()));
                let detail = format!("{} at {place} [{}]", change.rule.id(), told.fingerprints());
                let detail = paint(&detail, "2", colour);
                line(&mut out, &format!("      {verdicts}; {detail}"));
            }
            out.push('\n');
        }
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
