//! Inheritance: a component with a discriminator, and components whose `allOf` refers to it.
//!
//! If such a base has no branches of its own, its values are the values of its children. The base becomes a `oneOf` of its
//! children, and its own properties are kept for the children to inherit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use specmill_openapi::document::{reference_target, text};

use crate::all_of::parts_of;
use crate::marks::{BASE, INHERITS, REFERENCE};

/// The prefix of references to components.
const COMPONENTS: &str = "#/components/schemas/";

/// Returns the document with every base replaced by the union of its children.
pub(super) fn expand(document: &Value) -> Cow<'_, Value> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let Some(schemas) = schemas else {
        return Cow::Borrowed(document);
    };
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, schema) in schemas {
        for part in parts_of(schema) {
            if let Some(base) = component(part) {
                children.entry(base).or_default().push(name);
            }
        }
    }
    let family = Family { schemas, children };
    let bases: Vec<&str> = schemas
        .iter()
        .filter(|(name, schema)| family.is_base(name, schema))
        .map(|(name, _)| name.as_str())
        .collect();
    if bases.is_empty() {
        return Cow::Borrowed(document);
    }
    let unions: Vec<(String, Value)> = bases
        .iter()
        .map(|base| ((*base).to_owned(), family.union(base)))
        .collect();
    let heirs: Vec<&str> = bases
        .iter()
        .flat_map(|base| family.children.get(base).into_iter().flatten())
        .copied()
        .collect();
    let mut expanded = document.clone();
    if let Some(schemas) = expanded
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for name in heirs {
            schemas[name][INHERITS] = Value::Bool(true);
        }
        for (name, mut union) in unions {
            if let Some(inherits) = schemas[&name].get(INHERITS) {
                union[BASE][INHERITS] = inherits.clone();
            }
            schemas.insert(name, union);
        }
    }
    Cow::Owned(expanded)
}

/// The component that a schema refers to.
fn component(schema: &Value) -> Option<&str> {
    text(schema, "$ref")?.strip_prefix(COMPONENTS)
}

struct Family<'d> {
    schemas: &'d Map<String, Value>,
    children: BTreeMap<&'d str, Vec<&'d str>>,
}

impl<'d> Family<'d> {
    fn is_base(&self, name: &str, schema: &Value) -> bool {
        schema.pointer("/discriminator/propertyName").is_some()
            && self.children.contains_key(name)
            && ["oneOf", "anyOf"]
                .iter()
                .all(|keyword| schema.get(keyword).is_none())
    }

    /// The union that replaces a base.
    fn union(&self, base: &str) -> Value {
        let schema = &self.schemas[base];
        let discriminator = &schema["discriminator"];
        let mut mapping = Map::new();
        for (value, target) in discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            mapping.insert(value.clone(), target.clone());
        }
        let mut branches = Vec::new();
        let mut seen = BTreeSet::from([base]);
        self.descend(base, &mut seen, &mut branches);
        for name in &branches {
            // Microsoft's extension declares the value of the discriminator in the child.
            let own = self.schemas.get(*name);
            if let Some(value) = own.and_then(|own| text(own, "x-ms-discriminator-value")) {
                mapping
                    .entry(value)
                    .or_insert_with(|| json!(format!("{COMPONENTS}{name}")));
            }
        }
        let own_reference = format!("{COMPONENTS}{base}");
        let mut all: Vec<Value> = branches
            .iter()
            .map(|name| json!({ "$ref": format!("{COMPONENTS}{name}") }))
            .collect();
        let mut members = schema.clone();
        if let Some(members) = members.as_object_mut() {
            members.shift_remove("discriminator");
        }
        // The base is a branch of its own if a value of the discriminator selects it.
        let inherits = parts_of(schema)
            .iter()
            .any(|part| component(part).is_some());
        let stands_for_itself = mapping
            .values()
            .any(|target| *target == own_reference.as_str() || *target == base);
        if inherits || stands_for_itself {
            let mut itself = json!({ "allOf": [members.clone()], "title": "Base" });
            itself[REFERENCE] = json!(own_reference);
            all.push(itself);
        }
        let mut union = json!({ "oneOf": all, "discriminator": discriminator });
        union["discriminator"]["mapping"] = Value::Object(mapping);
        for keyword in ["description", "nullable", "x-published-name", "title"] {
            if let Some(value) = schema.get(keyword) {
                union[keyword] = value.clone();
            }
        }
        union[BASE] = members;
        union
    }

    /// The children of a component, and the descendants of children that are not bases.
    fn descend(&self, base: &str, seen: &mut BTreeSet<&'d str>, found: &mut Vec<&'d str>) {
        for &name in self.children.get(base).into_iter().flatten() {
            if !seen.insert(name) {
                continue;
            }
            found.push(name);
            if !self.is_base(name, &self.schemas[name]) {
                self.descend(name, seen, found);
            }
        }
    }
}

/// The component that a branch refers to, directly or merged with other parts.
pub(super) fn branch_component(branch: &Value) -> Option<&str> {
    text(branch, "$ref").or_else(|| text(branch, REFERENCE))
}

/// The pointer of the component that a branch refers to.
pub(super) fn branch_target(branch: &Value) -> Option<String> {
    reference_target(branch_component(branch)?)
}
