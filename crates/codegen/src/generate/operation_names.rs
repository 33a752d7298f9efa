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

/// The name of an operation's form, which is distinct from the names of requests.
pub(super) fn form_name(model: &Model, operation: &Operation) -> String {
    name_after(model, operation, "Form")
}

/// The name of the type of an operation's response headers, which is distinct from the
/// names of requests.
pub(super) fn headers_name(model: &Model, operation: &Operation) -> String {
    name_after(model, operation, "Headers")
}

fn name_after(model: &Model, operation: &Operation, word: &str) -> String {
    let mut name = format!("{}{word}", request_name(operation).trim_end_matches('_'));
    while model.request_names.contains(&name) {
        name.push('_');
    }
    name
}
