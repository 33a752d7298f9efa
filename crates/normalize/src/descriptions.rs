//! Removes repeated descriptions, and converts descriptions to valid `CommonMark`.

use serde_json::{Map, Value};

use specmill_openapi::document::{METHODS, Visit, child, visit_parameters, visit_schemas};
use specmill_openapi::markdown;

use specmill_openapi::changes::Changes;

/// Drops the description of a parameter's schema if it repeats that of the parameter, and escapes text that would be markup.
pub(super) fn tidy_descriptions(document: &mut Value, changes: &mut Changes) {
    let mut tidy = Tidy { changes };
    visit_parameters(document, &mut |pointer, parameter| {
        tidy.parameter(parameter, pointer);
    });
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        tidy.description(schema, pointer);
    });
    if let Some(info) = document.get_mut("info") {
        tidy.description(info, "/info");
    }
    for (index, server) in document
        .get_mut("servers")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .enumerate()
    {
        tidy.description(server, &format!("/servers/{index}"));
    }
    for (index, tag) in document
        .get_mut("tags")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .enumerate()
    {
        tidy.description(tag, &format!("/tags/{index}"));
    }
    let components = document
        .get_mut("components")
        .and_then(Value::as_object_mut);
    for (section, members) in components
        .into_iter()
        .flatten()
        .filter(|(section, _)| *section != "schemas")
    {
        let pointer = child("/components", section);
        for (name, component) in members.as_object_mut().into_iter().flatten() {
            tidy.description(component, &child(&pointer, name));
        }
    }
    for_each_owner(document, &mut |pointer, owner| tidy.owner(owner, pointer));
}

/// Calls `change` for every path item and every operation.
fn for_each_owner(document: &mut Value, change: &mut dyn FnMut(&str, &mut Value)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flat_map(Map::iter_mut) {
        let pointer = child("/paths", path);
        change(&pointer, item);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                change(&child(&pointer, method), operation);
            }
        }
    }
}

struct Tidy<'a> {
    changes: &'a mut Changes,
}

impl Tidy<'_> {
    fn parameter(&mut self, parameter: &mut Value, pointer: &str) {
        let said = parameter.get("description").cloned();
        let schema = parameter.get_mut("schema").and_then(Value::as_object_mut);
        if let Some(schema) =
            schema.filter(|schema| said.is_some() && schema.get("description") == said.as_ref())
        {
            schema.shift_remove("description");
            self.changes.add(
                "tidy_descriptions",
                child(pointer, "schema"),
                "the description repeated that of the parameter",
            );
        }
    }

    fn owner(&mut self, owner: &mut Value, pointer: &str) {
        self.description(owner, pointer);
        let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            self.description(parameter, &format!("{pointer}/parameters/{index}"));
        }
        if let Some(body) = owner.get_mut("requestBody") {
            self.description(body, &child(pointer, "requestBody"));
        }
        let responses = owner.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flat_map(Map::iter_mut) {
            self.description(response, &format!("{pointer}/responses/{status}"));
        }
    }

    fn description(&mut self, owner: &mut Value, pointer: &str) {
        let Some(Value::String(description)) = owner.get_mut("description") else {
            return;
        };
        let escaped = markdown::escape(description.trim());
        if escaped != *description {
            let what = if escaped == description.trim() {
                "trimmed"
            } else {
                "escaped text that would be markup"
            };
            *description = escaped;
            self.changes
                .add("tidy_descriptions", child(pointer, "description"), what);
        }
    }
}
