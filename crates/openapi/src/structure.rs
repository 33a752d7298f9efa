//! Checks the structure of a document, on which all later steps rely.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{METHODS, child};

/// Checks that a document has the structure of an `OpenAPI` document, down to its operations.
///
/// A later step would ignore a value that should be an object and is not, and thus lose it.
///
/// # Errors
/// A value that must be an object is not one.
pub fn check(document: &Value) -> Result<()> {
    let Some(paths) = document.get("paths") else {
        return Err(
            Diagnostic::new("this is not an OpenAPI document: it has no `paths`")
                .at_pointer("")
                .help("use a document of Swagger 2.0 or of OpenAPI 3.0, 3.1 or 3.2"),
        );
    };
    if document.get("openapi").is_none() && document.get("swagger").is_some() {
        return Err(
            Diagnostic::new("the document's Swagger version is older than 2.0")
                .at_pointer("/swagger")
                .help("convert the document to OpenAPI 3.0 first"),
        );
    }
    if let Some(info) = document.get("info") {
        object(info, "/info")?;
    }
    if let Some(components) = document.get("components") {
        for (name, section) in object(components, "/components")? {
            if !name.starts_with("x-") {
                object(section, &child("/components", name))?;
            }
        }
    }
    for (path, item) in object(paths, "/paths")? {
        if path.starts_with("x-") {
            continue;
        }
        let pointer = child("/paths", path);
        if !path.starts_with('/') {
            return Err(
                Diagnostic::new(format!("the path `{path}` does not begin with a slash"))
                    .at_pointer(pointer)
                    .help("write the path as the specification says: `/users/{id}`"),
            );
        }
        let item = object(item, &pointer)?;
        parameters(item, &pointer)?;
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                self::operation(operation, &child(&pointer, method))?;
            }
        }
    }
    Ok(())
}

fn operation(operation: &Value, pointer: &str) -> Result<()> {
    let members = object(operation, pointer)?;
    parameters(members, pointer)?;
    if let Some(responses) = members.get("responses") {
        let pointer = child(pointer, "responses");
        let statuses = object(responses, &pointer)?.iter();
        for (status, response) in statuses.filter(|(status, _)| !status.starts_with("x-")) {
            object(response, &child(&pointer, status))?;
        }
    }
    Ok(())
}

fn parameters(owner: &Map<String, Value>, pointer: &str) -> Result<()> {
    let Some(parameters) = owner.get("parameters") else {
        return Ok(());
    };
    let pointer = child(pointer, "parameters");
    let Value::Array(parameters) = parameters else {
        return Err(Diagnostic::new("`parameters` is not an array")
            .at_pointer(pointer)
            .help("write `parameters` as a list of parameters"));
    };
    for (index, parameter) in parameters.iter().enumerate() {
        object(parameter, &format!("{pointer}/{index}"))?;
    }
    Ok(())
}

fn object<'a>(value: &'a Value, pointer: &str) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| {
        Diagnostic::new("this must be an object")
            .at_pointer(pointer)
            .help("correct the document: the OpenAPI specification requires an object in this location")
    })
}
