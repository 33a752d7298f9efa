//! Renders a review as text, Markdown, JSON, annotations, SARIF, `JUnit`, an HTML page, or an entry of the changelog.

use std::fmt::Write as _;

use apidrift::{Change, Report, Verdict, render};
use serde_json::{Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Result, visible};
use specmill_openapi::layout::API_FILE;
use specmill_openapi::rename::keeping_lines;

use super::{ApiReview, Presence, Review, RustReview};

/// The maximum number of hidden locations that are listed for an API.
const MOST_HIDDEN: usize = 10;

/// The review for a terminal.
pub fn text(review: &Review, colour: bool) -> String {
    if review.apis.is_empty() {
        return format!(
            "no API differs between {} and {}{}\n",
            review.base,
            review.head,
            settled(review)
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

/// A note about APIs that a policy removed from the output.
fn settled(review: &Review) -> String {
    match review.settled {
        0 => String::new(),
        1 => ", but for accepted changes of 1 API".to_owned(),
        more => format!(", but for accepted changes of {more} APIs"),
    }
}

/// Renders the review with a template of the caller: see [`apidrift::render::template`]. Its data is that of [`json`](json());
/// each API also has its `headline`, and its changes as `lines`, as the other formats print them.
///
/// # Errors
///
/// The template is invalid, or refers to data that does not exist.
pub fn template(review: &Review, name: &str, text: &str) -> Result<String> {
    let mut data = value(review)?;
    let apis = data["apis"].as_array_mut().into_iter().flatten();
    for (api, one) in review.apis.iter().zip(apis) {
        let report = api.report.as_ref().map(render::document_data);
        one["lines"] = report.map_or(Value::Null, |report| report["lines"].clone());
        one["headline"] = headline(api).into();
    }
    render::template(name, text, &data).map_err(|error| {
        Diagnostic::new(error.to_string())
            .help("the README of specmill-review lists the data of templates")
    })
}

/// The report of an API, unless it would report no change although the lines above it do.
fn shown(api: &ApiReview) -> Option<&Report> {
    let report = api.report.as_ref()?;
    (!report.changes.is_empty() || lines(api).is_empty()).then_some(report)
}

/// The review for a pull request, within the length limit of a GitHub comment for all APIs together. Changes that do
/// not fit are counted, with the URL in `link` if there is one.
pub fn markdown(review: &Review, link: Option<&str>) -> String {
    if review.apis.is_empty() {
        return format!(
            "No API differs between `{}` and `{}`{}.\n",
            review.base,
            review.head,
            settled(review)
        );
    }
    let mut out = String::new();
    for (index, api) in review.apis.iter().enumerate() {
        let others = review.apis.len() - index;
        let share = render::COMMENT.saturating_sub(out.len()) / others;
        let mut own = format!("## {}\n\n", headline(api));
        for line in lines(api) {
            let item = format!("- {}\n", specmill_openapi::markdown::escape(&line));
            if own.len() + item.len() < share / 2 {
                own += &item;
            }
        }
        if own.len() > share {
            let more = format!("\n{others} more APIs differ.\n");
            if out.len() + more.len() <= render::COMMENT {
                out += &more;
            }
            return out;
        }
        if let Some(report) = shown(api) {
            own.push('\n');
            own += &render::markdown_within(report, share.saturating_sub(own.len() + 1), link);
            own.push('\n');
        }
        out += &own;
    }
    out
}

/// The review as JSON: `{"base", "head", "apis": [{"name", "presence", "step", "version", "versions",
/// "ending", "hidden", "renamed", "reworded", "report", "rust"}]}`; `report` is what `apidrift --format json` prints,
/// `rust` the differences of the crates' public surfaces.
///
/// # Errors
/// The review cannot be serialized.
pub fn json(review: &Review) -> Result<String> {
    Ok(specmill_openapi::document::to_json(&value(review)?))
}

fn value(review: &Review) -> Result<Value> {
    let apis = review
        .apis
        .iter()
        .map(api_json)
        .collect::<Result<Vec<_>>>()?;
    Ok(json!({ "base": review.base, "head": review.head, "apis": apis }))
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
    let reworded: Vec<Value> = api
        .reworded
        .iter()
        .map(|one| json!({ "pointer": one.pointer, "sentence": one.sentence }))
        .collect();
    let renamed: Vec<Value> = api
        .renamed
        .iter()
        .map(|one| json!({ "operation": one.method_and_path, "before": one.before, "after": one.after }))
        .collect();
    Ok(json!({
        "name": api.name, "presence": presence(api), "step": api.step().as_str(), "version": version,
        "versions": versions, "ending": ending, "hidden": hidden, "renamed": renamed, "reworded": reworded, "report": report,
        "rust": rust_json(api)
    }))
}

/// The differences of the crates' surfaces; `null` if they were not compared.
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

/// The review as annotations of a GitHub workflow, on the lines of the documents: the ten most severe changes.
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
    }
    out + &render::github_of(&with_lines(review))
}

/// The review in the Static Analysis Results Interchange Format.
pub fn sarif(review: &Review) -> String {
    render::sarif_of(&with_lines(review))
}

/// The review as test results in the `JUnit` format.
pub fn junit(review: &Review) -> String {
    let reports = review.apis.iter().filter_map(|api| api.report.as_ref());
    render::junit_of(&reports.collect::<Vec<_>>())
}

fn with_lines(review: &Review) -> Vec<(&Report, Option<render::Lines<'_>>)> {
    let apis = review.apis.iter();
    apis.filter_map(|api| {
        let lines = api.document.as_deref().map(render::Lines::new);
        Some((api.report.as_ref()?, lines))
    })
    .collect()
}

/// The review as a page, with a part for each API.
///
/// # Errors
/// The review cannot be serialized.
pub fn html(review: &Review) -> Result<String> {
    let reports = review.apis.iter().filter_map(|api| {
        let report = api.report.as_ref()?;
        (!report.changes.is_empty()).then_some((api, report))
    });
    let sections: Vec<render::Section<'_>> = reports
        .map(|(api, report)| {
            let mut section = render::Section::new(report);
            section.name.clone_from(&api.name);
            section.old.clone_from(&review.base);
            section.new.clone_from(&review.head);
            section.step = step(api);
            section
        })
        .collect();
    if sections.is_empty() {
        return Err(
            Diagnostic::new("no API has changes to show on a page").help("ask for another format")
        );
    }
    Ok(render::html_of(&sections))
}

/// The review as a draft of entries for CHANGELOG.md, below the heading of the release.
pub fn changelog(review: &Review, heading: &str) -> String {
    let mut out = format!("{heading}\n");
    for api in &review.apis {
        let mut entries: Vec<String> = match api.presence {
            Presence::Added => vec!["- A new client.".to_owned()],
            Presence::Removed => vec!["- The client is removed.".to_owned()],
            Presence::Both => Vec::new(),
        };
        entries.extend(by_item(api));
        entries.extend(api.rust.alone().map(|change| {
            let mark = match change.verdict {
                Verdict::Breaking => "**Breaking for Rust:** ",
                _ => "",
            };
            let message = specmill_openapi::markdown::escape(&change.message);
            format!("- {mark}{message}")
        }));
        entries.extend(api.versions.iter().map(|version| format!("- {version}.")));
        if !entries.is_empty() {
            let _ = writeln!(out, "\n### {}\n", headline(api));
            for entry in entries {
                let _ = writeln!(out, "{entry}");
            }
        }
    }
    out
}

/// The changes by item of the crate, breaking ones first, without repetitions.
fn by_item(api: &ApiReview) -> Vec<String> {
    let Some(report) = &api.report else {
        return Vec::new();
    };
    let mut items: Vec<(String, Vec<String>)> = Vec::new();
    for line in render::lines_of(&report.changes) {
        let (item, rest) = item(&line);
        let breaks = |verdict: fn(&Change) -> Verdict| {
            let mut changes = line.changes.iter();
            changes.any(|change| verdict(change) == Verdict::Breaking)
        };
        let mark = match (breaks(|change| change.wire), breaks(|change| change.rust)) {
            (true, true) => "**Breaking on the wire and for Rust:** ",
            (true, false) => "**Breaking on the wire:** ",
            (false, true) => "**Breaking for Rust:** ",
            (false, false) => "",
        };
        let advice = line.advice.as_deref().map_or_else(String::new, |advice| {
            format!("; {}", specmill_openapi::markdown::escape(advice))
        });
        let entry = format!("{mark}{}{advice}", specmill_openapi::markdown::escape(rest));
        let at = items.iter().position(|(name, _)| *name == item);
        let at = at.unwrap_or_else(|| {
            items.push((item, Vec::new()));
            items.len() - 1
        });
        if !items[at].1.contains(&entry) {
            items[at].1.push(entry);
        }
    }
    items
        .into_iter()
        .flat_map(|(item, entries)| {
            let entries = entries.into_iter().map(|entry| format!("  - {entry}"));
            std::iter::once(format!("- {item}")).chain(entries)
        })
        .collect()
}

/// The subject of a line, as an item of the crate if there is one, and its text.
fn item<'a>(line: &'a render::Line<'_>) -> (String, &'a str) {
    let message = line.message.as_str();
    let end = [": ", ", "].iter().filter_map(|mark| message.find(mark));
    let end = end.min().unwrap_or(message.len());
    let (subject, rest) = (
        &message[..end],
        message[end..].trim_start_matches([':', ',', ' ']),
    );
    let mut operations = line.changes.iter().flat_map(|change| change.operations());
    let only = operations
        .next()
        .filter(|first| operations.all(|other| other == *first));
    if let Some(operation) = only {
        let name = format!("`{} {}`", operation.method, operation.path);
        let item = match operation.method_name() {
            Some(method) => format!("`.{method}()`, {name}"),
            None => name,
        };
        let named = subject == format!("{} {}", operation.method, operation.path);
        return (item, if named { rest } else { message });
    }
    match subject
        .strip_prefix("schema `")
        .and_then(|name| name.strip_suffix('`'))
    {
        Some(name) => (format!("`types::{name}`"), rest),
        None => ("The API".to_owned(), message),
    }
}

fn presence(api: &ApiReview) -> &'static str {
    match api.presence {
        Presence::Both => "both",
        Presence::Added => "added",
        Presence::Removed => "removed",
    }
}

/// `panther: breaking on the wire and for Rust, 0.1.0 to 0.2.0`
fn headline(api: &ApiReview) -> String {
    match api.presence {
        Presence::Added => format!("{}: a new API", api.name),
        Presence::Removed | Presence::Both => format!("{}: {}", api.name, step(api)),
    }
}

/// The breaking changes, and the required version.
fn step(api: &ApiReview) -> String {
    let breaks = |verdict: fn(&Change) -> Verdict| {
        let mut changes = api.report.iter().flat_map(|report| &report.changes);
        changes.any(|change| verdict(change) == Verdict::Breaking)
    };
    let for_rust = breaks(|change| change.rust)
        || api.rust.alone().any(|one| one.verdict == Verdict::Breaking);
    let mut line = match (breaks(|change| change.wire), for_rust) {
        _ if api.presence == Presence::Removed => "removed",
        (true, true) => "breaking on the wire and for Rust",
        (true, false) => "breaking on the wire",
        (false, true) => "breaking for Rust",
        (false, false) if api.step() == apidrift::Semver::Major => "breaking for Rust",
        (false, false) if api.step() == apidrift::Semver::None => "nothing changed",
        (false, false) => "nothing breaks",
    }
    .to_owned();
    if let Some((current, next)) = api
        .version
        .as_ref()
        .filter(|_| api.presence != Presence::Added)
    {
        let _ = write!(line, ", {current} to {next}");
    }
    line
}

/// Facts about an API in addition to the changes of its document.
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
    lines.extend(api.rust.alone().map(|one| match one.verdict {
        Verdict::Breaking => format!("breaking for Rust: {one}"),
        _ => one.to_string(),
    }));
    let reworded = api.reworded.iter().take(MOST_HIDDEN);
    lines.extend(reworded.map(|one| {
        format!(
            "the description at {} says now: {}",
            one.pointer, one.sentence
        )
    }));
    if let Some(more) = api
        .reworded
        .len()
        .checked_sub(MOST_HIDDEN)
        .filter(|more| *more > 0)
    {
        lines.push(format!("{more} more descriptions say something else"));
    }
    for one in &api.renamed {
        lines.push(format!(
            "{}: `.{}()` is `.{}()` now",
            one.method_and_path, one.before, one.after
        ));
        let file = format!("specs/{}/{API_FILE}", api.name);
        lines.extend(keeping_lines(&file, &one.method_and_path, &one.before));
    }
    lines.iter().map(|line| visible(line)).collect()
}
