//! Visits every parameter of an `OpenAPI` document.

use serde_json::{Map, Value};

use super::METHODS;
use super::pointer::child;

/// Calls `visit` for every parameter of the document, with its pointer: parameters of components, path items and operations. A
/// reference to a parameter is visited too.
pub fn visit_parameters(document: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    let components = document.pointer_mut("/components/parameters");
    for (name, parameter) in members(components) {
        visit(&child("/components/parameters", name), parameter);
    }
    for (path, item) in members(document.get_mut("paths")) {
        let pointer = child("/paths", path);
        of_owner(item, &pointer, visit);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                of_owner(operation, &child(&pointer, method), visit);
            }
        }
    }
}

fn of_owner(owner: &mut Value, pointer: &str, visit: &mut dyn FnMut(&str, &mut Value)) {
    let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        visit(&format!("{pointer}/parameters/{index}"), parameter);
    }
}

fn members(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::iter_mut)
}
