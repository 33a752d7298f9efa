//! A review as text, Markdown, JSON, annotations, a page, and as an entry of the changelog.

use std::fmt::Write as _;

use apidrift::render;
use serde_json::{Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Result, visible};
use specmill_openapi::layout::API_FILE;
use specmill_openapi::rename::keeping_lines;

use super::{ApiReview, Presence, Review, RustReview};

/// The most hidden places that are listed of one API.
const MOST_HIDDEN: usize = 10;

/// The review for a terminal.
pub fn text(review: &Review, colour: bool) -> String {
    if review.apis.is_empty() {
        return format!(
            "no API differs between {} and {}\n",
            review.base, review.head
        );
    }
    let mut out = String::new();
    for api in &review.apis {
        let _ = writeln!(out, "{}", headline(api));
        for line in lines(api) {
            let _ = writeln!(out, "  {line}");
        }
        if let Some(report) = shown(api) {
            out += &render::text(report, colour);
        }
        out.push('\n');
    }
    out
}

/// The report of an API, unless it would say that nothing changed where the lines above it say what did.
fn shown(api: &ApiReview) -> Option<&apidrift::Report> {
    let report = api.report.as_ref()?;
    (!report.changes.is_empty() || lines(api).is_empty()).then_some(report)
}

/// The review for a pull request.
pub fn markdown(review: &Review) -> String {
    if review.apis.is_empty() {
        return format!(
            "No API differs between `{}` and `{}`.\n",
            review.base, review.head
        );
    }
    let mut out = String::new();
    for api in &review.apis {
        let _ = writeln!(out, "## {}\n", headline(api));
        for line in lines(api) {
            let _ = writeln!(out, "- {}", specmill_openapi::markdown::escape(&line));
        }
        if let Some(report) = shown(api) {
            let _ = writeln!(out, "\n{}", render::markdown(report));
        }
    }
    out
}

/// The review as JSON: `{"base", "head", "apis": [{"name", "presence", "step", "version", "versions",
/// "ending", "hidden", "renamed", "report", "rust"}]}`; `report` is what `apidrift --format json` prints, `rust` the
/// differences of the crates' public surfaces.
pub fn json(review: &Review) -> Result<String> {
    let apis = review
        .apis
        .iter()
        .map(api_json)
        .collect::<Result<Vec<_>>>()?;
    let value = json!({ "base": review.base, "head": review.head, "apis": apis });
    Ok(specmill_openapi::document::to_json(&value))
}

fn api_json(api: &ApiReview) -> Result<Value> {
    let report = match &api.report {
        Some(report) => specmill_openapi::document::parse_json(&render::json(report))?,
        None => Value::Null,
    };
    let version = api
        .version
        .as_ref()
        .map(|(current, next)| json!({ "current": current, "suggested": next }));
    let versions: Vec<Value> = api
        .versions
        .iter()
        .map(|one| json!({ "version": one.version, "before": one.before, "after": one.after }))
        .collect();
    let ending: Vec<Value> = api
        .ending
        .iter()
        .map(
            |one| json!({ "version": one.version, "date": one.date.to_string(), "days": one.days }),
        )
        .collect();
    let hidden: Vec<Value> = api
        .hidden
        .iter()
        .map(|one| json!({ "file": one.file, "pointer": one.pointer }))
        .collect();
    let renamed: Vec<Value> = api
        .renamed
        .iter()
        .map(|one| json!({ "operation": one.method_and_path, "before": one.before, "after": one.after }))
        .collect();
    Ok(json!({
        "name": api.name, "presence": presence(api), "step": api.step().as_str(), "version": version,
        "versions": versions, "ending": ending, "hidden": hidden, "renamed": renamed, "report": report,
        "rust": rust_json(api)
    }))
}

/// The differences of the crates' surfaces; `null` where they were not compared.
fn rust_json(api: &ApiReview) -> Value {
    let RustReview::Compared(changes) = &api.rust else {
        return Value::Null;
    };
    let changes = changes.iter().map(|one| {
        json!({
            "item": one.item, "message": one.message, "verdict": one.verdict.as_str(), "step": one.step().as_str(),
            "before": one.before, "after": one.after, "causes": one.causes
        })
    });
    Value::Array(changes.collect())
}

/// The review as annotations of a GitHub workflow.
pub fn github(review: &Review) -> String {
    let mut out = String::new();
    for api in &review.apis {
        for line in lines(api) {
            let _ = writeln!(
                out,
                "::notice file=specs/{0}/openapi.json,title={0}::{1}",
                api.name,
                line.replace('%', "%25")
            );
        }
        if let Some(report) = &api.report {
            out += &render::github(report);
        }
    }
    out
}

/// The review as a page; a page is of one API.
pub fn html(review: &Review) -> Result<String> {
    let mut reports = review.apis.iter().filter_map(|api| {
        api.report
            .as_ref()
            .filter(|report| !report.changes.is_empty())
    });
    match (reports.next(), reports.next()) {
        (Some(report), None) => Ok(render::html(report)),
        (None, _) => {
            Err(Diagnostic::new("no API has changes to show on a page")
                .help("ask for another format"))
        }
        _ => Err(
            Diagnostic::new("several APIs have changes, and a page is of one")
                .help("name one with --api"),
        ),
    }
}

/// The review as a draft of an entry in CHANGELOG.md.
pub fn changelog(review: &Review) -> String {
    let mut out = String::from("## Unreleased\n");
    for api in &review.apis {
        let mut entries: Vec<String> = match api.presence {
            Presence::Added => vec!["A new client.".to_owned()],
            Presence::Removed => vec!["The client is gone.".to_owned()],
            Presence::Both => Vec::new(),
        };
        for change in api.report.iter().flat_map(|report| &report.changes) {
            let breaking = change.wire.max(change.rust) == apidrift::Verdict::Breaking;
            let mark = if breaking { "**Breaking:** " } else { "" };
            entries.push(format!(
                "{mark}{}",
                specmill_openapi::markdown::escape(&change.message)
            ));
        }
        for change in api.rust.alone() {
            let breaking = change.verdict == apidrift::Verdict::Breaking;
            let mark = if breaking { "**Breaking:** " } else { "" };
            entries.push(format!(
                "{mark}{}",
                specmill_openapi::markdown::escape(&change.message)
            ));
        }
        entries.extend(api.versions.iter().map(|version| format!("{version}.")));
        entries.dedup();
        if !entries.is_empty() {
            let _ = writeln!(out, "\n### {}\n", headline(api));
            for entry in entries {
                let _ = writeln!(out, "- {entry}");
            }
        }
    }
    out
}

fn presence(api: &ApiReview) -> &'static str {
    match api.presence {
        Presence::Both => "both",
        Presence::Added => "added",
        Presence::Removed => "removed",
    }
}

/// `panther: major, 0.1.0 to 0.2.0`
fn headline(api: &ApiReview) -> String {
    let mut line = match api.presence {
        Presence::Added => format!("{}: a new API", api.name),
        Presence::Removed => format!("{}: removed", api.name),
        Presence::Both => format!("{}: {}", api.name, api.step()),
    };
    if let Some((current, next)) = &api.version {
        let _ = write!(line, ", {current} to {next}");
    }
    line
}

/// What is said of an API beside the changes of its document.
fn lines(api: &ApiReview) -> Vec<String> {
    let mut lines: Vec<String> = api.versions.iter().map(ToString::to_string).collect();
    lines.extend(api.ending.iter().map(ToString::to_string));
    let hidden = api.hidden.iter().take(MOST_HIDDEN);
    lines.extend(hidden.map(|one| {
        format!(
            "changed as published, not in the normalised document: {}#{}",
            one.file, one.pointer
        )
    }));
    if let Some(more) = api
        .hidden
        .len()
        .checked_sub(MOST_HIDDEN)
        .filter(|more| *more > 0)
    {
        lines.push(format!("{more} more places changed as published alone"));
    }
    if let RustReview::Estimated(Some(reason)) = &api.rust {
        lines.push(format!(
            "what it means for Rust callers is estimated, since the crates cannot be compared: {reason}"
        ));
    }
    for one in api.rust.alone() {
        let verdict = match one.verdict {
            apidrift::Verdict::Breaking => "breaking for Rust: ",
            _ => "",
        };
        lines.push(format!("{verdict}{one}"));
    }
    for one in &api.renamed {
        lines.push(format!(
            "{}: `{}` is `{}` now",
            one.method_and_path, one.before, one.after
        ));
        let file = format!("specs/{}/{API_FILE}", api.name);
        lines.extend(keeping_lines(&file, &one.method_and_path, &one.before));
    }
    lines.iter().map(|line| visible(line)).collect()
}
