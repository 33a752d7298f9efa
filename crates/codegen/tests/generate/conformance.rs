//! One document for each row of the features that progenitor rejects or handles incorrectly: its client
//! compiles without warnings and sends correct requests, or the operation is skipped with the reason.

use serde_json::{Value, json};

use crate::project::{Project, compiled, yaml};

/// The rows, by name.
fn rows() -> Vec<(String, Value)> {
    let files = ["conformance.yaml", "odd.yaml"];
    let rows = files.map(|file| match yaml(file) {
        Value::Object(rows) => rows,
        other => panic!("no rows: {other}"),
    });
    rows.into_iter().flatten().collect()
}

/// Adds the document of every row.
pub(crate) fn add_all(project: &Project) {
    for (name, row) in rows() {
        let mut document = row["document"].clone();
        let members = document.as_object_mut().unwrap();
        members.entry("openapi").or_insert(json!("3.0.3"));
        members
            .entry("info")
            .or_insert(json!({"title": "Acme", "version": "1"}));
        project
            .add_document(&name, &document)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_client_compiles_without_a_warning() {
    let compiled = compiled();
    assert!(!compiled.tests.is_empty(), "{}", compiled.output);
}

#[test]
fn every_generated_wire_test_passes() {
    let compiled = compiled();
    let failed: Vec<&String> = compiled
        .tests
        .iter()
        .filter(|(_, passed)| !**passed)
        .map(|(name, _)| name)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}\n{}", compiled.output);
}

#[test]
fn every_row_has_wire_tests_for_its_operations() {
    for (name, row) in rows() {
        let paths = row["document"]["paths"].as_object().unwrap();
        let skipped = row["left-out"].as_object().map_or(0, serde_json::Map::len);
        let module = format!("{}::", name.replace('-', "_"));
        let driven = compiled()
            .tests
            .keys()
            .filter(|test| test.starts_with(&module))
            .count();
        assert!(
            driven >= 2 * paths.len().saturating_sub(skipped),
            "{name}: {driven} tests"
        );
    }
}

#[test]
fn only_an_unsupported_operation_is_skipped_and_reported_with_the_reason() {
    for (name, row) in rows() {
        let report = compiled()
            .reports
            .iter()
            .find(|report| report.name == name)
            .unwrap();
        let expected = row["left-out"].as_object().cloned().unwrap_or_default();
        let found: Vec<&String> = report
            .skipped
            .iter()
            .map(|skipped| &skipped.operation)
            .collect();
        assert_eq!(found.len(), expected.len(), "{name}: {:?}", report.skipped);
        for skipped in &report.skipped {
            let reason = expected.get(&skipped.operation).and_then(Value::as_str);
            let reason = reason.unwrap_or_else(|| panic!("{name}: {skipped:?}"));
            assert!(
                skipped.reason.contains(reason),
                "{name}: {}",
                skipped.reason
            );
            for file in ["README.md", "src/lib.rs"] {
                let text = compiled().project.read(&format!("crates/{name}/{file}"));
                assert!(
                    text.contains(&format!("- `{}`: ", skipped.operation)),
                    "{name} {file}"
                );
            }
        }
    }
}

#[test]
fn only_an_unsupported_parameter_is_skipped_and_reported_with_the_reason() {
    for (name, row) in rows() {
        let (_, model) = compiled().project.lowered(&name);
        let expected = row["skipped"].as_object().cloned().unwrap_or_default();
        let found: Vec<_> = model.skipped_parameters().collect();
        assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
        for (operation, which, reason) in found {
            let wanted = expected
                .iter()
                .find(|(parameter, _)| which.ends_with(&format!("`{parameter}`")));
            let (_, wanted) = wanted.unwrap_or_else(|| panic!("{name}: {which}"));
            assert!(
                reason.contains(wanted.as_str().unwrap()),
                "{which}: {reason}"
            );
            let readme = compiled().project.read(&format!("crates/{name}/README.md"));
            assert!(
                readme.contains(&format!("- `{operation}`, the ")),
                "{readme}"
            );
        }
    }
}

#[test]
fn the_readme_lists_features_that_are_left_to_the_caller() {
    for (name, row) in rows() {
        let readme = compiled().project.read(&format!("crates/{name}/README.md"));
        for note in row["notes"].as_array().into_iter().flatten() {
            assert!(
                readme.contains(note.as_str().unwrap()),
                "{name}: {note}\n{readme}"
            );
        }
    }
}

#[test]
fn a_fallback_is_reported_with_the_reason() {
    let readme = compiled().project.read("crates/unions/README.md");
    for place in [
        "properties/conflict/properties/a",
        "properties/not_text",
        "/components/schemas/Nested/items",
    ] {
        assert!(readme.contains(place), "{place}\n{readme}");
    }
}

#[test]
fn a_field_that_falls_back_is_documented_with_the_reason() {
    let project = &compiled().project;
    let torn = project.read("crates/narrowing/src/types/torn.rs");
    let docs = "/// It falls back to `serde_json::Value`: ";
    let documented = torn
        .split_once(docs)
        .and_then(|(_, after)| after.split_once("pub a:"));
    let (reason, _) = documented.unwrap_or_else(|| panic!("{torn}"));
    assert!(
        reason.contains("/components/schemas/Torn/allOf/1"),
        "{torn}"
    );
}

#[test]
fn a_contradiction_is_reported_with_both_locations_and_affects_only_its_property() {
    let readme = compiled().project.read("crates/narrowing/README.md");
    for place in [
        "/components/schemas/Torn/allOf/0/properties/a/type",
        "/components/schemas/Torn/allOf/1/properties/a/type",
    ] {
        assert!(readme.contains(place), "{place}\n{readme}");
    }
    let types = compiled()
        .project
        .read("crates/narrowing/src/types/torn.rs");
    assert!(types.contains("pub b: optional String"), "{types}");
}
