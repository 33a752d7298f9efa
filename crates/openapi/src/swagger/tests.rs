use serde_json::json;

use super::*;
use crate::document::parse_yaml;

fn converted(text: &str) -> Value {
    let mut document = parse_yaml(text).unwrap();
    to_openapi_3(&mut document, &mut Changes::default());
    crate::structure::check(&document).unwrap();
    crate::references::check(&document).unwrap();
    document
}

#[test]
fn host_base_path_and_schemes_are_servers() {
    let of = |rest: &str| {
        let text = format!("swagger: '2.0'\ninfo: {{}}\npaths: {{}}\n{rest}");
        converted(&text)["servers"].clone()
    };
    assert_eq!(
        of("host: a.test\nbasePath: /v1/\nschemes: [http, https, ws]\n"),
        json!([{"url": "https://a.test/v1"}, {"url": "http://a.test/v1"}])
    );
    assert_eq!(
        of("host: a.test:81\n"),
        json!([{"url": "https://a.test:81"}])
    );
    assert_eq!(of("basePath: /v1\n"), json!([{"url": "/v1"}]));
    assert_eq!(of(""), json!([{"url": "/"}]));
}

#[test]
fn a_version_may_be_a_number() {
    assert_eq!(converted("swagger: 2.0\npaths: {}\n")["openapi"], "3.0.3");
}

const PETS: &str = "
swagger: '2.0'
info: {title: Pets, version: '1'}
host: pets.test
schemes: [https]
consumes: [application/json, application/xml]
produces: [application/json]
security: [{key: []}]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  user: {type: basic}
  app: {type: oauth2, flow: application, tokenUrl: 'https://pets.test/token', scopes: {read: Read}}
  web: {type: oauth2, flow: accessCode, authorizationUrl: 'https://pets.test/auth', tokenUrl: 'https://pets.test/token', scopes: {}}
parameters:
  Limit: {name: limit, in: query, type: integer, maximum: 10}
  Pet: {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
  Note: {name: note, in: formData, type: string}
responses:
  Gone: {description: Gone, schema: {$ref: '#/definitions/Problem'}, headers: {X-Id: {type: integer}}}
definitions:
  Problem: {type: object, properties: {message: {type: string, x-nullable: true}}}
  Pet: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string}}}
paths:
  /pets:
    parameters: [{$ref: '#/parameters/Limit'}]
    get:
      parameters:
        - {name: tags, in: query, type: array, items: {type: string}}
        - {name: ids, in: query, type: array, collectionFormat: multi, items: {type: integer, format: int64}}
        - {name: X-Many, in: header, type: array, items: {type: string}}
      responses: {200: {description: OK, schema: {type: array, items: {$ref: '#/definitions/Pet'}}, examples: {application/json: []}}}
    post:
      schemes: [http]
      parameters: [{$ref: '#/parameters/Pet'}]
      responses: {204: {description: OK}, 404: {$ref: '#/responses/Gone'}}
    put:
      consumes: [text/csv]
      parameters: [{name: body, in: body, description: All, schema: {type: string}}]
      responses: {200: {description: A file, schema: {type: file}}}
  /pets/{id}/photo:
    parameters: [{name: id, in: path, required: true, type: string}, {$ref: '#/parameters/Note'}]
    post:
      parameters: [{name: photo, in: formData, required: true, type: file, description: The photo}]
      responses: {default: {description: OK}}
    put:
      parameters: [{name: sizes, in: formData, type: array, items: {type: integer}}]
      responses: {default: {description: OK}}
";

#[test]
fn parameters_have_schemas_and_styles() {
    let document = converted(PETS);
    let list = &document["paths"]["/pets"]["get"]["parameters"];
    assert_eq!(
        list[0],
        json!({"name": "tags", "in": "query", "style": "form", "explode": false,
               "schema": {"type": "array", "items": {"type": "string"}}})
    );
    assert_eq!(list[1]["explode"], true);
    assert_eq!(
        list[1]["schema"]["items"],
        json!({"type": "integer", "format": "int64"})
    );
    assert_eq!(list[2].get("style"), None);
    assert_eq!(
        document["components"]["parameters"]["Limit"],
        json!({"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}})
    );
    assert_eq!(
        document["paths"]["/pets"]["parameters"][0]["$ref"],
        "#/components/parameters/Limit"
    );
}

#[test]
fn bodies_have_an_entry_for_each_media_type() {
    let document = converted(PETS);
    let pets = &document["paths"]["/pets"];
    assert_eq!(
        pets["post"]["requestBody"],
        json!({"$ref": "#/components/requestBodies/Pet"})
    );
    let media = json!({"schema": {"$ref": "#/components/schemas/Pet"}});
    assert_eq!(
        document["components"]["requestBodies"]["Pet"],
        json!({"required": true, "content": {"application/json": media, "application/xml": media}})
    );
    assert_eq!(
        pets["put"]["requestBody"],
        json!({"description": "All", "content": {"text/csv": {"schema": {"type": "string"}}}})
    );
    assert_eq!(
        pets["get"]["responses"]["200"]["content"],
        json!({"application/json": {"example": [], "schema": {
            "type": "array", "items": {"$ref": "#/components/schemas/Pet"}
        }}})
    );
    assert_eq!(
        pets["put"]["responses"]["200"]["content"],
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    );
    assert_eq!(
        document["components"]["responses"]["Gone"]["headers"]["X-Id"],
        json!({"schema": {"type": "integer"}})
    );
}

#[test]
fn form_parameters_become_one_body() {
    let document = converted(PETS);
    let photo = &document["paths"]["/pets/{id}/photo"];
    assert_eq!(photo["parameters"].as_array().unwrap().len(), 1);
    assert_eq!(
        photo["post"]["requestBody"],
        json!({"required": true, "content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["photo"],
            "properties": {
                "photo": {"type": "string", "format": "binary", "description": "The photo"},
                "note": {"type": "string"}
            }
        }}}})
    );
    let form = &photo["put"]["requestBody"]["content"]["application/x-www-form-urlencoded"];
    assert_eq!(
        form["encoding"],
        json!({"sizes": {"style": "form", "explode": false}})
    );
}

#[test]
fn security_definitions_are_schemes() {
    let document = converted(PETS);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["user"], json!({"type": "http", "scheme": "basic"}));
    assert_eq!(
        schemes["app"],
        json!({"type": "oauth2", "flows": {"clientCredentials": {
            "tokenUrl": "https://pets.test/token", "scopes": {"read": "Read"}
        }}})
    );
    assert!(schemes["web"]["flows"]["authorizationCode"]["tokenUrl"].is_string());
    assert_eq!(document["security"], json!([{"key": []}]));
}

#[test]
fn an_operation_with_schemes_of_its_own_has_servers() {
    let document = converted(PETS);
    assert_eq!(
        document["paths"]["/pets"]["post"]["servers"],
        json!([{"url": "http://pets.test"}])
    );
    assert_eq!(document["paths"]["/pets"]["get"].get("servers"), None);
}

#[test]
fn schemas_are_converted_to_3_0() {
    let document = converted(PETS);
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["Pet"]["discriminator"],
        json!({"propertyName": "kind"})
    );
    assert_eq!(
        schemas["Problem"]["properties"]["message"],
        json!({"type": "string", "nullable": true})
    );
}
