//! `cargo xtask new` as a process.

use serde_json::json;

use crate::program::Program as _;
use specmill_scratch::{Workspace, document, page, published, response, schema};

#[test]
fn a_document_becomes_an_api() {
    let workspace = Workspace::new();
    let get = json!({"operationId": "listPets", "responses": {"200": {"description": "OK"}, "default": response(schema("problem"))}});
    let text = document(
        json!({"/pets": {"get": get}}),
        json!({"problem": {"type": "object"}}),
    )
    .to_string();
    workspace.write("pets.json", &text);
    let run = workspace.run(&[
        "new",
        "pet-store",
        "pets.json",
        "--title",
        "Pets",
        "--module",
        "acme::pets",
    ]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.output, @r"
    created specs/pet-store: 1 operation, 1 schema, from pets.json
    the error schema is Problem

    Now run `cargo xtask regen`.
    ");
    assert_eq!(workspace.read("specs/pet-store/spec.json"), text);
    insta::assert_snapshot!(workspace.read("specs/pet-store/api.toml"), @r#"
    title = "Pets"
    module = "acme::pets"
    feature = "pet-store"
    environment = "PET_STORE"
    error-schema = "Problem"
    "#);
}

#[test]
fn pages_become_an_api_and_can_be_imported_again() {
    let workspace = Workspace::new();
    let text = page(&[published("pet#list", "get", "/pets")]);
    let run = workspace.run_with_input(&["new", "pets", "--page", "pets.md", "-"], &text);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.output, @r"
    created specs/pets: 1 operation, 0 schemas, from 1 page
    no single schema describes the errors; if there is one, set `error-schema` in api.toml

    Now run `cargo xtask regen`.
    ");
    let run = workspace.run_with_input(
        &["import", "--api", "pets", "--page", "pets.md", "-"],
        &text,
    );
    assert!(
        run.output.starts_with("unchanged pet#list\n"),
        "{}",
        run.output
    );
}

#[test]
fn a_name_that_is_taken_is_refused_before_anything_is_read() {
    let workspace = Workspace::new();
    let before = workspace.files();
    let run = workspace.run(&["new", "acme", "there-is-no-such-file"]);
    assert_eq!((run.code, run.output.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.errors, @r"
    error: `acme` exists already
      --> specs/acme
      = help: choose another name; to update the pages of an API, use `cargo xtask import`
    ");
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_bad_document_is_refused_with_its_place() {
    let workspace = Workspace::new();
    workspace.write("pets.yaml", "openapi: 3.0.3\npaths:\n  /pets: [\n");
    let before = workspace.files();
    let run = workspace.run(&["new", "pets", "pets.yaml"]);
    assert_eq!((run.code, run.output.as_str()), (Some(2), ""));
    assert!(
        run.errors.starts_with("error: this is not valid YAML: "),
        "{}",
        run.errors
    );
    assert!(run.errors.contains("\n  --> pets.yaml:"), "{}", run.errors);
    assert!(
        run.errors.contains("\n  = help: correct the document"),
        "{}",
        run.errors
    );
    assert_eq!(workspace.files(), before);
}

/// A document in the style of those of the vendor's Go SDK: `OpenAPI` 3.1 with unions of `null`, and without the signature of
/// requests, the version, the first page number and the URL of the service.
const TEAMS: &str = r#"
openapi: 3.1.0
info: { title: Teams, version: "1.4" }
servers: [{ url: / }]
paths:
  /v1/teams:
    get:
      operationId: ListTeams
      tags: [v1-teams]
      parameters:
        - { name: size, in: query, schema: { anyOf: [{ type: integer }, { type: "null" }], default: 20 } }
        - { name: page, in: query, schema: { anyOf: [{ type: integer }, { type: "null" }] } }
      responses:
        "200":
          description: OK
          content: { application/json: { schema: { $ref: '#/components/schemas/TeamPage' } } }
components:
  schemas:
    Team: { type: object, required: [id], properties: { id: { type: string } } }
    TeamPage:
      type: object
      required: [count, page, size, teams]
      properties:
        count: { type: integer }
        page: { type: integer }
        size: { type: integer }
        teams: { type: array, items: { $ref: '#/components/schemas/Team' } }
"#;

#[test]
fn a_bundled_overlay_adds_signatures_a_pinned_version_and_paging() {
    let workspace = Workspace::new();
    workspace.remove("specs/acme/api.toml");
    workspace.write("teams.yaml", TEAMS);
    let run = workspace.run(&["new", "scp-teams", "teams.yaml", "--overlay", "scp"]);
    assert_eq!(
        (run.code, run.errors.as_str()),
        (Some(0), ""),
        "{}",
        run.output
    );
    assert!(
        run.output.contains(
            "for the service `teams` in version 1.4: correct specs/scp-teams/overlay.yaml"
        ),
        "{}",
        run.output
    );
    let run = workspace.run(&["regen"]);
    assert_eq!(
        (run.code, run.errors.as_str()),
        (Some(0), ""),
        "{}",
        run.output
    );
    let document: serde_json::Value =
        serde_json::from_str(&workspace.read("specs/scp-teams/openapi.json")).unwrap();
    assert_eq!(
        document["servers"][0]["url"],
        "https://teams.{region}.{environment}.samsungsdscloud.com"
    );
    assert_eq!(document["servers"].as_array().unwrap().len(), 2);
    assert_eq!(
        document["x-api-versions"],
        json!([{"version": "1.4", "state": "CURRENT"}])
    );
    assert_eq!(
        document["components"]["securitySchemes"]["Signature"]["x-signature"],
        "scp-hmac-sha256"
    );
    let paging = &document["paths"]["/v1/teams"]["get"]["x-paging"];
    assert_eq!(
        (&paging["kind"], &paging["first"], &paging["items"]),
        (&json!("page"), &json!(0), &json!("teams"))
    );
    let client = workspace.read("crates/scp-teams/src/client.rs");
    for wanted in [
        "Authentication::signature",
        "pub fn region",
        "pub fn api_version",
    ] {
        assert!(client.contains(wanted), "{wanted}");
    }
}

#[test]
fn unused_actions_of_a_bundled_overlay_are_removed() {
    let workspace = Workspace::new();
    workspace.write("teams.yaml", &TEAMS.replace("servers: [{ url: / }]\n", ""));
    let run = workspace.run(&["new", "scp-teams", "teams.yaml", "--overlay", "scp"]);
    assert_eq!(
        (run.code, run.errors.as_str()),
        (Some(0), ""),
        "{}",
        run.output
    );
    assert!(
        !workspace
            .read("specs/scp-teams/overlay.yaml")
            .contains("remove: true")
    );
    let run = workspace.run(&["new", "other", "teams.yaml", "--overlay", "none"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.errors, @r"
    error: unknown overlay `none`
      = help: the overlays are: scp
    ");
}

#[test]
fn remaining_marks_are_counted_with_their_locations() {
    let workspace = Workspace::new();
    workspace.remove("specs/acme/api.toml");
    workspace.write(
        "teams.yaml",
        &TEAMS.replace(
            "operationId: ListTeams",
            "operationId: ListTeams\n      x-unknown: [security]",
        ),
    );
    let wanted = "1 mark `x-unknown` remains: fill in the facts that they name, and remove them";
    let run = workspace.run(&["new", "teams", "teams.yaml"]);
    assert!(run.output.contains(wanted), "{}", run.output);
    let run = workspace.run(&["regen"]);
    assert!(
        run.output.contains(wanted)
            && run
                .output
                .contains("unknown at #/paths/~1v1~1teams/get: security"),
        "{}",
        run.output
    );
}

/// Operations without tags, enumerations with the same values in two orders, and a declared error body.
const DEPOT: &str = r#"
openapi: 3.1.0
info: { title: Depot, version: "1" }
servers: [{ url: https://depot.test }]
paths:
  /v1/boxes:
    get:
      operationId: ListBoxes
      parameters: [{ name: state, in: query, schema: { type: string, enum: [OPEN, SEALED] } }]
      responses:
        "200": { description: OK, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Box' } } } } }
        "404": { description: Not Found, content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } } }
  /v1/racks/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete:
      operationId: DeleteRack
      responses:
        "204": { description: No Content }
        "409": { description: Conflict, content: { application/json: { schema: { $ref: '#/components/schemas/RackProblem' } } } }
components:
  schemas:
    Box: { type: object, required: [state], properties: { state: { type: string, enum: [SEALED, OPEN] } } }
    Problem: { type: object, required: [code], properties: { code: { type: string } } }
    RackProblem: { type: object, required: [rack], properties: { rack: { type: string } } }
"#;

/// The crate of the document, generated.
fn depot() -> Workspace {
    let workspace = Workspace::new();
    workspace.remove("specs/acme/api.toml");
    workspace.write("depot.yaml", DEPOT);
    for arguments in [&["new", "depot", "depot.yaml"][..], &["regen"]] {
        let run = workspace.run(arguments);
        assert_eq!(run.code, Some(0), "{}{}", run.output, run.errors);
    }
    workspace
}

#[test]
fn equal_sets_of_values_are_one_type_in_whatever_order() {
    let workspace = depot();
    let types: String = ["box_", "boxes"]
        .map(|tag| workspace.read(&format!("crates/depot/src/types/{tag}.rs")))
        .concat();
    assert_eq!(types.matches("open_enum! {").count(), 1, "{types}");
    assert_eq!(types.matches("pub type ").count(), 1, "{types}");
}

#[test]
fn a_declared_error_body_is_named_at_its_operation() {
    let workspace = depot();
    for (tag, body) in [("boxes", "Problem"), ("racks", "RackProblem")] {
        let operations = workspace.read(&format!("crates/depot/src/operations/{tag}.rs"));
        let link = format!("[`{body}`](crate::types::{body})");
        assert!(operations.contains(&link), "{operations}");
    }
}

#[test]
fn operations_without_a_tag_are_grouped_by_their_first_segment_in_the_command_too() {
    let workspace = depot();
    assert!(
        workspace
            .read("crates/depot/src/operations/boxes.rs")
            .contains("ListBoxes")
    );
    let dynamic = workspace.read("crates/depot/src/dynamic.json");
    for group in ["\"group\":\"box\"", "\"group\":\"rack\""] {
        assert!(dynamic.contains(group), "{dynamic}");
    }
}
