//! Overlays in the `OpenAPI` Overlay 1.0 format: corrections, each with a reason.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::diagnostic::{Diagnostic, Result};

use crate::changes::Changes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overlay {
    #[serde(rename = "overlay")]
    version: String,
    #[serde(rename = "info")]
    _info: Info,
    #[serde(default, rename = "extends")]
    _extends: Option<String>,
    actions: Vec<Action>,
}

/// An overlay must have a title and a version; they change nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read to require them")]
struct Info {
    title: String,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    target: String,
    #[serde(default)]
    description: String,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

/// Applies an overlay's actions in their order.
///
/// Each action needs a description with its reason, and must match something.
///
/// # Errors
/// The overlay is invalid, or an action matches nothing.
pub fn apply(overlay: &Value, document: &mut Value, changes: &mut Changes) -> Result<()> {
    let overlay: Overlay = serde_json::from_value(overlay.clone()).map_err(|error| {
        Diagnostic::new(format!("this is not an overlay: {error}"))
            .at_pointer("")
            .help("write `overlay: 1.0.0`, `info` with title and version, and `actions`")
    })?;
    if !overlay.version.starts_with("1.0.") {
        return Err(Diagnostic::new(format!(
            "overlays of version `{}` are not supported",
            overlay.version
        ))
        .at_pointer("/overlay")
        .help("write an overlay of version 1.0.0"));
    }
    for (index, action) in overlay.actions.iter().enumerate() {
        apply_action(action, document, changes)
            .map_err(|diagnostic| diagnostic.at_pointer(format!("/actions/{index}")))?;
    }
    Ok(())
}

fn apply_action(action: &Action, document: &mut Value, changes: &mut Changes) -> Result<()> {
    let target = &action.target;
    if action.description.trim().is_empty() {
        return Err(
            Diagnostic::new(format!("the action on `{target}` has no reason"))
                .help("add `description` with the reason"),
        );
    }
    if action.remove == action.update.is_some() {
        return Err(Diagnostic::new(format!(
            "the action on `{target}` must either update or remove"
        ))
        .help("add `update` with the properties to merge, or `remove: true`"));
    }
    let path = JsonPath::parse(target).map_err(|error| {
        Diagnostic::new(format!("`{target}` is not a JSONPath expression: {error}"))
            .help("write a JSONPath of RFC 9535, such as `$.paths['/users'].get`")
    })?;
    // A path may match a node twice, but an action applies once.
    let mut pointers: Vec<String> = path
        .query_located(document)
        .dedup()
        .iter()
        .map(|node| node.location().to_json_pointer())
        .collect();
    if pointers.is_empty() {
        return Err(Diagnostic::new(format!("`{target}` matches nothing"))
            .help("correct the target, or remove the action if the vendor fixed its documents"));
    }
    if let Some(update) = &action.update {
        for pointer in pointers {
            if let Some(place) = document.pointer_mut(&pointer) {
                check_kind(target, place, update)?;
                merge(place, update);
                changes.add(
                    "overlay",
                    pointer,
                    format!("updated: {}", action.description.trim()),
                );
            }
        }
    } else {
        if pointers.iter().any(String::is_empty) {
            return Err(Diagnostic::new(format!(
                "`{target}` is the whole document, which cannot be removed"
            ))
            .help("target the item to remove"));
        }
        // The last item of an array comes first, and inner nodes come before outer ones, so that indices stay valid.
        pointers.sort_by_cached_key(|pointer| Reverse(removal_key(pointer)));
        for pointer in pointers {
            remove(document, &pointer);
            changes.add(
                "overlay",
                pointer,
                format!("removed: {}", action.description.trim()),
            );
        }
    }
    Ok(())
}

/// Sorts pointers token by token, indices as numbers.
fn removal_key(pointer: &str) -> Vec<(Option<usize>, String)> {
    pointer
        .split('/')
        .map(|token| (token.parse().ok(), token.to_owned()))
        .collect()
}

fn check_kind(target: &str, place: &Value, update: &Value) -> Result<()> {
    match (place, update) {
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), _) => Ok(()),
        (Value::Object(_), _) => Err(Diagnostic::new(format!(
            "the update of `{target}` is not an object"
        ))
        .help("write an object: its properties are merged into the target")),
        _ => Err(
            Diagnostic::new(format!("`{target}` is neither an object nor an array"))
                .help("target the enclosing object, and name the property in `update`"),
        ),
    }
}

/// Merges as the Overlay specification defines: objects recursively, arrays by appending.
fn merge(place: &mut Value, update: &Value) {
    match (place, update) {
        (Value::Object(members), Value::Object(updates)) => {
            for (name, update) in updates {
                match members.get_mut(name) {
                    Some(member) if member.is_object() && update.is_object() => {
                        merge(member, update);
                    }
                    Some(member) if member.is_array() && update.is_array() => merge(member, update),
                    _ => {
                        members.insert(name.clone(), update.clone());
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(updates)) => items.extend(updates.iter().cloned()),
        (Value::Array(items), update) => items.push(update.clone()),
        (place, update) => *place = update.clone(),
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, token)) = pointer.rsplit_once('/') else {
        return;
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&token.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}
