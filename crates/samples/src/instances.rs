//! Values that are valid for the schemas of a document, for calls that a server validates against the document.
//!
//! [`Samples`](crate::Samples) are values of the generated types, which are more lenient: they have no bounds, patterns or
//! formats.

mod number;
#[cfg(test)]
mod tests;
mod text;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use specmill_model::{Body, Encoding, Parameter, Style};
use specmill_openapi::document::{lookup, text};

use crate::samples::Values;
use crate::samples::{flat, is_absent, pruned};

/// The maximum nesting of values. Optional properties have a lower limit.
const DEEPEST: usize = 24;

/// The maximum nesting of optional properties, which ends types that contain themselves.
const DEEPEST_OPTIONAL: usize = 6;

/// The maximum number of values that are examined for one sample.
const MOST_VALUES: usize = 4_000;

/// The number of values in a sample above which no optional parts are added.
const MOST_OPTIONAL: usize = 500;

/// The maximum number of items that are added to a list to reach its minimum.
const MOST_ITEMS: u64 = 1000;

/// Makes values of the schemas of a document.
pub struct Instances<'a> {
    document: &'a Value,
    /// The remaining number of values that may be examined for the current sample.
    left: Cell<usize>,
    /// The references of the unions that the value is in.
    open: RefCell<Vec<String>>,
    /// Flattened schemas by reference: types with hundreds of properties are used in thousands of places.
    flat: RefCell<HashMap<String, Rc<Map<String, Value>>>>,
    /// Samples of components by reference, with all properties or only with the required ones.
    made: RefCell<HashMap<(String, bool), Option<Value>>>,
}

impl Values for Instances<'_> {
    fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let value = self.sample(&parameter.schema, true)?;
        let value = match parameter.style {
            Style::Json => value,
            Style::DeepObject => pruned(value)?,
            Style::Form => flat(value, true)?,
            _ => flat(value, false)?,
        };
        (!is_absent(&value)).then_some(value)
    }

    fn body(&self, body: &Body, every: bool) -> Option<Value> {
        let value = || self.sample(&body.schema, every);
        match body.encoding {
            Encoding::Json => value(),
            // A form has properties, even if its schema also accepts other values.
            Encoding::Form | Encoding::FormBrackets => value().map(|value| match value {
                Value::Object(members) => Value::Object(members),
                _ => json!({ "key": "text" }),
            }),
            Encoding::BytesOfType if body.content_type.starts_with("multipart/") => {
                Some(Value::String(multipart(&value()?)))
            }
            _ => Some(json!("text")),
        }
    }
}

impl<'a> Instances<'a> {
    /// Values that the schemas of a document allow.
    pub fn new(document: &'a Value) -> Self {
        Self {
            document,
            left: Cell::new(MOST_VALUES),
            open: RefCell::new(Vec::new()),
            flat: RefCell::default(),
            made: RefCell::default(),
        }
    }

    /// A value of a schema, with all properties or only with the required ones; `None` if none is found.
    fn sample(&self, schema: &Value, every: bool) -> Option<Value> {
        let Some(reference) = text(schema, "$ref") else {
            return self.fresh(schema, every);
        };
        let key = (reference.to_owned(), every);
        if let Some(made) = self.made.borrow().get(&key) {
            return made.clone();
        }
        let made = self.fresh(schema, every);
        self.made.borrow_mut().insert(key, made.clone());
        made
    }

    fn fresh(&self, schema: &Value, every: bool) -> Option<Value> {
        self.left.set(MOST_VALUES);
        self.open.borrow_mut().clear();
        self.value(schema, every, 0)
    }

    /// A value of a schema, with all properties or only with the required ones; `None` if none is found.
    fn value(&self, schema: &Value, every: bool, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.left.set(self.left.get().checked_sub(1)?);
        let schema = self.flattened(schema, 0)?;
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return plainest(values);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.get(keyword) {
                return self.branches(&schema, keyword, branches, every, depth);
            }
        }
        let has = |name: &str| schema.contains_key(name);
        match schema.get("type").and_then(Value::as_str) {
            Some("boolean") => Some(json!(true)),
            Some("integer") => number::whole(&schema).map(|number| json!(number)),
            Some("number") => number::real(&schema).map(|number| json!(number)),
            Some("array") => self.list(&schema, every, depth),
            Some("object") => self.object(&schema, every, depth),
            None if has("properties") => self.object(&schema, every, depth),
            None if has("items") => self.list(&schema, every, depth),
            // A schema without a type accepts a string too.
            Some("string") | None => text::value(&schema).map(Value::String),
            Some(_) => None,
        }
    }

    /// A schema with its references resolved and its `allOf` merged at the top level.
    fn flattened(&self, schema: &Value, depth: usize) -> Option<Rc<Map<String, Value>>> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if let Some(known) = self.flat.borrow().get(reference) {
                return Some(Rc::clone(known));
            }
            let flattened = self.flattened(lookup(self.document, reference)?, depth + 1)?;
            let mut flat = self.flat.borrow_mut();
            flat.insert(reference.to_owned(), Rc::clone(&flattened));
            return Some(flattened);
        }
        let mut flattened = schema.as_object()?.clone();
        if let Some(Value::Array(parts)) = flattened.remove("allOf") {
            for part in parts {
                merge(
                    &mut flattened,
                    Rc::unwrap_or_clone(self.flattened(&part, depth + 1)?),
                );
            }
        }
        Some(Rc::new(flattened))
    }

    /// A value of the first branch of a union that has one; branches that contain the value already come last.
    fn branches(
        &self,
        union: &Map<String, Value>,
        keyword: &str,
        branches: &[Value],
        every: bool,
        depth: usize,
    ) -> Option<Value> {
        let reference = |branch: &Value| text(branch, "$ref").map(str::to_owned);
        let is_open = |branch: &&Value| {
            reference(branch).is_some_and(|reference| self.open.borrow().contains(&reference))
        };
        let (back, ahead): (Vec<&Value>, Vec<&Value>) = branches.iter().partition(is_open);
        ahead.into_iter().chain(back).find_map(|branch| {
            let reference = reference(branch);
            self.open.borrow_mut().extend(reference.clone());
            let value = self.branch(union, keyword, branch, every, depth);
            if reference.is_some() {
                self.open.borrow_mut().pop();
            }
            value
        })
    }

    /// A value of a branch of a union, with the keywords beside the union.
    fn branch(
        &self,
        union: &Map<String, Value>,
        keyword: &str,
        branch: &Value,
        every: bool,
        depth: usize,
    ) -> Option<Value> {
        let mut schema = Rc::unwrap_or_clone(self.flattened(branch, 0)?);
        let mut around = union.clone();
        around.remove(keyword);
        let discriminator = around.remove("discriminator");
        merge(&mut schema, around);
        let mut value = self.value(&Value::Object(schema), every, depth + 1)?;
        let member = discriminator
            .as_ref()
            .and_then(|discriminator| discriminator.get("propertyName")?.as_str());
        if let (Some(member), Some(object)) = (member, value.as_object_mut()) {
            let reference = branch.get("$ref").and_then(Value::as_str)?;
            let name = reference.rsplit('/').next().unwrap_or_default();
            let mapping = discriminator.as_ref()?.get("mapping");
            let mapped = mapping.and_then(Value::as_object).and_then(|mapping| {
                let mut targets = mapping.iter();
                targets.find(|(_, target)| *target == reference || *target == name)
            });
            let tag = mapped.map_or(name, |(tag, _)| tag);
            object.insert(member.to_owned(), json!(tag));
        }
        Some(value)
    }

    fn list(&self, schema: &Map<String, Value>, every: bool, depth: usize) -> Option<Value> {
        let count = |name: &str| schema.get(name).and_then(Value::as_u64);
        let least = count("minItems").unwrap_or_default().min(MOST_ITEMS);
        let any = json!({});
        let items = schema.get("items").unwrap_or(&any);
        let item = (count("maxItems") != Some(0) && self.takes_optional(depth) || least > 0)
            .then(|| self.value(items, every, depth + 1))
            .flatten();
        let Some(item) = item else {
            return (least == 0).then(|| json!([]));
        };
        let unique = schema.get("uniqueItems") == Some(&json!(true));
        let mut list = vec![item.clone()];
        for number in 1..least {
            list.push(if unique {
                self.another(items, &item, number)?
            } else {
                item.clone()
            });
        }
        Some(Value::Array(list))
    }

    /// A value of a schema that differs from an existing one, and for each number.
    fn another(&self, schema: &Value, value: &Value, number: u64) -> Option<Value> {
        let schema = self.flattened(schema, 0)?;
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let mut others = values
                .iter()
                .filter(|other| *other != value && !other.is_null());
            return others.nth(usize::try_from(number).ok()? - 1).cloned();
        }
        match value {
            Value::String(text) if !schema.contains_key("pattern") => {
                Some(json!(format!("{text}{number}")))
            }
            Value::Number(least) => Some(json!(least.as_i64()? + i64::try_from(number).ok()?)),
            _ => None,
        }
    }

    /// Whether optional parts may be added to the value.
    fn takes_optional(&self, depth: usize) -> bool {
        depth < DEEPEST_OPTIONAL && self.left.get() > MOST_VALUES - MOST_OPTIONAL
    }

    fn object(&self, schema: &Map<String, Value>, every: bool, depth: usize) -> Option<Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let any = json!({});
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut members = Map::new();
        for (name, property) in properties.into_iter().flatten() {
            // Properties that only the service sets are not sent.
            let wanted = every
                && self.takes_optional(depth)
                && property.get("readOnly") != Some(&json!(true));
            let needed = required.contains(&name.as_str());
            if needed || wanted {
                match self.value(property, every, depth + 1) {
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
        let additional = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        let additional = additional.unwrap_or(&any);
        for name in required {
            if !members.contains_key(name) {
                members.insert(name.to_owned(), self.value(additional, every, depth + 1)?);
            }
        }
        let is_map = properties.is_none() && schema.contains_key("additionalProperties");
        let least = schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let least = least.max(u64::from(is_map && every && depth < DEEPEST_OPTIONAL));
        for number in 0..least.min(MOST_ITEMS) {
            if members.len() as u64 >= least
                || schema.get("additionalProperties") == Some(&json!(false))
            {
                break;
            }
            let value = self.value(additional, every, depth + 1)?;
            members.entry(format!("key{number}")).or_insert(value);
        }
        Some(Value::Object(members))
    }
}

/// Adds the keywords of another schema to a schema; both apply.
fn merge(schema: &mut Map<String, Value>, other: Map<String, Value>) {
    for (name, value) in other {
        match (schema.get_mut(&name), value) {
            (Some(Value::Object(there)), Value::Object(more)) if name == "properties" => {
                for (name, property) in more {
                    there.entry(name).or_insert(property);
                }
            }
            (Some(Value::Array(there)), Value::Array(more)) if name == "required" => {
                there.extend(more);
            }
            (Some(Value::Array(there)), Value::Array(more)) if name == "enum" => {
                there.retain(|value| more.contains(value));
            }
            (Some(_), _) => {}
            (None, value) => {
                schema.insert(name, value);
            }
        }
    }
}

/// The value of an enumeration that is valid in any location, if there is one.
fn plainest(values: &[Value]) -> Option<Value> {
    let plain = |value: &&Value| {
        let text = value.as_str();
        text.is_some_and(|text| {
            !text.is_empty() && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte))
        })
    };
    let found = values.iter().find(plain);
    let found = found.or_else(|| values.iter().find(|value| !value.is_null()));
    found.cloned()
}

/// The parts of a multipart form, delimited by `--part`.
fn multipart(value: &Value) -> String {
    let mut text = String::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let name = name.replace('"', "%22");
        text.push_str(&format!(
            "--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    text + "--part--\r\n"
}
