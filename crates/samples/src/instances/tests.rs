//! Tests of the values for a schema.

use serde_json::{Value, json};

use super::Instances;

/// A value of a schema, with only the required properties and with all.
#[expect(
    clippy::needless_pass_by_value,
    reason = "schemas are written where they are used"
)]
fn values(schema: Value) -> [Option<Value>; 2] {
    let document = json!({"components": {"schemas": {
        "It": schema,
        "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        "Tree": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}}
    }}});
    let instances = Instances::new(&document);
    let it = json!({"$ref": "#/components/schemas/It"});
    [false, true].map(|every| instances.value(&it, every, 0))
}

fn all(schema: Value) -> Option<Value> {
    let [_, all] = values(schema);
    all
}

#[test]
fn an_object_has_its_required_properties_or_all_that_a_caller_can_set() {
    let schema = json!({
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "string", "format": "uuid"},
            "b": {"type": "integer"},
            "c": {"type": "string", "readOnly": true}
        }
    });
    let [required, all] = values(schema);
    let id = "5f0c3d9e-8a1b-4c2d-9e3f-0a1b2c3d4e5f";
    assert_eq!(required, Some(json!({"a": id})));
    assert_eq!(all, Some(json!({"a": id, "b": 1})));
}

#[test]
fn a_property_without_a_value_is_omitted_unless_it_is_required() {
    let impossible = json!({"type": "string", "pattern": "^(?=a)b"});
    let schema = json!({"properties": {"a": impossible}});
    assert_eq!(all(schema), Some(json!({})));
    let schema = json!({"required": ["a"], "properties": {"a": impossible}});
    assert_eq!(values(schema), [None, None]);
}

#[test]
fn the_subschemas_of_all_of_are_merged() {
    let schema = json!({
        "allOf": [
            {"$ref": "#/components/schemas/Cat"},
            {"required": ["age"], "properties": {"age": {"type": "integer", "minimum": 3}}}
        ]
    });
    let [required, _] = values(schema);
    assert_eq!(required, Some(json!({"kind": "text", "age": 3})));
}

#[test]
fn a_discriminator_has_the_value_of_its_mapping_or_the_schema_name() {
    let branches = json!([{"$ref": "#/components/schemas/Cat"}]);
    let by_name = json!({"oneOf": branches, "discriminator": {"propertyName": "kind"}});
    assert_eq!(all(by_name), Some(json!({"kind": "Cat"})));
    let mapping = json!({"cat": "#/components/schemas/Cat"});
    let by_mapping =
        json!({"oneOf": branches, "discriminator": {"propertyName": "kind", "mapping": mapping}});
    assert_eq!(all(by_mapping), Some(json!({"kind": "cat"})));
}

#[test]
fn numbers_are_within_their_bounds() {
    for (schema, expected) in [
        (json!({"type": "integer"}), Some(json!(1))),
        (json!({"type": "integer", "minimum": 5}), Some(json!(5))),
        (
            json!({"type": "integer", "minimum": 5, "exclusiveMinimum": true}),
            Some(json!(6)),
        ),
        (json!({"type": "integer", "maximum": -2}), Some(json!(-2))),
        (
            json!({"type": "integer", "multipleOf": 10}),
            Some(json!(10)),
        ),
        (json!({"type": "integer", "minimum": 2, "maximum": 1}), None),
        (json!({"type": "number"}), Some(json!(1.5))),
        (
            json!({"type": "number", "minimum": 0, "maximum": 1, "exclusiveMaximum": true}),
            Some(json!(0.0)),
        ),
    ] {
        assert_eq!(all(schema.clone()), expected, "{schema}");
    }
}

#[test]
fn lists_have_their_minimum_of_items_and_unique_ones_if_required() {
    let schema = json!({"type": "array", "items": {"type": "string"}, "minItems": 2});
    assert_eq!(all(schema), Some(json!(["text", "text"])));
    let schema = json!({
        "type": "array", "items": {"enum": [null, "a", "b"]}, "minItems": 2, "uniqueItems": true
    });
    assert_eq!(all(schema), Some(json!(["a", "b"])));
    assert_eq!(
        all(json!({"type": "array", "items": {}, "maxItems": 0})),
        Some(json!([]))
    );
}

#[test]
fn a_recursive_type_has_a_finite_value() {
    let tree = all(json!({"$ref": "#/components/schemas/Tree"}));
    assert!(tree.is_some_and(|tree| tree["left"]["left"].is_object()));
    let endless =
        json!({"required": ["it"], "properties": {"it": {"$ref": "#/components/schemas/It"}}});
    assert_eq!(values(endless), [None, None]);
}

#[test]
fn a_map_has_its_minimum_of_entries_or_one() {
    let map = json!({"type": "object", "additionalProperties": {"type": "boolean"}});
    assert_eq!(values(map), [Some(json!({})), Some(json!({"key0": true}))]);
    let map =
        json!({"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 2});
    assert_eq!(all(map), Some(json!({"key0": true, "key1": true})));
}

/// Without the limit, a component with a hundred properties that each contain it would have an
/// exponential number of values.
#[test]
fn optional_properties_are_added_up_to_a_limit_of_values() {
    let property = json!({"$ref": "#/components/schemas/It"});
    let properties: serde_json::Map<String, Value> = (0..100)
        .map(|number| (format!("p{number}"), property.clone()))
        .collect();
    let [required, all] = values(json!({"type": "object", "properties": properties}));
    assert_eq!(required, Some(json!({})));
    let objects = all.unwrap().to_string().matches('{').count();
    assert!((100..=501).contains(&objects), "{objects}");
}

#[test]
fn a_sample_of_a_component_is_computed_once() {
    let document = json!({"components": {"schemas": {
        "It": {"type": "object", "properties": {"a": {"type": "string"}}}
    }}});
    let instances = Instances::new(&document);
    let it = json!({"$ref": "#/components/schemas/It"});
    let first = instances.sample(&it, true);
    assert_eq!(instances.sample(&it, true), first);
    assert_eq!(instances.made.borrow().len(), 1);
    assert_eq!(instances.sample(&it, false), Some(json!({})));
    assert_eq!(instances.made.borrow().len(), 2);
}
