//! A change is told once, where it is declared, with all it reaches.

use apidrift::Side;

use crate::support::{only, report, wire};

fn users(schema: &str) -> String {
    format!(
        "openapi: 3.0.0
paths:
  /users:
    get:
      operationId: listUsers
      responses: {{'200': {{content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/User'}}}}}}}}}}}}
    post:
      operationId: addUser
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}
      responses: {{'201': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}}}
components:
  schemas:
    User: {schema}
"
    )
}

#[test]
fn a_change_of_a_shared_schema_is_told_once_for_each_side_with_its_operations() {
    let old = users("{type: object, properties: {name: {type: string, maxLength: 9}}}");
    let new = users("{type: object, properties: {name: {type: string, maxLength: 5}}}");
    let found = report(&old, &new);
    assert_eq!(
        wire(&found),
        [
            "request-property-max-length-decreased: breaking",
            "response-property-max-length-decreased: compatible"
        ]
    );
    for change in &found.changes {
        assert_eq!(
            change.pointer.old.as_deref(),
            Some("/components/schemas/User/properties/name")
        );
        let operations: Vec<_> = change
            .operations()
            .map(|operation| operation.operation_id.clone().unwrap())
            .collect();
        match change.side {
            Side::Request => assert_eq!(operations, ["addUser"]),
            _ => assert_eq!(operations, ["listUsers", "addUser"]),
        }
    }
}

#[test]
fn a_schema_that_is_body_here_and_item_there_is_told_once() {
    let found = report(&users("{type: string}"), &users("{type: boolean}"));
    assert_eq!(
        wire(&found),
        [
            "request-body-type-changed: breaking",
            "response-property-type-changed: breaking"
        ]
    );
}

#[test]
fn changes_in_a_circle_reach_every_operation_that_enters_it() {
    let circle = |kind: &str| {
        format!(
            "openapi: 3.0.0
paths:
  /a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}
  /b: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/B'}}}}}}}}}}}}}}
components:
  schemas:
    A: {{type: object, properties: {{b: {{$ref: '#/components/schemas/B'}}}}}}
    B: {{type: object, properties: {{a: {{$ref: '#/components/schemas/A'}}, x: {{type: {kind}}}}}}}
"
        )
    };
    let found = report(&circle("string"), &circle("integer"));
    let change = only(&found);
    assert_eq!(
        change
            .operations()
            .map(|operation| operation.path.as_str())
            .collect::<Vec<_>>(),
        ["/a", "/b"]
    );
}

#[test]
fn a_changed_parameter_of_a_path_is_told_once_for_all_its_operations() {
    let path = |limit: u32| {
        format!(
            "openapi: 3.0.0
paths:
  /a:
    parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]
    get: {{responses: {{}}}}
    put: {{responses: {{}}}}
"
        )
    };
    let found = report(&path(20), &path(10));
    assert_eq!(only(&found).operations().len(), 2);
}

#[test]
fn a_change_keeps_its_fingerprint_when_something_is_inserted_before_it() {
    let parameters = |list: &str| {
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{parameters: [{list}], responses: {{}}}}}}}}\n"
        )
    };
    let one =
        |limit: u32| format!("{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}");
    let other = "{in: query, name: before, schema: {type: string}}, ";
    let plain = report(&parameters(&one(20)), &parameters(&one(10)));
    let shifted = report(
        &parameters(&format!("{other}{}", one(20))),
        &parameters(&format!("{other}{}", one(10))),
    );
    assert_eq!(only(&plain).fingerprint, only(&shifted).fingerprint);
    assert_ne!(only(&plain).pointer, only(&shifted).pointer);
}

#[test]
fn a_schema_renamed_with_the_same_content_is_told_once() {
    let named = |name: &str| {
        users("{type: string}")
            .replace("schemas/User", &format!("schemas/{name}"))
            .replace("    User:", &format!("    {name}:"))
    };
    let found = report(&named("Person"), &named("Account"));
    let change = only(&found);
    assert_eq!(change.rule.id(), "api-schema-renamed");
    assert_eq!(change.side, Side::Both);
    assert_eq!(
        change.message,
        "schema `Account`: schema was renamed: Person → Account"
    );
    assert_eq!(change.operations().len(), 2);
}

#[test]
fn a_renamed_schema_that_changed_is_told_as_both() {
    let old = users("{type: object, properties: {a: {type: string}}}")
        .replace("schemas/User", "schemas/Person")
        .replace("    User:", "    Person:");
    let new = users("{type: object, properties: {a: {type: string}, b: {type: string}}}");
    assert_eq!(
        wire(&report(&old, &new)),
        [
            "api-schema-renamed: compatible",
            "new-optional-request-property: compatible",
            "response-optional-property-added: compatible"
        ]
    );
}

#[test]
fn a_schema_that_nothing_uses_any_more_is_told_as_removed() {
    let old = "openapi: 3.0.0\npaths: {}\ncomponents: {schemas: {A: {type: string}}}\n";
    let new = "openapi: 3.0.0\npaths: {}\n";
    assert_eq!(wire(&report(old, new)), ["api-schema-removed: compatible"]);
    assert_eq!(wire(&report(new, old)), ["api-schema-added: compatible"]);
}

#[test]
fn a_change_of_a_schema_that_no_message_uses_matters_to_rust_only() {
    let unused = |kind: &str| {
        format!("openapi: 3.0.0\npaths: {{}}\ncomponents: {{schemas: {{A: {{type: {kind}}}}}}}\n")
    };
    let found = report(&unused("string"), &unused("integer"));
    let change = only(&found);
    assert_eq!(
        (change.wire, change.rust),
        (apidrift::Verdict::Compatible, apidrift::Verdict::Breaking)
    );
    assert_eq!((change.side, change.operations().len()), (Side::None, 0));
}

#[test]
fn a_schema_below_an_unused_one_is_told_by_its_uses() {
    let with = |limit: u32| {
        format!(
            "{}    Unused: {{type: object, properties: {{user: {{$ref: '#/components/schemas/User'}}, own: {{type: integer, maximum: {limit}}}}}}}\n",
            users(&format!("{{type: integer, maximum: {limit}}}"))
        )
    };
    assert_eq!(
        wire(&report(&with(20), &with(10))),
        [
            "request-body-max-decreased: breaking",
            "response-property-max-decreased: compatible",
            "response-property-max-decreased: compatible"
        ]
    );
}
