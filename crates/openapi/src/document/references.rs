//! Finds every reference of an `OpenAPI` document, except in data.

use serde_json::Value;

use super::pointer::child;

/// Properties that contain objects by name: their keys are names, never keywords.
const MAPS: [&str; 22] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
    "x-webhooks",
];

/// Keywords whose value is data, in which `$ref` is an ordinary property.
const DATA: [&str; 4] = ["const", "default", "enum", "example"];

/// A reference and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The pointer to the text: `/paths/~1users/get/…/schema/$ref`.
    pub pointer: String,
    /// The target; `None` if the `$ref` is not a string.
    pub target: Option<String>,
}

/// Every `$ref` of a document, and every reference in a discriminator's mapping.
///
/// Whether a name is a keyword depends on its location: a property and a response may both be called `default`. Examples,
/// defaults, enums and extensions are data.
pub fn references(document: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut stack = vec![(String::new(), document, Place::Object)];
    while let Some((pointer, value, place)) = stack.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let pointer = child(&pointer, name);
                    match place {
                        Place::MapOfMaps => stack.push((pointer, member, Place::Map)),
                        Place::Map => stack.push((pointer, member, Place::Object)),
                        Place::Examples => stack.push((pointer, member, Place::Example)),
                        Place::Example if name == "value" => {}
                        Place::Object | Place::Example => {
                            keyword(name, member, pointer, &mut stack, &mut found);
                        }
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    stack.push((format!("{pointer}/{index}"), item, Place::Object));
                }
            }
            _ => {}
        }
    }
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Property names are keywords.
    Object,
    /// Property names are names of objects.
    Map,
    /// Property names are names of maps.
    MapOfMaps,
    /// Property names are names of examples.
    Examples,
    /// Property names are keywords; `value` is data.
    Example,
}

fn keyword<'a>(
    name: &str,
    member: &'a Value,
    pointer: String,
    stack: &mut Vec<(String, &'a Value, Place)>,
    found: &mut Vec<Reference>,
) {
    if name == "$ref" {
        found.push(Reference {
            pointer,
            target: member.as_str().map(str::to_owned),
        });
    } else if name == "mapping" {
        for (value, target) in member.as_object().into_iter().flatten() {
            // Without a `#`, the target of a mapping is the name of a component schema.
            if let Some(target) = target.as_str().filter(|target| target.contains('#')) {
                found.push(Reference {
                    pointer: child(&pointer, value),
                    target: Some(target.to_owned()),
                });
            }
        }
    } else if DATA.contains(&name) || name.starts_with("x-") {
        // Data contains no references.
    } else if !member.is_object() || !MAPS.contains(&name) {
        // The examples of a schema are an array of data.
        if name != "examples" {
            stack.push((pointer, member, Place::Object));
        }
    } else {
        let place = match name {
            "callbacks" => Place::MapOfMaps,
            "examples" => Place::Examples,
            _ => Place::Map,
        };
        stack.push((pointer, member, place));
    }
}

/// Rewrites references: `rewrite` is given the text of each and returns the new one, if any.
pub fn rewrite_references(document: &mut Value, rewrite: &dyn Fn(&str) -> Option<String>) {
    for reference in references(document) {
        let new = reference.target.as_deref().and_then(rewrite);
        if let (Some(new), Some(place)) = (new, document.pointer_mut(&reference.pointer)) {
            *place = Value::String(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_distinguished_from_data_and_names() {
        let document = json!({
            "paths": {"/x": {"get": {
                "responses": {"default": {"$ref": "#/1"}, "200": {"content": {"j": {
                    "schema": {"$ref": "#/2"},
                    "example": {"$ref": "data"},
                    "examples": {"default": {"$ref": "#/3"}, "b": {"value": {"$ref": "data"}}}
                }}}},
                "callbacks": {"c": {"{$request.body#/url}": {"$ref": "#/4"}}},
                "x-extension": {"$ref": "data"}
            }}},
            "components": {"schemas": {"enum": {
                "properties": {
                    "default": {"$ref": "#/5"},
                    "$ref": {"type": "string", "default": {"$ref": "data"}},
                    "properties": {"properties": {"enum": {"$ref": "#/6"}}, "examples": [{"$ref": "data"}]}
                },
                "discriminator": {"propertyName": "k", "mapping": {"a": "#/7", "b": "Name"}},
                "allOf": [{"$ref": "#/8"}]
            }}}
        });
        let mut targets: Vec<String> = references(&document)
            .into_iter()
            .filter_map(|r| r.target)
            .collect();
        targets.sort();
        assert_eq!(
            targets,
            ["#/1", "#/2", "#/3", "#/4", "#/5", "#/6", "#/7", "#/8"]
        );
    }

    #[test]
    fn rewriting_changes_only_references() {
        let mut document = json!({"a": {"$ref": "#/x"}, "example": {"$ref": "#/x"}});
        rewrite_references(&mut document, &|target| {
            (target == "#/x").then(|| "#/y".to_owned())
        });
        assert_eq!(
            document,
            json!({"a": {"$ref": "#/y"}, "example": {"$ref": "#/x"}})
        );
    }
}
