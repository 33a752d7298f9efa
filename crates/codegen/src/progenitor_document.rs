//! The document for progenitor.
//!
//! progenitor chooses the types for its schemas. Operations are declared separately, so the document has none but
//! [`LAST`]. This excludes nearly everything that progenitor rejects or handles incorrectly.

use serde_json::{Map, Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Result};

use specmill_model::UNTYPED;
use specmill_model::{Model, TypeDefinition};

/// Builds the document from the model. A type that is not `wanted` accepts any JSON value in it.
pub(crate) fn build(model: &Model, wanted: impl Fn(&str) -> bool) -> Result<openapiv3::OpenAPI> {
    let types = model.types.iter().map(|definition| {
        let schema = if wanted(&definition.name) {
            schema(definition)
        } else {
            json!({})
        };
        (definition.name.clone(), schema)
    });
    let schemas: Map<String, Value> = types.collect();
    let mut document = json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": "0" },
        "paths": last(),
        "components": {}
    });
    // The macro would copy the schemas.
    document["components"]["schemas"] = Value::Object(schemas);
    serde_json::from_value(document).map_err(|error| {
        Diagnostic::new(format!(
            "the lowered document is not what progenitor reads: {error}"
        ))
        .help("this is a defect of the lowering; report it with the document")
    })
}

/// The only operation of the document.
///
/// progenitor reads the schemas, then the operations, and then prints the code of both, which takes longer than the other
/// steps. The code is not used, so the operation has a cookie parameter, which progenitor rejects: the types are chosen, and
/// nothing is printed.
pub(crate) const LAST: &str = "last";

/// The start of progenitor's error for that operation.
pub(crate) const LAST_REJECTED: &str = "cookie parameters are not supported";

fn last() -> Value {
    let parameter = json!({ "name": LAST, "in": "cookie", "schema": {} });
    json!({ "/": { "get": { "operationId": LAST, "parameters": [parameter], "responses": {} } } })
}

/// The schema of a type. progenitor chooses the types of its properties or branches: it receives an object of them with unique
/// names of our own, since its names may collide.
fn schema(definition: &TypeDefinition) -> Value {
    // Nothing but the values of an enumeration is used: progenitor only needs its name, and prints least for an object without
    // properties.
    if !definition.values.is_empty() {
        return json!({ "type": "object", "additionalProperties": false });
    }
    let lowered = &definition.lowered;
    let mut properties = Map::new();
    let mut required = Vec::new();
    if let Some(branches) = lowered.get("oneOf").and_then(Value::as_array) {
        for (index, branch) in branches.iter().enumerate() {
            properties.insert(member(index), plain(branch));
            required.push(member(index));
        }
    } else if let Some(members) = lowered.get("properties").and_then(Value::as_object) {
        let names = lowered.get("required").and_then(Value::as_array);
        for (index, (wire, property)) in members.iter().enumerate() {
            properties.insert(member(index), plain(property));
            if names.is_some_and(|names| names.iter().any(|name| name == wire)) {
                required.push(member(index));
            }
        }
        if let Some(values) = lowered.get("additionalProperties") {
            let mut map = json!({ "type": "object" });
            map["additionalProperties"] = plain(values);
            properties.insert(ADDITIONAL.to_owned(), map);
            required.push(ADDITIONAL.to_owned());
        }
    } else {
        return plain(lowered);
    }
    let mut object = json!({ "type": "object", "required": required });
    object["properties"] = Value::Object(properties);
    object
}

/// The name of a property or a branch, by its index.
pub(crate) fn member(index: usize) -> String {
    format!("m{index}")
}

/// The name of the additional properties.
pub(crate) const ADDITIONAL: &str = "additional";

/// A lowered schema without extensions of our own.
fn plain(lowered: &Value) -> Value {
    match lowered {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| *name != UNTYPED);
            let members = members.map(|(name, value)| (name.clone(), plain(value)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
