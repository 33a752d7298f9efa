//! Schemas in a form that progenitor turns into types which read liberally.
//!
//! Only objects with properties, enumerations of texts and unions become named types; a component that
//! is anything else is used as what it is. Inline ones get a name from where they stand. Bounds,
//! patterns, formats and defaults go: an answer that breaks one must not fail the call, and a request
//! sends only what the caller set. What progenitor cannot express becomes any JSON value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{child, lookup, reference_target, text};
use crate::names;

use super::all_of;
use super::model::{TypeDefinition, Widened};
use super::union::union_branches;

/// The file of the types that belong to no service.
const COMMON: &str = "common";

/// How deep inline schemas may nest.
const DEEPEST: usize = 64;

/// The schemas of a document while they are lowered.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    types: BTreeMap<String, TypeDefinition>,
    /// The pointer of the component or inline schema that has a name.
    named: BTreeMap<String, String>,
    widened: BTreeSet<Widened>,
}

/// What lowering the schemas gave.
pub(super) struct Types {
    pub(super) types: Vec<TypeDefinition>,
    pub(super) widened: Vec<Widened>,
}

/// What a schema becomes.
enum Kind<'a> {
    Reference(&'a str),
    Enumeration(Vec<String>),
    Struct,
    Map(Option<&'a Value>),
    Array(Option<&'a Value>),
    Union(Vec<&'a Value>),
    Merged(Value),
    Only(&'a Value),
    Plain(Value),
    Any(Option<&'static str>),
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        Self {
            document,
            types: BTreeMap::new(),
            named: BTreeMap::new(),
            widened: BTreeSet::new(),
        }
    }

    /// Lowers every component, used or not, and gives what came of all.
    pub(super) fn finish(mut self) -> Types {
        let components = self
            .document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        for (name, schema) in components.into_iter().flatten() {
            let pointer = child("/components/schemas", name);
            self.lower_at(schema, name, &pointer, 0);
        }
        Types {
            types: self.types.into_values().collect(),
            widened: self.widened.into_iter().collect(),
        }
    }

    /// Lowers a schema for the place where it is used; an inline type gets the name.
    pub(super) fn lower(&mut self, schema: &Value, name: &str, pointer: &str) -> Value {
        self.lower_at(schema, name, pointer, 0)
    }

    fn lower_at(&mut self, schema: &Value, name: &str, pointer: &str, depth: usize) -> Value {
        if depth > DEEPEST {
            return self.widen(pointer, "it is nested too deep");
        }
        let depth = depth + 1;
        match kind(self.document, schema) {
            Kind::Reference(reference) => self.reference(reference, pointer, depth),
            Kind::Enumeration(values) => self.define(
                name,
                pointer,
                schema,
                values,
                |_| json!({ "type": "string" }),
            ),
            Kind::Struct => self.define(name, pointer, schema, Vec::new(), |this| {
                this.structure(schema, name, pointer, depth)
            }),
            Kind::Union(branches) => {
                let lowered: Vec<Value> = branches
                    .iter()
                    .enumerate()
                    .map(|(index, branch)| {
                        let name = format!(
                            "{name}{}",
                            names::pascal_case(text(branch, "type").unwrap_or("object"))
                        );
                        self.lower_at(branch, &name, &format!("{pointer}/oneOf/{index}"), depth)
                    })
                    .collect();
                self.define(
                    name,
                    pointer,
                    schema,
                    Vec::new(),
                    |_| json!({ "oneOf": lowered }),
                )
            }
            Kind::Merged(merged) => self.lower_at(&merged, name, pointer, depth),
            Kind::Only(only) => {
                let only = only.clone();
                self.lower_at(&only, name, pointer, depth)
            }
            Kind::Map(values) => {
                let values = values.map_or(json!({}), |values| {
                    self.lower_item(
                        values,
                        &format!("{name}Value"),
                        &child(pointer, "additionalProperties"),
                        depth,
                    )
                });
                json!({ "type": "object", "additionalProperties": values })
            }
            Kind::Array(items) => {
                let items = items.map_or(json!({}), |items| {
                    self.lower_item(
                        items,
                        &format!("{name}Item"),
                        &child(pointer, "items"),
                        depth,
                    )
                });
                json!({ "type": "array", "items": items })
            }
            Kind::Plain(plain) => plain,
            Kind::Any(None) => json!({}),
            Kind::Any(Some(reason)) => self.widen(pointer, reason),
        }
    }

    /// Lowers what a list or a map holds; `null` stands for itself there.
    fn lower_item(&mut self, schema: &Value, name: &str, pointer: &str, depth: usize) -> Value {
        let lowered = self.lower_at(schema, name, pointer, depth);
        if is_nullable(self.document, schema) {
            nullable(lowered)
        } else {
            lowered
        }
    }

    fn reference(&mut self, reference: &str, pointer: &str, depth: usize) -> Value {
        let (Some(target), Some(schema)) = (
            reference_target(reference),
            lookup(self.document, reference),
        ) else {
            return self.widen(pointer, "its reference points to nothing");
        };
        let name = match target.strip_prefix("/components/schemas/") {
            Some(name) if !name.contains('/') => name.replace("~1", "/").replace("~0", "~"),
            _ => names::pascal_case(&target.replace("/components/schemas/", "")),
        };
        let schema = schema.clone();
        self.lower_at(&schema, &name, &target, depth)
    }

    /// Gives a schema a name, unless its place has one, and refers to it.
    fn define(
        &mut self,
        name: &str,
        pointer: &str,
        schema: &Value,
        values: Vec<String>,
        lowered: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        if let Some(name) = self.named.get(pointer) {
            return reference_to(name);
        }
        let name = self.free_name(&names::type_identifier(name), pointer);
        // Named before its members are lowered, since they may refer to it.
        self.named.insert(pointer.to_owned(), name.clone());
        let lowered = lowered(self);
        let definition = TypeDefinition {
            name: name.clone(),
            group: self.group(pointer),
            published: text(schema, "x-published-name").map(str::to_owned),
            description: text(schema, "description").map(str::to_owned),
            lowered,
            values,
        };
        self.types.insert(name.clone(), definition);
        reference_to(&name)
    }

    /// The file of a type follows from where its schema stands, so that other pages do not move it.
    fn group(&self, pointer: &str) -> String {
        let mut tokens = pointer.split('/').skip(1);
        let (first, second, third) = (tokens.next(), tokens.next(), tokens.next());
        let place = match (first, second, third) {
            (Some("components"), Some(section), Some(name)) => {
                format!("/components/{section}/{name}")
            }
            (Some("paths"), Some(path), Some(method)) => format!("/paths/{path}/{method}"),
            _ => return COMMON.to_owned(),
        };
        let owner = self.document.pointer(&place);
        let service = owner.and_then(|schema| text(schema, "x-published-name")?.split_once("API."));
        let tag = owner.and_then(|operation| operation.pointer("/tags/0")?.as_str());
        let name = service
            .map(|(service, _)| service)
            .or(tag)
            .unwrap_or(COMMON);
        let group = names::field_identifier(name);
        // Modules of these names stand beside the files.
        if matches!(group.as_str(), "builder" | "error") {
            group + "_types"
        } else {
            group
        }
    }

    /// A component keeps its name; an inline schema that would take one gets `Inline` after it.
    fn free_name(&self, wanted: &str, pointer: &str) -> String {
        let own = pointer
            .strip_prefix("/components/schemas/")
            .is_some_and(|rest| !rest.contains('/'));
        let components = self
            .document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let is_component = |name: &str| {
            components.is_some_and(|all| all.keys().any(|key| names::type_identifier(key) == name))
        };
        let mut name = wanted.to_owned();
        while self.named.values().any(|taken| *taken == name) || (!own && is_component(&name)) {
            name.push_str("Inline");
        }
        name
    }

    fn structure(&mut self, schema: &Value, name: &str, pointer: &str, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut properties = Map::new();
        let mut kept_required = Vec::new();
        let mut identifiers = BTreeSet::new();
        let mut additional = self.additional(schema, name, pointer, depth);
        let pointer = child(pointer, "properties");
        for (property, inner) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let pointer = child(&pointer, property);
            if !identifiers.insert(names::field_identifier(property)) {
                // Two members with one name in Rust: the later one is among the additional members.
                self.widen(
                    &pointer,
                    "its name in Rust is that of another property; it is in `extra`",
                );
                additional.get_or_insert_with(|| json!({}));
                continue;
            }
            let inner_name = format!("{name}{}", names::pascal_case(property));
            let mut lowered = self.lower_at(inner, &inner_name, &pointer, depth);
            let is_required = required.contains(&property.as_str());
            let collection = matches!(text(&lowered, "type"), Some("array" | "object"));
            if is_nullable(self.document, inner) || (collection && !is_required) {
                // Absent and empty differ: an optional list is `None` or what it holds.
                lowered = nullable(lowered);
            }
            if let Some(description) = text(inner, "description") {
                lowered = described(lowered, description);
            }
            properties.insert(property.clone(), lowered);
            if is_required {
                kept_required.push(property.clone());
            }
        }
        let mut lowered =
            json!({ "type": "object", "properties": properties, "required": kept_required });
        if let Some(additional) = additional {
            lowered["additionalProperties"] = additional;
        }
        lowered
    }

    /// Members beside the properties are kept where the document asks for them.
    fn additional(
        &mut self,
        schema: &Value,
        name: &str,
        pointer: &str,
        depth: usize,
    ) -> Option<Value> {
        match schema.get("additionalProperties")? {
            Value::Bool(true) => Some(json!({})),
            Value::Object(members) => {
                let values = Value::Object(members.clone());
                let pointer = child(pointer, "additionalProperties");
                Some(self.lower_item(&values, &format!("{name}Value"), &pointer, depth))
            }
            _ => None,
        }
    }

    fn widen(&mut self, pointer: &str, reason: &str) -> Value {
        self.widened.insert(Widened {
            pointer: pointer.to_owned(),
            reason: reason.to_owned(),
        });
        json!({})
    }
}

fn kind<'v>(document: &Value, schema: &'v Value) -> Kind<'v> {
    let Some(members) = schema.as_object() else {
        return Kind::Any(None);
    };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        return Kind::Reference(reference);
    }
    if let Some(values) = members.get("enum").and_then(Value::as_array) {
        let texts: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let nulls = values.iter().filter(|value| value.is_null()).count();
        if !texts.is_empty() && texts.len() + nulls == values.len() {
            return Kind::Enumeration(texts);
        }
    }
    let has_properties = members
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|all| !all.is_empty());
    if let Some(branches) = members.get("allOf").and_then(Value::as_array) {
        if let [only] = &branches[..]
            && !has_properties
        {
            return Kind::Only(only);
        }
        return all_of::merge(document, schema).map_or(
            Kind::Any(Some(
                "the parts of its `allOf` are no objects, or contradict each other",
            )),
            Kind::Merged,
        );
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = members.get(keyword).and_then(Value::as_array) {
            if let [only] = &branches[..] {
                return Kind::Only(only);
            }
            return match union_branches(document, branches) {
                Some(branches) if !has_properties => Kind::Union(branches),
                _ => Kind::Any(Some(
                    "the branches of its union cannot be told apart by their type",
                )),
            };
        }
    }
    match text(schema, "type") {
        Some("string") => Kind::Plain(json!({ "type": "string" })),
        Some("boolean") => Kind::Plain(json!({ "type": "boolean" })),
        Some("number") => Kind::Plain(json!({ "type": "number", "format": "double" })),
        Some("integer") => {
            let unsigned = text(schema, "format") == Some("uint64");
            Kind::Plain(
                json!({ "type": "integer", "format": if unsigned { "uint64" } else { "int64" } }),
            )
        }
        Some("array") => Kind::Array(members.get("items")),
        Some("object") | None if has_properties => Kind::Struct,
        Some("object") => Kind::Map(
            members
                .get("additionalProperties")
                .filter(|values| values.is_object()),
        ),
        Some(_) => Kind::Any(Some("its type is none of JSON's")),
        None if members.contains_key("not") => Kind::Any(Some("progenitor does not express `not`")),
        None => Kind::Any(None),
    }
}

/// Whether a schema, or what it refers to, takes `null`.
pub(super) fn is_nullable(document: &Value, schema: &Value) -> bool {
    let schema = super::resolve::resolve(document, schema);
    let null_value = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.contains(&Value::Null));
    schema.get("nullable") == Some(&Value::Bool(true)) || null_value
}

fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A lowered schema that takes `null` too; any value does already.
fn nullable(lowered: Value) -> Value {
    match lowered {
        Value::Object(members) if members.contains_key("$ref") => {
            json!({ "allOf": [members], "nullable": true })
        }
        Value::Object(mut members) if !members.is_empty() => {
            members.insert("nullable".into(), Value::Bool(true));
            Value::Object(members)
        }
        other => other,
    }
}

/// A lowered schema with a description; a reference cannot have one beside it.
fn described(mut lowered: Value, description: &str) -> Value {
    if lowered.get("$ref").is_some() {
        return json!({ "allOf": [lowered], "description": description });
    }
    lowered["description"] = json!(description);
    lowered
}
