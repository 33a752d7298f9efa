//! The document that progenitor is given.
//!
//! progenitor makes two things of it: the types, and a builder for each operation with a field for
//! each parameter. Where parameters go, how bodies are written and what answers mean is the runtime's
//! matter, told by tables; so every parameter stands in the query here, under its name in Rust, and
//! every path is of its own. That takes nearly everything out of the document that progenitor refuses
//! or gets wrong.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Result};

use super::model::{Encoding, Model, Operation};

/// Builds the document from the model.
pub(super) fn build(model: &Model) -> Result<openapiv3::OpenAPI> {
    let paths: Map<String, Value> = model
        .operations
        .iter()
        .map(|operation| {
            (
                format!("/{}", operation.id),
                json!({ "post": operation_object(operation) }),
            )
        })
        .collect();
    let schemas: Map<String, Value> = model
        .types
        .iter()
        .map(|definition| (definition.name.clone(), definition.lowered.clone()))
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": "0" },
        "paths": paths,
        "components": { "schemas": schemas }
    });
    serde_json::from_value(document).map_err(|error| {
        Diagnostic::new(format!(
            "the lowered document is not what progenitor reads: {error}"
        ))
        .help("this is a defect of the lowering; report it with the document")
    })
}

fn operation_object(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.identifier, "in": "query", "required": parameter.required,
                "schema": parameter.lowered
            })
        })
        .collect();
    let mut object = json!({
        "operationId": operation.id,
        "responses": { "200": { "description": "" } }
    });
    if let Some(body) = &operation.body {
        if body.encoding == Encoding::Json && body.required && body.lowered.get("$ref").is_some() {
            object["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": body.lowered } } });
        } else {
            // progenitor takes every body for a required one, and knows few media types.
            parameters.push(json!({
                "name": "body", "in": "query", "required": body.required, "schema": body.lowered
            }));
        }
    }
    object["parameters"] = Value::Array(parameters);
    object
}
