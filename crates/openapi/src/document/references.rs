//! Finds every reference of an `OpenAPI` document, except in data.

use serde_json::{Map, Value};

use super::pointer::Step;

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

/// Every `$ref` of a document, and every reference in a discriminator's mapping, sorted by pointer.
///
/// Whether a name is a keyword depends on its location: a property and a response may both be called `default`. Examples,
/// defaults, enums and extensions are data.
pub fn references(document: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    each_reference(document, &mut |pointer, target| {
        found.push(Reference {
            pointer: pointer.to_owned(),
            target: target.map(str::to_owned),
        });
    });
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

/// Calls `visit` with the pointer and the target of each of the [`references`], in any order.
pub fn each_reference<'a>(document: &'a Value, visit: &mut dyn FnMut(&str, Option<&'a str>)) {
    let mut pointer = String::new();
    // The length of the pointer to the owner of each value, and the step from there.
    let mut stack = vec![(0, None, document, Place::Object)];
    while let Some((owner, step, value, place)) = stack.pop() {
        pointer.truncate(owner);
        step.inspect(|step: &Step<'a>| step.extend(&mut pointer));
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let step = Step::Member(name);
                    match part(place, name, member) {
                        Part::Data => {}
                        Part::Inner(place) => stack.push((length, Some(step), member, place)),
                        Part::Reference => {
                            step.extend(&mut pointer);
                            visit(&pointer, member.as_str());
                            pointer.truncate(length);
                        }
                        Part::Mapping => {
                            step.extend(&mut pointer);
                            let of_mapping = pointer.len();
                            for (value, target) in member.as_object().into_iter().flatten() {
                                if let Some(target) = target.as_str().filter(|text| refers(text)) {
                                    Step::Member(value).extend(&mut pointer);
                                    visit(&pointer, Some(target));
                                    pointer.truncate(of_mapping);
                                }
                            }
                            pointer.truncate(length);
                        }
                    }
                }
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                stack.extend(
                    items.map(|(index, item)| {
                        (length, Some(Step::Item(index)), item, Place::Object)
                    }),
                );
            }
            _ => {}
        }
    }
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

/// A member of an object.
enum Part {
    /// A reference.
    Reference,
    /// The mapping of a discriminator, whose values may be references.
    Mapping,
    /// A value that may contain references.
    Inner(Place),
    /// A value without references.
    Data,
}

fn part(place: Place, name: &str, member: &Value) -> Part {
    match place {
        Place::MapOfMaps => Part::Inner(Place::Map),
        Place::Map => Part::Inner(Place::Object),
        Place::Examples => Part::Inner(Place::Example),
        Place::Example if name == "value" => Part::Data,
        Place::Object | Place::Example => keyword(name, member),
    }
}

fn keyword(name: &str, member: &Value) -> Part {
    match name {
        "$ref" => Part::Reference,
        "mapping" => Part::Mapping,
        _ if DATA.contains(&name) || name.starts_with("x-") => Part::Data,
        _ if !member.is_object() || !MAPS.contains(&name) => match name {
            // The examples of a schema are an array of data.
            "examples" => Part::Data,
            _ => Part::Inner(Place::Object),
        },
        "callbacks" => Part::Inner(Place::MapOfMaps),
        "examples" => Part::Inner(Place::Examples),
        _ => Part::Inner(Place::Map),
    }
}

/// Whether the target of a mapping is a reference. Without a `#`, it is the name of a component schema.
fn refers(target: &str) -> bool {
    target.contains('#')
}

/// Rewrites references: `rewrite` is given the text of each and returns the new one, if any.
pub fn rewrite_references(document: &mut Value, rewrite: &dyn Fn(&str) -> Option<String>) {
    let replace = |value: &mut Value| {
        if let Some(new) = value.as_str().and_then(rewrite) {
            *value = Value::String(new);
        }
    };
    let mut stack = vec![(document, Place::Object)];
    while let Some((value, place)) = stack.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match part(place, name, member) {
                        Part::Data => {}
                        Part::Inner(place) => stack.push((member, place)),
                        Part::Reference => replace(member),
                        Part::Mapping => {
                            let targets = member.as_object_mut().into_iter();
                            targets
                                .flat_map(Map::values_mut)
                                .filter(|target| target.as_str().is_some_and(refers))
                                .for_each(replace);
                        }
                    }
                }
            }
            Value::Array(items) => stack.extend(items.iter_mut().map(|item| (item, Place::Object))),
            _ => {}
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
