//! Versions: number, state and date, in `x-api-versions`.

use std::collections::BTreeSet;

use serde_json::Value;

use scp_pages::{OperationSection, Page, Told, VersionRow};
use specmill_openapi::document::{child, text};

use super::report::Report;
use super::spec::{At, Spec};

const TABLE: &str = "/x-api-versions";

/// The row of a version.
fn entry<'a>(spec: &'a Spec, version: &str) -> Option<At<'a>> {
    let rows = spec.document.pointer(TABLE)?.as_array()?;
    let index = rows
        .iter()
        .position(|row| text(row, "version") == Some(version))?;
    Some(At {
        pointer: child(TABLE, &index.to_string()),
        value: &rows[index],
    })
}

/// Compares what a section says of its version, and of others in its version table.
pub(super) fn compare(spec: &Spec, section: &OperationSection, report: &mut Report) {
    let Some(version) = section.version().map(str::to_owned) else {
        report.unknown(Some(section.line), "version", TABLE);
        return;
    };
    let said = entry(spec, &version);
    let pointer = said
        .as_ref()
        .map_or_else(|| TABLE.to_owned(), |said| said.child("version"));
    if said.is_none() {
        let lines = section.heading.iter().map(|heading| heading.line);
        let row = section
            .versions
            .first()
            .and_then(|row| row.version.as_ref())
            .map(|version| version.line);
        let line = lines.chain(row).next().unwrap_or(section.line);
        report.difference(line, &pointer, "version", &version, "nothing");
    }
    if let Some(heading) = section
        .heading
        .as_ref()
        .filter(|heading| heading.value != version)
    {
        report.difference(
            heading.line,
            &pointer,
            "version of the heading",
            &heading.value,
            &version,
        );
    }
    let alone = section.versions.len() == 1;
    for row in &section.versions {
        let Some(printed) = &row.version else {
            continue;
        };
        let said = if alone {
            said.clone()
        } else {
            entry(spec, &printed.value)
        };
        if alone && printed.value != version {
            report.difference(
                printed.line,
                &pointer,
                "version of the version table",
                &printed.value,
                &version,
            );
        } else if said.is_none() && printed.value != version {
            report.difference(printed.line, TABLE, "version", &printed.value, "nothing");
        }
        if let Some(said) = said {
            date(&printed.value, printed.line, &row.not_before, &said, report);
        }
    }
    let Some(said) = said else { return };
    if section.versions.is_empty() && said.value.get("not_before").is_some() {
        report.unknown(
            Some(section.line),
            "date up to which the version is guaranteed",
            said.child("not_before"),
        );
    }
    match &section.state {
        Some(state) if said.text("state") != Some(&state.value) => {
            let other = said.text("state").unwrap_or("nothing");
            report.difference(
                state.line,
                said.child("state"),
                "state",
                &state.value,
                other,
            );
        }
        Some(_) => {}
        None => report.unknown(Some(section.line), "state", said.child("state")),
    }
}

fn date(version: &str, line: usize, told: &Told<String>, said: &At<'_>, report: &mut Report) {
    let what = format!("date up to which version {version} is guaranteed");
    let pointer = said.child("not_before");
    let other = said.text("not_before");
    match (told, other) {
        (Told::Unknown, Some(_)) => report.unknown(Some(line), &what, pointer),
        (Told::Unknown | Told::Nothing(_), None) => {}
        (Told::Says(date), Some(other)) if date.value == other => {}
        (Told::Nothing(line), Some(other)) => report.difference(*line, pointer, &what, "-", other),
        (Told::Says(date), other) => {
            report.difference(
                date.line,
                pointer,
                &what,
                &date.value,
                other.unwrap_or("nothing"),
            );
        }
    }
}

/// Compares a row of the service's own table.
fn service_row(spec: &Spec, row: &VersionRow, report: &mut Report) {
    let Some(version) = &row.version else { return };
    let Some(said) = entry(spec, &version.value) else {
        report.difference(version.line, TABLE, "version", &version.value, "nothing");
        return;
    };
    date(&version.value, version.line, &row.not_before, &said, report);
    if let Some(state) = row
        .state
        .as_ref()
        .filter(|state| said.text("state") != Some(&state.value))
    {
        let other = said.text("state").unwrap_or("nothing");
        report.difference(
            state.line,
            said.child("state"),
            "state",
            &state.value,
            other,
        );
    }
}

/// The versions of an operation, each with its pointer: those that its `x-source` lists, or else all versions of the service.
pub(super) fn of_operation<'a>(spec: &'a Spec, operation: &At<'_>) -> Vec<(&'a str, String)> {
    let own = operation.value.pointer("/x-source/versions");
    let own = own.and_then(Value::as_array);
    let is_own = |version: &str| own.is_none_or(|own| own.iter().any(|own| own == version));
    let table = spec.document.pointer(TABLE).and_then(Value::as_array);
    table
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, row)| Some((text(row, "version")?, child(TABLE, &index.to_string()))))
        .filter(|(version, _)| is_own(version))
        .collect()
}

/// The versions of the spec that no page names are unknown, unless a page should contain them.
pub(super) fn compare_all(spec: &Spec, pages: &[(String, Page)], report: &mut Report) {
    let sections = || pages.iter().flat_map(|(_, page)| &page.operations);
    if sections().next().is_none() {
        return;
    }
    let mut named: BTreeSet<&str> = sections().filter_map(OperationSection::version).collect();
    let own = || pages.iter().flat_map(|(_, page)| &page.service.versions);
    let rows = sections()
        .flat_map(|section| &section.versions)
        .chain(own());
    named.extend(
        rows.filter_map(|row| row.version.as_ref())
            .map(|version| version.value.as_str()),
    );
    for (name, page) in pages {
        report.page(name);
        for row in &page.service.versions {
            service_row(spec, row, report);
        }
    }
    report.page("");
    let table = spec.document.pointer(TABLE).and_then(Value::as_array);
    for (index, row) in table.into_iter().flatten().enumerate() {
        let pointer = child(TABLE, &index.to_string());
        let mut differences = report.differences.iter();
        let is_difference = differences.any(|found| found.pointer == pointer);
        let version = text(row, "version").filter(|version| !named.contains(version));
        if let Some(version) = version.filter(|_| !is_difference) {
            let what = format!("version {version}: no page names it");
            report.unknown(None, &what, pointer);
        }
    }
}
