//! Webhooks: their bodies have types if the API asks for them, and are noted otherwise.

use crate::project::{Project, compiled};

const DOCUMENT: &str = "openapi: 3.1.0
info: {title: Kennel, version: '1'}
servers: [{url: 'https://kennel.example.com'}]
paths:
  /dogs/{id}:
    get:
      operationId: dog_get
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}}}
webhooks:
  dog-adopted:
    post:
      description: A dog was adopted.
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [dog, by]
              properties:
                dog: {$ref: '#/components/schemas/Dog'}
                by: {$ref: '#/components/schemas/Owner'}
                note: {type: [string, 'null']}
      responses: {'204': {description: Received}}
  dogs.counted:
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {type: integer}}}}}
      responses: {'204': {description: Received}}
  dog-lost: {$ref: '#/components/pathItems/Lost'}
  gone: {$ref: '#/components/pathItems/Gone'}
  ping:
    post:
      responses: {'204': {description: Received}}
components:
  pathItems:
    Lost: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}}, responses: {'204': {description: Received}}}}
  schemas:
    Dog: {type: object, required: [name], properties: {name: {type: string}}}
    Owner: {type: object, required: [email], properties: {email: {type: string}}}
";

/// Adds the API twice: with types of webhook bodies, and without.
pub(crate) fn add(project: &Project) {
    let (calls, _) = DOCUMENT.split_once("webhooks:").unwrap();
    let calls = format!("{calls}components: {{schemas: {{Dog: {{type: object}}}}}}\n");
    for (name, document) in [
        ("kennel", DOCUMENT),
        ("kennel-calls", DOCUMENT),
        ("silent", &calls),
    ] {
        project.add_yaml(name, document).unwrap();
    }
    for name in ["kennel", "silent"] {
        let file = format!("specs/{name}/api.toml");
        // A top-level key must precede the tables.
        let settings = format!("webhooks = true\n{}", project.read(&file));
        project.write(&file, &settings);
    }
}

#[test]
fn bodies_are_in_a_module_behind_the_feature_and_shared_types_are_not() {
    let project = &compiled().project;
    let library = project.read("crates/kennel/src/lib.rs");
    assert!(library.contains("#[cfg(feature = \"webhooks\")]\npub mod webhooks;"));
    let types = project.read("crates/kennel/src/types.rs");
    assert!(types.contains("#[cfg(feature = \"webhooks\")]\nmod webhook_payloads;"));
    let payloads = project.read("crates/kennel/src/types/webhook_payloads.rs");
    assert!(payloads.contains("pub struct Owner {"));
    assert!(!payloads.contains("pub struct Dog {"));
}

#[test]
fn a_webhook_is_documented_by_its_name_and_description() {
    let webhooks = compiled().project.read("crates/kennel/src/webhooks.rs");
    assert!(webhooks.contains(
        "/// `dog-adopted`\n///\n/// A dog was adopted.\npub type DogAdopted = crate::types::DogAdoptedWebhook;"
    ));
}

#[test]
fn a_webhook_may_reference_a_path_item() {
    let webhooks = compiled().project.read("crates/kennel/src/webhooks.rs");
    assert!(webhooks.contains("pub type DogLost = crate::types::Dog;"));
}

#[test]
fn a_webhook_without_a_json_body_or_a_request_is_noted() {
    let readme = compiled().project.read("crates/kennel/README.md");
    assert!(readme.contains("- The webhook `ping` has no JSON body."));
    assert!(readme.contains("- The webhook `gone` has no request."));
}

#[test]
fn the_setting_is_noted_if_the_document_has_no_webhooks() {
    let readme = compiled().project.read("crates/silent/README.md");
    assert!(
        readme.contains("- The setting `webhooks` has no effect: the document has no webhooks.")
    );
}

#[test]
fn webhooks_that_are_not_enabled_are_noted_with_the_setting() {
    let readme = compiled().project.read("crates/kennel-calls/README.md");
    assert!(
        readme.contains(
            "does not receive them: `dog-adopted`, `dog-lost`, `dogs.counted` and 2 more. The setting `webhooks`"
        ),
        "{readme}"
    );
    assert!(!readme.contains("`webhooks`: the types"));
    let types = compiled().project.read("crates/kennel-calls/src/types.rs");
    assert!(!types.contains("webhook"));
}
