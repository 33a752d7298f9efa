//! The rules, case by case.
//!
//! A case is a pair of documents and all expected findings: forth, from the older to the newer document,
//! and back. Other findings fail the test, so a case without findings is a pair of equivalent documents.
//! The cases in `schemas/` are pairs of schemas, compared at each location of a schema in a message; the
//! cases in `documents/` are whole documents.

mod documents;
mod expected;
mod places;
mod schemas;

use std::collections::BTreeSet;
use std::path::Path;

use apidrift::{Change, Document, Options, Report};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use expected::Expected;

/// The options of a comparison.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    #[serde(default)]
    stable: u32,
    #[serde(default)]
    beta: u32,
}

impl Policy {
    /// The policy, with 1 June 2030 as the current date.
    fn options(&self) -> Options {
        let mut options = Options::default();
        options.today = "2030-06-01".parse().unwrap();
        options.sunset_days_stable = self.stable;
        options.sunset_days_beta = self.beta;
        options
    }
}

fn compare(old: &Value, new: &Value, policy: &Policy) -> Report {
    let read = |value: &Value| Document::from_value(value, "document").unwrap();
    apidrift::compare_with(&read(old), &read(new), &policy.options())
}

/// The cases of all files in a folder.
fn read<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/apidrift/cases")
        .join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let cases = paths.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        let cases: Result<Vec<T>, String> =
            yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", path.display()));
        cases.unwrap()
    });
    cases.collect()
}

/// The differences between a report and the expected findings, line by line; empty if they are equal.
fn differences(title: &str, expected: &[Expected], report: &Report) -> Vec<String> {
    let told: BTreeSet<String> = report.changes.iter().map(expected::line).collect();
    let wanted: BTreeSet<String> = expected.iter().map(Expected::line).collect();
    let missing = wanted.difference(&told).map(|line| format!("- {line}"));
    let surplus = told.difference(&wanted).map(|line| format!("+ {line}"));
    let lines: Vec<String> = missing.chain(surplus).collect();
    let counted = told.len() == report.changes.len() && wanted.len() == expected.len();
    match (lines.as_slice(), counted) {
        ([], true) => values_differ(title, expected, &report.changes),
        ([], false) => vec![format!("{title}: something is told twice")],
        _ => std::iter::once(title.to_owned()).chain(lines).collect(),
    }
}

/// Compares values that are too long for a message, if a case contains them.
fn values_differ(title: &str, expected: &[Expected], changes: &[Change]) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in expected {
        let line = entry.line();
        let told = changes
            .iter()
            .filter(|change| expected::line(change) == line);
        for change in told {
            for (name, wanted, value) in [
                ("before", &entry.before, &change.before),
                ("after", &entry.after, &change.after),
            ] {
                if wanted.is_some() && wanted != value {
                    lines.push(format!("{title}: {line}: {name} is {value:?}"));
                }
            }
        }
    }
    lines
}

#[track_caller]
fn check(lines: &[String]) {
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn every_case_about_schemas_has_its_findings_in_every_location() {
    let runs = schemas::runs();
    check(
        &runs
            .iter()
            .flat_map(schemas::Run::differences)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_case_about_documents_has_its_findings() {
    let cases = documents::cases();
    check(
        &cases
            .iter()
            .flat_map(documents::Case::differences)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_rule_is_covered_by_a_case() {
    let (runs, cases) = (schemas::runs(), documents::cases());
    let met: BTreeSet<&str> = runs
        .iter()
        .flat_map(schemas::Run::rules)
        .chain(cases.iter().flat_map(documents::Case::rules))
        .collect();
    let unmet: Vec<String> = apidrift::rules::rules()
        .iter()
        .map(|rule| rule.id().to_owned())
        .filter(|id| !met.contains(id.as_str()))
        .collect();
    check(&unmet);
}
