//! Examples: the path of the request, and the bodies of request and responses.

use serde_json::Value;

use scp_pages::{JsonExample, OperationSection};
use specmill_openapi::document::child;

use super::fit::{Problem, check, shorten};
use super::report::Report;
use super::spec::{At, Found, Spec};
use super::values::shown;

/// How deep examples are followed into schemas.
const DEEPEST_EXAMPLE: usize = 64;

/// Compares the path of the example request, and the names in its query.
pub(super) fn request_path(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    let Some(example) = &section.request_path else {
        report.unknown(
            Some(section.line),
            "path of the example request",
            &found.at.pointer,
        );
        return;
    };
    let (path, query) = example
        .value
        .split_once('?')
        .unwrap_or((&example.value, ""));
    let filled = |(one, other): (&str, &str)| one == other || one.starts_with('{');
    let same = found.path.split('/').count() == path.split('/').count()
        && found.path.split('/').zip(path.split('/')).all(filled);
    if !same {
        let pointer = found
            .at
            .pointer
            .rsplit_once('/')
            .map_or("", |(item, _)| item);
        report.difference(
            example.line,
            pointer,
            "path of the example request",
            path,
            found.path,
        );
    }
    let parameters = spec.parameters(&found.at);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        let known = parameters
            .iter()
            .any(|at| at.text("name") == Some(name) && at.text("in") == Some("query"));
        if !known {
            let what = format!("query of the example request: `{name}`");
            report.difference(
                example.line,
                found.at.child("parameters"),
                &what,
                pair,
                "nothing",
            );
        }
    }
}

/// Compares the bodies of the examples with schemas and with the spec's examples.
pub(super) fn bodies(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    if let Some(example) = &section.request_example {
        match found
            .at
            .member("requestBody")
            .and_then(|body| spec.resolve(body).media())
        {
            Some(media) => body(spec, example, &media, "example request", report),
            None => report.unknown(
                Some(example.line),
                "example request: the spec has no body",
                &found.at.pointer,
            ),
        }
    }
    for (status, example) in &section.response_examples {
        let what = format!("example response {status}");
        let response = found
            .at
            .member("responses")
            .and_then(|responses| responses.member(status));
        if let Some(media) = response.and_then(|response| spec.resolve(response).media()) {
            body(spec, example, &media, &what, report);
        } else {
            let pointer = child(&found.at.child("responses"), status);
            report.difference(example.line, pointer, &what, "a body", "no body");
        }
    }
    let expected = found
        .at
        .member("responses")
        .map(|responses| responses.value.clone())
        .unwrap_or_default();
    for (status, response) in expected.as_object().into_iter().flatten() {
        let shown = section
            .response_examples
            .iter()
            .any(|(printed, _)| printed == status);
        if status.starts_with('2') && response.get("content").is_some() && !shown {
            let pointer = child(&found.at.child("responses"), status);
            report.unknown(
                Some(section.line),
                &format!("example response {status}"),
                pointer,
            );
        }
    }
}

fn body(spec: &Spec, example: &JsonExample, media: &At<'_>, what: &str, report: &mut Report) {
    let mut problems = Vec::new();
    if let Some(schema) = media.member("schema") {
        let known = check(
            spec,
            &example.value,
            &schema,
            "",
            DEEPEST_EXAMPLE,
            &mut problems,
        );
        if !known {
            report.unknown(
                Some(example.line),
                &format!("{what}: its schema"),
                &schema.pointer,
            );
        }
    }
    if let Some(said) = media.member("example") {
        let mut differences = Vec::new();
        differ(&example.value, &said, "", &mut differences);
        // What the schema forbids is told once.
        differences.retain(|problem| {
            !problems.iter().any(|other| {
                problem.example == other.example
                    || other.example.starts_with(&format!("{}/", problem.example))
                    || (other.is_member
                        && parent(&other.example) == parent(&problem.example)
                        && problem.is_member)
            })
        });
        problems.append(&mut differences);
    }
    problems.sort_by_key(|problem| example.line_of(&problem.example));
    for problem in problems {
        let place = if problem.example.is_empty() {
            String::new()
        } else {
            format!(", at {}", problem.example)
        };
        let line = example.line_of(&problem.example);
        report.difference(
            line,
            problem.pointer,
            &format!("{what}{place}"),
            problem.page_says,
            problem.spec_says,
        );
    }
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Lists where a value is not that of the spec's example.
fn differ(value: &Value, said: &At<'_>, place: &str, out: &mut Vec<Problem>) {
    let mut problem = |example: String,
                       pointer: String,
                       page_says: String,
                       spec_says: String,
                       is_member: bool| {
        out.push(Problem {
            example,
            pointer,
            page_says,
            spec_says,
            is_member,
        });
    };
    match (value, said.value) {
        (Value::Object(page), Value::Object(spec)) => {
            for (name, member) in page.iter().filter(|(name, _)| !spec.contains_key(*name)) {
                problem(
                    child(place, name),
                    said.pointer.clone(),
                    shorten(&shown(member)),
                    "nothing".to_owned(),
                    true,
                );
            }
            for (name, member) in spec.iter().filter(|(name, _)| !page.contains_key(*name)) {
                problem(
                    child(place, name),
                    said.child(name),
                    "nothing".to_owned(),
                    shorten(&shown(member)),
                    true,
                );
            }
            for (name, member) in page {
                if let Some(said) = said.member(name) {
                    differ(member, &said, &child(place, name), out);
                }
            }
        }
        (Value::Array(page), Value::Array(spec)) if page.len() == spec.len() => {
            for (index, (item, said_item)) in page.iter().zip(spec).enumerate() {
                let at = At {
                    pointer: said.child(&index.to_string()),
                    value: said_item,
                };
                differ(item, &at, &format!("{place}/{index}"), out);
            }
        }
        (page, spec) if page == spec => {}
        (page, spec) => {
            problem(
                place.to_owned(),
                said.pointer.clone(),
                shorten(&shown(page)),
                shorten(&shown(spec)),
                false,
            );
        }
    }
}
