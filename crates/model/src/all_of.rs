//! Merges `allOf`, and the keywords beside a union, into one schema.
//!
//! A value must satisfy every part, so the merged schema combines them: all properties, the narrower of two descriptions of a
//! property, and the values that all enumerations share. If a part is a union, the result is a union, and each branch is merged
//! with the other parts.
//!
//! If the values of two enumerations exclude each other, one of them is wrong in the document, but both agree on the JSON type.
//! The merged schema then has the values of both, and says so in [`CONTRADICTION`].

mod primitive;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use specmill_openapi::document::{child, lookup, reference_target, text};

use crate::keywords::{is_annotation, is_null, json_type};
use crate::marks::{BASE, CONTRADICTION, INHERITS, REFERENCE};

pub(super) use primitive::Primitive;

/// The maximum depth of references between `allOf`s.
const DEEPEST: usize = 32;

/// The maximum nesting of merges that determine whether a part adds something to another.
const MOST_LEVELS: usize = 2;

/// The maximum number of branches when several unions are combined.
const MOST_BRANCHES: usize = 64;

/// The locations of the parts of an `allOf` that was created from two descriptions of one property.
const PLACES: &str = "x-specmill-places";

/// The reason why no value can satisfy all parts.
pub(super) type Contradiction = String;

/// Merges a schema with the parts of its `allOf`. The result has neither `allOf` nor a reference at its top level.
///
/// The values of enumerations may exclude each other; other contradictions are errors.
pub(super) fn merge(
    document: &Value,
    schema: &Value,
    pointer: &str,
) -> Result<Value, Contradiction> {
    merge_parts(document, schema, pointer, 0, true)
}

/// Merges a schema at a nesting level, and fails for every contradiction. To decide whether a branch can be combined with the
/// other parts, branches are merged in turn; without a limit, schemas that contain each other would never end.
pub(super) fn merge_at(
    document: &Value,
    schema: &Value,
    pointer: &str,
    level: usize,
) -> Result<Value, Contradiction> {
    merge_parts(document, schema, pointer, level, false)
}

fn merge_parts(
    document: &Value,
    schema: &Value,
    pointer: &str,
    level: usize,
    lenient: bool,
) -> Result<Value, Contradiction> {
    let mut parts = Parts {
        document,
        merged: Map::new(),
        places: BTreeMap::new(),
        unions: Vec::new(),
        open: Vec::new(),
        seen: BTreeSet::new(),
        level,
        lenient,
    };
    parts.collect(schema, pointer, 0)?;
    for name in [
        "description",
        "nullable",
        "x-published-name",
        "title",
        "example",
    ] {
        if let Some(value) = schema.get(name) {
            parts.merged.insert(name.to_owned(), value.clone());
        }
    }
    parts.finish()
}

/// A union among the parts.
struct Union {
    keyword: &'static str,
    branches: Vec<Value>,
    discriminator: Option<Value>,
}

struct Parts<'d> {
    document: &'d Value,
    merged: Map<String, Value>,
    /// The location at which each keyword and property was found first.
    places: BTreeMap<String, String>,
    unions: Vec<Union>,
    /// The references that lead to the current part.
    open: Vec<String>,
    /// The references that were followed. Following one again adds nothing.
    seen: BTreeSet<String>,
    /// The nesting level: see [`merge_at`].
    level: usize,
    /// Whether the values of enumerations may exclude each other.
    lenient: bool,
}

impl Parts<'_> {
    fn collect(
        &mut self,
        schema: &Value,
        pointer: &str,
        depth: usize,
    ) -> Result<(), Contradiction> {
        if depth > DEEPEST {
            return Err(format!("`{pointer}` is nested too deep"));
        }
        if let Some(reference) = text(schema, "$ref") {
            let (Some(target), Some(found)) = (
                reference_target(reference),
                lookup(self.document, reference),
            ) else {
                return Err(format!("the reference at `{pointer}` has no target"));
            };
            if !self.seen.insert(target.clone()) {
                return Ok(());
            }
            self.open.push(target.clone());
            // Children inherit the base itself, not the union of its children.
            let found = found.get(BASE).unwrap_or(found);
            self.collect(found, &target, depth + 1)?;
            self.open.pop();
            return Ok(());
        }
        let places = schema.get(PLACES).and_then(Value::as_array);
        for (index, part) in parts_of(schema).iter().enumerate() {
            let place = places.and_then(|places| places.get(index)?.as_str());
            let place = place.map_or_else(|| format!("{pointer}/allOf/{index}"), str::to_owned);
            self.collect(part, &place, depth + 1)?;
        }
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            self.add(keyword, value, pointer)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
                self.union(keyword, branches, schema.get("discriminator"));
            }
        }
        Ok(())
    }

    fn add(&mut self, keyword: &str, value: &Value, pointer: &str) -> Result<(), Contradiction> {
        match keyword {
            "properties" => {
                for (name, property) in value.as_object().into_iter().flatten() {
                    self.property(name, property, &child(&child(pointer, "properties"), name));
                }
                return Ok(());
            }
            "allOf" | "oneOf" | "anyOf" | "discriminator" | "not" | "description" | "title"
            | "example" | "x-published-name" | PLACES | BASE | REFERENCE | INHERITS => {
                return Ok(());
            }
            _ => {}
        }
        let place = child(pointer, keyword);
        let known = self.merged.contains_key(CONTRADICTION);
        let Some(there) = self.merged.get_mut(keyword) else {
            self.merged.insert(keyword.to_owned(), value.clone());
            self.places.insert(keyword.to_owned(), place);
            return Ok(());
        };
        let contradiction = |first: Option<&String>| {
            format!(
                "`{}` and `{place}` contradict each other",
                first.map_or("", String::as_str)
            )
        };
        match (keyword, there, value) {
            ("required", Value::Array(there), Value::Array(more)) => {
                for name in more {
                    if !there.contains(name) {
                        there.push(name.clone());
                    }
                }
            }
            ("enum", Value::Array(there), Value::Array(more)) => {
                let shared = there.iter().any(|one| more.contains(one));
                if shared && !known {
                    there.retain(|one| more.contains(one));
                    return Ok(());
                }
                let excluded = contradiction(self.places.get(keyword));
                for value in more {
                    if !there.contains(value) {
                        there.push(value.clone());
                    }
                }
                if !self.lenient || json_type(&json!({ "enum": there })).is_none() {
                    return Err(excluded);
                }
                let known = self.merged.entry(CONTRADICTION);
                known.or_insert(Value::String(excluded));
            }
            ("type", there, more) if *there != *more => {
                let numbers = [&*there, more]
                    .iter()
                    .all(|kind| **kind == "integer" || **kind == "number");
                if !numbers {
                    return Err(contradiction(self.places.get(keyword)));
                }
                *there = json!("integer");
            }
            // A part that closes an object closes only its own properties, which is what authors of documents intend.
            ("additionalProperties", there, more) if more.is_object() || *there == false => {
                *there = more.clone();
            }
            ("items", there, more) if *there != *more => {
                *there = json!({ "allOf": [there.clone(), more] });
            }
            ("nullable", there, more) => {
                *there = json!(*there == true && *more == true);
            }
            _ => {}
        }
        Ok(())
    }

    fn property(&mut self, name: &str, property: &Value, place: &str) {
        let key = format!("properties/{name}");
        let all = self.merged.entry("properties").or_insert_with(|| json!({}));
        let Some(all) = all.as_object_mut() else {
            return;
        };
        let Some(there) = all.get_mut(name) else {
            all.insert(name.to_owned(), property.clone());
            self.places.insert(key, place.to_owned());
            return;
        };
        if same_shape(there, property) {
            if property.get("description").is_some() {
                *there = property.clone();
            }
            return;
        }
        let first = self.places.get(&key).cloned().unwrap_or_default();
        let mut both = json!({ "allOf": [there.clone(), property], PLACES: [first, place] });
        for one in [&*there, property] {
            for keyword in ["description", "nullable", "example"] {
                if let Some(value) = one.get(keyword) {
                    both[keyword] = value.clone();
                }
            }
        }
        *there = both;
    }

    fn union(&mut self, keyword: &'static str, branches: &[Value], discriminator: Option<&Value>) {
        // A child of a union inherits the keywords beside the union, not the union.
        let holds_itself = branches.iter().any(|branch| {
            let target = text(branch, "$ref").and_then(reference_target);
            target.is_some_and(|target| self.open.contains(&target))
        });
        // Branches that only require or forbid properties do not change the type.
        let shapes = branches
            .iter()
            .any(|branch| !is_restriction(branch) && !is_null(branch));
        if !holds_itself && shapes {
            self.unions.push(Union {
                keyword,
                branches: branches.to_vec(),
                discriminator: discriminator.cloned(),
            });
        }
    }

    fn finish(mut self) -> Result<Value, Contradiction> {
        let closed = self.merged.get("additionalProperties") == Some(&json!(false));
        if closed {
            self.merged.shift_remove("additionalProperties");
        }
        if self.merged.contains_key("properties") {
            self.merged.entry("type").or_insert_with(|| json!("object"));
        }
        if self.merged.contains_key("enum") {
            // An enumeration is more specific than a union of strings or numbers.
            let (document, level) = (self.document, self.level + 1);
            self.unions.retain(|union| {
                let choice = json!({ union.keyword: union.branches });
                matches!(
                    Primitive::of_at(document, &choice, level),
                    Primitive::Other | Primitive::Any
                )
            });
        }
        if self.unions.is_empty() {
            return Ok(Value::Object(self.merged));
        }
        let count = self.unions.iter().map(|union| union.branches.len());
        if count.product::<usize>() > MOST_BRANCHES && self.unions.len() > 1 {
            return Err("it combines several unions with too many branches".to_owned());
        }
        let first = self.unions.remove(0);
        let mut rest = self.merged.clone();
        let mut union = Map::new();
        for name in [
            "description",
            "nullable",
            "x-published-name",
            "title",
            "example",
        ] {
            if let Some(value) = rest.shift_remove(name) {
                union.insert(name.to_owned(), value);
            }
        }
        let others = self.unions.iter().map(|other| {
            let mut schema = json!({ other.keyword: other.branches });
            if let Some(discriminator) = &other.discriminator {
                schema["discriminator"] = discriminator.clone();
            }
            schema
        });
        let others: Vec<Value> = others.collect();
        let mut branches = Vec::new();
        let mut dropped = Vec::new();
        let mut impossible = None;
        for branch in &first.branches {
            let adds =
                !others.is_empty() || !adds_nothing(self.document, branch, &rest, self.level + 1);
            if !adds || is_null(branch) {
                branches.push(branch.clone());
                continue;
            }
            let mut both = json!({ "allOf": [Value::Object(rest.clone()), branch] });
            if let Some(all) = both["allOf"].as_array_mut() {
                all.extend(others.iter().cloned());
            }
            if let Some(reference) = text(branch, "$ref") {
                both[REFERENCE] = json!(reference);
            } else if let Some(title) = text(branch, "title") {
                both["title"] = json!(title);
            }
            // A branch that contradicts the other parts is dropped.
            let held = if self.level < MOST_LEVELS {
                merge_at(self.document, &both, "", MOST_LEVELS)
            } else {
                Ok(Value::Null)
            };
            match held {
                Ok(merged) if contradicts_required(self.document, &merged) => dropped.push(both),
                Ok(_) => branches.push(both),
                Err(contradiction) => impossible = Some(contradiction),
            }
        }
        // If every branch contradicts the other parts, the contradiction is in the document, and no branch is wrong alone.
        if branches.is_empty() && self.lenient {
            branches = dropped;
        }
        if let (true, Some(contradiction)) = (branches.is_empty(), impossible) {
            return Err(contradiction);
        }
        union.insert(first.keyword.to_owned(), Value::Array(branches));
        if let Some(discriminator) = first.discriminator {
            union.insert("discriminator".to_owned(), discriminator);
        }
        Ok(Value::Object(union))
    }
}

/// Whether no value satisfies both descriptions of a required property.
fn contradicts_required(document: &Value, merged: &Value) -> bool {
    let required = merged.get("required").and_then(Value::as_array);
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    required.any(|name| {
        let property = merged
            .get("properties")
            .and_then(|properties| properties.get(name));
        property.is_some_and(|property| {
            property.get(PLACES).is_some() && merge_at(document, property, "", MOST_LEVELS).is_err()
        })
    })
}

/// The parts of an `allOf`.
pub(super) fn parts_of(schema: &Value) -> &[Value] {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.map_or(&[], Vec::as_slice)
}

/// Whether a schema only requires or forbids properties, and does not determine a type.
pub(super) fn is_restriction(schema: &Value) -> bool {
    is_annotation(schema)
        || schema.as_object().is_some_and(|members| {
            let mut only = members.clone();
            only.shift_remove("required");
            only.shift_remove("not");
            is_annotation(&Value::Object(only))
        })
}

/// The part of an `allOf` that refers to a schema, if the other parts add nothing to it.
pub(super) fn whole_part<'v>(
    document: &Value,
    own: &Map<String, Value>,
    shaping: &[&'v Value],
) -> Option<&'v Value> {
    let mut parts = shaping.iter().filter(|part| part.get("$ref").is_some());
    parts
        .find(|part| {
            let mut others = shaping
                .iter()
                .filter(|other| !std::ptr::eq(**other, **part));
            adds_nothing(document, part, own, 0)
                && others.all(|other| match other.as_object() {
                    Some(other) if !other.contains_key("$ref") && !other.contains_key("allOf") => {
                        adds_nothing(document, part, other, 0)
                    }
                    _ => *other == **part,
                })
        })
        .copied()
}

/// Whether the keywords add nothing to the type that a schema already determines.
fn adds_nothing(
    document: &Value,
    schema: &Value,
    keywords: &Map<String, Value>,
    level: usize,
) -> bool {
    if is_annotation(&Value::Object(keywords.clone())) {
        return true;
    }
    if level > MOST_LEVELS {
        return false;
    }
    let Ok(merged) = merge_at(document, schema, "", level) else {
        return false;
    };
    let kind = json_type(&merged);
    keywords
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "type" => match is_union(&merged) {
                Some(branches) => branches
                    .iter()
                    .all(|branch| adds_nothing(document, branch, keywords, level + 1)),
                None => kind.is_some_and(|kind| value == kind),
            },
            "required" => {
                let required = merged.get("required").and_then(Value::as_array);
                let names = value.as_array().into_iter().flatten();
                names
                    .into_iter()
                    .all(|name| required.is_some_and(|required| required.contains(name)))
            }
            "properties" => {
                let properties = merged.get("properties");
                let mut all = value.as_object().into_iter().flatten();
                all.all(|(name, property)| {
                    let there = properties.and_then(|properties| properties.get(name));
                    there.is_some_and(|there| same_shape(there, property))
                })
            }
            "additionalProperties" => !value.is_object() || merged.get(keyword) == Some(value),
            "enum" | "items" | "oneOf" | "anyOf" | "allOf" | "$ref" => {
                merged.get(keyword) == Some(value)
            }
            _ => true,
        })
}

fn is_union(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| schema.get(keyword)?.as_array())
}

/// Whether two schemas determine the same type, regardless of their other keywords.
fn same_shape(one: &Value, other: &Value) -> bool {
    fn shape(schema: &Value) -> Value {
        let own = schema.as_object().cloned().unwrap_or_default();
        let shaping = |name: &str| !is_annotation(&json!({ name: true }));
        let own: Map<String, Value> = own
            .into_iter()
            .filter(|(name, _)| shaping(name) && name != "$ref")
            .collect();
        if let Some(reference) = text(schema, "$ref") {
            return json!({ "$ref": reference });
        }
        if let ([only], 1) = (parts_of(schema), own.len()) {
            return shape(only);
        }
        Value::Object(own)
    }
    shape(one) == shape(other)
}
