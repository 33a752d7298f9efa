//! Unions: the differences between the branches, and the names of the variants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use specmill_openapi::document::text;
use specmill_openapi::names;

use crate::all_of::{self, Primitive};
use crate::inheritance::{branch_component, branch_target};
use crate::keywords::{is_annotation, is_null};
use crate::marks::REFERENCE;
use crate::model::{JsonKind, Shape, ShapeProperty, Tag};
use crate::resolve::resolve;
use crate::shape;

/// The maximum nesting of unions with the same discriminator.
const DEEPEST: usize = 8;

/// A branch of a union.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) schema: Value,
    /// The index in the document.
    pub(super) place: usize,
    /// The name of the variant.
    pub(super) name: String,
    pub(super) shapes: Vec<Shape>,
}

/// A simplified union.
pub(super) enum Union {
    /// All branches have one type.
    One(Value),
    /// The branches are variants.
    Choice(Vec<Branch>),
    /// Any JSON value.
    Any,
}

/// Simplifies a union without a discriminator.
///
/// Branches that are strings become one branch, and so do branches that are numbers. A branch for any value comes last, for
/// values that no other branch preserves completely.
pub(super) fn branches(document: &Value, schema: &Value, listed: &[Value]) -> Union {
    let mut flat = Vec::new();
    flatten(listed, &mut flat, 0);
    let mut primitives: Vec<(Primitive, Vec<&Value>, usize)> = Vec::new();
    let mut branches: Vec<Branch> = Vec::new();
    let mut any = false;
    for (place, branch) in flat.iter().enumerate() {
        if branches.iter().any(|known| known.schema == **branch) {
            continue;
        }
        match Primitive::of(document, branch) {
            Primitive::Any => any = true,
            Primitive::Other => branches.push(Branch {
                schema: (*branch).clone(),
                place,
                name: String::new(),
                shapes: shape::of(document, branch),
            }),
            primitive => {
                let known = primitives.iter_mut().find_map(|(known, parts, _)| {
                    let both = known.clone().and(primitive.clone())?;
                    Some((known, parts, both))
                });
                match known {
                    Some((known, parts, both)) => {
                        *known = both;
                        parts.push(branch);
                    }
                    None => primitives.push((primitive, vec![branch], place)),
                }
            }
        }
    }
    for (primitive, parts, place) in primitives {
        // A component whose enumerated values already cover all parts keeps its name.
        let whole = parts.iter().find(|part| {
            matches!(primitive, Primitive::Text(Some(_)))
                && Primitive::of(document, part) == primitive
        });
        let schema = whole.map_or_else(|| primitive.schema(), |whole| (*whole).clone());
        let shapes = shape::of(document, &schema);
        branches.push(Branch {
            schema,
            place,
            name: String::new(),
            shapes,
        });
    }
    branches.sort_by_key(|branch| branch.place);
    if branches.len() == 1 && !any {
        let only = branches.remove(0).schema;
        // `null` of the union applies to its only branch.
        return Union::One(match schema.get("nullable") {
            Some(nullable) if only.get("$ref").is_none() => {
                let mut only = only;
                only["nullable"] = nullable.clone();
                only
            }
            _ => only,
        });
    }
    branches.retain(|branch| !branch.shapes.is_empty());
    if branches.is_empty() {
        return Union::Any;
    }
    if any {
        let schema = json!({});
        branches.push(Branch {
            shapes: shape::of(document, &schema),
            schema,
            place: flat.len(),
            name: String::new(),
        });
    }
    tell_apart(&mut branches);
    name(document, &mut branches);
    Union::Choice(branches)
}

/// The branches of a union and of nested unions without a name.
fn flatten<'v>(listed: &'v [Value], flat: &mut Vec<&'v Value>, depth: usize) {
    for branch in listed.iter().filter(|branch| !is_null(branch)) {
        let inner = ["oneOf", "anyOf"]
            .iter()
            .find_map(|keyword| branch.get(keyword)?.as_array());
        let bare = branch.as_object().is_some_and(|members| {
            members.keys().all(|name| {
                matches!(name.as_str(), "oneOf" | "anyOf")
                    || is_annotation(&json!({ name.as_str(): true }))
            }) && !members.contains_key("title")
        });
        match inner {
            Some(inner) if bare && depth < DEEPEST => flatten(inner, flat, depth + 1),
            _ => flat.push(branch),
        }
    }
}

/// Keeps only those properties of each branch that distinguish it from another branch.
fn tell_apart(branches: &mut [Branch]) {
    let all: Vec<Vec<ShapeProperty>> = branches
        .iter()
        .flat_map(|branch| &branch.shapes)
        .filter(|shape| shape.kind == JsonKind::Object)
        .map(|shape| shape.properties.clone())
        .collect();
    let distinguishes = |property: &ShapeProperty| {
        let mut others = all.iter();
        others.any(|other| {
            let same = other.iter().find(|one| one.name == property.name);
            same.is_none_or(|same| property.required && !same.required)
        })
    };
    let value_distinguishes = |property: &ShapeProperty| {
        let same = all
            .iter()
            .filter_map(|other| other.iter().find(|one| one.name == property.name));
        // Values that all branches share do not distinguish them, and a service may add values.
        same.clone().any(|same| {
            same.values != property.values
                && (property.values.len() == 1
                    || (!same.values.is_empty()
                        && same.values.iter().all(|one| !property.values.contains(one))))
        })
    };
    for branch in branches {
        for shape in &mut branch.shapes {
            let properties = std::mem::take(&mut shape.properties).into_iter();
            let kept = properties.filter_map(|mut property| {
                if property.values.is_empty() || !value_distinguishes(&property) {
                    property.values.clear();
                    return (property.required && distinguishes(&property)).then_some(property);
                }
                Some(property)
            });
            shape.properties = kept.collect();
            // Properties with values come first, since they are checked first.
            shape
                .properties
                .sort_by_key(|property| property.values.is_empty());
        }
    }
}

/// Names the variants.
fn name(document: &Value, branches: &mut [Branch]) {
    let arrays = branches.iter().filter(|branch| is_array(branch)).count();
    let candidates: Vec<Vec<String>> = branches
        .iter()
        .map(|branch| candidates(document, branch, branches, arrays > 1))
        .collect();
    let mut taken = BTreeSet::from(["Unknown".to_owned(), "Self".to_owned()]);
    for (branch, candidates) in branches.iter_mut().zip(candidates) {
        let mut long = String::new();
        let mut found = None;
        for candidate in &candidates {
            long.push_str(candidate);
            for name in [candidate.as_str(), long.as_str()] {
                let name = names::type_identifier(name);
                if taken.insert(name.clone()) {
                    found = Some(name);
                    break;
                }
            }
            if found.is_some() {
                break;
            }
        }
        branch.name = found.unwrap_or_else(|| {
            let mut name = names::type_identifier(&format!("{long}Object"));
            while !taken.insert(name.clone()) {
                name.push_str("Object");
            }
            name
        });
    }
}

fn is_array(branch: &Branch) -> bool {
    matches!(&branch.shapes[..], [shape] if shape.kind == JsonKind::Array)
}

/// Candidates for the name of a branch, best first: its component, its title, its distinguishing value, and the properties that
/// no other branch has.
fn candidates(
    document: &Value,
    branch: &Branch,
    all: &[Branch],
    several_arrays: bool,
) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(target) = branch_target(&branch.schema) {
        found.push(component_name(&target));
    }
    if let [shape] = &branch.shapes[..] {
        let primitive = match shape.kind {
            JsonKind::String => Some("String"),
            JsonKind::Enumeration if found.is_empty() => Some("String"),
            JsonKind::Any if found.is_empty() => Some("Any"),
            JsonKind::Boolean => Some("Boolean"),
            JsonKind::Integer | JsonKind::Unsigned => Some("Integer"),
            JsonKind::Number => Some("Number"),
            JsonKind::Array if found.is_empty() && !several_arrays => Some("Array"),
            _ => None,
        };
        if let Some(primitive) = primitive {
            found.insert(0, primitive.to_owned());
        }
        if shape.kind == JsonKind::Array {
            found.push(format!("{}Array", item_name(document, &branch.schema)));
        }
    }
    if let Some(title) = text(&branch.schema, "title") {
        found.push(names::pascal_case(title));
    }
    let constants = branch.shapes.iter().flat_map(|shape| &shape.properties);
    for property in constants.filter(|property| property.values.len() == 1) {
        if let Some(value) = property.values[0].as_str() {
            found.push(names::pascal_case(value));
        }
    }
    let own = properties(document, &branch.schema);
    let others: BTreeSet<String> = all
        .iter()
        .filter(|other| other.place != branch.place)
        .flat_map(|other| properties(document, &other.schema))
        .map(|(name, _)| name)
        .collect();
    for (name, _) in own.iter().filter(|(name, _)| !others.contains(name)) {
        found.push(names::pascal_case(name));
    }
    for (name, kind) in &own {
        found.push(format!("{}{kind}", names::pascal_case(name)));
    }
    if is_map(document, &branch.schema) {
        found.insert(0, "Map".to_owned());
    }
    found.push("Object".to_owned());
    found.retain(|name| !name.is_empty());
    found
}

/// The name of a component, or of a schema inside one.
fn component_name(target: &str) -> String {
    let name = target.rsplit('/').next().unwrap_or_default();
    names::type_name(&name.replace("~1", "/").replace("~0", "~"))
}

fn item_name(document: &Value, schema: &Value) -> String {
    let schema = resolve(document, schema);
    let Some(items) = schema.get("items") else {
        return String::new();
    };
    if let Some(target) = branch_target(items) {
        return component_name(&target);
    }
    let title = text(items, "title").or_else(|| text(items, "type"));
    names::pascal_case(title.unwrap_or("Mixed"))
}

/// The properties of an object with their JSON types, required ones first.
fn properties(document: &Value, schema: &Value) -> Vec<(String, String)> {
    let Ok(merged) = all_of::merge(document, schema, "") else {
        return Vec::new();
    };
    let required = merged.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let all = merged.get("properties").and_then(Value::as_object);
    let mut all: Vec<(String, String)> = all
        .into_iter()
        .flatten()
        .map(|(name, property)| {
            let kind = text(resolve(document, property), "type").unwrap_or("object");
            (name.clone(), names::pascal_case(kind))
        })
        .collect();
    all.sort_by_key(|(name, _)| !is_required(name));
    all
}

fn is_map(document: &Value, schema: &Value) -> bool {
    let schema = resolve(document, schema);
    schema.get("properties").is_none()
        && schema.get("$ref").is_none()
        && schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        && branch_component(schema).is_none()
}

/// The branches of a union with a discriminator, and the discriminator.
///
/// Every branch must be an object, or a union with the same discriminator, and no two branches may share a value. The values of
/// a branch are those of the mapping, or else those that its own property enumerates, or else its name. A branch without the
/// property gets it, so that the value is preserved.
pub(super) fn tagged_branches(
    document: &Value,
    schema: &Value,
    listed: &[Value],
) -> Option<(Vec<Branch>, Tag)> {
    let property = text(schema.get("discriminator")?, "propertyName")?;
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    let mut branches: Vec<Branch> = Vec::new();
    for (place, branch) in listed.iter().enumerate() {
        if is_null(branch) || branches.iter().any(|known| known.schema == *branch) {
            continue;
        }
        let (tags, has_property) = tags(document, schema, branch, property, 0)?;
        if tags.is_empty() || !tags.iter().all(|tag| seen.insert(tag.clone())) {
            return None;
        }
        let mut schema = branch.clone();
        if !has_property {
            schema = json!({ "allOf": [
                branch,
                { "type": "object", "required": [property], "properties": { property: { "type": "string" } } }
            ] });
            schema[REFERENCE] = json!(branch_component(branch).unwrap_or_default());
        }
        let name = branch_target(branch).map_or_else(
            || names::pascal_case(text(branch, "title").unwrap_or(&tags[0])),
            |target| component_name(&target),
        );
        values.push(tags);
        branches.push(Branch {
            schema,
            place,
            name,
            shapes: Vec::new(),
        });
    }
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for branch in &branches {
        *named.entry(&branch.name).or_default() += 1;
    }
    let unique = named.values().all(|count| *count == 1);
    (unique && !branches.is_empty()).then(|| {
        let tag = Tag {
            property: property.to_owned(),
            values,
        };
        (branches, tag)
    })
}

/// The discriminator values that select a branch, and whether the branch has the property itself.
fn tags(
    document: &Value,
    union: &Value,
    branch: &Value,
    property: &str,
    depth: usize,
) -> Option<(Vec<String>, bool)> {
    if depth > DEEPEST {
        return None;
    }
    let reference = branch_component(branch);
    let name = reference.map(|reference| reference.rsplit('/').next().unwrap_or_default());
    let mapping = union.pointer("/discriminator/mapping");
    let mapping = mapping.and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().filter(|(_, target)| {
        let target = target.as_str().map(without_file);
        target.is_some() && (target == reference || target == name)
    });
    let mut tags: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
    let target = resolve(document, branch);
    let inner = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| target.get(keyword)?.as_array());
    let inner_property = target.pointer("/discriminator/propertyName");
    if let Some(inner) = inner.filter(|_| inner_property.is_some_and(|inner| inner == property)) {
        for branch in inner.iter().filter(|branch| !is_null(branch)) {
            let (more, _) = self::tags(document, target, branch, property, depth + 1)?;
            for tag in more {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        return Some((tags, true));
    }
    let object = all_of::merge(document, branch, "").ok()?;
    if text(&object, "type").is_some_and(|kind| kind != "object")
        || object.get("oneOf").is_some()
        || object.get("anyOf").is_some()
    {
        return None;
    }
    let own = object
        .get("properties")
        .and_then(|properties| properties.get(property));
    // A discriminator is a string; other constants distinguish the branches of a union without one.
    if own.is_some_and(|own| {
        !matches!(
            Primitive::of(document, own),
            Primitive::Text(_) | Primitive::Any | Primitive::Other
        )
    }) {
        return None;
    }
    if tags.is_empty()
        && let Some(own) = own
        && let Primitive::Text(Some(listed)) = Primitive::of(document, own)
    {
        // Values that a base enumerates for all its children select none of them.
        let is_own =
            name.is_none_or(|name| listed.len() == 1 || !listed.iter().any(|one| one == name));
        tags = if is_own { listed } else { Vec::new() };
    }
    if tags.is_empty() {
        tags.extend(name.map(str::to_owned));
    }
    Some((tags, own.is_some()))
}

/// The fragment of a reference, for a mapping that names the document by its URL.
pub(super) fn without_file(target: &str) -> &str {
    target.find("#/").map_or(target, |at| &target[at..])
}
