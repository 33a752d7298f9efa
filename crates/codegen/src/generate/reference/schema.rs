//! Types in the reference: their names, and the sections that list fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::Options;
use specmill_model::Model;
use specmill_model::{Success, TypeDefinition};
use specmill_openapi::document::text;
use specmill_openapi::names;

use super::super::descriptions;
use super::table;

/// The Rust type of a lowered schema, with links to the sections of types.
pub(super) fn kind(lowered: &Value) -> String {
    if let Some(reference) = text(lowered, "$ref") {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("[`{name}`](#type-{})", name.to_lowercase());
    }
    if let Some(first) = lowered.pointer("/allOf/0") {
        return kind(first);
    }
    match text(lowered, "type") {
        Some("string") => "`String`".to_owned(),
        Some("boolean") => "`bool`".to_owned(),
        Some("number") => "`f64`".to_owned(),
        Some("integer") if lowered["format"] == "uint64" => "`u64`".to_owned(),
        Some("integer") => "`i64`".to_owned(),
        Some("array") => format!("list of {}", kind(&lowered["items"])),
        Some("object") => format!("map of {}", kind(&lowered["additionalProperties"])),
        _ => "any JSON value".to_owned(),
    }
}

/// The properties of a type; empty if it is not an object.
pub(super) fn members(model: &Model, definition: &TypeDefinition) -> String {
    let properties = definition.lowered.get("properties");
    let properties = properties.and_then(Value::as_object);
    let required = definition.lowered.get("required").and_then(Value::as_array);
    let rows = properties.into_iter().flatten().map(|(wire, property)| {
        let name = definition.properties.iter().find(|(_, one)| *one == wire);
        let is_required = required.is_some_and(|names| names.iter().any(|name| name == wire));
        [
            table::code(name.map_or("", |(name, _)| name)),
            table::code(wire),
            table::cell(&kind(property)),
            if is_required { "required" } else { "" }.to_owned(),
            table::cell(&descriptions::described(model, definition, wire).unwrap_or_default()),
        ]
    });
    table::table(["field", "sent as", "type", "", "description"], rows)
}

/// The type of error bodies, if the API has a common one.
pub(super) fn error<'m>(options: &Options, model: &'m Model) -> Option<&'m TypeDefinition> {
    let name = names::type_name(options.error_schema.as_deref()?);
    descriptions::find(model, &name).filter(|definition| is_object(definition))
}

/// The sections of the types of responses, bodies and errors.
pub(super) fn sections(model: &Model, error: Option<&TypeDefinition>) -> String {
    let mut out = String::new();
    let mut reached = reached(model);
    if let Some(error) = error {
        reached.insert(error.name.clone());
        reach(model, &error.lowered, &mut reached);
    }
    for name in reached {
        let Some(definition) = descriptions::find(model, &name) else {
            continue;
        };
        if out.is_empty() {
            out += "\n## Types\n";
        }
        let described = descriptions::named(definition);
        out += &format!("\n### Type `{name}`\n");
        if let Some(described) = described {
            out += &format!("\n{described}\n");
        }
        if definition.values.is_empty() {
            out += &members(model, definition);
            out += &branches(definition);
        } else {
            let values: Vec<String> = definition
                .values
                .iter()
                .map(|value| format!("`{}`", super::super::prose::inline(value)))
                .collect();
            out += &format!("\nOne of {}, or a value added later.\n", values.join(", "));
        }
    }
    out
}

fn branches(definition: &TypeDefinition) -> String {
    let Some(branches) = definition.lowered.get("oneOf").and_then(Value::as_array) else {
        return String::new();
    };
    let kinds: Vec<String> = branches.iter().map(kind).collect();
    format!("\nOne of: {}.\n", kinds.join("; "))
}

/// The types that a page refers to, by name.
fn reached(model: &Model) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for operation in &model.operations {
        for parameter in &operation.parameters {
            reach(model, &parameter.lowered, &mut found);
        }
        if let Some(body) = &operation.body {
            match descriptions::type_of(model, &body.lowered) {
                // Its properties are listed in the section of the operation.
                Some(definition) if is_object(definition) => {
                    reach(model, &definition.lowered, &mut found);
                }
                _ => reach(model, &body.lowered, &mut found),
            }
        }
        if let Success::Json(response) | Success::OptionalJson(response) = &operation.success {
            reach(model, response, &mut found);
        }
    }
    found
}

/// Whether a type has properties.
pub(super) fn is_object(definition: &TypeDefinition) -> bool {
    let properties = definition.lowered.get("properties");
    properties
        .and_then(Value::as_object)
        .is_some_and(|members| !members.is_empty())
}

fn reach(model: &Model, schema: &Value, found: &mut BTreeSet<String>) {
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        match schema {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                let name = target.and_then(|target| target.rsplit('/').next());
                match name {
                    Some(name) if found.insert(name.to_owned()) => {
                        waiting.extend(descriptions::find(model, name).map(|one| &one.lowered));
                    }
                    Some(_) => {}
                    None => waiting.extend(Map::values(members)),
                }
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}
