//! Random documents with all features of schemas and operations: valid values round-trip through the generated types, the
//! crates compile, and `new` and `regen` do not panic.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use specmill_codegen::{Options, generate};
use specmill_model::lower;

use crate::project::Project;
use crate::random_operations as operations;
use crate::random_versions::Form;

/// The number of components in a document.
const COMPONENTS: usize = 24;

/// The names of properties. There are few, so that branches of unions share some.
const NAMES: [&str; 6] = ["name", "note", "size", "+1", "extra", "type"];

/// The number of operations with parameters in a document.
const OPERATIONS: usize = 16;

/// Adds the documents whose crates are compiled. They are the same in every run: one for each form.
pub(crate) fn add(project: &Project) {
    for (name, seed) in [
        ("random", 1),
        ("random-3-1", 2),
        ("random-2-0", 3),
        ("random-3-2", 4),
    ] {
        add_seed(project, name, seed).unwrap();
    }
}

/// Adds the document of a seed.
fn add_seed(project: &Project, name: &str, seed: u8) -> Result<Vec<String>, String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let document = document().new_tree(&mut runner).unwrap().current();
    let added = Form::of(seed).add(project, name, document);
    added.map_err(|error| format!("seed {seed}: {error}"))
}

/// Documents with an operation for each component, so that all components are reachable.
fn document() -> impl Strategy<Value = Value> {
    let components: Vec<_> = (0..COMPONENTS).map(|index| schema(index, 0)).collect();
    let paths = operations::paths(OPERATIONS, COMPONENTS);
    (components, paths).prop_map(|(schemas, mut paths)| {
        let mut components = Map::new();
        for (index, schema) in schemas.into_iter().enumerate() {
            let content = json!({ "application/json": { "schema": reference(index) } });
            let mut operation = json!({
                "operationId": format!("call_{index}"),
                "tags": ["random"],
                "responses": { "200": { "description": "OK", "content": content } }
            });
            if index % 2 == 0 {
                operation["requestBody"] = json!({ "required": true, "content": content });
            }
            paths.insert(format!("/call/{index}"), json!({ "post": operation }));
            components.insert(format!("S{index}"), schema);
        }
        inheritance(&mut paths, &mut components);
        circles(&mut paths, &mut components);
        paths.insert("/call/0#again".into(), json!({ "post": {
            "operationId": "call_again", "tags": ["random"], "responses": { "204": { "description": "OK" } }
        } }));
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Random", "version": "1" },
            "servers": [{ "url": "https://random.test" }],
            "security": [{ "header": [] }],
            "paths": paths,
            "components": { "schemas": components, "securitySchemes": operations::security_schemes() }
        })
    })
}

pub(crate) fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{index}") })
}

/// Adds a base with a discriminator, its children by `allOf`, and a tagged union of objects.
fn inheritance(paths: &mut Map<String, Value>, components: &mut Map<String, Value>) {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let kind = json!({ "type": "string" });
    components.insert(
        "Base".into(),
        json!({
            "type": "object", "required": ["kind"], "discriminator": { "propertyName": "kind" },
            "properties": { "kind": kind, "note": { "type": "string", "nullable": true } }
        }),
    );
    for (index, name) in ["First", "Second"].into_iter().enumerate() {
        let own = json!({ "type": "object", "required": ["own"], "properties": { "own": reference(index) } });
        components.insert(name.into(), json!({ "allOf": [to("Base"), own] }));
        let alone = json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind, "held": reference(index + 2) } });
        components.insert(format!("{name}Alone"), alone);
    }
    components.insert(
        "Tagged".into(),
        json!({
            "oneOf": [to("FirstAlone"), to("SecondAlone")],
            "discriminator": { "propertyName": "kind", "mapping": { "one": "#/components/schemas/FirstAlone", "two": "SecondAlone" } }
        }),
    );
    let narrow = json!({ "required": ["note"], "properties": { "note": { "type": "string", "enum": ["short"] } } });
    components.insert("Narrow".into(), json!({ "allOf": [to("Base"), narrow] }));
    for name in ["Base", "First", "Tagged", "Narrow"] {
        let content = json!({ "application/json": { "schema": to(name) } });
        paths.insert(
            format!("/inherited/{name}"),
            json!({ "put": {
                "operationId": format!("put_{name}"), "tags": ["inherited"],
                "requestBody": { "required": true, "content": content },
                "responses": { "200": { "description": "OK", "content": content } }
            } }),
        );
    }
}

/// Adds types that require themselves (through a list, a map, a union or another type), and parts that contradict each other.
fn circles(paths: &mut Map<String, Value>, components: &mut Map<String, Value>) {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let text = json!({ "type": "string" });
    let all = [
        (
            "Folder",
            object(
                &["folders", "named", "other"],
                json!({
                    "folders": { "type": "array", "items": to("Folder") },
                    "named": { "type": "object", "additionalProperties": to("Folder") },
                    "other": to("Shelf"), "held": reference(0)
                }),
            ),
        ),
        (
            "Shelf",
            object(
                &["folders"],
                json!({ "folders": { "type": "array", "items": to("Folder") }, "folder": to("Folder") }),
            ),
        ),
        (
            "Filter",
            json!({
                "oneOf": [to("Not"), to("Equal")],
                "discriminator": { "propertyName": "op", "mapping": { "not": "#/components/schemas/Not", "eq": "Equal" } }
            }),
        ),
        (
            "Not",
            object(
                &["op", "filters"],
                json!({ "op": text, "filters": { "type": "array", "items": to("Filter") } }),
            ),
        ),
        (
            "Equal",
            object(&["op", "value"], json!({ "op": text, "value": text })),
        ),
        (
            "Endless",
            object(&["endless"], json!({ "endless": to("Endless") })),
        ),
        (
            "Torn",
            json!({ "allOf": [
            object(&[], json!({ "torn": { "type": "string" }, "whole": text })),
            object(&[], json!({ "torn": { "type": "integer" } }))
        ] }),
        ),
    ];
    for (name, schema) in all {
        components.insert(name.into(), schema);
    }
    for name in ["Folder", "Filter", "Endless", "Torn"] {
        let content = json!({ "application/json": { "schema": to(name) } });
        paths.insert(
            format!("/circles/{name}"),
            json!({ "servers": [{ "url": "https://circles.test/v1" }], "put": {
                "operationId": format!("put_{name}"), "tags": ["circles"],
                "requestBody": { "required": true, "content": content },
                "responses": { "200": { "description": "OK", "content": content } }
            } }),
        );
    }
}

/// A schema for the component with the given index. It only references components with lower indices, so that its values are
/// finite.
fn schema(index: usize, depth: usize) -> BoxedStrategy<Value> {
    if depth > 1 {
        return primitive();
    }
    let inner = move || schema(index, depth + 1);
    let choice = prop::collection::vec(branch(index, depth), 2..4)
        .prop_map(|branches| json!({ "anyOf": branches }));
    let beside = (object(index, depth), choice.clone()).prop_map(|(mut object, choice)| {
        object["anyOf"] = choice["anyOf"].clone();
        object
    });
    let list = inner().prop_map(|items| json!({ "type": "array", "items": items }));
    let map =
        inner().prop_map(|values| json!({ "type": "object", "additionalProperties": values }));
    let narrowed = object(index, depth).prop_map(|object| {
        let note = json!({ "description": "The same, described." });
        json!({ "allOf": [object, { "required": ["added"], "properties": { "added": { "type": "string" } } }, note] })
    });
    let made = prop_oneof![
        2 => primitive(),
        4 => object(index, depth),
        4 => choice,
        1 => beside,
        2 => narrowed,
        1 => list,
        1 => map,
    ];
    if index == 0 {
        return made.boxed();
    }
    let earlier = (0..index).prop_map(reference);
    prop_oneof![8 => made, 1 => earlier].boxed()
}

fn primitive() -> BoxedStrategy<Value> {
    prop::sample::select(vec![
        json!({ "type": "string" }),
        json!({ "type": "string", "nullable": true }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "enum": ["a", "b", "-1", "1"] }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "enum": [1, 2] }),
        json!({ "type": "string", "nullable": true, "enum": ["a", null] }),
        json!({ "type": "string", "enum": ["constant"] }),
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "format": "byte" }),
        json!({ "type": "integer", "nullable": true }),
        json!({ "type": "integer", "format": "uint64" }),
        json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
        json!({ "type": "string", "format": "date" }),
        json!({ "type": "string", "format": "duration" }),
        json!({ "type": "string", "format": "decimal" }),
        json!({ "type": "array", "nullable": true, "items": { "type": "string" } }),
        json!({ "type": "object", "properties": { "shared": { "type": "string" } } }),
        json!({ "type": "object" }),
        json!({ "type": "number" }),
        json!({ "type": "boolean" }),
        json!({ "enum": ["auto", 1, true] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "string", "enum": ["x"] }] }),
        json!({ "anyOf": [{ "type": "integer" }, { "type": "number" }] }),
        json!({}),
    ])
    .boxed()
}

/// An object with some of the names.
fn object(index: usize, depth: usize) -> BoxedStrategy<Value> {
    let properties: Vec<_> = NAMES
        .iter()
        .map(|name| {
            (
                Just(*name),
                prop::option::of((schema(index, depth + 1), any::<bool>())),
            )
        })
        .collect();
    let more = prop_oneof![
        4 => Just(None),
        1 => Just(Some(json!(true))),
        1 => Just(Some(json!({ "type": "integer" }))),
        1 => Just(Some(json!(false))),
    ];
    (properties, more)
        .prop_map(|(properties, more)| {
            let mut all = Map::new();
            let mut required = Vec::new();
            for (name, property) in properties {
                if let Some((schema, needed)) = property {
                    all.insert(name.to_owned(), schema);
                    if needed {
                        required.push(name);
                    }
                }
            }
            let mut object = json!({ "type": "object", "properties": all });
            if !required.is_empty() {
                object["required"] = json!(required);
            }
            if let Some(more) = more {
                object["additionalProperties"] = more;
            }
            object
        })
        .boxed()
}

/// A branch of a union: an object with or without a constant, or any other schema.
fn branch(index: usize, depth: usize) -> BoxedStrategy<Value> {
    let constant = (
        object(index, depth + 1),
        prop::sample::select(vec!["one", "two", "three"]),
    );
    let told = constant.prop_map(|(mut object, constant)| {
        object["properties"]["kind"] = json!({ "type": "string", "enum": [constant] });
        match object["required"].as_array_mut() {
            Some(required) => required.push(json!("kind")),
            None => object["required"] = json!(["kind"]),
        }
        object
    });
    prop_oneof![3 => told, 2 => schema(index, depth + 1)].boxed()
}

/// The default number of documents for `new` and `regen`; `RANDOM_DOCUMENTS` overrides it.
const DOCUMENTS: u8 = 8;

#[test]
fn no_random_document_makes_new_or_regen_panic_or_refuse_it() {
    let documents = std::env::var("RANDOM_DOCUMENTS").ok();
    let documents = documents.map_or(DOCUMENTS, |count| count.parse().unwrap());
    for seed in 0..documents {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(folder.path());
        add_seed(&project, "random", seed).unwrap();
        let reports = project.regenerate();
        let report = &reports[0];
        // Only parameters and bodies that cannot be encoded are skipped.
        for skipped in &report.skipped {
            let reasons = ["style", "its form", "is not a valid name"];
            assert!(
                reasons.iter().any(|reason| skipped.reason.contains(reason)),
                "seed {seed}: {skipped:?}"
            );
        }
        let generated = report.operations - report.skipped.len();
        assert!(generated > COMPONENTS, "seed {seed}: {:?}", report.skipped);
    }
}

#[test]
fn mutually_recursive_schemas_terminate() {
    let property = json!({ "p": { "type": "string" } });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Circles", "version": "1" },
        "servers": [{ "url": "https://circles.test" }],
        "paths": { "/a": { "get": { "operationId": "get_a", "responses": { "200": {
            "description": "OK",
            "content": { "application/json": { "schema": reference("A") } }
        } } } } },
        "components": { "schemas": {
            "A": { "type": "object", "properties": property, "oneOf": [reference("B"), reference("C")] },
            "B": { "type": "object", "properties": property, "anyOf": [reference("A"), reference("C")] },
            "C": { "allOf": [reference("A"), reference("B"), { "oneOf": [reference("C"), reference("D")] }] },
            "D": { "enum": ["x"], "allOf": [{ "oneOf": [reference("D"), { "type": "string" }] }] }
        } }
    });
    let options = Options::new("circles", "circles-client", "Circles");
    let model = lower(&options.lowering(), &document).unwrap();
    generate(&options, &document, &model, "digest").unwrap();
}
