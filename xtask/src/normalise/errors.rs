//! One error schema for the whole API, and a `default` response for every operation.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, reference_target};

use super::{Changes, operations};

/// Lets the vendor's identical error schemas be one, and types what is not declared.
///
/// A component schema that only error responses use, and that has the shape of the API's error schema
/// (`error-schema` in api.toml), is replaced by it. Shapes are compared without their descriptions.
/// An operation without a `default` response gets one with the error schema: a declared widening.
pub(super) fn unify_errors(api: &Api, document: &mut Value, changes: &mut Changes) -> Result<()> {
    let Some(name) = &api.settings.error_schema else { return Ok(()) };
    let error_pointer = child("/components/schemas", name);
    let Some(error_shape) = document.pointer(&error_pointer).map(shape) else {
        return Err(Diagnostic::new(format!("the error schema `{name}` is not among the components"))
            .at_pointer("/components/schemas")
            .help("add it in the overlay, or correct `error-schema` in api.toml"));
    };
    let reference = format!("#{error_pointer}");
    for schema in error_only_schemas(document) {
        let pointer = child("/components/schemas", &schema);
        if pointer == error_pointer || document.pointer(&pointer).map(shape).as_ref() != Some(&error_shape) {
            continue;
        }
        replace_references(document, &pointer, &reference);
        if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
            schemas.shift_remove(&schema);
        }
        changes.add("unify_errors", pointer, format!("is `{name}`"));
    }
    let pointers: Vec<String> = operations(document).map(|(pointer, ..)| pointer).collect();
    for pointer in pointers {
        let Some(operation) = document.pointer_mut(&pointer).and_then(Value::as_object_mut) else { continue };
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        if let Some(responses) = responses.as_object_mut().filter(|responses| !responses.contains_key("default")) {
            let response = json!({
                "description": "Any other answer that is not a success.",
                "content": { "application/json": { "schema": { "$ref": reference } } }
            });
            responses.insert("default".into(), response);
            changes.add("unify_errors", child(&pointer, "responses"), "a `default` response types what is not declared");
        }
    }
    Ok(())
}

/// The component schemas that nothing but error responses refer to, directly.
fn error_only_schemas(document: &Value) -> BTreeSet<String> {
    let mut in_errors = BTreeSet::new();
    let mut elsewhere = BTreeSet::new();
    let mut stack = vec![(document, false)];
    while let Some((value, in_error)) = stack.pop() {
        match value {
            Value::Object(members) => {
                if let Some(name) = members.get("$ref").and_then(Value::as_str).and_then(component_schema) {
                    if in_error { &mut in_errors } else { &mut elsewhere }.insert(name);
                }
                for (member, inner) in members {
                    if member == "responses" {
                        for (status, response) in inner.as_object().into_iter().flatten() {
                            stack.push((response, !status.starts_with(['1', '2', '3'])));
                        }
                    } else {
                        stack.push((inner, in_error));
                    }
                }
            }
            Value::Array(items) => stack.extend(items.iter().map(|item| (item, in_error))),
            _ => {}
        }
    }
    in_errors.retain(|name| !elsewhere.contains(name));
    in_errors
}

fn component_schema(reference: &str) -> Option<String> {
    reference_target(reference)?.strip_prefix("/components/schemas/").map(|name| name.replace("~1", "/"))
}

/// A schema without what does not shape values: descriptions, titles, examples and extensions.
fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| {
                !matches!(name.as_str(), "description" | "title" | "example") && !name.starts_with("x-")
            });
            kept.map(|(name, member)| {
                // Below `properties` the names are the vendor's, not the specification's.
                let properties = member.as_object().filter(|_| name == "properties");
                let member = match properties {
                    Some(properties) => properties.iter().map(|(name, schema)| (name.clone(), shape(schema))).collect(),
                    None => shape(member),
                };
                (name.clone(), member)
            })
            .collect()
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        other => other.clone(),
    }
}

fn replace_references(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && reference_target(reference).as_deref() == Some(from)
            {
                to.clone_into(reference);
            }
            members.values_mut().for_each(|member| replace_references(member, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_references(item, from, to)),
        _ => {}
    }
}
