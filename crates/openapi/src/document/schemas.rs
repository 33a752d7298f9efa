//! Visits every schema of an `OpenAPI` document.

use serde_json::{Map, Value};

use super::METHODS;
use super::WEBHOOKS;
use super::pointer::child;

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
    let mut walk = Walk { order, visit };
    if let Some(components) = document.get_mut("components") {
        for (section, kind) in [
            ("schemas", Kind::Schema),
            ("parameters", Kind::Parameter),
            ("headers", Kind::Parameter),
            ("requestBodies", Kind::Body),
            ("responses", Kind::Response),
            ("pathItems", Kind::PathItem),
        ] {
            walk.members(components, section, &format!("/components/{section}"), kind);
        }
    }
    walk.members(document, "paths", "/paths", Kind::PathItem);
    walk.members(document, WEBHOOKS, "/x-webhooks", Kind::PathItem);
}

#[derive(Clone, Copy)]
enum Kind {
    Schema,
    Parameter,
    Body,
    Response,
    PathItem,
    Operation,
}

struct Walk<'a> {
    order: Visit,
    visit: &'a mut dyn FnMut(&str, &mut Value),
}

impl Walk<'_> {
    fn each(&mut self, value: &mut Value, pointer: &str, kind: Kind) {
        match kind {
            Kind::Schema => self.schema(value, pointer),
            Kind::Parameter => {
                self.member(value, "schema", pointer, Kind::Schema);
                self.content(value, pointer);
            }
            Kind::Body => self.content(value, pointer),
            Kind::Response => {
                self.content(value, pointer);
                self.members(
                    value,
                    "headers",
                    &child(pointer, "headers"),
                    Kind::Parameter,
                );
            }
            Kind::PathItem => {
                self.items(value, "parameters", pointer, Kind::Parameter);
                for method in METHODS {
                    self.member(value, method, pointer, Kind::Operation);
                }
            }
            Kind::Operation => {
                self.items(value, "parameters", pointer, Kind::Parameter);
                self.member(value, "requestBody", pointer, Kind::Body);
                self.members(
                    value,
                    "responses",
                    &child(pointer, "responses"),
                    Kind::Response,
                );
                if let Some(callbacks) = value.get_mut("callbacks").and_then(Value::as_object_mut) {
                    let pointer = child(pointer, "callbacks");
                    for (name, callback) in callbacks {
                        let pointer = child(&pointer, name);
                        for (expression, item) in object(callback) {
                            self.each(item, &child(&pointer, expression), Kind::PathItem);
                        }
                    }
                }
            }
        }
    }

    fn member(&mut self, value: &mut Value, name: &str, pointer: &str, kind: Kind) {
        if let Some(member) = value.get_mut(name) {
            self.each(member, &child(pointer, name), kind);
        }
    }

    fn members(&mut self, value: &mut Value, name: &str, pointer: &str, kind: Kind) {
        if let Some(members) = value.get_mut(name) {
            for (name, member) in object(members) {
                self.each(member, &child(pointer, name), kind);
            }
        }
    }

    fn items(&mut self, value: &mut Value, name: &str, pointer: &str, kind: Kind) {
        if let Some(items) = value.get_mut(name).and_then(Value::as_array_mut) {
            for (index, item) in items.iter_mut().enumerate() {
                self.each(item, &format!("{pointer}/{name}/{index}"), kind);
            }
        }
    }

    fn content(&mut self, value: &mut Value, pointer: &str) {
        if let Some(content) = value.get_mut("content") {
            for (media_type, media) in object(content) {
                self.member(
                    media,
                    "schema",
                    &child(&child(pointer, "content"), media_type),
                    Kind::Schema,
                );
            }
        }
    }

    fn schema(&mut self, schema: &mut Value, pointer: &str) {
        // `true` and `false` are schemas; any other value that is not an object is invalid.
        if !schema.is_object() && !schema.is_boolean() {
            return;
        }
        if self.order == Visit::Before {
            (self.visit)(pointer, schema);
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
            self.member(schema, name, pointer, Kind::Schema);
        }
        for name in [
            "properties",
            "patternProperties",
            "dependentSchemas",
            "$defs",
        ] {
            self.members(schema, name, &child(pointer, name), Kind::Schema);
        }
        for name in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            self.items(schema, name, pointer, Kind::Schema);
        }
        if self.order == Visit::After {
            (self.visit)(pointer, schema);
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
