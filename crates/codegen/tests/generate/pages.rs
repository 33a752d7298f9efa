//! Docs pages in the published form: each block contains a document with one operation, on one line.

use serde_json::{Map, Value, json};

use crate::project::yaml;

/// The pages of the test API, by name.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    ["rules", "tokens", "sources"]
        .map(|name| (name, page(&format!("pages/{name}.yaml"))))
        .to_vec()
}

/// A page with documents between prose that must be ignored.
pub(crate) fn page(file: &str) -> String {
    let schemas = yaml("pages/schemas.yaml");
    let mut text = String::from(
        "> An [index](index.md).\r\n\r\n# Acme\r\n\r\n{% hint style=\"info\" %}\r\nBeta.\r\n{% endhint %}\r\n",
    );
    for operation in yaml(file).as_array().unwrap() {
        text.push_str(&format!(
            "\r\n## &#x20;설명\r\n\r\n```json\r\n{}\r\n```\r\n",
            document(operation, &schemas)
        ));
    }
    text + "\r\n## GET /promised\r\n\r\nNothing.\r\n"
}

/// The document of one operation, with the schemas that it uses.
fn document(given: &Value, all: &Value) -> Value {
    let id = given["operationId"].as_str().unwrap();
    let tag = id.split('#').next().unwrap();
    let mut operation = Map::new();
    operation.insert("operationId".into(), json!(id));
    operation.insert(
        "summary".into(),
        json!(format!("{} it", id.split('#').nth(1).unwrap())),
    );
    operation.insert("tags".into(), json!([tag]));
    for name in ["description", "parameters"] {
        if let Some(value) = given.get(name) {
            operation.insert(name.into(), value.clone());
        }
    }
    let content = |kind: &str, name: &str| json!({kind: {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    if let Some(name) = given["requestBody"].as_str() {
        operation.insert(
            "requestBody".into(),
            json!({"required": true, "content": content("application/json", name)}),
        );
    }
    let mut responses = Map::new();
    for (status, response) in given["responses"].as_object().unwrap() {
        let response = match response.as_str() {
            None | Some("") => json!({"description": "No content"}),
            Some(name) => match name.strip_prefix("goa ") {
                Some(name) => {
                    json!({"description": "Late", "content": content("application/vnd.goa.error", name)})
                }
                None => {
                    json!({"description": "A response", "content": content("application/json", name)})
                }
            },
        };
        responses.insert(status.clone(), response);
    }
    operation.insert("responses".into(), Value::Object(responses));
    let used = given["schemas"].as_array().unwrap().iter().map(|name| {
        let name = name.as_str().unwrap();
        (name.to_owned(), all[name].clone())
    });
    let used: Map<String, Value> = used.collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme API", "version": "1.0"},
        "tags": [{"name": tag}],
        "servers": [{"url": "https://api.acme.test"}],
        "security": [{"ApiKeyAuth": []}],
        "components": {
            "securitySchemes": {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-API-Key"}},
            "schemas": used
        },
        "paths": {given["path"].as_str().unwrap(): {given["method"].as_str().unwrap(): operation}}
    })
}
