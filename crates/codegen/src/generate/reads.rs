//! A simulation of how generated types read a value: the variant of a union that it matches, whether it can be read,
//! and the parts that are preserved.

use serde_json::Value;

use specmill_model::Model;
use specmill_model::{JsonKind, Shape};

use super::descriptions;

/// The maximum nesting of values; samples are less deep.
const DEEPEST: usize = 64;

/// Whether a value has the shape of a variant.
pub(super) fn looks_like(value: &Value, shape: &Shape) -> bool {
    let kind = match shape.kind {
        JsonKind::Boolean => value.is_boolean(),
        JsonKind::Integer | JsonKind::Unsigned | JsonKind::Number => value.is_number(),
        JsonKind::String | JsonKind::Enumeration => value.is_string(),
        JsonKind::Array => value.is_array(),
        JsonKind::Object => value.is_object(),
        JsonKind::Any => true,
    };
    kind && shape
        .properties
        .iter()
        .all(|property| match value.get(&property.name) {
            Some(held) => property.values.is_empty() || property.values.contains(held),
            None => !property.required,
        })
}

/// Whether the type of a lowered schema reads a value.
pub(super) fn reads(model: &Model, lowered: &Value, value: &Value) -> bool {
    reads_at(model, lowered, value, 0)
}

fn reads_at(model: &Model, lowered: &Value, value: &Value, depth: usize) -> bool {
    if depth > DEEPEST || (value.is_null() && lowered["nullable"] == true) {
        return true;
    }
    if let Some(definition) = descriptions::type_of(model, lowered) {
        return if definition.values.is_empty() {
            reads_at(model, &definition.lowered, value, depth + 1)
        } else {
            value.is_string()
        };
    }
    // A union preserves a value that matches none of its branches.
    match lowered.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") if lowered["format"] == "uint64" => value.is_u64(),
        Some("integer") => value.is_i64(),
        Some("array") => value.as_array().is_some_and(|items| {
            let mut items = items.iter();
            items.all(|item| reads_at(model, &lowered["items"], item, depth + 1))
        }),
        Some("object") => value.as_object().is_some_and(|members| {
            let required = lowered.get("required").and_then(Value::as_array);
            let mut required = required.into_iter().flatten().filter_map(Value::as_str);
            required.all(|name| members.contains_key(name))
                && members.iter().all(|(name, member)| {
                    let schema = lowered
                        .get("properties")
                        .and_then(|properties| properties.get(name))
                        .or_else(|| lowered.get("additionalProperties"));
                    schema.is_none_or(|schema| {
                        member.is_null() || reads_at(model, schema, member, depth + 1)
                    })
                })
        }),
        _ => true,
    }
}

/// Whether `one` preserves everything of a value that `other` does. `null` is equal to an absent property.
pub(super) fn keeps(value: &Value, one: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Object(members), Value::Object(other)) => members.iter().all(|(name, member)| {
            let Some(other) = other.get(name) else {
                return true;
            };
            match one.get(name) {
                Some(one) => keeps(member, one, other),
                None => member.is_null(),
            }
        }),
        (Value::Array(items), Value::Array(other)) if items.len() == other.len() => {
            let one = one.as_array().filter(|one| one.len() == items.len());
            one.is_some_and(|one| {
                let mut all = items.iter().zip(one).zip(other);
                all.all(|((item, one), other)| keeps(item, one, other))
            })
        }
        _ => value != other || value == one,
    }
}
