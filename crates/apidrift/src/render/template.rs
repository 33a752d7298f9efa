//! Reports in the format of a custom template.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, Error as Failure, Output, State, UndefinedBehavior, Value,
};
use serde::Serialize;

use super::{json, lines_of, safe};
use crate::Report;
use crate::{Error, Verdict};

/// The maximum number of instructions of a template, and the additional number per byte of its data: far more than a template
/// needs.
const FUEL: (u64, u64) = (1_000_000, 20);

const MARKDOWN: &str = "markdown";

/// The data of a template for several reports: `{"documents": [{"old", "new", "report", "lines"}]}`. The report is the output
/// of [`json`](super::json()); the lines are its changes, as other formats print them.
pub fn template_data(reports: &[Report]) -> serde_json::Value {
    let documents: Vec<_> = reports.iter().map(document_data).collect();
    serde_json::json!({ "documents": documents })
}

/// The data of a template for one report.
pub fn document_data(report: &Report) -> serde_json::Value {
    #[derive(Serialize)]
    struct Told<'a> {
        message: &'a str,
        advice: Option<&'a str>,
        rules: Vec<&'a str>,
        wire: Verdict,
        rust: Verdict,
        fingerprints: Vec<&'a str>,
    }
    let lines = lines_of(&report.changes);
    let lines: Vec<Told<'_>> = lines
        .iter()
        .map(|line| {
            let mut rules: Vec<&str> = line.changes.iter().map(|one| one.rule.id()).collect();
            rules.dedup();
            let verdict = |of: fn(&crate::Change) -> Verdict| {
                let verdicts = line.changes.iter().map(|change| of(change));
                verdicts.max().unwrap_or(Verdict::Compatible)
            };
            Told {
                message: &line.message,
                advice: line.advice.as_deref(),
                rules,
                wire: verdict(|change| change.wire),
                rust: verdict(|change| change.rust),
                fingerprints: line
                    .changes
                    .iter()
                    .map(|one| one.fingerprint.as_str())
                    .collect(),
            }
        })
        .collect();
    serde_json::json!({
        "old": report.old, "new": report.new, "report": json::output(report), "lines": lines,
    })
}

/// Renders data with a `MiniJinja` template. `name` is the file name of the template: its extension, before `.j2` or `.jinja`,
/// determines how values are escaped: as Markdown in `.md`, as HTML or XML in `.html` and `.xml`, and as JSON values in `.json`
/// and `.sarif`. Elsewhere control characters are made visible.
///
/// A template cannot read files or environment variables, and its run time is limited.
///
/// # Errors
/// The template is invalid, refers to a value that does not exist, or exceeds its limit. The error contains the line.
pub fn template(name: &str, text: &str, data: &serde_json::Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(escaping);
    environment.set_formatter(write);
    let size = u64::try_from(data.to_string().len()).unwrap_or(u64::MAX);
    environment.set_fuel(Some(FUEL.0.saturating_add(size.saturating_mul(FUEL.1))));
    // A line that contains only a block does not result in a line of output.
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(|failure| named(name, &failure))?;
    environment.set_syntax(syntax);
    environment.add_filter("code", |text: String| {
        Value::from_safe_string(safe::code(&text))
    });
    let rendered = environment.render_named_str(name, text, Value::from(Serde(data)));
    rendered.map_err(|failure| named(name, &failure))
}

/// The error of a template, with its line.
fn named(name: &str, failure: &Failure) -> Error {
    let problem = match failure.detail() {
        Some(detail) => format!("{}: {detail}", failure.kind()),
        None => failure.kind().to_string(),
    };
    let error = Error::new(
        name,
        problem,
        "apidrift's README lists what a template is given",
    );
    match failure.line() {
        Some(line) => error.at(line, 1),
        None => error,
    }
}

/// The escaping for a template of this name.
fn escaping(name: &str) -> AutoEscape {
    let name = [".j2", ".jinja"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    match name.rsplit('.').next() {
        Some("md" | "markdown") => AutoEscape::Custom(MARKDOWN.into()),
        Some("html" | "htm" | "xml") => AutoEscape::Html,
        Some("json" | "sarif") => AutoEscape::Json,
        _ => AutoEscape::None,
    }
}

fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Failure> {
    let written = match state.auto_escape() {
        AutoEscape::Custom(_) if !value.is_safe() => safe::markdown(&value.to_string()),
        AutoEscape::None if !value.is_safe() => safe::lines(&value.to_string()),
        AutoEscape::Custom(_) => value.to_string(),
        _ => return minijinja::escape_formatter(out, state, value),
    };
    out.write_str(&written).map_err(Failure::from)
}
