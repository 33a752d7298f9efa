//! Recursive types: the generator terminates, and types with finite values have samples.

use std::path::Path;

use serde_json::{Value, json};
use specmill_codegen::{Generated, Options, generate};
use specmill_model::lower;

/// The crate of an API with one operation, whose request and response are `Root`.
#[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
fn made(schemas: Value) -> Generated {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Root"}}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Circles", "version": "1"},
        "servers": [{"url": "https://circles.test"}],
        "paths": {"/search": {"post": {
            "operationId": "search", "tags": ["search"],
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "OK", "content": content}}
        }}},
        "components": {"schemas": schemas}
    });
    let options = Options::new("circles", "circles-client", "Circles");
    let model = lower(&options.lowering(), &document).unwrap();
    generate(&options, &document, &model, "digest").unwrap()
}

fn calls(generated: &Generated) -> &str {
    &generated.files[Path::new("tests/calls/search.rs")]
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

#[test]
fn a_sample_avoids_the_branch_that_requires_its_union() {
    let generated = made(json!({
        "Root": {
            "oneOf": [to("Not"), to("Equals")],
            "discriminator": {"propertyName": "op", "mapping": {
                "not": "#/components/schemas/Not", "eq": "#/components/schemas/Equals"
            }}
        },
        "Not": object(&["op", "filter"], json!({"op": {"type": "string"}, "filter": to("Root")})),
        "Equals": object(&["op", "value"], json!({"op": {"type": "string"}, "value": {"type": "string"}}))
    }));
    let calls = calls(&generated);
    assert!(calls.contains(r#""op":"eq""#), "{calls}");
    assert!(
        !calls.contains(r#""filter":{"filter":{"filter""#),
        "{calls}"
    );
}

#[test]
fn a_type_that_requires_a_map_or_a_list_of_itself_has_a_sample() {
    let generated = made(json!({
        "Root": object(&["children", "list"], json!({
            "children": {"type": "object", "additionalProperties": to("Root")},
            "list": {"type": "array", "items": to("Root")}
        }))
    }));
    assert!(calls(&generated).contains("search_is_sent_with_what_is_required"));
}

#[test]
fn a_type_that_requires_a_nullable_value_of_itself_has_null_in_it() {
    let generated = made(json!({
        "Root": object(&["next"], json!({"next": {"allOf": [to("Root")], "nullable": true}}))
    }));
    assert!(calls(&generated).contains("null"));
}

#[test]
fn types_without_a_finite_value_have_no_sample() {
    for schemas in [
        json!({"Root": object(&["self"], json!({"self": to("Root")}))}),
        json!({
            "Root": object(&["other"], json!({"other": to("Other")})),
            "Other": object(&["root"], json!({"root": to("Root")}))
        }),
        json!({
            "Root": {"oneOf": [to("A"), to("B")], "discriminator": {"propertyName": "kind"}},
            "A": object(&["kind", "root"], json!({"kind": {"type": "string"}, "root": to("Root")})),
            "B": object(&["kind", "root"], json!({"kind": {"type": "string"}, "root": to("Root")}))
        }),
        json!({"Root": {"allOf": [to("Root")]}}),
        json!({"Root": {"oneOf": [to("Root"), to("Root")]}}),
        json!({"Root": {"allOf": [to("Other")]}, "Other": {"anyOf": [to("Root")]}}),
    ] {
        // The test only checks that this terminates.
        made(schemas);
    }
}

/// Types in levels, each of which requires several of the next: a complete sample would exceed any
/// memory.
#[test]
fn a_type_with_too_large_values_has_no_sample() {
    let mut schemas = json!({"Level40": object(&["a"], json!({"a": {"type": "string"}}))});
    for level in 0..40 {
        let name = if level == 0 {
            "Root".to_owned()
        } else {
            format!("Level{level}")
        };
        let next = format!("Level{}", level + 1);
        schemas[name] = object(
            &["a", "b", "c"],
            json!({"a": to(&next), "b": to(&next), "c": to(&next)}),
        );
    }
    let generated = made(schemas);
    let size: usize = generated.files.values().map(String::len).sum();
    assert!(size < 2_000_000, "{size}");
}

/// Each branch of each union only fails deep inside.
#[test]
fn unions_without_a_finite_value_terminate() {
    let branches: Vec<Value> = (0..12).map(|index| to(&format!("Branch{index}"))).collect();
    let mut schemas =
        json!({"Root": {"oneOf": branches, "discriminator": {"propertyName": "kind"}}});
    for index in 0..12 {
        schemas[format!("Branch{index}")] = object(
            &["kind", "left", "right"],
            json!({"kind": {"type": "string"}, "left": to("Root"), "right": to("Root")}),
        );
    }
    made(schemas);
}
