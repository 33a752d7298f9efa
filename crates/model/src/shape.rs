//! The shapes of a schema's values, which distinguish the branches of a union.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::{lookup, reference_target, text};

use crate::all_of::{self, Primitive, parts_of};
use crate::keywords::is_null;
use crate::model::{JsonKind, Shape, ShapeProperty};
use crate::resolve::resolve;

/// The maximum nesting of unions and `allOf`s.
const DEEPEST: usize = 16;

/// The shapes of a schema's values. Empty if any value is allowed.
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
            // Keywords beside unions that contain each other would add branches at every level.
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

/// Whether a schema has properties beside a union.
fn is_mixed(schema: &Value) -> bool {
    let has = |keyword: &str| schema.get(keyword).is_some();
    (has("oneOf") || has("anyOf")) && (has("properties") || has("required"))
}

/// The properties of an object that are required or enumerated.
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

/// The enumerated values of a schema: strings, integers and booleans.
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
