//! Random documents of all that schemas are made of: what is valid for one goes through the generated types and back, and
//! none of them makes the generator panic.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use specmill_codegen::{Options, generate};
use specmill_model::lower;

use crate::project::Project;

/// How many components a document has.
const COMPONENTS: usize = 24;

/// The names of properties: few, so that the branches of unions have some in common.
const NAMES: [&str; 6] = ["name", "note", "size", "+1", "extra", "type"];

/// Adds a random document, the same in every run.
pub(crate) fn add(project: &Project) {
    let mut runner = runner();
    let document = document().new_tree(&mut runner).unwrap().current();
    project.add_document("random", &document).unwrap();
}

fn runner() -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// Documents with an operation for each component, so that all are reached.
fn document() -> impl Strategy<Value = Value> {
    let components: Vec<_> = (0..COMPONENTS).map(|index| schema(index, 0)).collect();
    components.prop_map(|schemas| {
        let mut paths = Map::new();
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
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Random", "version": "1" },
            "servers": [{ "url": "https://random.test" }],
            "paths": paths,
            "components": { "schemas": components }
        })
    })
}

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{index}") })
}

/// A schema within the component of a number; it refers to components before it alone, so that its values end.
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

/// A branch of a union: an object with a constant or without, or anything else.
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

#[test]
fn no_random_document_makes_the_generator_panic_or_refuse_it() {
    let mut runner = runner();
    for _ in 0..4 {
        let document = document().new_tree(&mut runner).unwrap().current();
        let options = Options::new("random", "random-client", "Random");
        let model = lower(&options.lowering(), &document).unwrap();
        let generated = generate(&options, &document, &model, "digest").unwrap();
        assert!(
            generated.refused.is_empty(),
            "{:?}\n{document}",
            generated.refused
        );
    }
}

#[test]
fn schemas_that_hold_each_other_in_every_way_come_to_an_end() {
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
