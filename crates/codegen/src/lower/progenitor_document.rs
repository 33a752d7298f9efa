//! The document that progenitor is given.
//!
//! progenitor makes the types of it, with their builders. Operations are the runtime's matter, told by
//! tables, and each has a builder of our own; so the document has none. That takes nearly everything out
//! of it that progenitor refuses or gets wrong.

use serde_json::{Map, Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Result};

use super::model::{Model, TypeDefinition};

/// Builds the document from the model. A type that is not `wanted` takes any JSON value in it.
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
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": "0" },
        "paths": {},
        "components": { "schemas": schemas }
    });
    serde_json::from_value(document).map_err(|error| {
        Diagnostic::new(format!(
            "the lowered document is not what progenitor reads: {error}"
        ))
        .help("this is a defect of the lowering; report it with the document")
    })
}

/// The schema of a type, its members under their names in Rust: what they are on the wire is the
/// generator's to say, since progenitor lets names fall on one.
fn schema(definition: &TypeDefinition) -> Value {
    let mut lowered = definition.lowered.clone();
    let renamed = |wire: &str| {
        let mut members = definition.members.iter();
        let found = members.find(|(_, name)| *name == wire);
        found.map_or(wire, |(identifier, _)| identifier).to_owned()
    };
    if let Some(properties) = lowered.get_mut("properties").and_then(Value::as_object_mut) {
        *properties = std::mem::take(properties)
            .into_iter()
            .map(|(wire, property)| (renamed(&wire), property))
            .collect();
    }
    if let Some(required) = lowered.get_mut("required").and_then(Value::as_array_mut) {
        for name in required {
            *name = Value::String(renamed(name.as_str().unwrap_or_default()));
        }
    }
    lowered
}
