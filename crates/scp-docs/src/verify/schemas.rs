//! Schemas of the spec in the grammar of the pages.

use std::collections::BTreeSet;

use serde_json::Value;

use scp_pages::{DEEPEST_SCHEMA, Schema};
use specmill_openapi::document::text;

use super::spec::{At, Spec};
use super::values::shown;

/// How many parts of an `allOf`, and of those in them, are looked at.
const MOST_PARTS: usize = 1000;

/// How the grammar would print a schema of the spec; none where it allows anything.
pub(super) fn schema_of(value: &Value) -> Option<Schema> {
    convert(value, DEEPEST_SCHEMA)
}

fn convert(value: &Value, depth: usize) -> Option<Schema> {
    let depth = depth.checked_sub(1)?;
    let nullable = value.get("nullable") == Some(&Value::Bool(true));
    let list = |member: &str| value.get(member).and_then(Value::as_array);
    let schema = if let Some(reference) = text(value, "$ref") {
        let name = reference.rsplit('/').next().unwrap_or_default();
        Schema::Model(
            name.replace("~1", "/")
                .replace("~0", "~")
                .replace("%20", " "),
        )
    } else if let Some([only]) = list("allOf").map(Vec::as_slice) {
        convert(only, depth)?
    } else if let Some(branches) = list("anyOf").or_else(|| list("oneOf")) {
        Schema::AnyOf(
            branches
                .iter()
                .map(|branch| convert(branch, depth))
                .collect::<Option<_>>()?,
        )
    } else if let Some(values) = list("enum") {
        let texts: Vec<String> = values
            .iter()
            .filter(|value| !value.is_null())
            .map(shown)
            .collect();
        if texts.is_empty() {
            Schema::Null
        } else {
            Schema::Enum(texts)
        }
    } else {
        match text(value, "type")? {
            "array" => {
                let items = value.get("items").and_then(|items| convert(items, depth));
                Schema::Array(Box::new(
                    items.unwrap_or_else(|| Schema::Model("anything".to_owned())),
                ))
            }
            name => Schema::Primitive {
                name: name.to_owned(),
                format: text(value, "format").map(str::to_owned),
            },
        }
    };
    Some(
        if nullable {
            Schema::AnyOf(vec![schema, Schema::Null])
        } else {
            schema
        }
        .simplified(),
    )
}

/// A schema of the spec for people.
pub(super) fn shown_schema(schema: Option<&Schema>) -> String {
    schema.map_or_else(|| "anything".to_owned(), Schema::to_string)
}

/// Whether a page's schema and one of the spec are the same; unions and enumerations have no order.
pub(super) fn is_same(spec: &Spec, page: &Schema, other: &Schema) -> bool {
    same(spec, &page.simplified(), &other.simplified())
}

fn same(spec: &Spec, page: &Schema, other: &Schema) -> bool {
    match (page, other) {
        (Schema::Model(page), Schema::Model(other)) => spec.model_name(page) == *other,
        (Schema::Array(page), Schema::Array(other)) => same(spec, page, other),
        (Schema::Enum(page), Schema::Enum(other)) => {
            page.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        }
        (Schema::AnyOf(page), Schema::AnyOf(other)) => {
            page.len() == other.len()
                && page
                    .iter()
                    .all(|branch| other.iter().any(|other| same(spec, branch, other)))
                && other
                    .iter()
                    .all(|other| page.iter().any(|branch| same(spec, branch, other)))
        }
        (page, other) => page == other,
    }
}

/// A property of an object schema.
pub(super) struct Property<'a> {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) at: At<'a>,
    /// Where its owner lists what is required.
    pub(super) required_pointer: String,
}

/// The properties of an object schema, those of its `allOf` among them; none where it names none.
pub(super) fn properties<'a>(spec: &'a Spec, schema: &At<'a>) -> Option<Vec<Property<'a>>> {
    let mut found: Vec<Property<'a>> = Vec::new();
    let mut names_any = false;
    let mut required: BTreeSet<String> = BTreeSet::new();
    let mut stack = vec![(schema.clone(), DEEPEST_SCHEMA)];
    let mut budget = MOST_PARTS;
    while let Some((at, depth)) = stack.pop() {
        let Some(left) = budget.checked_sub(1) else {
            break;
        };
        budget = left;
        let at = spec.resolve(at);
        for (index, _) in at
            .value
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let all = at
                .member("allOf")
                .and_then(|all| all.value.get(index).map(|value| (all, value)));
            if let Some((all, value)) = all.filter(|_| depth > 0) {
                stack.push((
                    At {
                        pointer: all.child(&index.to_string()),
                        value,
                    },
                    depth - 1,
                ));
            }
        }
        let names = at
            .value
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        required.extend(names.filter_map(Value::as_str).map(str::to_owned));
        let Some(properties) = at.member("properties") else {
            continue;
        };
        names_any = true;
        for (name, value) in properties.value.as_object().into_iter().flatten() {
            if !found.iter().any(|other| other.name == *name) {
                found.push(Property {
                    name: name.clone(),
                    required: false,
                    at: At {
                        pointer: properties.child(name),
                        value,
                    },
                    required_pointer: at.child("required"),
                });
            }
        }
    }
    for property in &mut found {
        property.required = required.contains(&property.name);
    }
    names_any.then_some(found)
}
