//! Members that say nothing.

use serde_json::Value;

use crate::document::{METHODS, child};

use super::Changes;

/// Removes `allowEmptyValue`, which the specification itself advises against.
///
/// The vendor sets it on every query parameter; no parameter has a meaning when empty, and none is
/// sent empty.
pub(super) fn drop_noise(document: &mut Value, changes: &mut Changes) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths {
        let pointer = child("/paths", path);
        drop_in_parameters(item, &pointer, changes);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                drop_in_parameters(operation, &child(&pointer, method), changes);
            }
        }
    }
}

fn drop_in_parameters(owner: &mut Value, pointer: &str, changes: &mut Changes) {
    let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let removed = parameter.as_object_mut().and_then(|members| members.shift_remove("allowEmptyValue"));
        if removed.is_some() {
            changes.add("drop_noise", format!("{pointer}/parameters/{index}"), "`allowEmptyValue` is gone");
        }
    }
}
