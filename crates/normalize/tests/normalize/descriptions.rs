//! Descriptions are not repeated, and are valid `CommonMark`.

use serde_json::json;

use specmill_scratch::{changes_of, document, normalised};

#[test]
fn a_description_that_a_parameter_and_its_schema_share_appears_once() {
    let given = document(
        json!({"/users": {"get": {"operationId": "list", "responses": {}, "parameters": [
            {"name": "a", "in": "query", "description": "Same", "schema": {"type": "string", "description": "Same"}},
            {"name": "b", "in": "query", "description": "One", "schema": {"type": "string", "description": "Other"}}
        ]}}}),
        json!({}),
    );
    let normalised = normalised(&given);
    let parameters = &normalised.document["paths"]["/users"]["get"]["parameters"];
    assert_eq!(parameters[0]["description"], "Same");
    assert_eq!(parameters[0]["schema"], json!({"type": "string"}));
    assert_eq!(parameters[1]["schema"]["description"], "Other");
    assert_eq!(
        changes_of(&normalised, "tidy_descriptions"),
        ["/paths/~1users/get/parameters/0/schema: the description repeated that of the parameter"]
    );
}

#[test]
fn text_that_a_renderer_would_interpret_as_markup_is_escaped() {
    let text = " A list<T> of [ids], see https://acme.test/x. ";
    let escaped = r"A list\<T> of \[ids\], see <https://acme.test/x>.";
    let given = json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1", "description": text},
        "servers": [{"url": "https://acme.test", "description": text}],
        "tags": [{"name": "user", "description": text}],
        "paths": {"/users": {"post": {
            "operationId": "create",
            "description": text,
            "parameters": [{"name": "a", "in": "query", "description": text, "schema": {"type": "string"}}],
            "requestBody": {"description": text, "content": {}},
            "responses": {"200": {"description": text}}
        }}},
        "components": {
            "schemas": {"User": {"description": text, "properties": {"id": {"description": text}}}},
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "K", "description": text}}
        }
    });
    let document = normalised(&given).document;
    for pointer in [
        "/info",
        "/servers/0",
        "/tags/0",
        "/paths/~1users/post",
        "/paths/~1users/post/parameters/0",
        "/paths/~1users/post/requestBody",
        "/paths/~1users/post/responses/200",
        "/components/schemas/User",
        "/components/schemas/User/properties/id",
        "/components/securitySchemes/Key",
    ] {
        assert_eq!(
            document.pointer(pointer).unwrap()["description"],
            escaped,
            "{pointer}"
        );
    }
}

#[test]
fn a_property_called_description_is_not_a_description() {
    let given = document(
        json!({"/users": {"get": {"operationId": "list", "responses": {}}}}),
        json!({"User": {"properties": {"description": {"type": "string"}}}}),
    );
    let normalised = normalised(&given);
    assert_eq!(
        changes_of(&normalised, "tidy_descriptions"),
        [] as [&str; 0]
    );
}
