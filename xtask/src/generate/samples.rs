//! Values made from schemas, for generated tests.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::lower::Model;
use crate::lower::model::{Parameter, TypeDefinition};

/// How deep samples nest: a type that holds itself ends there.
const DEEPEST: usize = 6;

/// Makes values of the types of a model.
pub(super) struct Samples<'a>(BTreeMap<&'a str, &'a TypeDefinition>);

impl<'a> Samples<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self(
            model
                .types
                .iter()
                .map(|definition| (definition.name.as_str(), definition))
                .collect(),
        )
    }

    /// A value of a lowered schema: with every member, or with the required ones alone.
    pub(super) fn value(&self, lowered: &Value, every_member: bool) -> Value {
        self.value_at(lowered, every_member, 0)
    }

    fn value_at(&self, lowered: &Value, every_member: bool, depth: usize) -> Value {
        if let Some(reference) = lowered.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return match self.0.get(name) {
                Some(definition) if !definition.values.is_empty() => json!(definition.values[0]),
                Some(definition) => self.value_at(&definition.lowered, every_member, depth + 1),
                None => Value::Null,
            };
        }
        for keyword in ["allOf", "oneOf"] {
            if let Some(first) = lowered.get(keyword).and_then(|branches| branches.get(0)) {
                return self.value_at(first, every_member, depth);
            }
        }
        match lowered.get("type").and_then(Value::as_str) {
            Some("string") => json!("text"),
            Some("boolean") => json!(true),
            Some("integer") => json!(1),
            Some("number") => json!(1.5),
            Some("array") if depth < DEEPEST => {
                json!([self.value_at(&lowered["items"], every_member, depth + 1)])
            }
            Some("array") => json!([]),
            Some("object") => self.object(lowered, every_member, depth),
            _ => json!({ "any": ["value", 1, null] }),
        }
    }

    fn object(&self, lowered: &Value, every_member: bool, depth: usize) -> Value {
        let Some(properties) = lowered.get("properties").and_then(Value::as_object) else {
            let values = lowered.get("additionalProperties").unwrap_or(&Value::Null);
            return json!({ "key": self.value_at(values, every_member, depth + 1) });
        };
        let required = lowered
            .get("required")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let kept = properties.iter().filter(|(name, _)| {
            required.iter().any(|one| one == name.as_str()) || (every_member && depth < DEEPEST)
        });
        let members: Map<String, Value> = kept
            .map(|(name, property)| {
                (
                    name.clone(),
                    self.value_at(property, every_member, depth + 1),
                )
            })
            .collect();
        Value::Object(members)
    }

    /// A value of a parameter, within its bounds.
    pub(super) fn parameter(&self, parameter: &Parameter) -> Value {
        let value = self.value(&parameter.lowered, true);
        let bound = |name: &str| parameter.schema.get(name).and_then(Value::as_f64);
        if value.is_number()
            && let Some(number) = bound("minimum").map_or(bound("maximum"), |minimum| {
                let exclusive =
                    parameter.schema.get("exclusiveMinimum") == Some(&Value::Bool(true));
                Some(if exclusive { minimum + 1.0 } else { minimum })
            })
        {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a bound of a whole number is one"
            )]
            return if value.is_i64() {
                json!(number as i64)
            } else {
                json!(number)
            };
        }
        if value.is_string()
            && value == "text"
            && let Some(length) = parameter.schema.get("minLength").and_then(Value::as_u64)
        {
            let length = usize::try_from(length).unwrap_or_default().clamp(4, 10_000);
            return json!("t".repeat(length));
        }
        value
    }
}
