//! Schemas of strings, numbers and booleans, including unions and `allOf`s of them.

use serde_json::{Value, json};

use specmill_openapi::document::{lookup, reference_target, text};

use super::parts_of;
use crate::keywords::{is_annotation, is_null, is_unsigned, json_type, text_values};
use crate::model::JsonKind;

/// The maximum nesting of unions and `allOf`s.
const DEEPEST: usize = 16;

/// The primitive type of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Primitive {
    /// A string, with its values if they are enumerated.
    Text(Option<Vec<String>>),
    Boolean,
    /// An integer, with or without sign.
    Integer(bool),
    Number,
    /// Any JSON value.
    Any,
    /// Any other schema.
    Other,
}

impl Primitive {
    pub(crate) fn of(document: &Value, schema: &Value) -> Self {
        Self::of_at(document, schema, 0)
    }

    /// Like `of`, at a nesting level.
    pub(crate) fn of_at(document: &Value, schema: &Value, level: usize) -> Self {
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
            let Ok(all) = super::merge_at(document, schema, "", depth) else {
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
        match json_type(schema) {
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

    /// The primitive type that covers two others, if there is one.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
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
                // Enumerations are open, so an enumeration also accepts other strings.
                (one, other) => one.or(other),
            }),
            (Self::Integer(one), Self::Integer(other)) => Self::Integer(one && other),
            (Self::Integer(_) | Self::Number, Self::Integer(_) | Self::Number) => Self::Number,
            (one, other) if one == other => one,
            _ => return None,
        })
    }

    /// The schema of the primitive type.
    pub(crate) fn schema(&self) -> Value {
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

    pub(crate) fn kind(&self) -> Option<JsonKind> {
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
