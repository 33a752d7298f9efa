//! Lowers schemas to a form that progenitor turns into lenient types.
//!
//! Only objects with properties, string enumerations and unions become named types; any other component is inlined where it is
//! used. Inline schemas are named after their location. Bounds, patterns, formats and defaults are removed: a response that
//! violates one must not fail the call, and a request contains only what the caller set. A schema that progenitor does not
//! support falls back to any JSON value.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use specmill_openapi::document::{child, lookup, reference_target, text};
use specmill_openapi::names;
use specmill_openapi::references::UNRESOLVED;

use crate::examples::example;
use crate::marks::{CONTRADICTION, REFERENCE, UNTYPED};
use crate::model::{Fallback, StatusVariant, Tag, TypeDefinition, Variant};
use crate::one_way::OneWay;
use crate::resolve::resolve;
use crate::schema_kind::{DEEPEST, Kind, is_nullable, kind, nullable};
use crate::union::Branch;

/// Whether a lowered schema accepts any JSON value, or contains such values, although the document declares a type.
pub fn untyped_here(lowered: &Value) -> bool {
    fallback_reason(lowered).is_some()
}

/// The reason why a lowered schema, or a part of it, falls back to `serde_json::Value`; `None` if it does not.
pub fn fallback_reason(lowered: &Value) -> Option<&str> {
    match lowered {
        Value::Object(members) => match members.get(UNTYPED) {
            Some(reason) => Some(reason.as_str().unwrap_or_default()),
            None => members.values().find_map(fallback_reason),
        },
        Value::Array(items) => items.iter().find_map(fallback_reason),
        _ => None,
    }
}

/// The schemas of a document during lowering.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    types: BTreeMap<String, TypeDefinition>,
    /// The named components and inline schemas: the name of each, by its pointer.
    named: BTreeMap<String, String>,
    /// The names in use.
    taken: BTreeSet<String>,
    /// The names of the components, lowered or not.
    of_components: BTreeSet<String>,
    /// Named components that are not lowered yet. The queue avoids a deep recursion for a long chain of references.
    waiting: Vec<String>,
    /// The component that is being lowered.
    current: Option<String>,
    /// The components that are being lowered and have no name of their own.
    open: Vec<String>,
    fallbacks: BTreeSet<Fallback>,
    /// The enumerations with values that exclude each other, each with the places of these values.
    contradictions: BTreeSet<Fallback>,
    /// The types with properties that occur only in requests or only in responses.
    one_way: BTreeMap<String, OneWay>,
}

/// The lowered schemas.
pub(super) struct Types {
    pub(super) definitions: Vec<TypeDefinition>,
    pub(super) places: BTreeMap<String, String>,
    pub(super) fallbacks: Vec<Fallback>,
    pub(super) notes: Vec<String>,
    pub(super) one_way: BTreeMap<String, OneWay>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        let components = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let names = components.into_iter().flat_map(Map::keys);
        Self {
            document,
            types: BTreeMap::new(),
            named: BTreeMap::new(),
            taken: BTreeSet::new(),
            of_components: names.map(|name| names::type_name(name)).collect(),
            waiting: Vec::new(),
            current: None,
            open: Vec::new(),
            fallbacks: BTreeSet::new(),
            contradictions: BTreeSet::new(),
            one_way: BTreeMap::new(),
        }
    }

    /// Returns the types of all lowered schemas, and of the component for errors.
    pub(super) fn finish(mut self, error_schema: Option<&str>) -> Types {
        if let Some(name) = error_schema {
            let pointer = child("/components/schemas", name);
            if let Some(schema) = self.document.pointer(&pointer) {
                self.lower_at(schema, name, &pointer, 0);
                self.lower_waiting();
            }
        }
        Types {
            places: self
                .named
                .into_iter()
                .map(|(place, name)| (name, place))
                .collect(),
            definitions: self.types.into_values().collect(),
            fallbacks: self.fallbacks.into_iter().collect(),
            notes: self
                .contradictions
                .into_iter()
                .map(|one| {
                    format!(
                        "The values at `{}` exclude each other, and all are accepted: {}",
                        one.pointer, one.reason
                    )
                })
                .collect(),
            one_way: self.one_way,
        }
    }

    /// Lowers a schema that is used at a location. The name is for an inline type.
    pub(super) fn lower(&mut self, schema: &Value, name: &str, pointer: &str) -> Value {
        let lowered = self.lower_at(schema, name, pointer, 0);
        self.lower_waiting();
        lowered
    }

    /// Lowers the bodies of success statuses with different schemas. A status without a body has no schema.
    pub(super) fn lower_statuses(
        &mut self,
        successes: &[(&str, &str, Option<&Value>)],
        name: &str,
        pointer: &str,
    ) -> Value {
        let mut branches = Vec::new();
        let mut statuses = Vec::new();
        for (status, description, schema) in successes {
            let variant = status_name(status);
            let branch = schema.map(|schema| {
                let pointer = format!("{pointer}/{status}");
                branches.push(self.lower_at(schema, &format!("{name}{variant}"), &pointer, 0));
                branches.len() - 1
            });
            statuses.push(StatusVariant {
                status: (*status).to_owned(),
                name: variant,
                description: (*description).to_owned(),
                branch,
            });
        }
        let reference = self.define(
            name,
            pointer,
            &json!({}),
            Vec::new(),
            |_| json!({ "oneOf": branches }),
        );
        let own_name = self.named.get(pointer);
        if let Some(definition) = own_name.and_then(|name| self.types.get_mut(name)) {
            definition.statuses = statuses;
        }
        self.lower_waiting();
        reference
    }

    fn lower_waiting(&mut self) {
        while let Some(pointer) = self.waiting.pop() {
            if let Some(schema) = self.document.pointer(&pointer) {
                let name = self.named.get(&pointer).cloned().unwrap_or_default();
                self.current = Some(pointer.clone());
                self.lower_at(schema, &name, &pointer, 0);
            }
        }
    }

    fn lower_at(&mut self, schema: &Value, name: &str, pointer: &str, depth: usize) -> Value {
        if depth > DEEPEST {
            return self.widen(pointer, "it is nested too deep");
        }
        let depth = depth + 1;
        // A named schema is lowered once.
        if let Some(name) = self.named.get(pointer)
            && self.current.as_deref() != Some(pointer)
        {
            return reference_to(name);
        }
        if let Some(reason) = text(schema, CONTRADICTION) {
            self.contradictions.insert(Fallback {
                pointer: pointer.to_owned(),
                reason: reason.to_owned(),
            });
        }
        match kind(self.document, schema, pointer) {
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
            Kind::Union(branches) => self.union(branches, None, schema, name, pointer, depth),
            Kind::Tagged(branches, tag) => {
                self.union(branches, Some(tag), schema, name, pointer, depth)
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
            Kind::Any(Some(reason)) => {
                let untyped = self.widen(pointer, &reason);
                // A reference that could not be resolved is not an untyped schema.
                if schema.get(UNRESOLVED).is_some() {
                    json!({})
                } else {
                    untyped
                }
            }
        }
    }

    fn union(
        &mut self,
        branches: Vec<Branch>,
        tag: Option<Tag>,
        schema: &Value,
        name: &str,
        pointer: &str,
        depth: usize,
    ) -> Value {
        let mut variants: Vec<Variant> = Vec::new();
        let told = tag.is_some();
        let reference = self.define(name, pointer, schema, Vec::new(), |this| {
            let mut all: Vec<Value> = Vec::new();
            for branch in branches {
                let pointer = format!("{pointer}/oneOf/{}", branch.place);
                let inner_name = format!("{name}{}", branch.name);
                // Keywords beside unions that contain each other would add branches at every level.
                let depth = if branch.schema.get(REFERENCE).is_some() {
                    depth + DEEPEST / 3
                } else {
                    depth
                };
                let lowered = this.lower_at(&branch.schema, &inner_name, &pointer, depth);
                // Branches with the same type become one branch.
                let known = all.iter().position(|known| *known == lowered);
                if let Some(known) = known.filter(|_| !told) {
                    for shape in branch.shapes {
                        if !variants[known].shapes.contains(&shape) {
                            variants[known].shapes.push(shape);
                        }
                    }
                } else {
                    all.push(lowered);
                    variants.push(Variant {
                        name: branch.name,
                        shapes: branch.shapes,
                    });
                }
            }
            json!({ "oneOf": all })
        });
        let own_name = self.named.get(pointer);
        if let Some(definition) = own_name.and_then(|name| self.types.get_mut(name))
            && !variants.is_empty()
        {
            definition.tag = tag;
            definition.variants = variants;
        }
        reference
    }

    /// Lowers the items of a list or the values of a map. These are nullable themselves, since they are never absent.
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
            return self.widen(pointer, "its reference has no target");
        };
        let name = match target.strip_prefix("/components/schemas/") {
            Some(name) if !name.contains('/') => name.replace("~1", "/").replace("~0", "~"),
            _ => self.name_of_place(&target),
        };
        if self.open.contains(&target) {
            // Only a named type can contain itself.
            return self.widen(pointer, "it contains itself without being an object");
        }
        self.open.push(target.clone());
        let lowered = self.lower_at(schema, &name, &target, depth);
        self.open.pop();
        lowered
    }

    /// A name for a schema that is referenced outside of the components: the operation or component that contains it, and the
    /// properties on the path to it.
    fn name_of_place(&self, target: &str) -> String {
        let mut tokens = target.split('/').skip(1).peekable();
        let mut name = String::new();
        if tokens.next_if_eq(&"paths").is_some() {
            let (path, method) = (
                tokens.next().unwrap_or_default(),
                tokens.next().unwrap_or_default(),
            );
            let operation = self
                .document
                .pointer(&format!("/paths/{path}/{method}/operationId"));
            let operation = operation.and_then(Value::as_str);
            name.push_str(&names::pascal_case(operation.unwrap_or(path)));
        }
        while let Some(token) = tokens.next() {
            match token {
                "components" | "content" => {
                    tokens.next();
                }
                "responses" => {
                    tokens.next();
                    name.push_str("Response");
                }
                "requestBody" => name.push_str("Body"),
                "items" => name.push_str("Item"),
                "additionalProperties" => name.push_str("Value"),
                "schema" | "properties" | "parameters" | "allOf" | "oneOf" | "anyOf"
                | "headers" => {}
                other => {
                    let other = other.replace("~1", "/").replace("~0", "~");
                    name.push_str(&names::pascal_case(&other));
                }
            }
        }
        name
    }

    /// Names a schema, unless its location has a name, and returns a reference to it.
    fn define(
        &mut self,
        name: &str,
        pointer: &str,
        schema: &Value,
        values: Vec<String>,
        lowered: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let name = match self.named.get(pointer) {
            Some(name) if self.current.as_deref() != Some(pointer) => return reference_to(name),
            Some(name) => name.clone(),
            None => {
                let name = self.free_name(names::type_name(name), pointer);
                // The name is registered before the properties are lowered, since they may reference it.
                self.named.insert(pointer.to_owned(), name.clone());
                self.taken.insert(name.clone());
                if is_component(pointer) {
                    self.waiting.push(pointer.to_owned());
                    return reference_to(&name);
                }
                name
            }
        };
        self.current = None;
        let open = std::mem::take(&mut self.open);
        let lowered = lowered(self);
        self.open = open;
        let wires = lowered.get("properties").and_then(Value::as_object);
        let wires: Vec<&String> = wires.into_iter().flat_map(Map::keys).collect();
        let names = identifiers(&wires);
        let additional = lowered
            .get("additionalProperties")
            .filter(|_| !wires.is_empty());
        let additional = additional.map(|_| additional_name(&names));
        let properties = schema.get("properties");
        let may_be_null = wires.iter().filter(|wire| {
            let property = properties.and_then(|properties| properties.get(wire.as_str()));
            property.is_some_and(|property| is_nullable(self.document, property))
        });
        let nullable = may_be_null.map(|wire| (*wire).clone()).collect();
        let marked = |mark: &str| {
            let marked = wires.iter().filter(|wire| {
                let property = properties.and_then(|properties| properties.get(wire.as_str()));
                property.is_some_and(|property| has_mark(property, mark))
            });
            marked.map(|wire| (*wire).clone()).collect()
        };
        let one_way = OneWay {
            read_only: marked("readOnly"),
            write_only: marked("writeOnly"),
        };
        if !one_way.is_empty() {
            self.one_way.insert(name.clone(), one_way);
        }
        let formats = wires.iter().filter_map(|wire| {
            let property = properties?.get(wire.as_str())?;
            Some(((*wire).clone(), format_of(self.document, property, 0)?))
        });
        let formats = formats.collect();
        let definition = TypeDefinition {
            name: name.clone(),
            component: is_component(pointer),
            tag_of_place: self.tag_of(pointer),
            published: text(schema, "x-published-name").map(str::to_owned),
            description: text(schema, "description").map(str::to_owned),
            properties: names,
            example: example(schema),
            property_examples: property_examples(schema),
            tag: None,
            variants: Vec::new(),
            statuses: Vec::new(),
            additional,
            nullable,
            formats,
            lowered,
            values,
        };
        self.types.insert(name.clone(), definition);
        reference_to(&name)
    }

    /// The tag of the operation that contains a location.
    fn tag_of(&self, pointer: &str) -> Option<String> {
        let rest = pointer.strip_prefix("/paths/")?;
        let mut tokens = rest.split('/');
        let (path, method) = (tokens.next()?, tokens.next()?);
        let operation = self.document.pointer(&format!("/paths/{path}/{method}"))?;
        let path = path.replace("~1", "/").replace("~0", "~");
        Some(crate::tags::tag(&path, operation).0)
    }

    /// The name of a component stays as it is. An inline schema with the same name gets the suffix `Inline`.
    fn free_name(&self, mut name: String, pointer: &str) -> String {
        let own = is_component(pointer);
        while self.taken.contains(&name) || (!own && self.of_components.contains(&name)) {
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
        let additional = self.additional(schema, name, pointer, depth);
        let pointer = child(pointer, "properties");
        for (property, inner) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let pointer = child(&pointer, property);
            let inner_name = format!("{name}{}", names::pascal_case(property));
            let mut lowered = self.lower_at(inner, &inner_name, &pointer, depth);
            let is_required = required.contains(&property.as_str());
            let collection = matches!(text(&lowered, "type"), Some("array" | "object"));
            if is_nullable(self.document, inner) || (collection && !is_required) {
                // An absent list differs from an empty one, so an optional list is an `Option`.
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

    /// Additional properties are kept if the document allows them.
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

    pub(super) fn widen(&mut self, pointer: &str, reason: &str) -> Value {
        self.fallbacks.insert(Fallback {
            pointer: pointer.to_owned(),
            reason: reason.to_owned(),
        });
        json!({ UNTYPED: reason })
    }
}

/// The name of the variant of a status: its reason phrase, or the number.
pub(super) fn status_name(status: &str) -> String {
    let code = status.parse::<u16>().ok();
    let code = code.and_then(|code| http::StatusCode::from_u16(code).ok());
    match code.and_then(|code| code.canonical_reason()) {
        Some(reason) => names::pascal_case(reason),
        None => format!("Status{}", names::pascal_case(status)),
    }
}

/// The Rust names of properties, each with the name on the wire.
///
/// A name is derived from the name on the wire alone. If two are equal, the later one gets a number.
fn identifiers(wires: &[&String]) -> BTreeMap<String, String> {
    let mut members: BTreeMap<String, String> = BTreeMap::new();
    let mut later = Vec::new();
    for wire in wires {
        match members.entry(names::member_identifier(wire)) {
            Entry::Vacant(free) => {
                free.insert((*wire).clone());
            }
            Entry::Occupied(taken) => later.push((taken.key().clone(), *wire)),
        }
    }
    for (identifier, wire) in later {
        let base = identifier.trim_end_matches('_');
        let mut numbered = (2..).map(|number: u32| format!("{base}_{number}"));
        if let Some(free) = numbered.find(|name| !members.contains_key(name)) {
            members.insert(free, wire.clone());
        }
    }
    members
}

/// Whether a property or a part of it has a keyword such as `readOnly`.
fn has_mark(property: &Value, mark: &str) -> bool {
    let is_marked = |schema: &Value| schema.get(mark) == Some(&Value::Bool(true));
    let parts = property.get("allOf").and_then(Value::as_array);
    is_marked(property) || parts.into_iter().flatten().any(is_marked)
}

/// The format of a string, which may be declared in a referenced schema or a part.
fn format_of(document: &Value, schema: &Value, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let schema = resolve(document, schema);
    let own = text(schema, "format").map(str::to_owned);
    own.or_else(|| {
        let parts = schema.get("allOf").and_then(Value::as_array);
        let mut parts = parts.into_iter().flatten();
        parts.find_map(|part| format_of(document, part, depth + 1))
    })
}

/// The Rust name of the field for additional properties.
fn additional_name(members: &BTreeMap<String, String>) -> String {
    let mut name = "extra".to_owned();
    while members.contains_key(&name) {
        name = if name == "extra" {
            "additional_properties".to_owned()
        } else {
            format!("{name}_")
        };
    }
    name
}

fn property_examples(schema: &Value) -> BTreeMap<String, Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let examples = properties
        .into_iter()
        .flatten()
        .filter_map(|(name, property)| Some((name.clone(), example(property)?)));
    examples.collect()
}

/// Whether a pointer refers to a component.
fn is_component(pointer: &str) -> bool {
    pointer
        .strip_prefix("/components/schemas/")
        .is_some_and(|rest| !rest.contains('/'))
}

fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Adds a description to a lowered schema. A reference is wrapped, since it cannot have one.
fn described(mut lowered: Value, description: &str) -> Value {
    if lowered.get("$ref").is_some() {
        return json!({ "allOf": [lowered], "description": description });
    }
    lowered["description"] = json!(description);
    lowered
}
