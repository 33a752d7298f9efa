//! Sample values as Rust expressions.

use serde_json::Value;

use specmill_model::Model;

use super::descriptions;
use super::rust_types::RustType;
use super::source::{literal, whole_number};

/// A sample as an argument of a setter.
pub(super) fn argument(value: &Value, lowered: &Value, model: &Model) -> String {
    let any = ["$ref", "allOf", "type"]
        .iter()
        .all(|name| lowered.get(name).is_none());
    match value {
        other if any => json_literal(other),
        Value::String(_) | Value::Bool(_) | Value::Number(_) if is_union(lowered, model) => {
            from_json(value, lowered)
        }
        Value::String(text) => literal(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if number.is_i64() => {
            let whole = whole_number(number.as_i64().unwrap_or_default());
            if RustType::of(lowered).value() == RustType::F64 {
                format!("{:?}", number.as_f64().unwrap_or_default())
            } else {
                whole
            }
        }
        Value::Number(number) => match number.as_u64() {
            Some(number) => format!("{number}u64"),
            None => format!("{:?}", number.as_f64().unwrap_or_default()),
        },
        Value::Array(items) if lowered.get("type").is_some_and(|kind| kind == "array") => {
            let items: Vec<String> = items
                .iter()
                .map(|item| argument(item, &lowered["items"], model))
                .collect();
            format!("[{}]", items.join(", "))
        }
        other => from_json(other, lowered),
    }
}

/// A value that is converted from its JSON, since its type accepts no Rust literal.
pub(super) fn from_json(value: &Value, lowered: &Value) -> String {
    let kind = RustType::of(lowered).value().written("types::");
    format!(
        "serde_json::from_value::<{kind}>({}).unwrap()",
        json_literal(value)
    )
}

/// Whether a scalar is passed to a type that is not a list: its type may not determine the branch of a literal.
fn is_union(lowered: &Value, model: &Model) -> bool {
    match RustType::of(lowered).value() {
        RustType::Named(name) => {
            descriptions::find(model, &name).is_some_and(|one| one.values.is_empty())
        }
        _ => false,
    }
}

/// A value, parsed from its JSON.
pub(super) fn json_literal(value: &Value) -> String {
    format!("json({})", raw_literal(&value.to_string()))
}

/// A raw string literal.
pub(super) fn raw_literal(text: &str) -> String {
    // Enough `#` characters that the string does not end the literal.
    let signs = (1..=usize::from(u8::MAX))
        .map(|count| "#".repeat(count))
        .find(|signs| !text.contains(&format!("\"{signs}")));
    match signs {
        // A raw literal cannot contain a carriage return.
        Some(signs) if !text.contains('\r') => format!("r{signs}\"{text}\"{signs}"),
        _ => literal(text),
    }
}
