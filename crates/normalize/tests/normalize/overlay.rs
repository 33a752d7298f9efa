//! Overlays: corrections, each with a reason.

use serde_json::{Value, json};
use specmill_normalize::Normalized;
use specmill_openapi::diagnostic::Diagnostic;

use specmill_scratch::{Workspace, changes_of, document};

fn apply(actions: &str) -> Result<Normalized, Box<Diagnostic>> {
    let workspace = Workspace::new();
    let paths = json!({
        "/users": {"get": {"operationId": "list", "tags": ["a", "b", "c"], "responses": {}}},
        "/roles": {"get": {"operationId": "roles", "responses": {}}}
    });
    let given = document(
        paths,
        json!({"User": {"type": "object", "properties": {"id": {"type": "string"}}}}),
    );
    workspace.write("specs/acme/spec.json", &given.to_string());
    let overlay =
        format!("overlay: 1.0.0\ninfo: {{ title: Acme, version: 1.0.0 }}\nactions:\n{actions}");
    workspace.write("specs/acme/overlay.yaml", &overlay);
    workspace.normalise()
}

fn applied(actions: &str) -> Value {
    apply(actions).unwrap().document
}

fn refused(actions: &str) -> String {
    apply(actions).unwrap_err().to_string()
}

#[test]
fn an_update_merges_properties_and_keeps_the_others() {
    let normalised = apply(
        "  - target: $.components.schemas.User\n    description: The name is missing.\n    \
         update: { properties: { name: { type: string } }, title: U }\n",
    )
    .unwrap();
    assert_eq!(
        normalised.document["components"]["schemas"]["User"],
        json!({"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}, "title": "U"})
    );
    assert_eq!(
        changes_of(&normalised, "overlay"),
        ["/components/schemas/User: updated: The name is missing."]
    );
}

#[test]
fn an_update_reaches_every_match() {
    let document = applied(
        "  - { target: '$.paths.*.get', description: d, update: { x-permission: Read } }\n",
    );
    assert_eq!(document["paths"]["/users"]["get"]["x-permission"], "Read");
    assert_eq!(document["paths"]["/roles"]["get"]["x-permission"], "Read");
}

#[test]
fn an_update_of_an_array_appends() {
    let document =
        applied("  - { target: \"$.paths['/users'].get.tags\", description: d, update: d }\n");
    assert_eq!(
        document["paths"]["/users"]["get"]["tags"],
        json!(["a", "b", "c", "d"])
    );
}

#[test]
fn actions_build_on_those_before_them() {
    let document = applied(
        "  - { target: $.info, description: d, update: { contact: { name: Ann } } }\n  \
         - { target: $.info.contact, description: d, update: { email: a@acme.test } }\n",
    );
    assert_eq!(
        document["info"]["contact"],
        json!({"name": "Ann", "email": "a@acme.test"})
    );
}

#[test]
fn a_removal_removes_every_match() {
    let document = applied(
        "  - { target: \"$.paths['/users'].get.tags[2,0,0]\", description: d, remove: true }\n",
    );
    assert_eq!(document["paths"]["/users"]["get"]["tags"], json!(["b"]));
    let document = applied("  - { target: \"$.paths['/roles']\", description: d, remove: true }\n");
    assert!(document["paths"].get("/roles").is_none());
    // Values inside a removed value are removed with it.
    let document = applied("  - { target: '$..properties', description: d, remove: true }\n");
    assert_eq!(
        document["components"]["schemas"]["User"],
        json!({"type": "object"})
    );
}

#[test]
fn many_items_of_one_array_are_removed_by_their_numbers() {
    let actions = "  - { target: \"$.paths['/users'].get\", description: d, update: { tags: [d, e, f, g, h, i, j, k, l] } }\n  \
                   - { target: \"$.paths['/users'].get.tags[?@ != 'b']\", description: d, remove: true }\n";
    assert_eq!(
        applied(actions)["paths"]["/users"]["get"]["tags"],
        json!(["b"])
    );
}

#[test]
fn an_action_that_matches_nothing_is_an_error() {
    insta::assert_snapshot!(refused("  - { target: \"$.paths['/groups']\", description: d, remove: true }\n"), @r"
    error: `$.paths['/groups']` matches nothing
      --> specs/acme/overlay.yaml#/actions/0
      = help: correct the target, or remove the action if the vendor fixed its documents
    ");
}

#[test]
fn an_action_without_a_reason_is_an_error() {
    insta::assert_snapshot!(refused("  - { target: $.info, description: ' ', update: {} }\n"), @r"
    error: the action on `$.info` has no reason
      --> specs/acme/overlay.yaml#/actions/0
      = help: add `description` with the reason
    ");
    assert!(refused("  - { target: $.info, update: {} }\n").contains("has no reason"));
}

#[test]
fn a_target_that_is_not_a_json_path_is_an_error() {
    let error = refused("  - { target: 'paths./users', description: d, remove: true }\n");
    assert!(
        error.starts_with("error: `paths./users` is not a JSONPath expression: "),
        "{error}"
    );
    assert!(
        error.contains("--> specs/acme/overlay.yaml#/actions/0"),
        "{error}"
    );
    assert!(error.contains("RFC 9535"), "{error}");
}

#[test]
fn an_action_either_updates_or_removes() {
    for action in ["", ", remove: false", ", remove: true, update: {}"] {
        let error = refused(&format!(
            "  - {{ target: $.info, description: d{action} }}\n"
        ));
        assert!(
            error.contains("the action on `$.info` must either update or remove"),
            "{error}"
        );
    }
}

#[test]
fn an_update_must_fit_its_target() {
    let error = refused("  - { target: $.info.title, description: d, update: { a: b } }\n");
    assert!(
        error.contains("`$.info.title` is neither an object nor an array"),
        "{error}"
    );
    let error = refused("  - { target: $.info, description: d, update: text }\n");
    assert!(
        error.contains("the update of `$.info` is not an object"),
        "{error}"
    );
}

#[test]
fn the_whole_document_cannot_be_removed() {
    let error = refused("  - { target: $, description: d, remove: true }\n");
    assert!(
        error.contains("`$` is the whole document, which cannot be removed"),
        "{error}"
    );
}

#[test]
fn the_second_action_is_named_by_its_number() {
    let error = refused(
        "  - { target: $.info, description: d, update: {} }\n  - { target: $.nothing, description: d, update: {} }\n",
    );
    assert!(
        error.contains("specs/acme/overlay.yaml#/actions/1"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_not_an_overlay_is_an_error() {
    for (text, message) in [
        (
            "actions: []",
            "error: this is not an overlay: missing field `overlay`",
        ),
        (
            "overlay: 2.0.0\ninfo: { title: t, version: v }\nactions: []",
            "error: overlays of version `2.0.0` are not supported",
        ),
        (
            "overlay: 1.0.0\ninfo: { title: t, version: v }\nactoins: []",
            "error: this is not an overlay: unknown field `actoins`",
        ),
        ("overlay: [", "error: this is not valid YAML: "),
        ("a: 1\na: 2", "error: this is not valid YAML: "),
    ] {
        let workspace = Workspace::new();
        workspace.write(
            "specs/acme/spec.json",
            &document(json!({}), json!({})).to_string(),
        );
        workspace.write("specs/acme/overlay.yaml", text);
        let error = workspace.normalise().unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
        assert!(error.contains("specs/acme/overlay.yaml"), "{error}");
    }
}
