//! `$dynamicRef`, as far as generators support it.

use serde_json::{Map, Value};

use super::identifiers::Identifiers;
use super::local;
use crate::changes::Changes;
use crate::document::places::{Kind, each_object};
use crate::document::{child, lookup, reference_target, text};

/// Resolves every `$dynamicRef` and `$recursiveRef`.
///
/// A schema that refers to a template and has a `$dynamicAnchor` that the template refers to becomes a copy of the template
/// with its own schema inserted. Any other `$dynamicRef` refers to the anchor of the schema that contains it.
pub(super) fn resolve(document: &mut Value, identifiers: &Identifiers, changes: &mut Changes) {
    if !mentions_dynamic(document) {
        return;
    }
    let template = document.clone();
    visit(document, Kind::Document, "", &mut |pointer, schema| {
        specialise(&template, identifiers, pointer, schema, changes);
    });
    visit(document, Kind::Document, "", &mut |pointer, schema| {
        let resource = identifiers.resource_of(pointer);
        if let Some(reference) = schema
            .get("$dynamicRef")
            .and_then(Value::as_str)
            .map(str::to_owned)
        {
            let name = reference.rsplit('#').next().unwrap_or_default();
            let target = if name.starts_with('/') {
                identifiers.resolve(&template, pointer, &reference)
            } else {
                identifiers.anchored(resource, name, true)
            };
            if let Some(target) = target {
                schema.shift_remove("$dynamicRef");
                schema.insert("$ref".into(), Value::String(local(&target)));
                changes.add("lift_schemas", pointer, format!("refers to `#{target}`"));
            }
        }
        if schema.shift_remove("$recursiveRef").is_some() {
            let target = if resource.is_empty() {
                super::identifiers::outermost_schema(pointer)
            } else {
                resource
            };
            schema.insert("$ref".into(), Value::String(local(target)));
            changes.add("lift_schemas", pointer, format!("refers to `#{target}`"));
        }
    });
}

fn mentions_dynamic(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            matches!(name.as_str(), "$dynamicRef" | "$recursiveRef") || mentions_dynamic(member)
        }),
        Value::Array(items) => items.iter().any(mentions_dynamic),
        _ => false,
    }
}

fn visit(
    value: &mut Value,
    kind: Kind,
    pointer: &str,
    change: &mut dyn FnMut(&str, &mut Map<String, Value>),
) {
    let Value::Object(members) = value else {
        return;
    };
    if kind == Kind::Schema {
        change(pointer, members);
    }
    each_object(members, kind, &mut |names, kind, inner| {
        let pointer = names
            .iter()
            .fold(pointer.to_owned(), |pointer, name| child(&pointer, name));
        visit(inner, kind, &pointer, change);
    });
}

/// Copies the template that a schema refers to, if the schema overrides one of its anchors.
fn specialise(
    document: &Value,
    identifiers: &Identifiers,
    pointer: &str,
    schema: &mut Map<String, Value>,
    changes: &mut Changes,
) {
    let inside = format!("{pointer}/");
    let own = |anchor: &&super::identifiers::Anchor| {
        let held = anchor.pointer.strip_prefix(&inside);
        let in_holder = held.is_some_and(|held| {
            ["$defs/", "definitions/"].iter().any(|holder| {
                held.strip_prefix(holder)
                    .is_some_and(|name| !name.contains('/'))
            })
        });
        anchor.dynamic && (anchor.pointer == pointer || in_holder)
    };
    let overrides: Vec<(&str, &str)> = identifiers
        .anchors
        .iter()
        .filter(own)
        .map(|anchor| (anchor.name.as_str(), anchor.pointer.as_str()))
        .collect();
    if overrides.is_empty() {
        return;
    }
    let copy = |reference: &str| {
        let target = reference_target(reference)?;
        // A schema is not its own template.
        let within = pointer == target || pointer.starts_with(&format!("{target}/"));
        let template = lookup(document, reference).filter(|_| !within)?;
        let mut copy = template.as_object()?.clone();
        let mut replaced = false;
        for member in copy.values_mut() {
            replace(member, &overrides, &mut replaced);
        }
        for name in ["$id", "$anchor", "$dynamicAnchor", "$defs", "definitions"] {
            copy.shift_remove(name);
        }
        replaced.then_some((copy, target))
    };
    if let Some((copy, target)) = text_of(schema, "$ref").and_then(copy) {
        schema.shift_remove("$ref");
        for (name, member) in copy {
            add(schema, name, member);
        }
        changes.add(
            "lift_schemas",
            pointer,
            format!("is a copy of `#{target}` with its own parts"),
        );
    }
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        if let Some((copy, target)) = text(part, "$ref").and_then(copy) {
            *part = Value::Object(copy);
            changes.add(
                "lift_schemas",
                pointer,
                format!("is a copy of `#{target}` with its own parts"),
            );
        }
    }
}

/// Adds a property of a template to the schema that is derived from it, which may have properties of its own.
fn add(schema: &mut Map<String, Value>, name: String, member: Value) {
    match (schema.get_mut(&name), member) {
        (Some(Value::Object(own)), Value::Object(more)) if name == "properties" => {
            for (name, property) in more {
                own.entry(name).or_insert(property);
            }
        }
        (Some(Value::Array(own)), Value::Array(more)) if name == "required" => {
            for one in more {
                if !own.contains(&one) {
                    own.push(one);
                }
            }
        }
        (Some(_), _) => {}
        (None, member) => {
            schema.insert(name, member);
        }
    }
}

fn text_of<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    members.get(name).and_then(Value::as_str)
}

/// Changes each reference to an overridden anchor to the override.
fn replace(value: &mut Value, overrides: &[(&str, &str)], replaced: &mut bool) {
    match value {
        Value::Object(members) => {
            let target = text_of(members, "$dynamicRef").and_then(|reference| {
                let name = reference.rsplit('#').next().unwrap_or_default();
                let mut known = overrides.iter();
                known.find(|(anchor, _)| *anchor == name)
            });
            if let Some((_, pointer)) = target {
                members.shift_remove("$dynamicRef");
                members.insert("$ref".into(), Value::String(local(pointer)));
                *replaced = true;
            }
            members
                .values_mut()
                .for_each(|member| replace(member, overrides, replaced));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| replace(item, overrides, replaced)),
        _ => {}
    }
}
