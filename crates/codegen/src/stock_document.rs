//! The document for plain progenitor, which generates its own client from it.
//!
//! It contains the types of the model with their original names, and the parts of each operation that progenitor
//! accepts. A program that uses progenitor itself, without this project's clients, can use it instead of the
//! normalised document.

use serde_json::{Map, Value, json};

use specmill_model::{
    Encoding, Model, Operation, Parameter, ParameterLocation, SkippedOperation, Style, Success,
};

/// A document, and the operations that progenitor does not support.
#[derive(Debug)]
#[non_exhaustive]
pub struct Stock {
    /// The document, OpenAPI 3.0.
    pub document: Value,
    /// The operations that are not in it, with the reasons.
    pub skipped: Vec<SkippedOperation>,
}

/// Builds the document from the model. `error_schema` is the Rust name of the type of all error bodies.
pub fn build(model: &Model, error_schema: Option<&str>) -> Stock {
    let mut paths: Map<String, Value> = Map::new();
    let mut skipped = Vec::new();
    for one in &model.operations {
        match operation(one, error_schema) {
            Ok(operation) => {
                let item = paths.entry(one.path.clone()).or_insert_with(|| json!({}));
                item[one.method.to_lowercase()] = operation;
            }
            Err(reason) => skipped.push(SkippedOperation {
                operation: one.id.clone(),
                pointer: format!("{} {}", one.method, one.path),
                reason,
            }),
        }
    }
    let schemas = model.types.iter().map(|definition| {
        let mut schema = definition.lowered.clone();
        if !definition.values.is_empty() {
            schema["enum"] = json!(definition.values);
        }
        if let Some(description) = &definition.description {
            schema["description"] = json!(description);
        }
        (definition.name.clone(), schema)
    });
    let schemas: Map<String, Value> = schemas.collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": model.version },
        "paths": paths,
        "components": { "schemas": schemas }
    });
    Stock { document, skipped }
}

fn operation(operation: &Operation, error_schema: Option<&str>) -> Result<Value, String> {
    let mut parameters = Vec::new();
    for one in &operation.parameters {
        match parameter(one) {
            Ok(parameter) => parameters.push(parameter),
            Err(reason) if one.required => return Err(reason),
            // Optional parts that progenitor cannot send are removed.
            Err(_) => {}
        }
    }
    let mut told = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": responses(operation, error_schema),
        "deprecated": operation.deprecated
    });
    for (name, text) in [
        ("summary", &operation.summary),
        ("description", &operation.description),
    ] {
        if let Some(text) = text {
            told[name] = json!(text);
        }
    }
    if let Some(body) = &operation.body {
        let binary = json!({ "type": "string", "format": "binary" });
        let (media_type, schema) = match body.encoding {
            Encoding::Json => ("application/json", body.lowered.clone()),
            Encoding::Form if body.styles.is_empty() => {
                ("application/x-www-form-urlencoded", body.lowered.clone())
            }
            Encoding::Text => ("text/plain", json!({ "type": "string" })),
            Encoding::Bytes => ("application/octet-stream", binary),
            Encoding::Form | Encoding::FormBrackets | Encoding::BytesOfType => {
                return Err(format!(
                    "progenitor does not write bodies of `{}`",
                    body.content_type
                ));
            }
        };
        let content = Map::from_iter([(media_type.to_owned(), json!({ "schema": schema }))]);
        told["requestBody"] = json!({ "required": body.required, "content": content });
    }
    Ok(told)
}

fn parameter(parameter: &Parameter) -> Result<Value, String> {
    let location = match parameter.location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => {
            return Err(format!(
                "progenitor does not send the cookie `{}`",
                parameter.name
            ));
        }
    };
    let usual = match parameter.location {
        ParameterLocation::Query => Style::Form,
        _ => Style::Simple,
    };
    let kind = parameter.lowered.get("type").and_then(Value::as_str);
    let is_list = kind == Some("array");
    let is_object = kind == Some("object");
    if parameter.style != usual
        || is_object
        || (is_list && parameter.location != ParameterLocation::Query)
    {
        return Err(format!(
            "progenitor does not write the parameter `{}`",
            parameter.name
        ));
    }
    let mut told = json!({
        "name": parameter.name, "in": location, "required": parameter.required, "schema": parameter.lowered
    });
    if let Some(description) = &parameter.description {
        told["description"] = json!(description);
    }
    Ok(told)
}

/// The success response, and the schema of every error: progenitor supports one type of each.
fn responses(operation: &Operation, error_schema: Option<&str>) -> Value {
    let mut statuses = operation.statuses.iter();
    let declared = statuses.find(|(status, _)| status.starts_with('2'));
    let status = declared.map_or("200", |(status, _)| status);
    let binary = json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } });
    let content = match &operation.success {
        Success::Empty => Value::Null,
        Success::Json(body) => json!({ "application/json": { "schema": body } }),
        // The document cannot express that a body may be absent, so it is read as bytes.
        Success::OptionalJson(_) | Success::Text | Success::Bytes | Success::Stream => binary,
    };
    let mut success = json!({ "description": declared.map_or("", |(_, description)| description) });
    if !content.is_null() {
        success["content"] = content;
    }
    let mut responses = Map::from_iter([(status.to_owned(), success)]);
    if let Some(name) = error_schema {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        // progenitor treats a `default` as a success too.
        for statuses in ["4XX", "5XX"] {
            let content = json!({ "application/json": { "schema": schema } });
            responses.insert(
                statuses.to_owned(),
                json!({ "description": "An error.", "content": content }),
            );
        }
    }
    Value::Object(responses)
}
