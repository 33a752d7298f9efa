//! For a browser: one page that needs nothing else.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::groups::{groups, message, notes, summary};
use super::safe::html as escape;
use crate::report::Change;
use crate::{Report, Verdict};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Operations listed for one change; more are counted.
const LISTED_OPERATIONS: usize = 200;

/// The report as one page: searchable, with filters, and each place before and after side by side. It
/// loads nothing, and its policy lets no script run but its own.
pub fn html(report: &Report) -> String {
    let mut out = String::new();
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        source(STYLE),
        source(SCRIPT)
    );
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} → {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        escape(&policy),
        escape(&report.old),
        escape(&report.new),
    );
    let _ = write!(
        out,
        "<header>\n<h1>{} → {}</h1>\n<p>{}</p>\n",
        escape(&report.old),
        escape(&report.new),
        escape(&summary(report))
    );
    for note in notes(report) {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&note));
    }
    filters(&mut out);
    out.push_str("</header>\n<main>\n");
    for group in groups(report.changes.iter()) {
        let _ = writeln!(out, "<section>\n<h2>{}</h2>", escape(&group.title));
        for entry in group.changes {
            change(&mut out, &group.title, entry);
        }
        out.push_str("</section>\n");
    }
    let _ = write!(
        out,
        "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

/// The digest that lets the policy tell the page's own style and script from any other.
fn source(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(hmac_sha256::Hash::hash(text.as_bytes()))
    )
}

fn filters(out: &mut String) {
    out.push_str(
        "<form>\n<label>Search <input type=\"search\" id=\"search\" \
         placeholder=\"path, rule, field, fingerprint\"></label>\n",
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
    out.push_str("<output id=\"count\"></output>\n</form>\n");
}

fn change(out: &mut String, title: &str, change: &Change) {
    let _ = write!(
        out,
        "<details class=\"change\" data-wire=\"{wire}\" data-rust=\"{rust}\">\n<summary>\
         <span class=\"verdict {wire}\">{wire}</span> <span class=\"verdict {rust}\">Rust: {rust}</span> \
         <span class=\"message\">{}</span> <code>{}</code></summary>\n",
        escape(message(title, change)),
        change.rule.id(),
        wire = change.wire,
        rust = change.rust,
    );
    let _ = writeln!(
        out,
        "<p>On the wire: {}. For Rust callers: {}. Fingerprint <code>{}</code>.</p>",
        escape(change.rule.wire_reason()),
        escape(change.rule.rust_reason()),
        change.fingerprint
    );
    out.push_str("<div class=\"sides\">\n");
    side(
        out,
        "Before",
        change.pointer.old.as_deref(),
        change.before.as_ref(),
    );
    side(
        out,
        "After",
        change.pointer.new.as_deref(),
        change.after.as_ref(),
    );
    out.push_str("</div>\n");
    let total = change.operations().len();
    if total > 0 {
        let _ = write!(
            out,
            "<details class=\"reach\"><summary>{total} operation(s)</summary><ul>"
        );
        for operation in change.operations().take(LISTED_OPERATIONS) {
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

fn side(out: &mut String, heading: &str, pointer: Option<&str>, value: Option<&serde_json::Value>) {
    let _ = write!(out, "<div class=\"side\"><h3>{heading}</h3>");
    if let Some(pointer) = pointer {
        let _ = write!(out, "<p><code>#{}</code></p>", escape(pointer));
    }
    let text = match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        None => String::new(),
    };
    if text.is_empty() {
        out.push_str("<p class=\"none\">nothing</p></div>\n");
    } else {
        let _ = writeln!(out, "<pre>{}</pre></div>", escape(&text));
    }
}
