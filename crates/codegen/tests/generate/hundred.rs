//! A hundred operations in the published form. `crates/xtask-lib/benches/regen` measures the cost of larger
//! documents.

use serde_json::{Value, json};

use crate::project::Project;

/// A document with the given number of operations, each of which has parameters, a body and several responses.
fn document(operations: usize) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    for index in 0..operations {
        let (name, service) = (format!("Thing{index}"), index % 20);
        let schema = |name: &str| json!({"$ref": format!("#/components/schemas/Service{service}API.{name}")});
        let response = json!({"description": "OK", "content": {"application/json": {"schema": schema(&name)}}});
        let operation = json!({
            "operationId": format!("service {service}#act{index}"),
            "tags": [format!("service {service}")],
            "summary": "act",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "cursor", "in": "query", "schema": {"type": "string"}},
                {"name": "type", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema(&name)}}},
            "responses": {"200": response, "204": {"description": "Nothing"}}
        });
        paths.insert(
            format!("/service-{service}/{{id}}/things-{index}"),
            json!({"put": operation}),
        );
        let properties: serde_json::Map<String, Value> = (0..12)
            .map(|member| {
                let list = json!({"type": "array", "items": {"type": "string", "enum": ["", "a-b", "a_b"]}});
                (format!("member{member}"), if member % 3 == 0 { list } else { json!({"type": "string"}) })
            })
            .collect();
        schemas.insert(
            format!("Service{service}API.{name}"),
            json!({"type": "object", "required": ["member1"], "properties": properties}),
        );
    }
    json!({
        "openapi": "3.0.3", "info": {"title": "Acme", "version": "1"},
        "paths": paths, "components": {"schemas": schemas}
    })
}

#[test]
fn a_hundred_operations_are_generated_in_a_file_for_each_tag() {
    let folder = tempfile::tempdir().unwrap();
    let project = Project::new(folder.path());
    project.add_document("hundred", &document(100)).unwrap();
    let reports = project.regenerate();
    assert_eq!((reports[0].operations, reports[0].skipped.len()), (100, 0));
    let files = std::fs::read_dir(project.root.join("crates/hundred/src/operations"))
        .unwrap()
        .count();
    assert_eq!(files, 20, "a file for each tag");
}

/// Adds the document to those that are compiled together.
pub(crate) fn add(project: &Project) {
    project.add_document("hundred", &document(100)).unwrap();
}

#[test]
fn a_larger_document_has_a_feature_for_each_tag_that_the_facade_switches_on() {
    let folder = tempfile::tempdir().unwrap();
    let project = Project::new(folder.path());
    project.add_document("large", &document(120)).unwrap();
    project.regenerate();
    let manifest: toml::Table = project.read("crates/large/Cargo.toml").parse().unwrap();
    let features = manifest["features"].as_table().unwrap();
    assert_eq!(features["operations"].as_array().unwrap().len(), 20);
    assert!(features.contains_key("service-7"), "{features:?}");
    let facade: toml::Table = project.read("Cargo.toml").parse().unwrap();
    let of_api = facade["features"]["large"].to_string();
    assert!(of_api.contains("specmill-large/operations"), "{of_api}");
    let text = project.read("crates/large/src/operations.rs");
    let conditional = "#[cfg(feature = \"service-7\")]\nmod service_7;";
    assert!(text.contains(conditional), "{text}");
}
