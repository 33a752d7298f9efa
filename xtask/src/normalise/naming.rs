//! Published names become names that read well, by the rules of [`crate::names`].

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, escape, reference_target};
use crate::names;

use super::{Changes, operations};

/// Renames operations and component schemas.
///
/// A name follows from the published name alone, or from `[rename]` in api.toml; two published names
/// that fall on one are an error that names both.
pub(super) fn rename(api: &Api, document: &mut Value, changes: &mut Changes) -> Result<()> {
    rename_operations(api, document, changes)?;
    rename_schemas(api, document, changes)
}

fn rename_operations(api: &Api, document: &mut Value, changes: &mut Changes) -> Result<()> {
    let mut new_names = BTreeMap::new();
    for (pointer, path, method, operation) in operations(document) {
        let Some(published) = operation.get("operationId").and_then(Value::as_str) else {
            return Err(Diagnostic::new(format!("the operation {} {path} has no operationId", method.to_uppercase()))
                .at_pointer(pointer)
                .help("give it one in an overlay"));
        };
        let rename = &api.settings.rename.operations;
        let name = rename.get(published).cloned().unwrap_or_else(|| names::operation_name(published));
        new_names.insert(pointer, (published.to_owned(), name));
    }
    check_distinct("operations", new_names.iter().map(|(pointer, (published, name))| (pointer, published, name)))?;
    for (pointer, (published, name)) in new_names {
        if published != name
            && let Some(id) = document.pointer_mut(&child(&pointer, "operationId"))
        {
            changes.add("rename_operations", &pointer, format!("`{published}` is `{name}`"));
            *id = Value::String(name);
        }
    }
    Ok(())
}

fn rename_schemas(api: &Api, document: &mut Value, changes: &mut Changes) -> Result<()> {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return Ok(());
    };
    let rename = &api.settings.rename.schemas;
    let new_names: BTreeMap<String, (String, String)> = schemas
        .keys()
        .map(|published| {
            let name = rename.get(published).cloned().unwrap_or_else(|| names::schema_name(published));
            (child("/components/schemas", published), (published.clone(), name))
        })
        .collect();
    check_distinct("schemas", new_names.iter().map(|(pointer, (published, name))| (pointer, published, name)))?;
    for (published, name) in new_names.values().filter(|(published, name)| published != name) {
        if let Some(schema) = schemas.remove(published) {
            changes.add("rename_schemas", child("/components/schemas", name), format!("`{published}` is `{name}`"));
            schemas.insert(name.clone(), schema);
        }
    }
    rename_references(document, &new_names);
    Ok(())
}

fn check_distinct<'a>(
    section: &str,
    names: impl Iterator<Item = (&'a String, &'a String, &'a String)>,
) -> Result<()> {
    let mut taken: BTreeMap<String, (&String, &String)> = BTreeMap::new();
    for (pointer, published, name) in names {
        // Names that differ in case or underscores alone are one name in Rust.
        let key = names::pascal_case(name).to_lowercase();
        if let Some((other_pointer, other)) = taken.insert(key, (pointer, published)) {
            return Err(Diagnostic::new(format!("`{other}` and `{published}` both become `{name}`"))
                .at_pointer(pointer.clone())
                .note(format!("the other one is at #{other_pointer}"))
                .help(format!("name one of them in [rename.{section}] of api.toml")));
        }
    }
    Ok(())
}

fn rename_references(value: &mut Value, new_names: &BTreeMap<String, (String, String)>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(target) = reference_target(reference)
            {
                // A reference may go on into the schema: /components/schemas/A/properties/b.
                let end = target.match_indices('/').nth(3).map_or(target.len(), |(index, _)| index);
                if let Some((_, name)) = new_names.get(&target[..end]) {
                    *reference = format!("#/components/schemas/{}{}", escape(name), &target[end..]);
                }
            }
            let mapping = members.get_mut("discriminator").and_then(|d| d.get_mut("mapping"));
            for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(|m| m.values_mut()) {
                let pointer = target.as_str().and_then(reference_target);
                if let Some((_, name)) = pointer.and_then(|pointer| new_names.get(&pointer)) {
                    *target = Value::String(format!("#/components/schemas/{}", escape(name)));
                }
            }
            members.values_mut().for_each(|member| rename_references(member, new_names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, new_names)),
        _ => {}
    }
}

