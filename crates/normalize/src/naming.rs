//! Replaces published names with readable ones, by the rules of [`specmill_openapi::names`].
//!
//! Published documents name every operation. In a single document, an operation without an operationId is identified by its
//! method and path (`GET /users/{id}`), and becomes `get_users_by_id`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{child, escape, reference_target, rewrite_references};
use specmill_openapi::names;

use specmill_openapi::changes::Changes;
use specmill_openapi::document::operations;
use specmill_openapi::layout::API_FILE;
use specmill_openapi::rename::Rename;

use crate::Options;

/// An old and a new name, with the location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The pointer to the operation or schema, by its published name.
    pub pointer: String,
    /// The name in the document as it was given; of an operation without one, method and path.
    pub published: String,
    /// An alternative key in `[rename]`: method and path of an operation.
    pub also: Option<String>,
    /// The name in the normalised document.
    pub becomes: String,
}

/// Renames operations and component schemas.
///
/// A name depends only on the published name, or on `[rename]` in api.toml. If two published names result in one, the error
/// names both. `file` returns the file that contains the value at a pointer.
pub(crate) fn rename(
    options: &Options,
    document: &mut Value,
    file: &dyn Fn(&str) -> PathBuf,
    changes: &mut Changes,
) -> Result<()> {
    let rename = &options.rename;
    let operations = operation_names(rename, document);
    check(&operations, "operations", file)?;
    check_used(options, &operations, "operations", &rename.operations)?;
    let schemas = schema_names(rename, document);
    check(&schemas, "schemas", file)?;
    check_used(options, &schemas, "schemas", &rename.schemas)?;
    rename_operations(&operations, document, changes);
    rename_schemas(&schemas, document, changes);
    Ok(())
}

/// The names of the operations, in the order of the document.
pub fn operation_names(rename: &Rename, document: &Value) -> Vec<Name> {
    let names = operations(document).map(|(pointer, path, method, operation)| {
        let method_and_path = format!("{} {path}", method.to_uppercase());
        let (published, name) = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) => (id.to_owned(), names::operation_name(id)),
            None => (
                method_and_path.clone(),
                names::unnamed_operation(method, path),
            ),
        };
        let renamed = rename
            .operations
            .get(&method_and_path)
            .or(rename.operations.get(&published));
        let name = renamed.cloned().unwrap_or(name);
        Name {
            pointer,
            published,
            also: Some(method_and_path),
            becomes: name,
        }
    });
    names.collect()
}

/// The names of the component schemas, in the order of the document.
pub fn schema_names(rename: &Rename, document: &Value) -> Vec<Name> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let names = schemas.into_iter().flat_map(Map::keys).map(|published| {
        let name = rename.schema(published);
        Name {
            pointer: child("/components/schemas", published),
            published: published.clone(),
            also: None,
            becomes: name,
        }
    });
    names.collect()
}

/// The key that is equal for names that collide in Rust or in a file system: names that differ only in case or in the
/// separators of their words.
pub fn collision_key(name: &str) -> String {
    names::pascal_case(name).to_lowercase()
}

/// Checks that every name is valid, and that no two collide.
fn check(names: &[Name], section: &str, file: &dyn Fn(&str) -> PathBuf) -> Result<()> {
    let mut taken: BTreeMap<String, &Name> = BTreeMap::new();
    for name in names {
        let key = collision_key(&name.becomes);
        let legal = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if key.is_empty() || !name.becomes.chars().all(legal) {
            return Err(Diagnostic::new(format!(
                "`{}` does not result in a name: `{}`",
                name.published, name.becomes
            ))
            .at(file(&name.pointer), Place::Pointer(name.pointer.clone()))
            .help(format!(
                "name it in [rename.{section}] of api.toml, with letters, digits and underscores"
            )));
        }
        if let Some(other) = taken.insert(key, name) {
            return Err(collision(other, name, section, file));
        }
    }
    Ok(())
}

fn collision(
    one: &Name,
    two: &Name,
    section: &str,
    file: &dyn Fn(&str) -> PathBuf,
) -> Box<Diagnostic> {
    let (message, by) = if one.published == two.published {
        (
            format!("two operations have the operationId `{}`", one.published),
            " by method and path",
        )
    } else {
        (
            format!(
                "`{}` and `{}` both become `{}`",
                one.published, two.published, two.becomes
            ),
            "",
        )
    };
    Diagnostic::new(message)
        .at(file(&two.pointer), Place::Pointer(two.pointer.clone()))
        .note(format!(
            "the other one is at {}#{}",
            file(&one.pointer).display(),
            one.pointer
        ))
        .help(format!(
            "name one of them{by} in [rename.{section}] of api.toml"
        ))
}

/// Checks that each entry of `[rename]` renames something.
fn check_used(
    options: &Options,
    names: &[Name],
    section: &str,
    rename: &BTreeMap<String, String>,
) -> Result<()> {
    match rename.keys().find(|key| {
        !names
            .iter()
            .any(|name| name.published == **key || name.also.as_ref() == Some(key))
    }) {
        None => Ok(()),
        Some(unused) => Err(Diagnostic::new(format!(
            "[rename.{section}] names `{unused}`, which no document contains"
        ))
        .at(options.file(API_FILE), Place::Whole)
        .help("correct the name, or remove the line if the vendor removed the item")),
    }
}

fn rename_operations(names: &[Name], document: &mut Value, changes: &mut Changes) {
    for Name {
        pointer,
        published,
        becomes: name,
        ..
    } in names
    {
        let Some(operation) = document.pointer_mut(pointer).and_then(Value::as_object_mut) else {
            continue;
        };
        let there = operation.insert("operationId".into(), Value::String(name.clone()));
        if there.as_ref().and_then(Value::as_str) != Some(name) {
            changes.add(
                "rename_operations",
                pointer,
                format!("`{published}` is `{name}`"),
            );
        }
    }
    let mut new_names = BTreeMap::new();
    for name in names {
        new_names
            .entry(name.published.as_str())
            .or_insert(name.becomes.as_str());
    }
    rename_linked(&new_names, document);
}

/// A link references an operation by its operationId.
fn rename_linked(new_names: &BTreeMap<&str, &str>, value: &mut Value) {
    match value {
        Value::Object(members) => {
            let links = members.get_mut("links").and_then(Value::as_object_mut);
            for link in links.into_iter().flat_map(Map::values_mut) {
                if let Some(Value::String(id)) = link.get_mut("operationId")
                    && let Some(name) = new_names.get(id.as_str())
                {
                    *id = (*name).to_owned();
                }
            }
            members
                .values_mut()
                .for_each(|member| rename_linked(new_names, member));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_linked(new_names, item)),
        _ => {}
    }
}

fn rename_schemas(names: &[Name], document: &mut Value, changes: &mut Changes) {
    let new_names: BTreeMap<&str, &str> = names
        .iter()
        .map(|name| (name.published.as_str(), name.becomes.as_str()))
        .collect();
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        // All schemas are renamed at once, since a new name may be the old name of another.
        let renamed = std::mem::take(schemas)
            .into_iter()
            .map(|(published, schema)| {
                let name = new_names
                    .get(published.as_str())
                    .map_or(published.clone(), |name| (*name).to_owned());
                if name != published {
                    let pointer = child("/components/schemas", &name);
                    changes.add(
                        "rename_schemas",
                        pointer,
                        format!("`{published}` is `{name}`"),
                    );
                }
                (name, schema)
            });
        *schemas = renamed.collect();
    }
    spell_out_mappings(&new_names, document);
    rename_mappings(&new_names, document);
    let new_targets: BTreeMap<String, &str> = names
        .iter()
        .map(|name| (name.pointer.clone(), name.becomes.as_str()))
        .collect();
    rewrite_references(document, &|reference| {
        let target = reference_target(reference)?;
        // A reference may continue into the schema: /components/schemas/A/properties/b.
        let end = target
            .match_indices('/')
            .nth(3)
            .map_or(target.len(), |(index, _)| index);
        let name = new_targets.get(&target[..end])?;
        Some(format!(
            "#/components/schemas/{}{}",
            escape(name),
            &target[end..]
        ))
    });
}

/// A branch without an entry in the mapping is selected by the published name of its schema. If that changes, an entry is
/// added.
fn spell_out_mappings(new_names: &BTreeMap<&str, &str>, value: &mut Value) {
    match value {
        Value::Object(members) => {
            let has_discriminator = members.contains_key("discriminator");
            let branches = ["oneOf", "anyOf"]
                .iter()
                .filter(|_| has_discriminator)
                .filter_map(|keyword| members.get(*keyword)?.as_array());
            let targets: Vec<String> = branches
                .flatten()
                .filter_map(|branch| branch.get("$ref")?.as_str().map(str::to_owned))
                .collect();
            if let Some(Value::Object(discriminator)) = members.get_mut("discriminator") {
                let mapping = discriminator.get("mapping").and_then(Value::as_object);
                let mapped: Vec<&Value> = mapping.into_iter().flat_map(Map::values).collect();
                let missing: Vec<(String, String)> = targets
                    .into_iter()
                    .filter_map(|target| {
                        let name = target.strip_prefix("#/components/schemas/")?.to_owned();
                        let said = mapped
                            .iter()
                            .any(|known| **known == target.as_str() || **known == name.as_str());
                        let changes = new_names.get(name.as_str()).is_some_and(|new| *new != name);
                        (changes && !said).then_some((name, target))
                    })
                    .collect();
                if !missing.is_empty() {
                    let mapping = discriminator
                        .entry("mapping")
                        .or_insert_with(|| Value::Object(Map::new()));
                    for (name, target) in missing {
                        if let Some(mapping) = mapping.as_object_mut() {
                            mapping.entry(name).or_insert(Value::String(target));
                        }
                    }
                }
            }
            members
                .values_mut()
                .for_each(|member| spell_out_mappings(new_names, member));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| spell_out_mappings(new_names, item)),
        _ => {}
    }
}

/// A discriminator's mapping may contain the bare name of a schema.
fn rename_mappings(new_names: &BTreeMap<&str, &str>, value: &mut Value) {
    match value {
        Value::Object(members) => {
            let mapping = members
                .get_mut("discriminator")
                .and_then(|discriminator| discriminator.get_mut("mapping"));
            for target in mapping
                .and_then(Value::as_object_mut)
                .into_iter()
                .flat_map(Map::values_mut)
            {
                if let Some(name) = target.as_str().and_then(|target| new_names.get(target)) {
                    *target = Value::String((*name).to_owned());
                }
            }
            members
                .values_mut()
                .for_each(|member| rename_mappings(new_names, member));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_mappings(new_names, item)),
        _ => {}
    }
}
