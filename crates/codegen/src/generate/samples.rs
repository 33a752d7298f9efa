//! Values made from schemas, for generated tests and examples.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::lower::Model;
use crate::lower::model::{Body, Encoding, Parameter, Style, TypeDefinition};

use super::ranks::Ranks;
use super::sample_calls::Values;

/// How deep samples nest: a type that holds itself ends there.
const DEEPEST: usize = 6;

/// Makes values of the types of a model.
pub(super) struct Samples<'a> {
    types: BTreeMap<&'a str, &'a TypeDefinition>,
    ranks: Ranks<'a>,
    /// What a text is where the document gives no example.
    text: &'static str,
    /// Whether the document's examples are taken.
    examples: bool,
}

impl<'a> Samples<'a> {
    /// Values that are known, whatever the document gives as examples.
    pub(super) fn new(model: &'a Model) -> Self {
        let named = model.types.iter();
        Self {
            types: named
                .map(|definition| (definition.name.as_str(), definition))
                .collect(),
            ranks: Ranks::of(model),
            text: "text",
            examples: false,
        }
    }

    /// Values for people: the document's examples where it gives some.
    pub(super) fn for_people(model: &'a Model) -> Self {
        Self {
            text: "…",
            examples: true,
            ..Self::new(model)
        }
    }

    /// A value of a lowered schema: with every member, or with the required ones alone.
    pub(super) fn value(&self, lowered: &Value, every_member: bool) -> Value {
        self.value_at(lowered, every_member, 0)
    }

    fn value_at(&self, lowered: &Value, every_member: bool, depth: usize) -> Value {
        if let Some(reference) = lowered.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let Some(definition) = self.types.get(name) else {
                return Value::Null;
            };
            if let Some(example) = definition.example.as_ref().filter(|_| self.examples) {
                return example.clone();
            }
            if !definition.values.is_empty() {
                return json!(plainest(&definition.values));
            }
            if self.ranks.rank(lowered).is_none() {
                return Value::Null;
            }
            let mut value = self.value_at(&definition.lowered, every_member, depth + 1);
            let branches = definition.lowered.get("oneOf").and_then(Value::as_array);
            if let (Some(tag), Some(branches)) = (&definition.tag, branches)
                && let Some(place) = self.branch(branches, depth + 1)
                && value.get(&tag.member).is_some_and(Value::is_string)
            {
                let held = value[&tag.member].as_str().unwrap_or_default();
                if !tag.values[place].iter().any(|known| known == held) {
                    value[&tag.member] = json!(tag.values[place][0]);
                }
            }
            if let Value::Object(members) = &mut value
                && self.examples
            {
                for (name, example) in &definition.member_examples {
                    members
                        .entry(name)
                        .and_modify(|member| *member = example.clone());
                }
            }
            return value;
        }
        if let Some(described) = lowered.pointer("/allOf/0") {
            return self.value_at(described, every_member, depth);
        }
        if let Some(branches) = lowered.get("oneOf").and_then(Value::as_array) {
            let branch = self
                .branch(branches, depth)
                .and_then(|place| branches.get(place));
            return branch.map_or(Value::Null, |branch| {
                self.value_at(branch, every_member, depth)
            });
        }
        match lowered.get("type").and_then(Value::as_str) {
            Some("string") => json!(self.text),
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

    /// The place of the branch that a sample is of: the first, or deep down the one that ends soonest.
    fn branch(&self, branches: &[Value], depth: usize) -> Option<usize> {
        let ranked = branches.iter().enumerate();
        let mut ranked = ranked.filter_map(|(place, one)| Some((self.ranks.rank(one)?, place)));
        let found = if depth < DEEPEST {
            ranked.next()
        } else {
            ranked.min()
        };
        found.map(|(_, place)| place)
    }

    fn object(&self, lowered: &Value, every_member: bool, depth: usize) -> Value {
        let Some(properties) = lowered.get("properties").and_then(Value::as_object) else {
            if depth >= DEEPEST {
                return json!({});
            }
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

    /// Whether an object has what its type requires.
    fn fits(&self, value: &Value, lowered: &Value) -> bool {
        let reference = lowered.get("$ref").and_then(Value::as_str);
        let name = reference.and_then(|reference| reference.rsplit('/').next());
        let lowered = name
            .and_then(|name| self.types.get(name))
            .map_or(lowered, |definition| &definition.lowered);
        let required = lowered.get("required").and_then(Value::as_array);
        required
            .into_iter()
            .flatten()
            .all(|name| value.get(name.as_str().unwrap_or_default()).is_some())
    }
}

impl Values for Samples<'_> {
    fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let value = self.value(&parameter.lowered, true);
        let value = match parameter.style {
            Style::Json => value,
            Style::Form | Style::DeepObject => flat(value, true)?,
            _ => flat(value, false)?,
        };
        let bounded = within(value, &parameter.schema);
        // What is taken away must not be what its type requires.
        let readable = self.fits(&bounded, &parameter.lowered);
        (readable && !is_absent(&bounded)).then_some(bounded)
    }

    fn body(&self, body: &Body, every: bool) -> Option<Value> {
        Some(match body.encoding {
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                self.value(&body.lowered, every)
            }
            _ => json!("text"),
        })
    }
}

/// The value of an enumeration that any place can hold, where there is one.
fn plainest(values: &[String]) -> &str {
    let plain = |value: &&String| {
        !value.is_empty() && value.bytes().all(|byte| (b'!'..=b'~').contains(&byte))
    };
    let filled = |value: &&String| !value.is_empty();
    let found = values
        .iter()
        .find(plain)
        .or_else(|| values.iter().find(filled));
    found.map_or("", String::as_str)
}

/// What a style can write: a list's plain items, and an object's plain members; `None` for a union that
/// holds neither.
pub(super) fn flat(value: Value, lists_in_objects: bool) -> Option<Value> {
    let plain = |value: &Value| !value.is_array() && !value.is_object() && !value.is_null();
    Some(match value {
        Value::Array(mut items) => {
            items.retain(plain);
            Value::Array(items)
        }
        Value::Object(mut members) => {
            members.retain(|_, member| match member {
                Value::Array(items) => {
                    lists_in_objects && !items.is_empty() && items.iter().all(plain)
                }
                other => plain(other),
            });
            Value::Object(members)
        }
        Value::Null => return None,
        other => other,
    })
}

/// Whether a value writes nothing.
pub(super) fn is_absent(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A value within the bounds of a schema.
pub(super) fn within(value: Value, schema: &Value) -> Value {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let count = |name: &str| {
        let count = schema.get(name).and_then(Value::as_u64);
        count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))
    };
    let exclusive = |name: &str| schema.get(name) == Some(&Value::Bool(true));
    match value {
        Value::Number(number) => {
            let least = bound("minimum").map(|least| {
                if exclusive("exclusiveMinimum") {
                    least + 1.0
                } else {
                    least
                }
            });
            let most = bound("maximum").map(|most| {
                if exclusive("exclusiveMaximum") {
                    most - 1.0
                } else {
                    most
                }
            });
            let usual = number.as_f64().unwrap_or_default();
            let Some(bounded) = least.or(most.filter(|most| usual > *most)) else {
                return Value::Number(number);
            };
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a bound of a whole number is one"
            )]
            if number.is_i64() {
                json!(bounded.ceil() as i64)
            } else {
                json!(bounded)
            }
        }
        Value::String(text) if text == "text" => {
            let length = count("minLength").unwrap_or(4).clamp(4, 10_000);
            let length = count("maxLength").map_or(length, |most| length.min(most.max(1)));
            if length == 4 {
                json!("text")
            } else {
                json!("t".repeat(length))
            }
        }
        Value::Array(items) if items.len() < count("minItems").unwrap_or_default().min(1000) => {
            let item = items.first().cloned().unwrap_or_default();
            json!(vec![item; count("minItems").unwrap_or_default().min(1000)])
        }
        other => other,
    }
}
