//! Properties that hold for any two documents.

use std::collections::{BTreeMap, BTreeSet};

use apidrift::{Document, Report, compare};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The number of schemas, named from `S0`; each references only later ones, unless cycles are requested.
const SCHEMAS: usize = 5;

fn leaf() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(json!({"type": "string"})),
        (1..20u32).prop_map(|limit| json!({"type": "string", "maxLength": limit})),
        (1..20u32).prop_map(|limit| json!({"type": "integer", "minimum": limit})),
        Just(json!({"type": "number", "nullable": true})),
        Just(json!({"type": ["string", "null"], "format": "uuid"})),
        proptest::sample::subsequence(vec!["a", "b", "c", "d"], 1..4)
            .prop_map(|values| json!({"type": "string", "enum": values})),
        Just(json!({"type": "string", "pattern": "^a", "default": "a"})),
        Just(json!({"type": "boolean", "deprecated": true, "readOnly": true})),
        Just(json!({"oneOf": [{"const": "x"}, {"const": "y"}]})),
        Just(json!({"oneOf": [{"type": "object", "properties": {"k": {"const": 1}}}, {"type": "array"}]})),
        Just(json!({})),
    ]
    .boxed()
}

fn schema(targets: Vec<usize>) -> BoxedStrategy<Value> {
    let leaves = if targets.is_empty() {
        leaf()
    } else {
        prop_oneof![
            3 => leaf(),
            2 => proptest::sample::select(targets).prop_map(|index| json!({"$ref": format!("#/components/schemas/S{index}")})),
        ]
        .boxed()
    };
    leaves
        .prop_recursive(3, 12, 4, |inner| {
            let names = proptest::sample::select(vec!["a", "b", "c", "d"]);
            prop_oneof![
                (
                    proptest::collection::btree_map(names, inner.clone(), 0..4),
                    any::<bool>(),
                    any::<bool>()
                )
                    .prop_map(|(properties, required, closed)| {
                        let names: Vec<&str> = properties
                            .keys()
                            .copied()
                            .take(usize::from(required) * 2)
                            .collect();
                        let mut schema =
                            json!({"type": "object", "properties": properties, "required": names});
                        if closed {
                            schema["additionalProperties"] = json!(false);
                        }
                        schema
                    }),
                (inner.clone(), 0..3u32).prop_map(
                    |(items, least)| json!({"type": "array", "items": items, "minItems": least})
                ),
                inner.clone().prop_map(|only| json!({"allOf": [only]})),
                (inner.clone(), inner.clone()).prop_map(|(one, two)| json!({"anyOf": [one, two]})),
                (inner.clone(), inner).prop_map(|(one, two)| json!({"allOf": [one, two]})),
            ]
        })
        .boxed()
}

fn operation(index: usize) -> impl Strategy<Value = Value> {
    let all: Vec<usize> = (0..SCHEMAS).collect();
    (
        schema(all.clone()),
        schema(all.clone()),
        schema(all),
        any::<bool>(),
        proptest::sample::select(vec!["200", "201", "404"]),
    )
        .prop_map(move |(parameter, body, response, required, status)| {
            json!({
                "operationId": format!("operation{index}"),
                "parameters": [{"in": "query", "name": "q", "required": required, "schema": parameter}],
                "requestBody": {"content": {"application/json": {"schema": body}}},
                "responses": {status: {"description": "d", "content": {"application/json": {"schema": response}}}},
            })
        })
}

/// With cycles, any schema may reference any other; without, only later ones.
fn document(circles: bool) -> impl Strategy<Value = Value> {
    let schemas: Vec<_> = (0..SCHEMAS)
        .map(|index| {
            schema(if circles {
                (0..SCHEMAS).collect()
            } else {
                (index + 1..SCHEMAS).collect()
            })
        })
        .collect();
    let operations: Vec<_> = (0..3).map(operation).collect();
    (schemas, operations, 1..4usize).prop_map(|(schemas, operations, kept)| {
        let schemas: Map<String, Value> = (0..)
            .zip(schemas)
            .map(|(index, schema)| (format!("S{index}"), schema))
            .collect();
        let paths: Map<String, Value> = (0..)
            .zip(operations)
            .take(kept)
            .map(|(index, operation)| (format!("/p{index}"), json!({"post": operation})))
            .collect();
        json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}})
    })
}

fn read(value: &Value) -> Document {
    Document::from_value(value, "document").unwrap()
}

fn report(old: &Value, new: &Value) -> Report {
    compare(&read(old), &read(new))
}

fn rules(report: &Report) -> Vec<String> {
    report
        .changes
        .iter()
        .map(|change| format!("{} {:?}", change.rule.id(), change.pointer))
        .collect()
}

/// A value as JSON, with the properties of each object in a pseudorandom order.
fn shuffled(value: &Value, seed: &mut u64) -> String {
    let mut next = || {
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *seed >> 33
    };
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map
                .iter()
                .map(|(name, value)| (next(), name, value))
                .collect();
            members.sort_by_key(|member| member.0);
            let members: Vec<String> = members
                .into_iter()
                .map(|(_, name, value)| {
                    format!("{}:{}", Value::String(name.clone()), shuffled(value, seed))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| shuffled(item, seed)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// The newer document alone determines whether a property is read-only, so the reverse comparison has other rules.
fn without_read_only(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.remove("readOnly");
            map.values_mut()
                .for_each(|member| *member = without_read_only(member.take()));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| *item = without_read_only(item.take())),
        _ => {}
    }
    value
}

/// The names of the schemas that a value references, directly or indirectly.
fn used(value: &Value, schemas: &Map<String, Value>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|text| text.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                used(&schemas[name], schemas, found);
            }
            map.values().for_each(|value| used(value, schemas, found));
        }
        Value::Array(items) => items.iter().for_each(|value| used(value, schemas, found)),
        _ => {}
    }
}

fn without_unused(mut document: Value) -> Value {
    let schemas = document["components"]["schemas"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let mut found = BTreeSet::new();
    used(&document["paths"], &schemas, &mut found);
    let kept: Map<String, Value> = schemas
        .into_iter()
        .filter(|(name, _)| found.contains(name))
        .collect();
    document["components"]["schemas"] = Value::Object(kept);
    document
}

fn inlined(value: &Value, schemas: &Map<String, Value>) -> Value {
    match value {
        Value::Object(map) => match map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|text| text.rsplit('/').next())
        {
            Some(name) => inlined(&schemas[name], schemas),
            None => Value::Object(
                map.iter()
                    .map(|(name, value)| (name.clone(), inlined(value, schemas)))
                    .collect(),
            ),
        },
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| inlined(item, schemas)).collect())
        }
        other => other.clone(),
    }
}

/// Moves every inline property to a component of its own.
fn hoisted(value: &Value, hoists: &mut BTreeMap<String, Value>) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(name, member)| {
                    let inner = match (name.as_str(), member) {
                        ("properties", Value::Object(properties)) => {
                            let hoist = |(name, schema): (&String, &Value)| {
                                let schema = hoisted(schema, hoists);
                                if schema.get("$ref").is_some() {
                                    return (name.clone(), schema);
                                }
                                let component = format!("Hoisted{}", hoists.len());
                                hoists.insert(component.clone(), schema);
                                (
                                    name.clone(),
                                    json!({"$ref": format!("#/components/schemas/{component}")}),
                                )
                            };
                            Value::Object(properties.iter().map(hoist).collect())
                        }
                        _ => hoisted(member, hoists),
                    };
                    (name.clone(), inner)
                })
                .collect(),
        ),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| hoisted(item, hoists)).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_does_not_differ_from_itself(one in document(true)) {
        // The extension makes the documents unequal, so that they are compared.
        let mut other = one.clone();
        other["x-other"] = json!(1);
        prop_assert_eq!(rules(&report(&one, &other)), Vec::<String>::new());
    }

    #[test]
    fn the_order_of_properties_has_no_effect(one in document(true), seed in any::<u64>()) {
        let mut seed = seed;
        let other = Document::parse(&shuffled(&one, &mut seed), "shuffled").unwrap();
        prop_assert_eq!(rules(&compare(&read(&one), &other)), Vec::<String>::new());
    }

    #[test]
    fn schemas_may_be_written_in_place(one in document(false)) {
        let one = without_unused(one);
        let schemas = one["components"]["schemas"].as_object().unwrap();
        let other = json!({"openapi": "3.1.0", "paths": inlined(&one["paths"], schemas)});
        prop_assert_eq!(rules(&report(&one, &other)), Vec::<String>::new());
        prop_assert_eq!(rules(&report(&other, &one)), Vec::<String>::new());
    }

    #[test]
    fn schemas_may_be_named(one in document(true)) {
        // Unused schemas are compared separately: components extracted from them would be new and unused too.
        let one = without_unused(one);
        let mut hoists = BTreeMap::new();
        let mut other = hoisted(&one, &mut hoists);
        for (name, schema) in hoists {
            other["components"]["schemas"][name] = schema;
        }
        prop_assert_eq!(rules(&report(&one, &other)), Vec::<String>::new());
        prop_assert_eq!(rules(&report(&other, &one)), Vec::<String>::new());
    }

    #[test]
    fn a_reverted_change_is_found_by_the_mirrored_rule(one in document(true), two in document(true)) {
        let (one, two) = (without_read_only(one), without_read_only(two));
        let (forth, back) = (report(&one, &two), report(&two, &one));
        for (from, to) in [(&forth, &back), (&back, &forth)] {
            for change in &from.changes {
                // A component is described by its first use, which may differ between the two directions.
                let shared = [&change.pointer.old, &change.pointer.new].into_iter().flatten()
                    .any(|pointer| pointer.starts_with("/components/"));
                let mirrored = to.changes.iter().any(|other| {
                    let swapped = other.pointer.old == change.pointer.new && other.pointer.new == change.pointer.old;
                    swapped && (shared || change.rule.mirrors().iter().any(|id| id == other.rule.id()))
                });
                prop_assert!(mirrored, "{} {:?} not in {:#?}", change.rule.id(), change.pointer, rules(to));
            }
        }
    }

    #[test]
    fn every_change_has_a_unique_fingerprint(one in document(true), two in document(true)) {
        let found = report(&one, &two);
        let names: BTreeSet<_> = found.changes.iter().map(|change| change.fingerprint.clone()).collect();
        prop_assert_eq!(names.len(), found.changes.len());
        let again: Vec<_> = report(&one, &two).changes.iter().map(|change| change.fingerprint.clone()).collect();
        let first: Vec<_> = found.changes.iter().map(|change| change.fingerprint.clone()).collect();
        prop_assert_eq!(first, again);
    }
}
