//! What the values of a schema look like, as far as the branches of a union are told apart by it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use specmill_openapi::document::{lookup, reference_target, text};

use crate::all_of::{self, parts_of};
use crate::keywords::{is_annotation, is_null, is_unsigned, text_values};
use crate::model::{JsonKind, Shape, ShapeProperty};
use crate::resolve::resolve;

/// How deep unions and `allOf`s nest.
const DEEPEST: usize = 16;

/// What a schema is, where it is no object and no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Primitive {
    /// Strings; the values where they are listed.
    Text(Option<Vec<String>>),
    Boolean,
    /// Integers, unsigned or not.
    Integer(bool),
    Number,
    /// Any value.
    Any,
    /// Anything else.
    Other,
}

impl Primitive {
    pub(super) fn of(document: &Value, schema: &Value) -> Self {
        Self::of_at(document, schema, 0)
    }

    /// The same, `level` questions deep.
    pub(super) fn of_at(document: &Value, schema: &Value, level: usize) -> Self {
        Self::at(document, schema, &mut Vec::new(), level)
    }

    fn at(document: &Value, schema: &Value, open: &mut Vec<String>, depth: usize) -> Self {
        if depth > DEEPEST {
            return Self::Other;
        }
        if let Some(reference) = text(schema, "$ref") {
            let (Some(target), Some(found)) =
                (reference_target(reference), lookup(document, reference))
            else {
                return Self::Any;
            };
            if open.contains(&target) {
                return Self::Other;
            }
            open.push(target);
            let primitive = Self::at(document, found, open, depth + 1);
            open.pop();
            return primitive;
        }
        let merged;
        let schema = if parts_of(schema).is_empty() {
            schema
        } else {
            let Ok(all) = all_of::merge_at(document, schema, "", depth) else {
                return Self::Other;
            };
            merged = all;
            &merged
        };
        if let Some(values) = text_values(schema) {
            return Self::Text(Some(values));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
                return Self::of_union(document, branches, open, depth);
            }
        }
        match crate::keywords::json_type(schema) {
            Some("string") => Self::Text(None),
            Some("boolean") => Self::Boolean,
            Some("integer") => Self::Integer(is_unsigned(schema)),
            Some("number") => Self::Number,
            None if is_annotation(schema) => Self::Any,
            _ => Self::Other,
        }
    }

    fn of_union(
        document: &Value,
        branches: &[Value],
        open: &mut Vec<String>,
        depth: usize,
    ) -> Self {
        let mut all: Option<Self> = None;
        for branch in branches.iter().filter(|branch| !is_null(branch)) {
            let one = Self::at(document, branch, open, depth + 1);
            let together = match all {
                None => Some(one),
                Some(all) => all.and(one),
            };
            match together {
                Some(Self::Other) | None => return Self::Other,
                some => all = some,
            }
        }
        all.unwrap_or(Self::Any)
    }

    /// What is one or the other, where that is a primitive too.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Text(one), Self::Text(other)) => Self::Text(match (one, other) {
                (Some(mut one), Some(other)) => {
                    for value in other {
                        if !one.contains(&value) {
                            one.push(value);
                        }
                    }
                    Some(one)
                }
                // A list of values is open in any case.
                (one, other) => one.or(other),
            }),
            (Self::Integer(one), Self::Integer(other)) => Self::Integer(one && other),
            (Self::Integer(_) | Self::Number, Self::Integer(_) | Self::Number) => Self::Number,
            (one, other) if one == other => one,
            _ => return None,
        })
    }

    /// A schema of the primitive.
    pub(super) fn schema(&self) -> Value {
        match self {
            Self::Text(Some(values)) => json!({ "type": "string", "enum": values }),
            Self::Text(None) => json!({ "type": "string" }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Integer(true) => json!({ "type": "integer", "format": "uint64" }),
            Self::Integer(false) => json!({ "type": "integer" }),
            Self::Number => json!({ "type": "number" }),
            Self::Any | Self::Other => json!({}),
        }
    }

    fn kind(&self) -> Option<JsonKind> {
        Some(match self {
            Self::Text(Some(_)) => JsonKind::Enumeration,
            Self::Text(None) => JsonKind::String,
            Self::Boolean => JsonKind::Boolean,
            Self::Integer(true) => JsonKind::Unsigned,
            Self::Integer(false) => JsonKind::Integer,
            Self::Number => JsonKind::Number,
            Self::Any => JsonKind::Any,
            Self::Other => return None,
        })
    }
}

/// What the values of a schema look like; nothing where they may be anything.
pub(super) fn of(document: &Value, schema: &Value) -> Vec<Shape> {
    let mut shapes = Vec::new();
    collect(document, schema, &mut BTreeSet::new(), &mut shapes, 0);
    shapes
}

fn collect(
    document: &Value,
    schema: &Value,
    seen: &mut BTreeSet<String>,
    shapes: &mut Vec<Shape>,
    depth: usize,
) {
    if depth > DEEPEST {
        shapes.push(plain(JsonKind::Any));
        return;
    }
    if let Some(reference) = text(schema, "$ref") {
        let target = reference_target(reference);
        if let (Some(target), Some(found)) = (target, lookup(document, reference))
            && seen.insert(target)
        {
            collect(document, found, seen, shapes, depth + 1);
        }
        return;
    }
    if let Some(kind) = Primitive::of(document, schema).kind() {
        let shape = plain(kind);
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
        return;
    }
    let merged;
    let is_merged = !parts_of(schema).is_empty() || is_mixed(schema);
    let schema = if is_merged {
        let Ok(all) = all_of::merge(document, schema, "") else {
            shapes.push(plain(JsonKind::Any));
            return;
        };
        merged = all;
        &merged
    } else {
        schema
    };
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
            // What stands beside unions that hold each other makes new branches at every level.
            let step = if is_merged { DEEPEST / 2 } else { 1 };
            for branch in branches.iter().filter(|branch| !is_null(branch)) {
                collect(document, branch, seen, shapes, depth + step);
            }
            return;
        }
    }
    match crate::keywords::json_type(schema) {
        Some("array") => shapes.push(plain(JsonKind::Array)),
        Some("object") => shapes.push(Shape {
            kind: JsonKind::Object,
            properties: properties(document, schema),
        }),
        _ => shapes.push(plain(JsonKind::Any)),
    }
}

fn plain(kind: JsonKind) -> Shape {
    Shape {
        kind,
        properties: Vec::new(),
    }
}

/// Whether properties stand beside a union.
fn is_mixed(schema: &Value) -> bool {
    let has = |keyword: &str| schema.get(keyword).is_some();
    (has("oneOf") || has("anyOf")) && (has("properties") || has("required"))
}

/// The required properties of an object, and those with values that are listed.
fn properties(document: &Value, schema: &Value) -> Vec<ShapeProperty> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| {
        let mut required = required.into_iter().flatten();
        required.any(|one| one == name)
    };
    let all = schema.get("properties").and_then(Value::as_object);
    let known = all
        .into_iter()
        .flatten()
        .map(|(name, property)| ShapeProperty {
            name: name.clone(),
            required: is_required(name),
            values: listed(document, property),
        });
    known.collect()
}

/// The values that a schema lists: strings, integers and booleans.
fn listed(document: &Value, schema: &Value) -> Vec<Value> {
    let merged;
    let schema = resolve(document, schema);
    let schema = if parts_of(schema).is_empty() {
        schema
    } else {
        let Ok(all) = all_of::merge(document, schema, "") else {
            return Vec::new();
        };
        merged = all;
        &merged
    };
    let values = schema.get("enum").and_then(Value::as_array);
    let values: Vec<Value> = values.into_iter().flatten().cloned().collect();
    let plain = |value: &Value| value.is_string() || value.is_i64() || value.is_boolean();
    if values.iter().all(plain) {
        values
    } else {
        Vec::new()
    }
}
