//! Gives every operation a `default` response with the error schema of the API.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{child, reference_target, references, rewrite_references};

use specmill_openapi::changes::Changes;
use specmill_openapi::document::operations;
use specmill_openapi::layout::API_FILE;

use crate::Options;

/// Merges identical error schemas of the vendor, and describes undeclared statuses.
///
/// A component schema that only error responses use, and that has the shape of the API's error schema
/// (`error-schema` in api.toml), is replaced by it. Shapes are compared without their descriptions.
/// An operation without a `default` response gets one with the error schema: a declared widening.
pub(super) fn unify_errors(
    options: &Options,
    document: &mut Value,
    changes: &mut Changes,
) -> Result<()> {
    let Some(name) = &options.error_schema else {
        return Ok(());
    };
    let error_pointer = child("/components/schemas", name);
    let Some(error_shape) = document.pointer(&error_pointer).map(shape) else {
        return Err(
            Diagnostic::new(format!("the error schema `{name}` is not a component"))
                .at(options.file(API_FILE), Place::Whole)
                .help("add it in the overlay, or correct `error-schema`"),
        );
    };
    let reference = format!("#{error_pointer}");
    let mut replaced = error_only_schemas(document);
    replaced.retain(|pointer| {
        *pointer != error_pointer
            && document.pointer(pointer).map(shape).as_ref() == Some(&error_shape)
    });
    rewrite_references(document, &|target| {
        let target = reference_target(target)?;
        replaced.contains(&target).then(|| reference.clone())
    });
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.retain(|name, _| !replaced.contains(&child("/components/schemas", name)));
    }
    for pointer in replaced {
        changes.add("unify_errors", pointer, format!("is `{name}`"));
    }
    let pointers: Vec<String> = operations(document).map(|(pointer, ..)| pointer).collect();
    for pointer in pointers {
        let Some(operation) = document
            .pointer_mut(&pointer)
            .and_then(Value::as_object_mut)
        else {
            continue;
        };
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        if let Some(responses) = responses
            .as_object_mut()
            .filter(|responses| !responses.contains_key("default"))
        {
            let response = json!({
                "description": "Any other response that is not a success.",
                "content": { "application/json": { "schema": { "$ref": reference } } }
            });
            responses.insert("default".into(), response);
            changes.add(
                "unify_errors",
                child(&pointer, "responses"),
                "the `default` response describes undeclared statuses",
            );
        }
    }
    Ok(())
}

/// The pointers of the component schemas that only error responses reference.
pub(crate) fn error_only_schemas(document: &Value) -> BTreeSet<String> {
    // For every target, its references and whether all of them are in error responses.
    let mut uses: BTreeMap<String, Vec<(String, Use)>> = BTreeMap::new();
    for reference in references(document) {
        if let Some(target) = reference.target.as_deref().and_then(reference_target) {
            let place = place(&reference.pointer);
            uses.entry(target)
                .or_default()
                .push((reference.pointer, place));
        }
    }
    let in_error = |place: &Use| match place {
        Use::Error => true,
        Use::Elsewhere => false,
        Use::SharedResponse(response) => {
            let response = uses.get(response).map(Vec::as_slice).unwrap_or_default();
            !response.is_empty() && response.iter().all(|(_, place)| *place == Use::Error)
        }
    };
    let schemas = uses.iter().filter(|(target, _)| {
        let whole = target
            .strip_prefix("/components/schemas/")
            .is_some_and(|name| !name.contains('/'));
        let inside = format!("{target}/");
        whole
            && !uses
                .range(inside.clone()..)
                .next()
                .is_some_and(|(next, _)| next.starts_with(&inside))
    });
    let error_only = schemas.filter(|(_, uses)| uses.iter().all(|(_, place)| in_error(place)));
    error_only.map(|(target, _)| target.clone()).collect()
}

/// The location of a reference.
#[derive(Debug, PartialEq, Eq)]
enum Use {
    /// In the response to a failed call.
    Error,
    /// In a response of the components, with its pointer.
    SharedResponse(String),
    /// Any other location.
    Elsewhere,
}

fn place(pointer: &str) -> Use {
    let tokens: Vec<&str> = pointer.split('/').collect();
    match tokens[..] {
        ["", "paths", _, _, "responses", status, ..] if !status.starts_with(['1', '2', '3']) => {
            Use::Error
        }
        ["", "components", "responses", name, ..] => {
            Use::SharedResponse(format!("/components/responses/{name}"))
        }
        _ => Use::Elsewhere,
    }
}

/// A schema without keywords that do not affect values: descriptions, titles, examples and extensions.
fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| {
                !matches!(name.as_str(), "description" | "title" | "example")
                    && !name.starts_with("x-")
            });
            kept.map(|(name, member)| {
                // The keys of `properties` are names of the vendor, not keywords of the specification.
                let properties = member.as_object().filter(|_| name == "properties");
                let member = match properties {
                    Some(properties) => properties
                        .iter()
                        .map(|(name, schema)| (name.clone(), shape(schema)))
                        .collect(),
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
