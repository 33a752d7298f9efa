//! Converts schemas inside other schemas, and the other forms of references of JSON Schema, to components and references to
//! them.

mod dynamic;
mod identifiers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::bundle::Names;
use crate::changes::Changes;
use crate::document::places::{Kind, each_object};
use crate::document::{child, lookup, reference_target, references, rewrite_references};

use identifiers::Identifiers;

/// The keywords that contain schemas for references.
const HOLDERS: [&str; 2] = ["$defs", "definitions"];

/// The maximum number of rounds for schemas within lifted schemas.
const MOST_ROUNDS: usize = 100;

/// Lifts schemas in `$defs` and `definitions` of other schemas into the components, and lets every reference be a pointer.
///
/// A reference by `$id`, `$anchor`, `$dynamicAnchor` or `$recursiveRef`, and a reference relative to its schema, becomes a
/// pointer into the document. A schema that refers to another and overrides its `$dynamicAnchor` becomes a copy of it with the
/// override applied.
pub(crate) fn lift_schemas(document: &mut Value, changes: &mut Changes) {
    // Each of these is rare. A document without them is not changed.
    if !mentions(document) {
        return;
    }
    let identifiers = Identifiers::of(document);
    point(document, &identifiers, changes);
    dynamic::resolve(document, &identifiers, changes);
    let mut names = taken(document);
    for _ in 0..MOST_ROUNDS {
        if !lift_once(document, &mut names, changes) {
            break;
        }
    }
}

/// Whether a document may contain such references.
fn mentions(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| match name.as_str() {
            "$defs" | "definitions" => member.is_object(),
            "$id" | "$anchor" | "$dynamicAnchor" | "$dynamicRef" | "$recursiveRef" => true,
            // Pointers into the document need no conversion.
            "$ref" if member.as_str().is_some_and(|text| text.starts_with("#/")) => false,
            _ => name == "$ref" || mentions(member),
        }),
        Value::Array(items) => items.iter().any(mentions),
        _ => false,
    }
}

/// Converts every reference of a schema to a pointer into the document, if it has a target.
fn point(document: &mut Value, identifiers: &Identifiers, changes: &mut Changes) {
    let mut rewritten: BTreeMap<String, String> = BTreeMap::new();
    for reference in references(document) {
        let Some(text) = reference.target else {
            continue;
        };
        if let Some(target) = identifiers.resolve(document, &reference.pointer, &text)
            && reference_target(&text).as_deref() != Some(&target)
        {
            rewritten.insert(reference.pointer, target);
        }
    }
    for (pointer, target) in rewritten {
        if let Some(place) = document.pointer_mut(&pointer) {
            changes.add(
                "lift_schemas",
                &pointer,
                format!("{place} is a pointer: `#{target}`"),
            );
            *place = Value::String(local(&target));
        }
    }
}

/// A pointer as a reference within the document.
pub(crate) fn local(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

fn taken(document: &Value) -> Names {
    let mut names = Names::default();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    for name in schemas.into_iter().flat_map(Map::keys) {
        names.take(SCHEMAS, name);
    }
    names
}

const SCHEMAS: &str = "/components/schemas";

/// Lifts the definitions of the outermost schemas. Returns whether there were any.
fn lift_once(document: &mut Value, names: &mut Names, changes: &mut Changes) -> bool {
    let used: BTreeSet<String> = references(document)
        .into_iter()
        .filter_map(|reference| reference_target(&reference.target?))
        .collect();
    let mut found: Vec<(String, Value)> = Vec::new();
    take_out(document, Kind::Document, "", &mut found);
    if found.is_empty() {
        return false;
    }
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    for (pointer, schema) in found {
        let inside = format!("{pointer}/");
        let is_used = used.contains(&pointer)
            || used
                .range(inside.clone()..)
                .next()
                .is_some_and(|next| next.starts_with(&inside));
        if !is_used {
            changes.add("lift_schemas", &pointer, "removed: no reference uses it");
            continue;
        }
        let (owner, name) = owner_and_name(&pointer);
        let name = names.free_of(SCHEMAS, &name, &format!("{owner}_{name}"));
        let target = child(SCHEMAS, &name);
        changes.add("lift_schemas", &pointer, format!("is at {target}"));
        if let Some(schemas) = schemas_of(document) {
            schemas.insert(name, schema);
        }
        moved.insert(pointer, target);
    }
    rewrite_references(document, &|reference| {
        let target = reference_target(reference)?;
        let mut prefix = target.as_str();
        loop {
            if let Some(new) = moved.get(prefix) {
                return Some(local(&format!("{new}{}", &target[prefix.len()..])));
            }
            prefix = prefix.rsplit_once('/')?.0;
        }
    });
    true
}

fn schemas_of(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = document.as_object_mut()?.entry("components");
    let components = components.or_insert_with(|| Value::Object(Map::new()));
    let schemas = components.as_object_mut()?.entry("schemas");
    let schemas = schemas.or_insert_with(|| Value::Object(Map::new()));
    schemas.as_object_mut()
}

/// Removes the definitions of the outermost schemas.
fn take_out(value: &mut Value, kind: Kind, pointer: &str, found: &mut Vec<(String, Value)>) {
    let Value::Object(members) = value else {
        return;
    };
    if kind == Kind::Schema {
        for holder in HOLDERS {
            if let Some(Value::Object(_)) = members.get(holder)
                && let Some(Value::Object(held)) = members.shift_remove(holder)
            {
                let pointer = child(pointer, holder);
                found.extend(
                    held.into_iter()
                        .map(|(name, schema)| (child(&pointer, &name), schema)),
                );
            }
        }
    }
    each_object(members, kind, &mut |names, kind, inner| {
        // Swagger 2.0 documents have been converted before.
        if kind == Kind::Schema && names[0] == "definitions" {
            return;
        }
        let pointer = names
            .iter()
            .fold(pointer.to_owned(), |pointer, name| child(&pointer, name));
        take_out(inner, kind, &pointer, found);
    });
}

/// The name of the component or operation that contains a definition, and the definition's own name.
fn owner_and_name(pointer: &str) -> (String, String) {
    let tokens: Vec<String> = pointer
        .split('/')
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let name = tokens.last().cloned().unwrap_or_default();
    let owner = match &tokens[..] {
        [_, components, _, owner, ..] if components == "components" => owner.clone(),
        [_, _, path, method, ..] => format!("{method}{}", path.replace(['/', '{', '}'], "_")),
        _ => String::new(),
    };
    (owner, name)
}

/// Whether a pointer has a target.
fn exists(document: &Value, pointer: &str) -> bool {
    lookup(document, &local(pointer)).is_some()
}

#[cfg(test)]
mod tests;
