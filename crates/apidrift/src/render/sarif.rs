//! SARIF, for tools that display results of static analysis.

use serde_json::{Value, json};

use super::lines::Lines;
use super::order::in_order;
use crate::Change;
use crate::rules::Rule;
use crate::{Report, Verdict};

/// The report in the Static Analysis Results Interchange Format, version 2.1.0. Results refer to the newer document, at the
/// lines that `lines` finds.
pub fn sarif(report: &Report, lines: Option<Lines<'_>>) -> String {
    sarif_of(&[(report, lines)])
}

/// Several reports, each as a separate run.
pub fn sarif_of(reports: &[(&Report, Option<Lines<'_>>)]) -> String {
    let runs = reports
        .iter()
        .map(|(report, lines)| run(report, lines.as_ref()));
    let log = json!({
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": runs.collect::<Vec<_>>(),
    });
    // The output consists of strings, numbers and lists of these, so serialization cannot fail.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn run(report: &Report, lines: Option<&Lines<'_>>) -> Value {
    let changes = in_order(&report.changes);
    let mut rules: Vec<&Rule> = changes.iter().map(|change| change.rule).collect();
    rules.sort_by_key(|rule| rule.id());
    rules.dedup_by_key(|rule| rule.id());
    let described: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let (before, after) = rule.example();
            json!({
                "id": rule.id(),
                "shortDescription": { "text": rule.what() },
                "fullDescription": { "text": format!("before: {before}; after: {after}") },
                "helpUri": super::rule_page(rule),
            })
        })
        .collect();
    let results: Vec<Value> = changes
        .iter()
        .map(|change| result(report, change, lines))
        .collect();
    json!({
        "tool": { "driver": {
            "name": "apidrift",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": described,
        }},
        "results": results,
    })
}

fn result(report: &Report, change: &Change, lines: Option<&Lines<'_>>) -> Value {
    let level = match change.wire {
        Verdict::Breaking => "error",
        Verdict::Warning | Verdict::Unknown => "warning",
        Verdict::Compatible => "note",
    };
    let line = lines
        .zip(change.pointer.new.as_deref())
        .and_then(|(lines, pointer)| lines.of(pointer));
    let mut place = json!({ "artifactLocation": { "uri": report.new } });
    if let Some(line) = line {
        place["region"] = json!({ "startLine": line });
    }
    json!({
        "ruleId": change.rule.id(),
        "level": level,
        "message": { "text": change.message },
        "locations": [{
            "physicalLocation": place,
            "logicalLocations": [{ "fullyQualifiedName": super::pointer(change.place()) }],
        }],
        "partialFingerprints": { "apidrift/v1": change.fingerprint },
        "properties": { "wire": change.wire, "rust": change.rust, "side": change.side },
    })
}
