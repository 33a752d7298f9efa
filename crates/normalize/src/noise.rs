//! Removes keywords without an effect.

use serde_json::Value;

use specmill_openapi::document::visit_parameters;

use specmill_openapi::changes::Changes;

/// Removes `allowEmptyValue`, which the specification itself advises against.
///
/// The vendor sets it on every query parameter, but no parameter has a meaning if it is empty, and
/// the client never sends one empty.
pub(super) fn drop_noise(document: &mut Value, changes: &mut Changes) {
    visit_parameters(document, &mut |pointer, parameter| {
        let removed = parameter
            .as_object_mut()
            .and_then(|members| members.shift_remove("allowEmptyValue"));
        if removed.is_some() {
            changes.add("drop_noise", pointer, "`allowEmptyValue` was removed");
        }
    });
}
