//! Visits every schema of an `OpenAPI` document.

use serde_json::{Map, Value};

use super::METHODS;
use super::WEBHOOKS;
use super::pointer::Step;

/// The location of a schema, for a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Visit {
    /// Before the schemas inside it.
    Before,
    /// After the schemas inside it.
    After,
}

/// Calls `visit` for every schema of the document, with its pointer, before or after its inner schemas.
pub fn visit_schemas(document: &mut Value, order: Visit, visit: &mut dyn FnMut(&str, &mut Value)) {
    let mut walk = Walk {
        order,
        visit,
        pointer: "/components".to_owned(),
    };
    if let Some(components) = document.get_mut("components") {
        for (section, kind) in [
            ("schemas", Kind::Schema),
            ("parameters", Kind::Parameter),
            ("headers", Kind::Parameter),
            ("requestBodies", Kind::Body),
            ("responses", Kind::Response),
            ("pathItems", Kind::PathItem),
        ] {
            walk.members(components, section, kind);
        }
    }
    walk.pointer.clear();
    walk.members(document, "paths", Kind::PathItem);
    walk.members(document, WEBHOOKS, Kind::PathItem);
}

#[derive(Clone, Copy)]
enum Kind {
    Schema,
    Parameter,
    Body,
    Response,
    PathItem,
    Operation,
    /// Callbacks by name.
    Callbacks,
    /// Path items by expression.
    Callback,
    Media,
}

struct Walk<'a> {
    order: Visit,
    visit: &'a mut dyn FnMut(&str, &mut Value),
    /// The pointer to the value whose members are walked.
    pointer: String,
}

impl Walk<'_> {
    fn each(&mut self, value: &mut Value, kind: Kind) {
        match kind {
            Kind::Schema => self.schema(value),
            Kind::Parameter => {
                self.member(value, "schema", Kind::Schema);
                self.content(value);
            }
            Kind::Body => self.content(value),
            Kind::Response => {
                self.content(value);
                self.members(value, "headers", Kind::Parameter);
            }
            Kind::PathItem => {
                self.items(value, "parameters", Kind::Parameter);
                for method in METHODS {
                    self.member(value, method, Kind::Operation);
                }
            }
            Kind::Operation => {
                self.items(value, "parameters", Kind::Parameter);
                self.member(value, "requestBody", Kind::Body);
                self.members(value, "responses", Kind::Response);
                self.member(value, "callbacks", Kind::Callbacks);
            }
            Kind::Callbacks => {
                for (name, callback) in object(value) {
                    self.inside(Step::Member(name), callback, Kind::Callback);
                }
            }
            Kind::Callback => {
                for (expression, item) in object(value) {
                    self.inside(Step::Member(expression), item, Kind::PathItem);
                }
            }
            Kind::Media => self.member(value, "schema", Kind::Schema),
        }
    }

    /// Walks a value inside the current one.
    fn inside(&mut self, step: Step<'_>, value: &mut Value, kind: Kind) {
        let length = self.pointer.len();
        step.extend(&mut self.pointer);
        self.each(value, kind);
        self.pointer.truncate(length);
    }

    fn member(&mut self, value: &mut Value, name: &str, kind: Kind) {
        if let Some(member) = value.get_mut(name) {
            self.inside(Step::Member(name), member, kind);
        }
    }

    fn members(&mut self, value: &mut Value, name: &str, kind: Kind) {
        if let Some(members) = value.get_mut(name) {
            let length = self.pointer.len();
            Step::Member(name).extend(&mut self.pointer);
            for (name, member) in object(members) {
                self.inside(Step::Member(name), member, kind);
            }
            self.pointer.truncate(length);
        }
    }

    fn items(&mut self, value: &mut Value, name: &str, kind: Kind) {
        if let Some(items) = value.get_mut(name).and_then(Value::as_array_mut) {
            let length = self.pointer.len();
            Step::Member(name).extend(&mut self.pointer);
            for (index, item) in items.iter_mut().enumerate() {
                self.inside(Step::Item(index), item, kind);
            }
            self.pointer.truncate(length);
        }
    }

    fn content(&mut self, value: &mut Value) {
        self.members(value, "content", Kind::Media);
    }

    fn schema(&mut self, schema: &mut Value) {
        // `true` and `false` are schemas; any other value that is not an object is invalid.
        if !schema.is_object() && !schema.is_boolean() {
            return;
        }
        if self.order == Visit::Before {
            (self.visit)(&self.pointer, schema);
        }
        for name in [
            "items",
            "additionalProperties",
            "not",
            "contains",
            "propertyNames",
            "if",
            "then",
            "else",
        ] {
            self.member(schema, name, Kind::Schema);
        }
        for name in [
            "properties",
            "patternProperties",
            "dependentSchemas",
            "$defs",
        ] {
            self.members(schema, name, Kind::Schema);
        }
        for name in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            self.items(schema, name, Kind::Schema);
        }
        if self.order == Visit::After {
            (self.visit)(&self.pointer, schema);
        }
    }
}

fn object(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_location_of_a_schema_is_visited_once() {
        let mut document = json!({
            "components": {
                "schemas": {"A": {"properties": {"p": {"items": {"not": {}}}}, "additionalProperties": true}},
                "parameters": {"P": {"schema": {}}},
                "responses": {"R": {"headers": {"H": {"schema": {}}}, "content": {"a/b": {"schema": {}}}}}
            },
            "paths": {"/x": {
                "parameters": [{"content": {"c": {"schema": {}}}}],
                "get": {"parameters": [{"schema": {}}], "requestBody": {"content": {"j": {"schema": {"oneOf": [{}, {}]}}}}}
            }}
        });
        let mut seen = Vec::new();
        visit_schemas(&mut document, Visit::After, &mut |pointer, _| {
            seen.push(pointer.to_owned());
        });
        let expected = [
            "/components/schemas/A/additionalProperties",
            "/components/schemas/A/properties/p/items/not",
            "/components/schemas/A/properties/p/items",
            "/components/schemas/A/properties/p",
            "/components/schemas/A",
            "/components/parameters/P/schema",
            "/components/responses/R/content/a~1b/schema",
            "/components/responses/R/headers/H/schema",
            "/paths/~1x/parameters/0/content/c/schema",
            "/paths/~1x/get/parameters/0/schema",
            "/paths/~1x/get/requestBody/content/j/schema/oneOf/0",
            "/paths/~1x/get/requestBody/content/j/schema/oneOf/1",
            "/paths/~1x/get/requestBody/content/j/schema",
        ];
        assert_eq!(seen, expected);
    }
}
