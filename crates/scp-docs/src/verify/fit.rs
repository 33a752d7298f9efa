//! Whether an example fits a schema.

use serde_json::{Map, Value};

use specmill_openapi::document::{child, value_type};

use super::schemas::{Property, properties};
use super::spec::{At, Spec, is_unknown};
use super::values::shown;

/// Where an example does not fit.
pub(super) struct Problem {
    /// The place in the example.
    pub(super) example: String,
    /// The place in the spec.
    pub(super) pointer: String,
    pub(super) page_says: String,
    pub(super) spec_says: String,
    /// Whether a member is there that should not be, or the other way round.
    pub(super) is_member: bool,
}

/// Checks a value against a schema; returns whether all of the schema is known.
pub(super) fn check(
    spec: &Spec,
    value: &Value,
    schema: &At<'_>,
    place: &str,
    depth: usize,
    out: &mut Vec<Problem>,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let nullable = schema.flag("nullable");
    let schema = spec.resolve(schema.clone());
    if value.is_null() && (nullable || schema.flag("nullable")) {
        return true;
    }
    if is_unknown(&schema) {
        return false;
    }
    // A reference with `nullable` beside it is wrapped.
    if let Some(all) = schema.member("allOf")
        && let Some([only]) = all.value.as_array().map(Vec::as_slice)
        && schema.value.get("properties").is_none()
    {
        let only = At {
            pointer: all.child("0"),
            value: only,
        };
        return check(spec, value, &only, place, depth, out);
    }
    let branches = schema.member("anyOf").or_else(|| schema.member("oneOf"));
    if let Some(branches) = branches {
        return check_branches(spec, value, &branches, place, depth, out);
    }
    if let Some((pointer, page_says, spec_says)) = wrong_value(value, &schema) {
        out.push(Problem {
            example: place.to_owned(),
            pointer,
            page_says,
            spec_says,
            is_member: false,
        });
        return true;
    }
    match value {
        Value::Array(items) => {
            let Some(at) = schema.member("items") else {
                return true;
            };
            let places = items
                .iter()
                .enumerate()
                .map(|(index, item)| (format!("{place}/{index}"), item));
            places.fold(true, |known, (place, item)| {
                check(spec, item, &at, &place, depth, out) && known
            })
        }
        Value::Object(members) => check_members(spec, members, &schema, place, depth, out),
        _ => true,
    }
}

/// A value that is not in an enumeration, or is of another type: the pointer, and both sides.
fn wrong_value(value: &Value, schema: &At<'_>) -> Option<(String, String, String)> {
    if let Some(values) = schema.value.get("enum").and_then(Value::as_array)
        && !values.contains(value)
    {
        let values: Vec<String> = values.iter().map(shown).collect();
        return Some((schema.child("enum"), shown(value), values.join(", ")));
    }
    let wanted = schema
        .text("type")
        .filter(|wanted| !is_of_type(value, wanted))?;
    let page_says = format!("{} ({})", shorten(&shown(value)), value_type(value));
    Some((schema.child("type"), page_says, wanted.to_owned()))
}

/// A value fits a union where it fits one of its branches.
fn check_branches(
    spec: &Spec,
    value: &Value,
    branches: &At<'_>,
    place: &str,
    depth: usize,
    out: &mut Vec<Problem>,
) -> bool {
    let mut known = true;
    for (index, branch) in branches.value.as_array().into_iter().flatten().enumerate() {
        let at = At {
            pointer: branches.child(&index.to_string()),
            value: branch,
        };
        let mut inner = Vec::new();
        known &= check(spec, value, &at, place, depth, &mut inner);
        if inner.is_empty() {
            return known;
        }
    }
    out.push(Problem {
        example: place.to_owned(),
        pointer: branches.pointer.clone(),
        page_says: value_type(value).to_owned(),
        spec_says: "another type".to_owned(),
        is_member: false,
    });
    known
}

fn check_members(
    spec: &Spec,
    members: &Map<String, Value>,
    schema: &At<'_>,
    place: &str,
    depth: usize,
    out: &mut Vec<Problem>,
) -> bool {
    let Some(properties) = properties(spec, schema) else {
        return true;
    };
    let more = schema.value.get("additionalProperties");
    let open = more.is_some_and(|more| *more != Value::Bool(false));
    let missing: Vec<&Property<'_>> = properties
        .iter()
        .filter(|property| property.required && !members.contains_key(&property.name))
        .collect();
    let mut extra = Vec::new();
    let mut known = true;
    for (name, member) in members {
        let place = child(place, name);
        match properties.iter().find(|property| property.name == *name) {
            Some(property) => known &= check(spec, member, &property.at, &place, depth, out),
            None if open => {}
            None => extra.push((name, place)),
        }
    }
    let mut member = |example: String, pointer: String, page_says: String, spec_says: String| {
        out.push(Problem {
            example,
            pointer,
            page_says,
            spec_says,
            is_member: true,
        });
    };
    let there = |name: &str| format!("the property `{name}`");
    let wanted = |property: &Property<'_>| format!("the required property `{}`", property.name);
    if let ([(name, example)], [property]) = (&extra[..], &missing[..]) {
        // One that is there and one that is not: a member with another name.
        let pointer = property.at.pointer.clone();
        member(example.clone(), pointer, there(name), wanted(property));
        return known;
    }
    for (name, example) in extra {
        let pointer = schema.child("properties");
        member(example, pointer, there(name), "nothing".to_owned());
    }
    for property in missing {
        let pointer = property.at.pointer.clone();
        let example = child(place, &property.name);
        member(example, pointer, "nothing".to_owned(), wanted(property));
    }
    known
}

fn is_of_type(value: &Value, wanted: &str) -> bool {
    value_type(value) == wanted || (wanted == "number" && value.is_number())
}

pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 80 {
        text.to_owned()
    } else {
        text.chars().take(80).chain("…".chars()).collect()
    }
}
