//! Markdown for a comment on a pull request.

use std::fmt::Write;

use super::advice::advice;
use super::groups::{Group, groups, notes, shortened, summary, verdicts};
use super::order::{Gravity, of_gravity};
use super::{rule_page, safe};
use crate::Report;

/// The maximum length of a comment. GitHub accepts 65,536 characters; the difference is for surrounding text, such as a mark to
/// find the comment by. Counted in bytes, of which there are at least as many as characters.
pub const COMMENT: usize = 65_536 - 256;

/// Space for the last line, which counts the changes that do not fit.
const LAST: usize = 300;

/// Longer lists are folded.
const OPEN_CHANGES: usize = 20;

/// The report as Markdown that fits into a comment on a pull request.
pub fn markdown(report: &Report) -> String {
    markdown_within(report, COMMENT, None)
}

/// The report as Markdown of at most `limit` bytes, without the summary. Breaking changes come first and unfolded; long lists
/// and other changes are folded. Changes that do not fit are counted, with a link to the complete report.
pub fn markdown_within(report: &Report, limit: usize, link: Option<&str>) -> String {
    let mut out = Limited {
        definitions: String::new(),
        text: format!("{}\n", safe::plain(&summary(report))),
        limit: limit.saturating_sub(LAST),
    };
    for note in notes(report) {
        out.push(&format!("\n{}\n", safe::code(&note)));
    }
    let mut left_out = 0;
    for gravity in Gravity::ALL {
        let groups = groups(&of_gravity(&report.changes, gravity));
        if !groups.is_empty() {
            left_out += section(&mut out, report, gravity, &groups);
        }
    }
    let mut text = out.text;
    if !out.definitions.is_empty() {
        text.push('\n');
        text.push_str(&out.definitions);
    }
    if left_out > 0 {
        let more = format!("… and {left_out} more changes that do not fit here");
        // Writing to a string cannot fail.
        let _ = match link {
            Some(link) if link.len() < LAST / 2 => {
                writeln!(text, "\n{more}: [all of them](<{}>)", safe::address(link))
            }
            _ => writeln!(text, "\n{more}."),
        };
    }
    text
}

/// Several reports, within one limit.
pub fn markdown_of(reports: &[Report], limit: usize, link: Option<&str>) -> String {
    if let [report] = reports {
        return markdown_within(report, limit, link);
    }
    let mut out = String::new();
    for (index, report) in reports.iter().enumerate() {
        let heading = format!(
            "## {} → {}\n\n",
            safe::code(&report.old),
            safe::code(&report.new)
        );
        let share = limit.saturating_sub(out.len()) / (reports.len() - index);
        let left = share.saturating_sub(heading.len() + 1);
        if left < LAST * 2 {
            let more = format!("… and {} more documents\n", reports.len() - index);
            if out.len() + more.len() <= limit {
                out += &more;
            }
            return out;
        }
        out += &heading;
        out += &markdown_within(report, left, link);
        out.push('\n');
    }
    if reports.is_empty() {
        out.push_str("No change.\n");
    }
    out
}

/// Text with a maximum length.
struct Limited {
    text: String,
    /// The link definitions of the rules that the text mentions, each once.
    definitions: String,
    limit: usize,
}

impl Limited {
    fn has_room(&self, bytes: usize) -> bool {
        // One more for the line break before the definitions.
        self.text.len() + self.definitions.len() + bytes < self.limit
    }

    fn push(&mut self, text: &str) -> bool {
        let fits = self.has_room(text.len());
        if fits {
            self.text.push_str(text);
        }
        fits
    }
}

/// Writes the lines that fit, and returns the number of the others.
fn section(out: &mut Limited, report: &Report, gravity: Gravity, groups: &[Group<'_>]) -> usize {
    const CLOSE: &str = "\n</details>\n";
    let count: usize = groups.iter().map(|group| group.lines.len()).sum();
    let folded = count > OPEN_CHANGES || gravity == Gravity::Compatible;
    let heading = format!("{}: {count}", gravity.heading());
    let heading = if folded {
        format!("\n<details><summary>{heading}</summary>\n")
    } else {
        format!("\n### {heading}\n")
    };
    if !out.has_room(heading.len() + CLOSE.len()) {
        return count;
    }
    out.push(&heading);
    if folded {
        out.limit -= CLOSE.len();
    }
    let mut left_out = 0;
    for group in groups {
        let title = format!("\n**{}**\n\n", safe::code(&group.title));
        let mut open = false;
        for told in &group.lines {
            let change = told.first();
            let advice = advice(change).map_or_else(String::new, |advice| {
                format!(" → {}", safe::code(&advice.replace('`', "")))
            });
            let definition = format!("[{0}]: {1}\n", change.rule.id(), rule_page(change.rule));
            let is_defined = out.definitions.contains(&definition);
            let item = format!(
                "- {}{advice}  \n  {}; [{}], {}\n",
                safe::code(shortened(&group.title, &told.message)),
                verdicts(report, told),
                change.rule.id(),
                told.fingerprints()
            );
            let mut needed = item.len() + if open { 0 } else { title.len() };
            needed += if is_defined { 0 } else { definition.len() };
            if out.has_room(needed) {
                if !is_defined {
                    out.definitions.push_str(&definition);
                }
                if !open {
                    out.push(&title);
                    open = true;
                }
                out.push(&item);
            } else {
                left_out += 1;
            }
        }
    }
    if folded {
        out.limit += CLOSE.len();
        out.text.push_str(CLOSE);
    }
    left_out
}
