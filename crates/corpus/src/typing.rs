//! The types that a document gives to its properties.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The maximum length of a chain of schemas that is followed.
const DEEPEST: usize = 32;

/// The properties of all objects of a document.
#[derive(Default)]
pub(crate) struct Typing {
    /// Whether each property has a type, by the names of the properties of its object.
    objects: BTreeMap<BTreeSet<String>, BTreeMap<String, bool>>,
    /// The objects with a property of this name.
    by_name: BTreeMap<String, Vec<BTreeSet<String>>>,
}

impl Typing {
    /// Reads a document.
    pub(crate) fn of(document: &Value) -> Self {
        let mut typing = Self::default();
        typing.walk(document, document);
        for names in typing.objects.keys() {
            for name in names {
                let objects = typing.by_name.entry(name.clone()).or_default();
                objects.push(names.clone());
            }
        }
        typing
    }

    /// Whether the document gives a type to a property of an object with the given properties. The best match is the object of
    /// the document that shares most of these properties. An unknown property counts as typed.
    pub(crate) fn gives_type(&self, siblings: &BTreeSet<String>, name: &str) -> bool {
        if let Some(found) = self
            .objects
            .get(siblings)
            .and_then(|object| object.get(name))
        {
            return *found;
        }
        let objects = self.by_name.get(name).into_iter().flatten();
        // Among equally similar objects, each must give a type.
        let mut best = (0.0, true);
        for names in objects {
            let similar = similarity(names, siblings);
            let typed = self.objects[names][name];
            match similar.total_cmp(&best.0) {
                Ordering::Greater => best = (similar, typed),
                Ordering::Equal => best.1 &= typed,
                Ordering::Less => {}
            }
        }
        best.1
    }

    fn walk(&mut self, document: &Value, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(document, item)),
            Value::Object(members) => {
                let mut properties = Map::new();
                collect(document, value, &mut properties, 0);
                self.add(document, &properties);
                // Each branch of a union also has the properties beside the union.
                for branch in ["oneOf", "anyOf"]
                    .iter()
                    .flat_map(|word| parts(value, word))
                {
                    let mut properties = properties.clone();
                    collect(document, branch, &mut properties, 0);
                    self.add(document, &properties);
                }
                if let Some(parameters) = members.get("parameters").and_then(Value::as_array) {
                    self.add(document, &by_name(document, parameters));
                }
                for (name, member) in members {
                    if !matches!(
                        name.as_str(),
                        "example" | "examples" | "default" | "enum" | "const"
                    ) {
                        self.walk(document, member);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, document: &Value, properties: &Map<String, Value>) {
        if properties.is_empty() {
            return;
        }
        let names = properties.keys().cloned().collect();
        let object = self.objects.entry(names).or_default();
        for (name, schema) in properties {
            // Among objects with the same names, each must give a type.
            *object.entry(name.clone()).or_insert(true) &= is_typed(document, schema, 0);
        }
    }
}

/// The share of the names that two objects have in common.
#[expect(clippy::cast_precision_loss, reason = "counts of properties are small")]
fn similarity(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let common = one.intersection(other).count();
    common as f64 / (one.len() + other.len() - common) as f64
}

/// The parts of `allOf`, or the branches of a union.
fn parts<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema[keyword].as_array().into_iter().flatten()
}

/// The target of a reference, or the schema itself.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str();
    let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
    let target = pointer.and_then(|pointer| {
        document
            .pointer(pointer)
            .or_else(|| document.pointer(&pointer.replace("%7B", "{").replace("%7D", "}")))
    });
    target.unwrap_or(schema)
}

/// The properties of a schema and of the parts of its `allOf`.
fn collect(document: &Value, schema: &Value, into: &mut Map<String, Value>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let target = resolved(document, schema);
    for part in parts(target, "allOf") {
        collect(document, part, into, depth + 1);
    }
    for (name, property) in target["properties"].as_object().into_iter().flatten() {
        // A part that only describes a property does not remove its type.
        if property.is_object() && (is_typed(document, property, 0) || !into.contains_key(name)) {
            into.insert(name.clone(), property.clone());
        }
    }
}

/// The schemas of parameters, by name.
fn by_name(document: &Value, parameters: &[Value]) -> Map<String, Value> {
    let named = parameters.iter().filter_map(|parameter| {
        let parameter = resolved(document, parameter);
        // Parameters of Swagger 2.0 have no separate schema.
        let schema = parameter.get("schema").unwrap_or(parameter);
        Some((parameter["name"].as_str()?.to_owned(), schema.clone()))
    });
    named.collect()
}

/// Whether a schema is more specific than any JSON value, an object without declared properties, or a list or a map of these.
fn is_typed(document: &Value, schema: &Value, depth: usize) -> bool {
    let schema = resolved(document, schema);
    if depth > DEEPEST {
        return false;
    }
    let typed = |schema: &Value| is_typed(document, schema, depth + 1);
    if schema.get("const").is_some_and(|value| !value.is_null())
        || parts(schema, "enum").any(|value| !value.is_null())
        || parts(schema, "allOf").any(typed)
    {
        return true;
    }
    for keyword in ["oneOf", "anyOf"] {
        // A branch that accepts any value makes the union accept any value.
        let is_null = |branch: &&Value| branch["type"] == "null";
        let branches: Vec<bool> = parts(schema, keyword)
            .filter(|branch| !is_null(branch))
            .map(typed)
            .collect();
        if !branches.is_empty() && branches.iter().all(|typed| *typed) {
            return true;
        }
    }
    let object = || {
        let values = |keyword: &str| schema[keyword].as_object().into_iter().flatten();
        values("properties").next().is_some()
            || values("patternProperties").any(|(_, values)| typed(values))
            || schema["additionalProperties"].as_object().is_some()
                && typed(&schema["additionalProperties"])
    };
    let array =
        || parts(schema, "prefixItems").any(typed) || schema.get("items").is_some_and(typed);
    match &schema["type"] {
        Value::String(kind) => match kind.as_str() {
            "object" => object(),
            "array" => array(),
            kind => matches!(kind, "string" | "integer" | "number" | "boolean" | "file"),
        },
        Value::Array(kinds) => {
            let has = |kind: &str| kinds.iter().any(|one| one == kind);
            let scalar = has("string") || has("boolean") || has("integer") || has("number");
            // The list of all JSON types is equivalent to any value.
            let all =
                has("string") && has("boolean") && has("number") && has("object") && has("array");
            !all && (scalar || has("object") && object() || has("array") && array())
        }
        _ => object() || array(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn gives(document: &Value, siblings: &[&str], name: &str) -> bool {
        let siblings = siblings.iter().map(|name| (*name).to_owned()).collect();
        Typing::of(document).gives_type(&siblings, name)
    }

    #[test]
    fn free_objects_and_lists_of_any_value_have_no_type() {
        let document = json!({ "components": { "schemas": {
            "Free": { "type": "object", "additionalProperties": true },
            "A": { "properties": {
                "text": { "type": "string" }, "any": {}, "free": { "$ref": "#/components/schemas/Free" },
                "list": { "type": "array", "items": {} }, "map": { "type": "object", "additionalProperties": { "type": "string" } },
                "either": { "anyOf": [{ "type": "string" }, {}] }, "null": { "anyOf": [{ "type": "null" }, { "type": "object" }] },
                "choice": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
                "part": { "allOf": [{ "description": "x" }, { "$ref": "#/components/schemas/A" }] },
                "all": { "type": ["string", "number", "boolean", "object", "array", "null"] },
                "empty": { "type": "object", "additionalProperties": false }, "other": { "type": "any" }
            } }
        } } });
        let names: Vec<&str> = document["components"]["schemas"]["A"]["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let typed: Vec<&&str> = names
            .iter()
            .filter(|name| gives(&document, &names, name))
            .collect();
        assert_eq!(typed, [&"text", &"map", &"choice", &"part"]);
    }

    #[test]
    fn the_object_with_the_same_or_the_most_properties_decides() {
        let document = json!({ "schemas": [
            { "properties": { "id": {}, "data": { "type": "string" } } },
            { "properties": { "id": {}, "data": {}, "next": {} } },
            { "allOf": [{ "properties": { "id": {} } }, { "properties": { "more": {}, "data": { "type": "integer" } } }] }
        ] });
        assert!(gives(&document, &["id", "data"], "data"));
        assert!(!gives(&document, &["id", "data", "next"], "data"));
        assert!(!gives(&document, &["id", "data", "next", "last"], "data"));
        assert!(gives(&document, &["id", "data", "more"], "data"));
    }

    #[test]
    fn two_objects_with_the_same_names_give_a_type_if_both_do() {
        let document = json!([
            { "properties": { "a": { "type": "string" }, "b": {} } },
            { "properties": { "a": {}, "b": {} } }
        ]);
        assert!(!gives(&document, &["a", "b"], "a"));
    }

    #[test]
    fn a_schema_that_only_contains_itself_has_no_type() {
        let document = json!({ "schemas": {
            "A": { "type": "array", "items": { "$ref": "#/schemas/A" } },
            "B": { "properties": { "a": { "$ref": "#/schemas/A" } } }
        } });
        assert!(!gives(&document, &["a"], "a"));
    }

    #[test]
    fn a_property_that_the_document_does_not_have_counts_as_typed() {
        assert!(gives(&json!({}), &["a"], "a"));
    }
}
