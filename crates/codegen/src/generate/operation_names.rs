//! The names of the types that belong to an operation.

use specmill_model::{Model, Operation};
use specmill_openapi::names;

/// The name of an operation's request.
pub(super) fn request_name(operation: &Operation) -> String {
    let mut name = names::type_name(&operation.id);
    if name == "Client" {
        name.push('_');
    }
    name
}

/// The name of an operation's form. No request is called like it.
pub(super) fn form_name(model: &Model, operation: &Operation) -> String {
    let mut name = format!("{}Form", request_name(operation).trim_end_matches('_'));
    while model
        .operations
        .iter()
        .any(|other| request_name(other) == name)
    {
        name.push('_');
    }
    name
}
