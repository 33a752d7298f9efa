//! Published names are replaced with readable ones.

use serde_json::{Value, json};

use specmill_scratch::{
    Workspace, changes_of, document, normalise_with, normalised, page, published, published_with,
    refused, response, schema,
};

fn operations(ids: &[(&str, &str)]) -> Value {
    let paths = ids.iter().map(|(path, id)| {
        (
            path.to_string(),
            json!({"get": {"operationId": id, "responses": {"204": {"description": "Done"}}}}),
        )
    });
    document(Value::Object(paths.collect()), json!({}))
}

#[test]
fn an_operation_is_named_in_snake_case() {
    let normalised = normalised(&operations(&[("/tokens", "api token#rotate")]));
    assert_eq!(
        normalised.document["paths"]["/tokens"]["get"]["operationId"],
        "api_token_rotate"
    );
    assert_eq!(
        changes_of(&normalised, "rename_operations"),
        ["/paths/~1tokens/get: `api token#rotate` is `api_token_rotate`"]
    );
}

#[test]
fn a_schema_and_all_references_to_it_are_renamed() {
    let document = document(
        json!({"/users": {"get": {"operationId": "list", "responses": {
            "200": response(schema("UserAPI.ListResp")),
            "default": response(json!({"$ref": "#/components/schemas/UserAPI.ListResp/properties/first"}))
        }}}}),
        json!({
            "UserAPI.ListResp": {"type": "object", "properties": {"first": schema("UserAPI.User"), "default": schema("UserAPI.User")}},
            "UserAPI.User": {
                "type": "object",
                "discriminator": {"propertyName": "kind", "mapping": {
                    "a": "#/components/schemas/UserAPI.User", "b": "UserAPI.User"
                }}
            }
        }),
    );
    let document = normalised(&document).document;
    let responses = &document["paths"]["/users"]["get"]["responses"];
    assert_eq!(responses["200"], response(schema("UserListResp")));
    assert_eq!(
        responses["default"],
        response(json!({"$ref": "#/components/schemas/UserListResp/properties/first"}))
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["UserListResp"]["properties"],
        json!({"first": schema("User"), "default": schema("User")})
    );
    let mapping = json!({"a": "#/components/schemas/User", "b": "User"});
    assert_eq!(schemas["User"]["discriminator"]["mapping"], mapping);
}

#[test]
fn a_reference_inside_an_example_is_not_changed() {
    let mut given = operations(&[("/users", "list")]);
    given["components"]["schemas"]["UserAPI.User"] = json!({"example": schema("UserAPI.User")});
    let document = normalised(&given).document;
    assert_eq!(
        document["components"]["schemas"]["User"]["example"],
        schema("UserAPI.User")
    );
}

#[test]
fn a_link_follows_the_operation_it_names() {
    let mut given = operations(&[("/users", "user#list")]);
    given["paths"]["/users"]["get"]["responses"]["204"]["links"] =
        json!({"next": {"operationId": "user#list"}});
    let document = normalised(&given).document;
    let links = &document["paths"]["/users"]["get"]["responses"]["204"]["links"];
    assert_eq!(links["next"]["operationId"], "user_list");
}

#[test]
fn names_can_be_set_manually() {
    let settings = "[rename.operations]\n\"user#list\" = \"people\"\n[rename.schemas]\n\"UserAPI.User\" = \"Person\"\n";
    let mut given = operations(&[("/users", "user#list")]);
    given["components"]["schemas"]["UserAPI.User"] = json!({"type": "object"});
    let document = normalise_with(settings, &given).unwrap().document;
    assert_eq!(document["paths"]["/users"]["get"]["operationId"], "people");
    assert_eq!(
        document["components"]["schemas"],
        json!({"Person": {"type": "object"}})
    );
}

#[test]
fn a_new_name_may_be_the_old_name_of_another() {
    let settings = "[rename.schemas]\nA = \"B\"\nB = \"C\"\n";
    let mut given = operations(&[("/users", "list")]);
    given["components"]["schemas"] = json!({
        "A": {"description": "was A", "properties": {"b": schema("B")}}, "B": {"description": "was B"}
    });
    let document = normalise_with(settings, &given).unwrap().document;
    let schemas = json!({"B": {"description": "was A", "properties": {"b": schema("C")}}, "C": {"description": "was B"}});
    assert_eq!(document["components"]["schemas"], schemas);
}

#[test]
fn two_operations_with_one_name_are_an_error_that_names_both() {
    insta::assert_snapshot!(refused(&operations(&[("/a", "user#list"), ("/b", "user list")])), @r"
    error: `user#list` and `user list` both become `user_list`
      --> specs/acme/spec.json#/paths/~1b/get
      = note: the other one is at specs/acme/spec.json#/paths/~1a/get
      = help: name one of them in [rename.operations] of api.toml
    ");
}

#[test]
fn two_schemas_with_one_name_are_an_error_that_names_both_files() {
    let workspace = Workspace::new();
    let documents = [
        published_with(
            "a#get",
            "get",
            "/a",
            "RoleAPI.User",
            json!({"type": "object"}),
        ),
        published_with("b#get", "get", "/b", "RoleUser", json!({"type": "object"})),
    ];
    workspace
        .import(&[("users.md", &page(&documents))])
        .unwrap();
    insta::assert_snapshot!(workspace.normalise().unwrap_err(), @r"
    error: `RoleAPI.User` and `RoleUser` both become `RoleUser`
      --> specs/acme/published/b_get.json#/components/schemas/RoleUser
      = note: the other one is at specs/acme/published/a_get.json#/components/schemas/RoleAPI.User
      = help: name one of them in [rename.schemas] of api.toml
    ");
}

#[test]
fn names_that_differ_only_in_case_collide() {
    let error = refused(&operations(&[("/a", "userlist"), ("/b", "USERLIST")]));
    assert_eq!(
        error.message(),
        "`userlist` and `USERLIST` both become `userlist`"
    );
}

#[test]
fn a_duplicate_operation_id_is_renamed_by_method_and_path() {
    let given = operations(&[("/a", "list"), ("/b", "list")]);
    insta::assert_snapshot!(refused(&given), @r"
    error: two operations have the operationId `list`
      --> specs/acme/spec.json#/paths/~1b/get
      = note: the other one is at specs/acme/spec.json#/paths/~1a/get
      = help: name one of them by method and path in [rename.operations] of api.toml
    ");
    let document = normalise_with("[rename.operations]\n\"GET /b\" = \"list_b\"\n", &given)
        .unwrap()
        .document;
    assert_eq!(document["paths"]["/a"]["get"]["operationId"], "list");
    assert_eq!(document["paths"]["/b"]["get"]["operationId"], "list_b");
}

#[test]
fn an_unused_rename_is_an_error() {
    let error = normalise_with(
        "[rename.schemas]\nUser = \"Person\"\n",
        &operations(&[("/a", "list")]),
    )
    .unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: [rename.schemas] names `User`, which no document contains
      --> specs/acme/api.toml
      = help: correct the name, or remove the line if the vendor removed the item
    ");
}

#[test]
fn a_name_of_signs_only_is_an_error() {
    let mut given = operations(&[("/a", "list")]);
    given["components"]["schemas"]["***"] = json!({});
    assert_eq!(
        refused(&given).message(),
        "`***` does not result in a name: ``"
    );
    let error = normalise_with("[rename.schemas]\n\"***\" = \"a b\"\n", &given).unwrap_err();
    assert_eq!(error.message(), "`***` does not result in a name: `a b`");
}

#[test]
fn an_operation_without_an_id_is_named_by_method_and_path() {
    let given = document(
        json!({"/users/{id}/roles": {"get": {"responses": {"204": {"description": "Done"}}}}}),
        json!({}),
    );
    let document = normalised(&given).document;
    assert_eq!(
        document["paths"]["/users/{id}/roles"]["get"]["operationId"],
        "get_users_by_id_roles"
    );
    let document = normalise_with(
        "[rename.operations]\n\"GET /users/{id}/roles\" = \"roles_of\"\n",
        &given,
    )
    .unwrap()
    .document;
    assert_eq!(
        document["paths"]["/users/{id}/roles"]["get"]["operationId"],
        "roles_of"
    );
}

#[test]
fn a_page_added_later_renames_nothing() {
    let workspace = Workspace::new();
    workspace
        .import(&[(
            "users.md",
            &page(&[published_with(
                "user#list",
                "get",
                "/users",
                "UserAPI.Role",
                json!({}),
            )]),
        )])
        .unwrap();
    let before = workspace.normalise().unwrap().document;
    let role = published_with("role#list", "get", "/roles", "RoleAPI.Role", json!({}));
    workspace
        .import(&[("roles.md", &page(&[role, published("x", "get", "/x")]))])
        .unwrap();
    let after = workspace.normalise().unwrap().document;
    assert_eq!(after["paths"]["/users"], before["paths"]["/users"]);
    assert_eq!(
        after["components"]["schemas"]["UserRole"],
        before["components"]["schemas"]["UserRole"]
    );
    assert!(after["components"]["schemas"].get("Role").is_some());
}
