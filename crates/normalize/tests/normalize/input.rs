//! The files that a document is read from.

use serde_json::json;

use specmill_scratch::{Workspace, document, page, published};

fn given() -> String {
    document(
        json!({"/x": {"get": {"operationId": "x", "responses": {}}}}),
        json!({}),
    )
    .to_string()
}

#[test]
fn a_given_document_may_be_json_or_yaml() {
    for file in ["spec.yaml", "spec.json"] {
        let workspace = Workspace::new();
        workspace.write(&format!("specs/acme/{file}"), &given());
        assert_eq!(
            workspace.normalise().unwrap().document["paths"]["/x"]["get"]["operationId"],
            "x"
        );
    }
}

#[test]
fn two_given_documents_are_an_error() {
    let workspace = Workspace::new();
    workspace.write("specs/acme/spec.yaml", &given());
    workspace.write("specs/acme/spec.json", &given());
    insta::assert_snapshot!(workspace.normalise().unwrap_err(), @r"
    error: the API has two documents
      --> specs/acme/spec.yaml
      = note: the other one is specs/acme/spec.json
      = help: remove one of them
    ");
}

#[test]
fn a_given_document_beside_published_ones_is_an_error() {
    let workspace = Workspace::new();
    workspace
        .import(&[("users.md", &page(&[published("a", "get", "/a")]))])
        .unwrap();
    workspace.write("specs/acme/spec.yaml", &given());
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(
        error.contains("note: the other one is specs/acme/published"),
        "{error}"
    );
}

#[test]
fn an_api_without_a_document_is_an_error() {
    insta::assert_snapshot!(Workspace::new().normalise().unwrap_err(), @r"
    error: the API has no document
      --> specs/acme/
      = help: import a page (`cargo xtask import --api acme PAGE`), or write spec.yaml
    ");
}
