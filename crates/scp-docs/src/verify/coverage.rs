//! Finds the operations, versions and models of the spec that a page should contain and does not, as after a cut between two
//! sections.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use scp_pages::{OperationSection, Page};
use specmill_openapi::document::{child, lookup, reference_target, text};

use super::operation;
use super::report::Report;
use super::spec::{At, Found, Spec, is_unknown};
use super::versions;

/// Compares what the pages contain with what the spec contains.
///
/// A page with several versions of an operation contains all versions of it. A page with several operations contains a
/// section, and one with the service's base URL or versions contains the whole service. A name that only the page has is perhaps
/// the new name of one that only the spec has; that is one difference, which the comparison of the sections reports.
pub(super) fn compare(spec: &Spec, pages: &[(String, Page)], report: &mut Report) {
    let found: Vec<Vec<(Found<'_>, &OperationSection)>> = pages
        .iter()
        .map(|(_, page)| {
            let sections = page.operations.iter();
            sections
                .filter_map(|section| Some((operation::find(spec, section)?, section)))
                .collect()
        })
        .collect();
    let documented: BTreeSet<&str> = found
        .iter()
        .flatten()
        .map(|(found, _)| found.at.pointer.as_str())
        .collect();
    for ((name, page), found) in pages.iter().zip(&found) {
        report.page(name);
        missing_versions(spec, found, page.end.line, report);
        missing_operations(spec, page, found, &documented, report);
        missing_models(spec, pages, page, &documented, report);
    }
    report.page("");
}

/// Reports the versions of an operation that a page with several of them lacks.
fn missing_versions(
    spec: &Spec,
    found: &[(Found<'_>, &OperationSection)],
    line: usize,
    report: &mut Report,
) {
    let mut printed: BTreeMap<&str, (&Found<'_>, BTreeSet<&str>)> = BTreeMap::new();
    for (found, section) in found {
        let (_, versions) = printed
            .entry(&found.at.pointer)
            .or_insert_with(|| (found, BTreeSet::new()));
        let rows = section.versions.iter();
        let rows = rows.filter_map(|row| Some(row.version.as_ref()?.value.as_str()));
        versions.extend(section.version().into_iter().chain(rows));
    }
    for (found, versions) in printed.into_values().filter(|(_, own)| own.len() > 1) {
        report.subject(shown(found.method, found.path));
        let mut missing = versions::of_operation(spec, &found.at);
        let expected = missing.len();
        missing.retain(|(version, _)| !versions.contains(version));
        let renamed = versions.len().saturating_sub(expected - missing.len());
        for (version, pointer) in missing.into_iter().skip(renamed) {
            report.difference(line, pointer, "version", "nothing", version);
        }
    }
    report.subject(String::new());
}

/// Reports the operations that the page of a section or a service lacks.
fn missing_operations(
    spec: &Spec,
    page: &Page,
    found: &[(Found<'_>, &OperationSection)],
    documented: &BTreeSet<&str>,
    report: &mut Report,
) {
    if !has_several_operations(page) {
        return;
    }
    let groups: BTreeSet<&str> = found
        .iter()
        .map(|(found, _)| group(found.path, &found.at))
        .collect();
    let mut missing = spec.operations();
    missing.retain(|(at, path, _)| {
        let is_expected = is_of_service(page) || groups.contains(group(path, at));
        is_expected && !documented.contains(at.pointer.as_str()) && !is_from_elsewhere(at)
    });
    let renamed = page.operations.len() - found.len();
    for (at, path, method) in missing.into_iter().skip(renamed) {
        let says = shown(method, path);
        report.difference(page.end.line, at.pointer, "operation", "nothing", says);
    }
}

/// Reports the models that the page of a section lacks, of those that requests and successful responses contain.
fn missing_models(
    spec: &Spec,
    pages: &[(String, Page)],
    page: &Page,
    documented: &BTreeSet<&str>,
    report: &mut Report,
) {
    let is_section =
        page.models.len() > 1 || (!page.models.is_empty() && has_several_operations(page));
    if !is_section {
        return;
    }
    let printed: BTreeSet<String> = pages
        .iter()
        .flat_map(|(_, page)| &page.models)
        .filter_map(|model| Some(spec.model_name(&model.name.as_ref()?.value)))
        .collect();
    let mut reached = BTreeSet::new();
    for (at, ..) in spec.operations() {
        let is_on_pages = documented.is_empty() || documented.contains(at.pointer.as_str());
        if is_on_pages && !is_from_elsewhere(&at) {
            reach(spec, at.value.get("requestBody"), &mut reached);
            let responses = at.value.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                if status.starts_with('2') {
                    reach(spec, Some(response), &mut reached);
                }
            }
        }
    }
    let pointer_to = |name: &str| child("/components/schemas", name);
    reached.retain(|name| {
        let pointer = pointer_to(name);
        let value = spec.document.pointer(&pointer);
        let at = value.map(|value| At { pointer, value });
        !printed.contains(*name) && at.is_some_and(|at| !is_unknown(&at) && !is_from_elsewhere(&at))
    });
    let renamed = printed.iter().map(|name| pointer_to(name));
    let renamed = renamed.filter(|pointer| spec.document.pointer(pointer).is_none());
    for name in reached.into_iter().skip(renamed.count()) {
        report.difference(page.end.line, pointer_to(name), "model", "nothing", name);
    }
}

/// Collects the names of the component schemas that a value refers to, directly and through others.
fn reach<'a>(spec: &'a Spec, value: Option<&'a Value>, reached: &mut BTreeSet<&'a str>) {
    let mut rest: Vec<&Value> = value.into_iter().collect();
    let mut followed = BTreeSet::new();
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => rest.extend(members.values()),
            _ => {}
        }
        let Some(reference) = text(value, "$ref") else {
            continue;
        };
        if followed.insert(reference) {
            let name = reference.strip_prefix("#/components/schemas/");
            if let Some(name) = name.filter(|_| reference_target(reference).is_some()) {
                reached.insert(name);
            }
            rest.extend(lookup(&spec.document, reference));
        }
    }
}

/// Whether a page contains more than one operation, apart from versions.
fn has_several_operations(page: &Page) -> bool {
    let key = |section: &OperationSection| (section.method.clone(), section.path.clone());
    let mut keys = page.operations.iter().map(key);
    keys.next()
        .is_some_and(|first| keys.any(|other| other != first))
}

/// Whether a page describes the service itself.
fn is_of_service(page: &Page) -> bool {
    let service = &page.service;
    service.url.is_some() || !service.regions.is_empty() || !service.versions.is_empty()
}

/// Whether the spec says that another page than one of its own documents an operation or a model.
fn is_from_elsewhere(at: &At<'_>) -> bool {
    let source = at.value.get("x-source");
    source.is_some_and(|source| {
        text(source, "page").is_some() && text(source, "page") != text(source, "operation")
    })
}

/// The section that an operation belongs to: its tag, or the first segment of its path that is neither a version nor a parameter.
fn group<'a>(path: &'a str, at: &At<'a>) -> &'a str {
    let tag = at.value.pointer("/tags/0").and_then(Value::as_str);
    let says_nothing = |segment: &str| {
        let number = segment.strip_prefix('v').unwrap_or(segment);
        segment.is_empty() || segment.starts_with('{') || number.starts_with(char::is_numeric)
    };
    tag.or_else(|| path.split('/').find(|segment| !says_nothing(segment)))
        .unwrap_or("")
}

fn shown(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}
