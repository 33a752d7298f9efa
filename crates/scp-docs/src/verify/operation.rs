//! One operation in one version.

use scp_pages::OperationSection;

use super::report::Report;
use super::spec::{At, Found, Spec};
use super::values::is_korean;
use super::{body, examples, headers, parameters, responses, versions};

/// Compares a section with the operation that it documents.
pub(super) fn compare(spec: &Spec, section: &OperationSection, report: &mut Report) {
    let shown = format!("{} {}", section.method.to_uppercase(), section.path);
    let version = section
        .version()
        .map(|version| format!(" ({version})"))
        .unwrap_or_default();
    report.sections += 1;
    report.subject(format!("{shown}{version}"));
    let Some(found) = find(spec, section) else {
        report.difference(section.line, "/paths", "operation", shown, "nothing");
        return;
    };
    report
        .operations
        .insert(format!("{} {}", found.method.to_uppercase(), found.path));
    report.subject(format!(
        "{} {}{version}",
        found.method.to_uppercase(),
        found.path
    ));
    if found.method != section.method {
        report.difference(
            section.line,
            &found.at.pointer,
            "method",
            &section.method,
            found.method,
        );
    }
    if found.path != section.path {
        let pointer = found
            .at
            .pointer
            .rsplit_once('/')
            .map_or("", |(item, _)| item);
        report.difference(section.line, pointer, "path", &section.path, found.path);
    }
    title(spec, section, &found, report);
    versions::compare(spec, section, report);
    parameters::compare(spec, section, &found, report);
    body::compare(spec, section, &found, report);
    responses::compare(spec, section, &found, report);
    examples::request_path(spec, section, &found, report);
    headers::compare(spec, section, &found, report);
    examples::bodies(spec, section, &found, report);
}

/// The operation with the section's method and path, or with its name, or with its path but for the
/// names in braces.
pub(super) fn find<'a>(spec: &'a Spec, section: &OperationSection) -> Option<Found<'a>> {
    let operations = spec.operations();
    let named = |at: &At<'_>| {
        section.title.as_ref().is_some_and(|title| {
            let source = at
                .value
                .pointer("/x-source/operation")
                .and_then(|name| name.as_str());
            at.text("operationId") == Some(&spec.operation_name(&title.value))
                || source == Some(&title.value)
        })
    };
    let exact = |(_, path, method): &&(At<'a>, &'a str, &'static str)| {
        *path == section.path && *method == section.method
    };
    let alike = |(_, path, method): &&(At<'a>, &'a str, &'static str)| {
        shape(path) == shape(&section.path) && *method == section.method
    };
    let found = operations
        .iter()
        .find(exact)
        .or_else(|| operations.iter().find(|(at, ..)| named(at)))
        .or_else(|| operations.iter().find(alike))?;
    Some(Found {
        at: found.0.clone(),
        path: found.1,
        method: found.2,
    })
}

/// The title names the operation; where the spec says which name the page has, it must be that.
fn title(_spec: &Spec, section: &OperationSection, found: &Found<'_>, report: &mut Report) {
    let Some(source) = found
        .at
        .member("x-source")
        .and_then(|source| source.member("operation"))
    else {
        return;
    };
    match (&section.title, source.value.as_str()) {
        (Some(title), Some(name)) if is_korean(&title.value) != is_korean(name) => {
            report.unknown(Some(title.line), "name", source.pointer);
        }
        (Some(title), Some(name)) if title.value != name => {
            report.difference(title.line, source.pointer, "name", &title.value, name);
        }
        (None, Some(_)) => report.unknown(Some(section.line), "name", source.pointer),
        _ => {}
    }
}

/// A path without the names in its braces.
fn shape(path: &str) -> Vec<&str> {
    path.split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "{}"
            } else {
                segment
            }
        })
        .collect()
}
