//! The error schema of the whole API.

use serde_json::{Value, json};

use specmill_scratch::{changes_of, document, normalise_with, response, schema};

const SETTINGS: &str = "error-schema = \"Error\"\n";

fn message() -> Value {
    json!({"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]})
}

fn given(responses: Value, more: Value) -> Value {
    let mut schemas = json!({"Error": message()});
    schemas
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    document(
        json!({"/users": {"get": {"operationId": "list", "responses": responses}}}),
        schemas,
    )
}

fn responses(document: &Value) -> &Value {
    &document["paths"]["/users"]["get"]["responses"]
}

#[test]
fn schemas_with_the_shape_of_the_error_schema_are_replaced() {
    let mut described = message();
    described["description"] = json!("The request was bad.");
    described["properties"]["message"]["description"] = json!("What was bad.");
    let given = given(
        json!({"400": response(schema("UserBadRequest")), "404": response(schema("UserNotFound"))}),
        json!({"UserBadRequest": described, "UserNotFound": message()}),
    );
    let normalised = normalise_with(SETTINGS, &given).unwrap();
    assert_eq!(
        responses(&normalised.document)["400"],
        response(schema("Error"))
    );
    assert_eq!(
        responses(&normalised.document)["404"],
        response(schema("Error"))
    );
    assert_eq!(
        normalised.document["components"]["schemas"]
            .as_object()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        changes_of(&normalised, "unify_errors"),
        [
            "/components/schemas/UserBadRequest: is `Error`",
            "/components/schemas/UserNotFound: is `Error`",
            "/paths/~1users/get/responses: the `default` response describes undeclared statuses",
        ]
    );
}

#[test]
fn an_error_schema_of_another_shape_is_kept() {
    let mut tested = message();
    tested["properties"]["testResults"] = json!({"type": "array", "items": {}});
    let given = given(
        json!({"400": response(schema("RuleBadRequest"))}),
        json!({"RuleBadRequest": tested}),
    );
    let document = normalise_with(SETTINGS, &given).unwrap().document;
    assert_eq!(
        responses(&document)["400"],
        response(schema("RuleBadRequest"))
    );
    assert_eq!(document["components"]["schemas"]["RuleBadRequest"], tested);
}

#[test]
fn a_schema_that_a_success_uses_is_kept_despite_its_shape() {
    let given = given(
        json!({"200": response(schema("Note")), "400": response(schema("Note"))}),
        json!({"Note": message()}),
    );
    let document = normalise_with(SETTINGS, &given).unwrap().document;
    assert_eq!(responses(&document)["400"], response(schema("Note")));
}

#[test]
fn a_property_named_responses_is_not_an_error_response() {
    let given = given(
        json!({"200": response(schema("Survey"))}),
        json!({
            "Survey": {"type": "object", "properties": {"responses": {"type": "array", "items": schema("Note")}}},
            "Note": message()
        }),
    );
    let document = normalise_with(SETTINGS, &given).unwrap().document;
    assert_eq!(document["components"]["schemas"]["Note"], message());
}

#[test]
fn a_shared_response_is_classified_by_its_uses() {
    let mut given = given(
        json!({"200": {"$ref": "#/components/responses/Fine"}, "400": {"$ref": "#/components/responses/Bad"}}),
        json!({"Fine": message(), "Bad": message()}),
    );
    given["components"]["responses"] =
        json!({"Fine": response(schema("Fine")), "Bad": response(schema("Bad"))});
    let document = normalise_with(SETTINGS, &given).unwrap().document;
    assert_eq!(
        document["components"]["responses"]["Fine"],
        response(schema("Fine"))
    );
    assert_eq!(
        document["components"]["responses"]["Bad"],
        response(schema("Error"))
    );
}

#[test]
fn every_operation_gets_a_default_response() {
    let document = normalise_with(
        SETTINGS,
        &given(json!({"204": {"description": "Done"}}), json!({})),
    )
    .unwrap()
    .document;
    let default = &responses(&document)["default"];
    assert_eq!(
        default["content"]["application/json"]["schema"],
        schema("Error")
    );
}

#[test]
fn a_declared_default_response_is_kept() {
    let declared = response(json!({"type": "string"}));
    let document = normalise_with(SETTINGS, &given(json!({"default": declared}), json!({})))
        .unwrap()
        .document;
    assert_eq!(responses(&document)["default"], declared);
}

#[test]
fn without_an_error_schema_nothing_is_added() {
    let given = given(
        json!({"400": response(schema("Bad"))}),
        json!({"Bad": message()}),
    );
    let document = normalise_with("", &given).unwrap().document;
    assert_eq!(
        responses(&document),
        &json!({"400": response(schema("Bad"))})
    );
}

#[test]
fn an_error_schema_that_does_not_exist_is_an_error() {
    let error =
        normalise_with("error-schema = \"Problem\"\n", &given(json!({}), json!({}))).unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: the error schema `Problem` is not a component
      --> specs/acme/api.toml
      = help: add it in the overlay, or correct `error-schema`
    ");
}
