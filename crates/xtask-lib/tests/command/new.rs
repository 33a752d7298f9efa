//! `cargo xtask new`, as it is run.

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
    made specs/pet-store: 1 operations, 1 schemas, from pets.json
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
    made specs/pets: 1 operations, 0 schemas, from 1 page
    no schema describes every error; name one in `error-schema` of api.toml if there is one

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
    error: there is something called `acme` already
      --> specs/acme
      = help: choose another name; `cargo xtask import` renews the pages of an API
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
