//! The wire format is preserved: the published and the normalised document accept the same values, and values
//! round-trip through the generated types.

use std::fmt::Write as _;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use specmill_openapi::names;

use crate::check::check;
use crate::instances::instance;
use crate::project::{Project, compiled, yaml};

/// The number of values that each schema is tested with.
const VALUES: usize = 24;

/// Values of a schema, which are the same in every run.
fn values(document: &Value, schema: &Value) -> Vec<Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = instance(document, schema);
    (0..VALUES)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The components of a document, by name.
fn components(document: &Value) -> Map<String, Value> {
    document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// A test program that converts values to the types of every client and back, and the values: client, type, value.
pub(crate) fn round_trips(project: &Project, apis: &[String]) -> (String, Vec<Value>) {
    let mut arms = String::new();
    let mut all = Vec::new();
    for api in apis {
        let (document, lowered) = project.lowered(api);
        let types: Vec<&str> = lowered
            .types
            .iter()
            .map(|definition| definition.name.as_str())
            .collect();
        for (component, schema) in components(&document) {
            let name = names::type_name(&component);
            if !types.contains(&name.as_str()) {
                continue;
            }
            let module = api.replace('-', "_");
            let _ = writeln!(
                arms,
                "        ({api:?}, {name:?}) => round::<specmill_{module}::types::{name}>(value),"
            );
            // Some values are invalid because of keywords that the strategy ignores, such as `not`.
            let values = values(&document, &schema).into_iter();
            let valid: Vec<Value> = values
                .filter(|value| check(&document, &schema, value).is_ok())
                // The `null` of a component is the `None` of the fields that contain it.
                .filter(|value| !value.is_null())
                .collect();
            // The parts of some schemas contradict each other, and odd schemas require undeclared properties.
            let may_be_empty = api.starts_with("random")
                || api.starts_with("odd-")
                || (api == "contradicting-values"
                    && ["Acknowledged", "Outcome"].contains(&component.as_str()));
            assert!(
                !valid.is_empty() || may_be_empty,
                "{api} {name} has no values"
            );
            all.extend(valid.into_iter().map(|value| json!([api, name, value])));
        }
    }
    project.write("driver/tests/all/check.rs", include_str!("check.rs"));
    (
        Project::read_document("driver/round_trips.rs").replace("        // The types.\n", &arms),
        all,
    )
}

#[test]
fn every_value_goes_through_its_type_and_back_unchanged() {
    let passed = compiled()
        .tests
        .get("round_trips::every_value_goes_through_its_type_and_back_unchanged");
    assert_eq!(passed, Some(&true), "{}", compiled().output);
}

#[test]
fn the_derived_json_schema_accepts_the_values_of_the_document() {
    let passed = compiled()
        .tests
        .get("round_trips::the_derived_schema_accepts_every_value");
    assert_eq!(passed, Some(&true), "{}", compiled().output);
}

#[test]
fn the_published_and_the_normalised_documents_accept_the_same_values() {
    let (normalised, _) = compiled().project.lowered("pages");
    let published = json!({"components": {"schemas": yaml("pages/schemas.yaml")}});
    let mut compared = 0;
    for (name, schema) in components(&normalised) {
        let Some(original) = schema["x-published-name"].as_str() else {
            continue;
        };
        let original = &published["components"]["schemas"][original];
        for value in values(&published, original) {
            check(&normalised, &schema, &value)
                .unwrap_or_else(|problem| panic!("{name}: {problem}"));
        }
        // The overlay adds values to one enumeration, since real ids are not in its list.
        if name != "ApiToken" && name != "ApiTokenListResp" {
            for value in values(&normalised, &schema) {
                check(&published, original, &value)
                    .unwrap_or_else(|problem| panic!("{name}: {problem}"));
            }
        }
        compared += 1;
    }
    assert!(compared > 15, "{compared} schemas");
}
