//! Values for schemas, for generated tests and examples.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use specmill_model::Model;
use specmill_model::{Body, Encoding, Parameter, Style, TypeDefinition};

use crate::ranks::Ranks;

/// The maximum nesting of values with optional parts.
const DEEPEST: usize = 6;

/// The maximum nesting of required values.
const DEEPEST_REQUIRED: usize = 64;

/// The maximum number of values in a sample.
const MOST_VALUES: usize = 4_000;

/// Where the values of a call come from.
pub trait Values {
    /// A value of a parameter that its style can encode; `None` if there is none.
    fn parameter(&self, parameter: &Parameter) -> Option<Value>;

    /// A value of a body, with all properties or only with the required ones; `None` if there is none. A body that is neither
    /// JSON nor a form is a string.
    fn body(&self, body: &Body, every: bool) -> Option<Value>;
}

/// Makes values of the types of a model.
pub struct Samples<'a> {
    types: BTreeMap<&'a str, &'a TypeDefinition>,
    ranks: Ranks<'a>,
    /// The string for a schema without an example.
    text: &'static str,
    /// Whether the examples of the document are used.
    examples: bool,
}

impl<'a> Samples<'a> {
    /// Fixed values, independent of the examples in the document.
    pub fn new(model: &'a Model) -> Self {
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

    /// Values for readers: the examples of the document, if there are any.
    pub fn for_people(model: &'a Model) -> Self {
        Self {
            text: "…",
            examples: true,
            ..Self::new(model)
        }
    }

    /// A value of a lowered schema, with all properties or only with the required ones. `None` if there is none that is finite
    /// and small enough.
    pub fn value(&self, lowered: &Value, every_member: bool) -> Option<Value> {
        let mut walk = Walk {
            samples: self,
            every_member,
            open: Vec::new(),
            left: MOST_VALUES,
        };
        walk.value(lowered, 0)
    }

    /// Whether an object has its required properties.
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

/// The state of a sample.
struct Walk<'w> {
    samples: &'w Samples<'w>,
    every_member: bool,
    /// The types that contain the current value.
    open: Vec<&'w str>,
    /// The remaining number of values.
    left: usize,
}

impl<'w> Walk<'w> {
    fn value(&mut self, lowered: &'w Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST_REQUIRED {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        if let Some(reference) = lowered.get("$ref").and_then(Value::as_str) {
            return self.named(reference.rsplit('/').next().unwrap_or_default(), depth);
        }
        if let Some(Value::Array(parts)) = lowered.get("allOf")
            && let Some(first) = parts.first()
        {
            return self.value(first, depth);
        }
        if let Some(Value::Array(branches)) = lowered.get("oneOf")
            && !branches.is_empty()
        {
            return self.branch(branches, depth).map(|(_, value)| value);
        }
        match lowered.get("type").and_then(Value::as_str) {
            Some("string") => Some(json!(self.samples.text)),
            Some("boolean") => Some(json!(true)),
            Some("integer") => Some(json!(1)),
            Some("number") => Some(json!(1.5)),
            Some("array") => {
                let item = self.part(&lowered["items"], depth);
                Some(item.map_or(json!([]), |item| json!([item])))
            }
            Some("object") => self.object(lowered, depth),
            _ => Some(json!({ "any": ["value", 1, null] })),
        }
    }

    fn named(&mut self, name: &str, depth: usize) -> Option<Value> {
        let samples = self.samples;
        let Some(definition) = samples.types.get(name) else {
            return Some(Value::Null);
        };
        if let Some(example) = definition.example.as_ref().filter(|_| samples.examples) {
            return Some(example.clone());
        }
        if !definition.values.is_empty() {
            return Some(json!(plainest(&definition.values)));
        }
        // A type without a finite value has no rank.
        samples.ranks.rank(&definition.lowered)?;
        self.open.push(&definition.name);
        let value = match definition.lowered.get("oneOf").and_then(Value::as_array) {
            Some(branches) => self
                .branch(branches, depth + 1)
                .map(|(place, value)| tagged(definition, place, value)),
            None => self.value(&definition.lowered, depth + 1),
        };
        self.open.pop();
        let mut value = value?;
        if let Value::Object(members) = &mut value
            && samples.examples
        {
            for (name, example) in &definition.property_examples {
                members
                    .entry(name)
                    .and_modify(|member| *member = example.clone());
            }
        }
        Some(value)
    }

    /// A value of the first branch that has one, with the index of the branch. Branches that require a type that contains the
    /// value come last.
    fn branch(&mut self, branches: &'w [Value], depth: usize) -> Option<(usize, Value)> {
        let places = 0..branches.len();
        let (ahead, back): (Vec<usize>, Vec<usize>) =
            places.partition(|place| !self.leads_back(&branches[*place]));
        let mut all = ahead.into_iter().chain(back);
        all.find_map(|place| Some((place, self.value(&branches[place], depth + 1)?)))
    }

    /// Whether a branch is a type that contains the value, or requires one.
    fn leads_back(&self, branch: &Value) -> bool {
        let name_of = |schema: &Value| {
            let only = schema.get("allOf").and_then(|parts| parts.get(0));
            let reference = only.unwrap_or(schema).get("$ref")?.as_str()?;
            reference.rsplit('/').next().map(str::to_owned)
        };
        let is_open = |name: &str| self.open.contains(&name);
        let Some(name) = name_of(branch) else {
            return false;
        };
        if is_open(&name) {
            return true;
        }
        let Some(definition) = self.samples.types.get(name.as_str()) else {
            return false;
        };
        required(&definition.lowered).any(|member| {
            let member = definition
                .lowered
                .get("properties")
                .and_then(|properties| properties.get(member));
            // Inside a value of the union, a branch that requires the union again comes after the others.
            member.and_then(name_of).is_some_and(|name| is_open(&name))
        })
    }

    /// The items of a list or a map; `None` if it is empty.
    fn part(&mut self, lowered: &'w Value, depth: usize) -> Option<Value> {
        if depth >= DEEPEST {
            return None;
        }
        self.value(lowered, depth + 1)
    }

    fn object(&mut self, lowered: &'w Value, depth: usize) -> Option<Value> {
        let Some(properties) = lowered.get("properties").and_then(Value::as_object) else {
            let values = lowered.get("additionalProperties").unwrap_or(&Value::Null);
            let value = self.part(values, depth);
            return Some(value.map_or(json!({}), |value| json!({ "key": value })));
        };
        let mut members = Map::new();
        for (name, property) in properties {
            let needed = required(lowered).any(|one| one == name);
            if needed || (self.every_member && depth < DEEPEST) {
                match self.value(property, depth + 1) {
                    Some(value) => {
                        members.insert(name.clone(), value);
                    }
                    None if needed && property.get("nullable") == Some(&json!(true)) => {
                        members.insert(name.clone(), Value::Null);
                    }
                    None if needed => return None,
                    None => {}
                }
            }
        }
        Some(Value::Object(members))
    }
}

/// A value of a branch of a union, with the value of the discriminator that selects the branch.
fn tagged(definition: &TypeDefinition, place: usize, mut value: Value) -> Value {
    if let Some(tag) = &definition.tag
        && let Some(known) = tag.values.get(place)
        && let Some(first) = known.first()
        && let Some(held) = value.get(&tag.property).and_then(Value::as_str)
        && !known.iter().any(|one| one == held)
    {
        value[&tag.property] = json!(first);
    }
    value
}

/// The names of the required properties.
fn required(lowered: &Value) -> impl Iterator<Item = &str> {
    let names = lowered.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

impl Values for Samples<'_> {
    fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let value = self.value(&parameter.lowered, true)?;
        let value = match parameter.style {
            Style::Json => value,
            Style::DeepObject => pruned(value)?,
            Style::Form => flat(value, true)?,
            _ => flat(value, false)?,
        };
        let bounded = within(value, &parameter.schema);
        // A required property must not be removed.
        let readable = self.fits(&bounded, &parameter.lowered);
        (readable && !is_absent(&bounded)).then_some(bounded)
    }

    fn body(&self, body: &Body, every: bool) -> Option<Value> {
        match body.encoding {
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                self.value(&body.lowered, every)
            }
            _ => Some(json!("text")),
        }
    }
}

/// The value of an enumeration that is valid in any location, if there is one.
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

/// The part of a value that a style can encode: the scalar items of a list, and the scalar properties of an object; `None` for
/// a union with neither.
pub(crate) fn flat(value: Value, lists_in_objects: bool) -> Option<Value> {
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

/// The part of a value that bracket notation can encode: everything except `null` and empty values.
pub(crate) fn pruned(value: Value) -> Option<Value> {
    let kept = match value {
        Value::Null => return None,
        Value::Array(items) => Value::Array(items.into_iter().filter_map(pruned).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter_map(|(name, member)| Some((name, pruned(member)?)))
                .collect(),
        ),
        other => return Some(other),
    };
    (!is_absent(&kept)).then_some(kept)
}

/// Whether a value encodes to nothing.
pub(crate) fn is_absent(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A value within the bounds of a schema.
pub fn within(value: Value, schema: &Value) -> Value {
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

/// A content type of a media type, or of a range of them.
pub fn sample_content_type(media_type: &str) -> String {
    if media_type.starts_with("multipart/") {
        format!("{}; boundary=part", media_type.replace('*', "mixed"))
    } else {
        media_type.replace("*/*", "text/plain").replace('*', "png")
    }
}
