//! The normalised document has a canonical order.

use serde_json::{Value, json};

use specmill_scratch::{Workspace, normalised, page, published};

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn unordered_properties_are_sorted() {
    let operation = |id: &str| json!({"operationId": id, "responses": {"default": {"description": "Bad"}, "404": {"description": "Gone"}, "200": {"description": "OK"}}});
    let given = json!({
        "components": {"schemas": {"B": {"type": "object", "properties": {"z": {}, "a": {}}}, "A": {}}, "parameters": {}},
        "paths": {"/b": {"delete": operation("d"), "get": operation("c")}, "/a": {"post": operation("b"), "get": operation("a")}},
        "tags": [{"name": "z"}, {"name": "a"}],
        "info": {"title": "Acme", "version": "1"},
        "openapi": "3.0.3"
    });
    let document = normalised(&given).document;
    assert_eq!(
        keys(&document),
        [
            "openapi",
            "info",
            "tags",
            "paths",
            "components",
            "x-specmill"
        ]
    );
    assert_eq!(document["tags"], json!([{"name": "a"}, {"name": "z"}]));
    assert_eq!(keys(&document["paths"]), ["/a", "/b"]);
    assert_eq!(keys(&document["paths"]["/b"]), ["get", "delete"]);
    assert_eq!(
        keys(&document["paths"]["/a"]["get"]["responses"]),
        ["200", "404", "default"]
    );
    assert_eq!(keys(&document["components"]), ["parameters", "schemas"]);
    assert_eq!(keys(&document["components"]["schemas"]), ["A", "B"]);
    // The order of fields is kept, since it is the vendor's.
    assert_eq!(
        keys(&document["components"]["schemas"]["B"]["properties"]),
        ["z", "a"]
    );
}

#[test]
fn pages_in_any_order_result_in_one_document() {
    let (users, roles) = (
        page(&[published("user#list", "get", "/users")]),
        page(&[published("role#list", "get", "/roles")]),
    );
    let documents = [
        [("u.md", &users), ("r.md", &roles)],
        [("r.md", &roles), ("u.md", &users)],
    ]
    .map(|pages| {
        let workspace = Workspace::new();
        for (name, text) in pages {
            workspace.import(&[(name, text)]).unwrap();
        }
        workspace.normalise().unwrap().document.to_string()
    });
    assert_eq!(documents[0], documents[1]);
}

#[test]
fn normalising_a_normalised_document_changes_nothing() {
    let given = json!({
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1", "description": "See https://acme.test and [this] <b>."},
        "paths": {"/a": {"get": {"operationId": "a#b", "responses": {"200": {"description": "OK"}}, "parameters": [
            {"name": "x", "in": "query", "allowEmptyValue": true, "schema": {"type": ["string", "null"]}}
        ]}}},
        "components": {"schemas": {"UserAPI.Item": {"type": ["string", "integer", "null"], "const": 1}}}
    });
    let once = normalised(&given).document;
    assert_eq!(normalised(&once).document, once);
}
