//! Published documents are merged into one.

use serde_json::json;

use specmill_scratch::{Workspace, page, published, published_with};

fn user(of: serde_json::Value) -> serde_json::Value {
    published_with("user#get", "get", "/users/{id}", "UserAPI.User", of)
}

fn list(of: serde_json::Value) -> serde_json::Value {
    published_with("user#list", "get", "/users", "UserAPI.User", of)
}

#[test]
fn operations_of_all_documents_are_merged() {
    let workspace = Workspace::new();
    let documents = [
        published("user#list", "get", "/users"),
        published("user#create", "post", "/users"),
    ];
    workspace
        .import(&[("users.md", &page(&documents))])
        .unwrap();
    let document = workspace.normalise().unwrap().document;
    assert_eq!(
        document["paths"]["/users"]["get"]["operationId"],
        "user_list"
    );
    assert_eq!(
        document["paths"]["/users"]["post"]["operationId"],
        "user_create"
    );
}

#[test]
fn an_operation_records_its_page_and_its_published_name() {
    let workspace = Workspace::new();
    workspace
        .import(&[(
            "users.md",
            &page(&[published("user#list", "get", "/users")]),
        )])
        .unwrap();
    let document = workspace.normalise().unwrap().document;
    assert_eq!(
        document["paths"]["/users"]["get"]["x-source"],
        json!({"page": "users.md", "operation": "user#list"})
    );
}

#[test]
fn a_schema_of_two_documents_is_merged() {
    let workspace = Workspace::new();
    let one = json!({"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}});
    let same = json!({"properties": {"name": {"type": "string"}, "id": {"type": "string"}}, "type": "object"});
    workspace
        .import(&[("users.md", &page(&[user(one), list(same)]))])
        .unwrap();
    let document = workspace.normalise().unwrap().document;
    assert_eq!(
        document["components"]["schemas"]["User"]["x-published-name"],
        "UserAPI.User"
    );
    assert_eq!(
        document["components"]["schemas"].as_object().unwrap().len(),
        1
    );
}

#[test]
fn contradicting_schemas_are_an_error_that_names_both_places() {
    let workspace = Workspace::new();
    let documents = [
        user(json!({"type": "object"})),
        list(json!({"type": "string"})),
    ];
    workspace
        .import(&[("users.md", &page(&documents))])
        .unwrap();
    let error = workspace.normalise().unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: two published documents contradict each other about `UserAPI.User`
      --> specs/acme/published/user_list.json#/components/schemas/UserAPI.User
      = note: the other one is at specs/acme/published/user_get.json#/components/schemas/UserAPI.User
      = note: they differ at `type`
      = help: import the older page again; if the vendor contradicts itself, name the correct operation in [prefer] of api.toml
    ");
}

#[test]
fn a_preferred_operation_resolves_a_contradiction() {
    for (preferred, kind) in [("user#get", "object"), ("user#list", "string")] {
        let workspace =
            Workspace::with_settings(&format!("[prefer]\n\"UserAPI.User\" = \"{preferred}\"\n"));
        let documents = [
            user(json!({"type": "object"})),
            list(json!({"type": "string"})),
        ];
        workspace
            .import(&[("users.md", &page(&documents))])
            .unwrap();
        let document = workspace.normalise().unwrap().document;
        assert_eq!(document["components"]["schemas"]["User"]["type"], kind);
    }
}

#[test]
fn a_preference_for_an_operation_that_does_not_exist_is_an_error() {
    let workspace = Workspace::with_settings("[prefer]\n\"UserAPI.User\" = \"user#find\"\n");
    workspace
        .import(&[("users.md", &page(&[user(json!({}))]))])
        .unwrap();
    insta::assert_snapshot!(workspace.normalise().unwrap_err(), @r"
    error: [prefer] names the operation `user#find`, which no document contains
      --> specs/acme/api.toml
      = help: name an operation whose published document contains the schema
    ");
}

#[test]
fn a_preference_for_a_schema_that_does_not_exist_is_an_error() {
    let workspace = Workspace::with_settings("[prefer]\n\"UserAPI.Role\" = \"user#get\"\n");
    workspace
        .import(&[("users.md", &page(&[user(json!({}))]))])
        .unwrap();
    let error = workspace.normalise().unwrap_err();
    assert_eq!(
        error.message(),
        "[prefer] names the schema `UserAPI.Role`, which the document of `user#get` does not contain"
    );
}

#[test]
fn tags_are_merged_by_name() {
    let workspace = Workspace::new();
    let mut one = published("user#list", "get", "/users");
    one["tags"] = json!([{"name": "user", "description": "Users"}]);
    let mut two = published("role#list", "get", "/roles");
    two["tags"] = json!([{"name": "role"}, {"name": "user", "description": "Users"}]);
    workspace
        .import(&[("users.md", &page(&[one, two.clone()]))])
        .unwrap();
    let document = workspace.normalise().unwrap().document;
    assert_eq!(
        document["tags"],
        json!([{"name": "role"}, {"name": "user", "description": "Users"}])
    );
}

#[test]
fn contradicting_tags_are_an_error_that_names_both_places() {
    let workspace = Workspace::new();
    let mut one = published("user#list", "get", "/users");
    one["tags"] = json!([{"name": "user", "description": "Users"}]);
    let mut two = published("user#get", "get", "/users/{id}");
    two["tags"] = json!([{"name": "user", "description": "People"}]);
    workspace
        .import(&[("users.md", &page(&[one, two]))])
        .unwrap();
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(
        error.contains("contradict each other about the tag `user`"),
        "{error}"
    );
    assert!(
        error.contains("user_get.json") && error.contains("user_list.json"),
        "{error}"
    );
}

#[test]
fn contradicting_servers_are_an_error() {
    let workspace = Workspace::new();
    let mut one = published("user#list", "get", "/users");
    one["servers"] = json!([{"url": "https://a.test"}]);
    let mut two = published("user#get", "get", "/users/{id}");
    two["servers"] = json!([{"url": "https://b.test"}]);
    workspace
        .import(&[("users.md", &page(&[one, two]))])
        .unwrap();
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(
        error.contains("contradict each other about `servers`"),
        "{error}"
    );
}
