//! Every reference must have a target.

use serde_json::{Value, json};

use specmill_scratch::{document, normalise_with, normalised, refused, response};

fn given(responses: Value, schemas: Value) -> Value {
    document(
        json!({"/x": {"get": {"operationId": "x", "responses": responses}}}),
        schemas,
    )
}

fn to(target: &str) -> Value {
    json!({"$ref": target})
}

#[test]
fn a_dangling_reference_is_refused_with_its_location() {
    let document = given(
        json!({"200": response(to("#/components/schemas/User"))}),
        json!({}),
    );
    insta::assert_snapshot!(refused(&document), @r"
    error: the reference `#/components/schemas/User` has no target
      --> specs/acme/spec.json#/paths/~1x/get/responses/200/content/application~1json/schema/$ref
      = help: correct the reference, or add its target
    ");
}

#[test]
fn references_in_a_response_and_a_property_named_default_are_checked() {
    let nothing = to("#/components/schemas/Nothing");
    let response = given(json!({"default": response(nothing.clone())}), json!({}));
    assert!(refused(&response).message().contains("has no target"));
    let property = given(
        json!({}),
        json!({"A": {"properties": {"default": nothing}}}),
    );
    assert!(refused(&property).message().contains("has no target"));
}

#[test]
fn examples_defaults_and_extensions_are_data() {
    let data = to("nothing at all");
    let schema = json!({"example": data, "default": data, "enum": [data], "x-note": data});
    normalised(&given(json!({}), json!({"A": schema})));
}

#[test]
fn a_reference_to_another_document_is_refused() {
    let error = refused(&given(json!({}), json!({"A": to("other.yaml#/A")})));
    assert_eq!(
        error.message(),
        "the reference `other.yaml#/A` points to another document"
    );
}

#[test]
fn circular_references_are_refused() {
    let error = refused(&given(
        json!({}),
        json!({"A": to("#/components/schemas/B"), "B": to("#/components/schemas/A")}),
    ));
    assert!(error.message().contains("points to itself"), "{error}");
}

#[test]
fn a_schema_may_contain_itself() {
    normalised(&given(
        json!({}),
        json!({"Tree": {"properties": {"left": to("#/components/schemas/Tree")}}}),
    ));
}

#[test]
fn a_reference_that_is_not_a_string_is_refused() {
    let error = refused(&given(json!({}), json!({"A": {"$ref": 5}})));
    assert_eq!(error.message(), "a `$ref` is not a string");
}

#[test]
fn a_reference_that_an_overlay_breaks_names_the_overlay() {
    let workspace = specmill_scratch::Workspace::new();
    let document = given(
        json!({"200": response(to("#/components/schemas/A"))}),
        json!({"A": {}}),
    );
    workspace.write("specs/acme/spec.json", &document.to_string());
    workspace.write(
        "specs/acme/overlay.yaml",
        "overlay: 1.0.0\ninfo: { title: t, version: v }\nactions: [{ target: $.components.schemas.A, description: d, remove: true }]\n",
    );
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(error.contains("has no target"), "{error}");
    assert!(
        error.contains("note: seen after specs/acme/overlay.yaml was applied"),
        "{error}"
    );
}

#[test]
fn a_value_that_must_be_an_object_is_refused_if_it_is_not() {
    for (document, pointer) in [
        (json!({"openapi": "3.0.3", "paths": []}), "/paths"),
        (
            json!({"openapi": "3.0.3", "paths": {"/x": []}}),
            "/paths/~1x",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {"/x": {"get": 1}}}),
            "/paths/~1x/get",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {"/x": {"get": {"responses": []}}}}),
            "/paths/~1x/get/responses",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {"/x": {"get": {"parameters": [1]}}}}),
            "/paths/~1x/get/parameters/0",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {}, "components": 1}),
            "/components",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": []}}),
            "/components/schemas",
        ),
        (
            json!({"openapi": "3.0.3", "paths": {}, "info": "Acme"}),
            "/info",
        ),
    ] {
        let error = normalise_with("", &document).unwrap_err().to_string();
        let place =
            format!("error: this must be an object\n  --> specs/acme/spec.json#{pointer}\n");
        assert!(error.starts_with(&place), "{error}");
    }
}

#[test]
fn a_path_begins_with_a_slash() {
    let error = refused(&document(json!({"users": {}}), json!({})));
    assert_eq!(
        error.message(),
        "the path `users` does not begin with a slash"
    );
}
