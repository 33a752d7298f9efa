//! A self-contained HTML page.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::advice::advice;
use super::groups::{groups, notes, shortened, summary};
use super::order::{Gravity, of_gravity};
use super::safe::html as escape;
use super::told::Told;
use crate::Change;
use crate::rules::Rule;
use crate::{Report, Verdict};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The maximum number of operations listed for one change; the others are counted.
const LISTED_OPERATIONS: usize = 200;

/// The part of a page for one API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Section<'a> {
    /// The name of the API.
    pub name: String,
    /// The older revision.
    pub old: String,
    /// The newer revision.
    pub new: String,
    /// The version step, such as `0.1.0 to 0.2.0`.
    pub step: String,
    /// The report.
    pub report: &'a Report,
}

impl<'a> Section<'a> {
    /// A section with the names that the report has.
    pub fn new(report: &'a Report) -> Self {
        Self {
            name: report.title.clone().unwrap_or_default(),
            old: report.old.clone(),
            new: report.new.clone(),
            step: report.semver.to_string(),
            report,
        }
    }
}

/// The report as one page: searchable, with filters, breaking changes first, and the old and new text of each location side by
/// side. It loads nothing, and its content security policy permits only its own script.
pub fn html(report: &Report) -> String {
    html_of(&[Section::new(report)])
}

/// Several reports as one page.
pub fn html_of(sections: &[Section<'_>]) -> String {
    let mut out = String::new();
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        source(STYLE),
        source(SCRIPT)
    );
    let names: Vec<&str> = sections
        .iter()
        .map(|section| section.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let title = if names.is_empty() {
        "Changes".to_owned()
    } else {
        format!("Changes: {}", names.join(", "))
    };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n",
        escape(&policy),
        escape(&title),
    );
    filters(&mut out);
    out.push_str("</header>\n<main>\n");
    for section in sections {
        api(&mut out, section);
    }
    rules(&mut out, sections);
    let _ = write!(
        out,
        "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

/// The hash that the content security policy contains for the page's own style or script.
fn source(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(hmac_sha256::Hash::hash(text.as_bytes()))
    )
}

fn filters(out: &mut String) {
    out.push_str(
        "<form>\n<label>Search <input type=\"search\" id=\"search\" \
         placeholder=\"path, rule, field, fingerprint\"></label>\n\
         <label><input type=\"checkbox\" id=\"breaking\"> breaking only</label>\n\
         <label>Sort <select id=\"sort\"><option value=\"gravity\">what breaks first</option>\
         <option value=\"place\">by operation</option></select></label>\n<details><summary>Verdicts</summary>\n",
    );
    for (name, legend) in [("wire", "On the wire"), ("rust", "For Rust")] {
        let _ = write!(out, "<fieldset><legend>{legend}</legend>");
        for verdict in Verdict::ALL {
            let _ = write!(
                out,
                "<label><input type=\"checkbox\" name=\"{name}\" value=\"{verdict}\" checked> {verdict}</label>"
            );
        }
        out.push_str("</fieldset>\n");
    }
    out.push_str("</details>\n<output id=\"count\"></output>\n</form>\n");
}

fn api(out: &mut String, section: &Section<'_>) {
    let report = section.report;
    let _ = writeln!(
        out,
        "<article>\n<h1>{}</h1>\n<p class=\"revisions\">{} → {}: <strong>{}</strong></p>\n<p>{}</p>",
        escape(&section.name),
        escape(&section.old),
        escape(&section.new),
        escape(&section.step),
        escape(&summary(report))
    );
    for note in notes(report) {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&note));
    }
    let mut position = 0;
    for (rank, gravity) in Gravity::ALL.into_iter().enumerate() {
        for group in groups(&of_gravity(&report.changes, gravity)) {
            let first = group.lines.first().map(Told::first);
            let place = first.map_or_else(String::new, |change| {
                let operation = change.operations().next();
                operation.map_or_else(String::new, |one| format!("{} {}", one.path, one.method))
            });
            let _ = writeln!(
                out,
                "<section data-gravity=\"{rank}\" data-position=\"{position}\" data-place=\"{}\">\n<h2>{}</h2>",
                escape(&place),
                escape(&group.title)
            );
            position += 1;
            for told in &group.lines {
                line(out, report, &group.title, told);
            }
            out.push_str("</section>\n");
        }
    }
    out.push_str("</article>\n");
}

fn line(out: &mut String, report: &Report, title: &str, told: &Told<'_>) {
    let first = told.first();
    let (wire, rust) = (told.wire(), told.rust());
    let estimate = if report.rust_is_estimate { "≈ " } else { "" };
    let _ = write!(
        out,
        "<details class=\"change\" id=\"{id}\" data-wire=\"{wire}\" data-rust=\"{rust}\">\n<summary>\
         <span class=\"verdict {wire}\">{wire}</span> <span class=\"verdict {rust}\">Rust: {estimate}{rust}</span> \
         <span class=\"message\">{}</span> <a class=\"anchor\" href=\"#{id}\" title=\"link to this change\">#</a></summary>\n",
        escape(shortened(title, &told.message)),
        id = first.fingerprint,
    );
    if let Some(advice) = advice(first) {
        let _ = writeln!(out, "<p class=\"advice\">→ {}</p>", escape(&advice));
    }
    for change in &told.changes {
        entry(out, change);
    }
    let total = first.operations().len();
    if total > 0 {
        let noun = if total == 1 {
            "operation"
        } else {
            "operations"
        };
        let _ = write!(
            out,
            "<details class=\"reach\"><summary>{total} {noun}</summary><ul>"
        );
        for operation in first.operations().take(LISTED_OPERATIONS) {
            let _ = write!(
                out,
                "<li>{} {}</li>",
                escape(&operation.method),
                escape(&operation.path)
            );
        }
        if total > LISTED_OPERATIONS {
            let _ = write!(out, "<li>… and {} more</li>", total - LISTED_OPERATIONS);
        }
        out.push_str("</ul></details>\n");
    }
    out.push_str("</details>\n");
}

fn entry(out: &mut String, change: &Change) {
    let side = match change.side {
        crate::Side::None => String::new(),
        side => format!("{side}: "),
    };
    let _ = writeln!(
        out,
        "<p>{side}<a href=\"#{rule}\"><code>{rule}</code></a>. On the wire: {}. For Rust callers: {}. \
         Fingerprint <code>{}</code>.</p>",
        escape(change.rule.wire_reason()),
        escape(change.rule.rust_reason()),
        change.fingerprint,
        rule = change.rule.id(),
    );
    let [before, after] = shown(change.before.as_ref(), change.after.as_ref());
    out.push_str("<div class=\"sides\">\n");
    side_of(out, "Before", change.pointer.old.as_deref(), &before);
    side_of(out, "After", change.pointer.new.as_deref(), &after);
    out.push_str("</div>\n");
}

/// Both values in the same form: as text if both are strings, otherwise as JSON.
fn shown(before: Option<&Value>, after: Option<&Value>) -> [String; 2] {
    let text = [before, after]
        .iter()
        .all(|value| value.is_none_or(Value::is_string));
    [before, after].map(|value| match value {
        None => String::new(),
        Some(Value::String(value)) if text => value.clone(),
        Some(value) => serde_json::to_string_pretty(value).unwrap_or_default(),
    })
}

fn side_of(out: &mut String, heading: &str, pointer: Option<&str>, text: &str) {
    let _ = write!(out, "<div class=\"side\"><h3>{heading}</h3>");
    if let Some(pointer) = pointer {
        let _ = write!(
            out,
            "<p><code>{}</code></p>",
            escape(&super::pointer(pointer))
        );
    }
    if text.is_empty() {
        out.push_str("<p class=\"none\">nothing</p></div>\n");
    } else {
        let _ = writeln!(out, "<pre>{}</pre></div>", escape(text));
    }
}

/// The rules that the page refers to.
fn rules(out: &mut String, sections: &[Section<'_>]) {
    let changes = sections.iter().flat_map(|section| &section.report.changes);
    let met: BTreeMap<&str, &Rule> = changes
        .map(|change| (change.rule.id(), change.rule))
        .collect();
    if met.is_empty() {
        return;
    }
    out.push_str("<details class=\"rules\" open>\n<summary>Rules</summary>\n<dl>\n");
    for (id, rule) in met {
        let (before, after) = rule.example();
        let _ = writeln!(
            out,
            "<dt id=\"{id}\"><code>{id}</code></dt>\n<dd>{}. Before <code>{}</code>, after <code>{}</code>. On the wire \
             {}: {}. For Rust {}: {}.</dd>",
            escape(rule.what()),
            escape(before),
            escape(after),
            rule.wire(),
            escape(rule.wire_reason()),
            rule.rust(),
            escape(rule.rust_reason()),
        );
    }
    out.push_str("</dl>\n</details>\n");
}
