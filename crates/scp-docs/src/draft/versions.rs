//! The versions of the pages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use scp_pages::{Located, OperationSection, Told, VersionRow};

use super::mark_unknown;

/// The numbers of a version: `1.10` is newer than `1.9`.
pub(super) fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

/// The section of the newest version that can be called; the first of several.
pub(super) fn newest<'a>(
    sections: impl Iterator<Item = &'a OperationSection>,
) -> Option<&'a OperationSection> {
    let key = |section: &OperationSection| {
        let planned = section
            .state
            .as_ref()
            .is_some_and(|state| state.value == "PLANNED");
        (!planned, section.version().map(numbers))
    };
    let mut best: Option<&OperationSection> = None;
    for section in sections {
        if best.is_none_or(|best| key(section) > key(best)) {
            best = Some(section);
        }
    }
    best
}

/// A row for each version that a page names, the newest first. `service` are the rows of the service's own table.
pub(super) fn table(sections: &[&OperationSection], service: &[&VersionRow]) -> Vec<Value> {
    #[derive(Default)]
    struct Row {
        state: Option<String>,
        not_before: Told<String>,
    }
    let mut rows: BTreeMap<Vec<u32>, (String, Row)> = BTreeMap::new();
    for section in sections {
        let own = section.version();
        if let Some(version) = own {
            let (_, row) = rows
                .entry(numbers(version))
                .or_insert_with(|| (version.to_owned(), Row::default()));
            row.state = row
                .state
                .take()
                .or_else(|| section.state.as_ref().map(|state| state.value.clone()));
        }
        for printed in &section.versions {
            // The only row of a section's table is that of the section.
            let alone = own.filter(|_| section.versions.len() == 1);
            let named = printed
                .version
                .as_ref()
                .map(|version| version.value.as_str());
            let Some(version) = alone.or(named) else {
                continue;
            };
            let (_, row) = rows
                .entry(numbers(version))
                .or_insert_with(|| (version.to_owned(), Row::default()));
            if !row.not_before.is_known() {
                row.not_before = printed.not_before.clone();
            }
        }
    }
    for printed in service {
        let Some(version) = &printed.version else {
            continue;
        };
        let (_, row) = rows
            .entry(numbers(&version.value))
            .or_insert_with(|| (version.value.clone(), Row::default()));
        row.state = row
            .state
            .take()
            .or_else(|| printed.state.as_ref().map(|state| state.value.clone()));
        if !row.not_before.is_known() {
            row.not_before = printed.not_before.clone();
        }
    }
    let row = |(version, row): (String, Row)| {
        let mut unknown = Vec::new();
        let mut out = json!({ "version": version });
        match row.state {
            Some(state) => out["state"] = json!(state),
            None => unknown.push("state"),
        }
        match row.not_before {
            Told::Says(Located { value, .. }) => out["not_before"] = json!(value),
            Told::Nothing(_) => {}
            Told::Unknown => unknown.push("not_before"),
        }
        mark_unknown(&mut out, &unknown);
        out
    };
    rows.into_values().rev().map(row).collect()
}

/// The versions of an operation, if other operations of the pages have others.
pub(super) fn own(
    of_all: &[&OperationSection],
    of_one: &[&OperationSection],
) -> Option<Vec<String>> {
    let versions = |sections: &[&OperationSection]| -> BTreeMap<Vec<u32>, String> {
        let versions = sections.iter().filter_map(|section| section.version());
        versions
            .map(|version| (numbers(version), version.to_owned()))
            .collect()
    };
    let own = versions(of_one);
    (own != versions(of_all)).then(|| own.into_values().rev().collect())
}
