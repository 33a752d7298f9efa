//! Schemas: the grammar of the pages as JSON Schema, values as JSON, and models as components.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::limits::limit;
use scp_pages::{Extent, ModelSection, Page, Parameter, Schema, Told};
use specmill_openapi::document::parse_json;

use super::versions::numbers;
use super::{Gathered, mark_unknown};

/// A schema of the page as one of `OpenAPI` 3.1.
pub(super) fn schema(printed: &Schema, gathered: &mut Gathered) -> Value {
    convert(&printed.simplified(), gathered)
}

fn convert(printed: &Schema, gathered: &mut Gathered) -> Value {
    match printed {
        Schema::Primitive { name, format } => {
            let mut out = json!({ "type": name });
            if let Some(format) = format {
                out["format"] = json!(format);
            }
            out
        }
        Schema::Enum(values) if values.iter().any(|value| value.parse::<f64>().is_ok()) => {
            json!({ "enum": values, "x-unknown": ["type"] })
        }
        Schema::Enum(values) => json!({ "type": "string", "enum": values }),
        Schema::Array(items) => json!({ "type": "array", "items": convert(items, gathered) }),
        Schema::AnyOf(branches) => {
            if let [Schema::Primitive { .. } | Schema::Array(_), Schema::Null] = &branches[..] {
                let mut out = convert(&branches[0], gathered);
                out["type"] = json!([out["type"].clone(), "null"]);
                return out;
            }
            let branches: Vec<Value> = branches
                .iter()
                .map(|branch| convert(branch, gathered))
                .collect();
            json!({ "anyOf": branches })
        }
        Schema::Null => json!({ "type": "null" }),
        Schema::Model(name) => {
            gathered.models.insert(name.clone());
            json!({ "$ref": format!("#/components/schemas/{name}") })
        }
    }
}

/// A printed value as one of the printed type; a text where it is none of that type.
pub(super) fn value(printed: &str, schema: Option<&Schema>) -> Value {
    let text = || Value::String(printed.to_owned());
    typed(printed, schema).unwrap_or_else(text)
}

fn typed(printed: &str, schema: Option<&Schema>) -> Option<Value> {
    match schema? {
        Schema::Primitive { name, .. } => match name.as_str() {
            "integer" => printed.parse::<i64>().ok().map(Value::from),
            "number" => serde_json::from_str::<serde_json::Number>(printed)
                .ok()
                .map(Value::Number),
            "boolean" => printed.to_lowercase().parse::<bool>().ok().map(Value::from),
            "object" => structured(printed).filter(Value::is_object),
            _ => None,
        },
        Schema::Array(_) => structured(printed).filter(Value::is_array),
        Schema::AnyOf(branches) => branches
            .iter()
            .find_map(|branch| typed(printed, Some(branch))),
        Schema::Model(_) => {
            structured(printed).filter(|value| value.is_object() || value.is_array())
        }
        Schema::Enum(_) | Schema::Null => None,
    }
}

/// The schema of a row with its default and its limits; names in `unknown` what the row does not tell. Where its table is whole,
/// a default that it does not tell is none.
pub(super) fn of_row(
    row: &Parameter,
    extent: Extent,
    gathered: &mut Gathered,
    unknown: &mut Vec<&'static str>,
) -> Value {
    let mut out = match &row.schema {
        Told::Says(printed) => schema(&printed.value, gathered),
        Told::Nothing(_) => json!({}),
        Told::Unknown => {
            unknown.push("schema");
            json!({})
        }
    };
    match &row.default {
        Told::Says(default) => out["default"] = value(&default.value, row.schema.value()),
        Told::Unknown if extent != Extent::Whole => unknown.push("default"),
        Told::Unknown | Told::Nothing(_) => {}
    }
    for (kind, value) in &row.limits {
        if let Some((keyword, value)) = limit(*kind, &value.value, row.schema.value()) {
            out[keyword] = value;
        }
    }
    out
}

/// A list or an object as JSON, or as Python prints it.
fn structured(printed: &str) -> Option<Value> {
    parse_json(printed)
        .ok()
        .or_else(|| parse_json(&printed.replace('\'', "\"")).ok())
}

/// The component schemas: the models of the pages, and those that are only named.
pub(super) fn components(pages: &[(String, Page)], gathered: &mut Gathered) -> Map<String, Value> {
    let mut newest: BTreeMap<String, &ModelSection> = BTreeMap::new();
    for (page, model) in pages
        .iter()
        .flat_map(|(name, page)| page.models.iter().map(move |model| (name, model)))
    {
        let Some(name) = &model.name else {
            gathered.notes.push(format!(
                "{page}:{}: the page does not tell which model the table is of",
                model.line
            ));
            continue;
        };
        let version = |model: &ModelSection| {
            model
                .heading
                .as_ref()
                .map(|heading| numbers(&heading.value))
        };
        let place = newest.entry(name.value.clone()).or_insert(model);
        if version(model) > version(place) {
            *place = model;
        }
    }
    let mut schemas = Map::new();
    for (name, section) in newest {
        let schema = model(section, gathered);
        schemas.insert(name, schema);
    }
    for name in std::mem::take(&mut gathered.models) {
        schemas
            .entry(name)
            .or_insert_with(|| json!({ "x-unknown": true }));
    }
    schemas
}

fn model(section: &ModelSection, gathered: &mut Gathered) -> Value {
    let mut out = match &section.schema {
        Some(printed) => schema(&printed.value, gathered),
        None => json!({ "type": "object" }),
    };
    if let Some(description) = &section.description {
        out["description"] = json!(description.value);
    }
    if section.schema.is_some() {
        return out;
    }
    let mut required = Vec::new();
    let mut properties = Map::new();
    for row in &section.properties.rows {
        let Some(name) = &row.name else { continue };
        if row.required.as_ref().is_some_and(|required| required.value)
            && !required.contains(&name.value)
        {
            required.push(name.value.clone());
        }
        let mut unknown = Vec::new();
        let mut property = of_row(row, section.properties.extent, gathered, &mut unknown);
        if row.required.is_none() {
            unknown.push("required");
        }
        if let Some(description) = &row.description {
            property["description"] = json!(description.value);
        }
        if let Some(example) = &row.example {
            property["example"] = value(&example.value, row.schema.value());
        }
        if !unknown.is_empty() {
            mark_unknown(&mut property, &unknown);
        }
        properties.entry(name.value.clone()).or_insert(property);
    }
    if !required.is_empty() {
        out["required"] = json!(required);
    }
    out["properties"] = Value::Object(properties);
    if section.properties.extent != Extent::Whole {
        mark_unknown(&mut out, &["properties"]);
    }
    out
}

/// Removes the component schemas that no operation reaches.
pub(super) fn keep_reached(document: &mut Value) {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<&Value> = document.get("paths").into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str);
                let name =
                    name.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| reached.insert((*name).to_owned())) {
                    open.extend(
                        document
                            .pointer("/components/schemas")
                            .and_then(|schemas| schemas.get(name)),
                    );
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.retain(|name, _| reached.contains(name));
    }
}
