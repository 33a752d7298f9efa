//! Checks that every reference has a target in the same document.

use std::collections::HashSet;

use serde_json::Value;

use crate::changes::Changes;
use crate::diagnostic::{Diagnostic, Result};
use crate::document::{WEBHOOKS, child, each_reference, lookup, reference_target};

/// The maximum length of a chain of references.
const LONGEST_CHAIN: usize = 100;

pub use crate::document::UNRESOLVED;

/// Confines the effect of each unresolved reference to the parts that need it.
///
/// A schema accepts any value, and notes the reference in `x-unresolved-reference`; a response and a body note it too,
/// and the operation notes a missing parameter. Parts that no request needs, such as examples, are removed. In
/// published documents such references are errors. Returns whether there were any.
pub fn loosen(document: &mut Value, changes: &mut Changes) -> bool {
    // A removed part may be the target of another reference.
    for round in 0..LONGEST_CHAIN {
        let mut broken: Vec<(String, String)> = broken(document)
            .into_iter()
            .map(|(pointer, target)| (pointer, target.unwrap_or_default().to_owned()))
            .collect();
        if broken.is_empty() {
            return round > 0;
        }
        // The last item of an array comes first, so that indices stay valid.
        broken.sort_by_cached_key(|(pointer, _)| std::cmp::Reverse(by_index(pointer)));
        for (pointer, target) in broken {
            loosen_one(document, &pointer, &target);
            changes.add(
                "loosen",
                pointer,
                format!("`{target}` is not in the document"),
            );
        }
    }
    true
}

/// Corrects references to `#/definitions/…`, the location of schemas in Swagger 2.0, in an `OpenAPI` 3 document that has these
/// schemas in its components. So do values of a discriminator's mapping that name such a schema in another file: a program that
/// joined the files left the mapping as it was.
pub(crate) fn point_to_components(document: &mut Value, changes: &mut Changes) {
    let mut moved: Vec<(String, String)> = Vec::new();
    each_reference(document, &mut |pointer, target| {
        let Some(target) = target else { return };
        let of_file = || {
            let (file, name) = target.split_once("#/components/schemas/")?;
            (!file.is_empty() && !pointer.ends_with("/$ref")).then_some(name)
        };
        let Some(name) = target.strip_prefix("#/definitions/").or_else(of_file) else {
            return;
        };
        let component = format!("#/components/schemas/{name}");
        if lookup(document, target).is_none() && lookup(document, &component).is_some() {
            moved.push((pointer.to_owned(), component));
        }
    });
    moved.sort();
    for (pointer, component) in moved {
        if let Some(reference) = document.pointer_mut(&pointer) {
            let what = format!("points to `{component}`, which the document has");
            *reference = Value::String(component);
            changes.add("point_to_components", pointer, what);
        }
    }
}

fn by_index(pointer: &str) -> Vec<(Option<usize>, String)> {
    let tokens = pointer.split('/');
    tokens
        .map(|token| (token.parse().ok(), token.to_owned()))
        .collect()
}

fn loosen_one(document: &mut Value, pointer: &str, target: &str) {
    let tokens: Vec<&str> = pointer.split('/').collect();
    let Some((owner, _)) = pointer.rsplit_once('/') else {
        return;
    };
    let (parent, name) = owner.rsplit_once('/').unwrap_or(("", ""));
    // The keys of these objects are names of the vendor, not keywords of the specification.
    let free = |back: usize| {
        let around = tokens
            .len()
            .checked_sub(back)
            .and_then(|index| tokens.get(index));
        matches!(
            around,
            Some(&("properties" | "schemas" | "patternProperties" | "$defs"))
        )
    };
    let section = parent.rsplit('/').next().unwrap_or_default();
    let note = Value::String(target.to_owned());
    match section {
        // A mapping's value is the reference itself.
        _ if tokens.last() != Some(&"$ref") => {
            remove(document, owner, tokens.last().unwrap_or(&""));
        }
        "parameters" if !free(4) => {
            remove(document, parent, name);
            let holder = parent.rsplit_once('/').map_or("", |(holder, _)| holder);
            if holder != "/components"
                && let Some(holder) = document.pointer_mut(holder).and_then(Value::as_object_mut)
            {
                holder.insert(UNRESOLVED.into(), note);
            }
        }
        "headers" | "links" | "callbacks" | "examples" | "securitySchemes" | "requestBodies"
        | "pathItems"
            if !free(4) =>
        {
            remove(document, parent, name);
        }
        "responses" if parent == "/components/responses" => remove(document, parent, name),
        _ => {
            let Some(members) = document.pointer_mut(owner).and_then(Value::as_object_mut) else {
                return;
            };
            members.shift_remove("$ref");
            members.insert(UNRESOLVED.into(), note);
            if section == "responses" && !free(4) {
                members.entry("description").or_insert_with(|| "".into());
            } else if name == "requestBody" && !free(3) {
                members
                    .entry("content")
                    .or_insert_with(|| serde_json::json!({}));
            }
        }
    }
}

fn remove(document: &mut Value, parent: &str, name: &str) {
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(items)) => {
            if let Some(index) = name.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Checks every reference of a document.
///
/// # Errors
/// A reference is invalid or unresolved.
pub fn check(document: &Value) -> Result<()> {
    match broken(document).first() {
        None => Ok(()),
        Some((pointer, target)) => {
            check_one(document, *target).map_err(|diagnostic| diagnostic.at_pointer(pointer))
        }
    }
}

/// The pointers and targets of the references that are invalid or unresolved, sorted by pointer.
fn broken(document: &Value) -> Vec<(String, Option<&str>)> {
    let mut found = Vec::new();
    // Many references have the same target.
    let mut resolved = HashSet::new();
    each_reference(document, &mut |pointer, target| {
        if resolved.contains(&target) {
            return;
        }
        if check_one(document, target).is_ok() {
            resolved.insert(target);
        } else {
            found.push((pointer.to_owned(), target));
        }
    });
    found.sort();
    found
}

fn check_one(document: &Value, reference: Option<&str>) -> Result<()> {
    let Some(reference) = reference else {
        return Err(Diagnostic::new("a `$ref` is not a string")
            .help("write the reference as a string, such as `#/components/schemas/User`"));
    };
    if reference_target(reference).is_none() {
        return Err(Diagnostic::new(format!(
            "the reference `{reference}` points to another document"
        ))
        .help("copy its target to the components of the document"));
    }
    // A reference may point to a reference; a circular one has no target.
    let mut target = reference;
    for _ in 0..LONGEST_CHAIN {
        match lookup(document, target) {
            None => {
                return Err(
                    Diagnostic::new(format!("the reference `{reference}` has no target"))
                        .help("correct the reference, or add its target"),
                );
            }
            Some(found) => match found.get("$ref").and_then(Value::as_str) {
                Some(next) => target = next,
                None => return Ok(()),
            },
        }
    }
    Err(
        Diagnostic::new(format!("the reference `{reference}` points to itself"))
            .help("replace one of the references in the circle with a definition"),
    )
}

/// Replaces references of path items by their targets, since 3.0 has no components for path items.
///
/// Otherwise every later step would lose the operations behind the reference.
///
/// # Errors
/// A reference of a path item is invalid, unresolved or circular.
pub fn inline_path_items(document: &mut Value, changes: &mut Changes) -> Result<()> {
    let mut inlined = Vec::new();
    let items = ["paths", "webhooks", WEBHOOKS].into_iter().flat_map(|map| {
        let items = document.get(map).and_then(Value::as_object);
        items
            .into_iter()
            .flatten()
            .map(move |(name, item)| (map, name, item))
    });
    for (map, name, item) in items {
        let Some(reference) = item.get("$ref").and_then(Value::as_str) else {
            continue;
        };
        let pointer = child(&child("", map), name);
        match check_one(document, Some(reference)) {
            Ok(()) => {}
            Err(diagnostic) if map == "paths" => {
                return Err(diagnostic.at_pointer(child(&pointer, "$ref")));
            }
            // No operation needs a webhook; lowering notes that this one has no request.
            Err(_) => continue,
        }
        let mut found = item;
        while let Some(next) = found
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|next| lookup(document, next))
        {
            found = next;
        }
        inlined.push((pointer, found.clone()));
    }
    for (pointer, item) in inlined {
        if let (Some(place), Value::Object(members)) = (document.pointer_mut(&pointer), item) {
            // The siblings of the reference are kept, since they describe this path.
            for (name, member) in members {
                if let Some(there) = place.as_object_mut() {
                    there.entry(name).or_insert(member);
                }
            }
            if let Some(there) = place.as_object_mut() {
                there.shift_remove("$ref");
            }
            changes.add(
                "inline_path_items",
                pointer,
                "contains the target of its reference",
            );
        }
    }
    if let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
        && components.shift_remove("pathItems").is_some()
    {
        changes.add(
            "inline_path_items",
            "/components/pathItems",
            "removed: 3.0 has no references to path items",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::parse_yaml;

    const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list_pets
      responses:
        '200': {description: All, content: {application/json: {schema: {$ref: '#/definitions/Pets'}}}}
components:
  schemas:
    Pets: {type: array, items: {$ref: '#/definitions/Pet'}}
    Pet: {type: object}
";

    const RESPONSE: &str = "/paths/~1pets/get/responses/200/content/application~1json/schema/$ref";

    #[test]
    fn references_to_definitions_point_to_the_components_that_are_meant() {
        let mut document = parse_yaml(DOCUMENT).unwrap();
        let mut changes = Changes::default();
        point_to_components(&mut document, &mut changes);
        assert_eq!(
            document.pointer(RESPONSE).unwrap(),
            "#/components/schemas/Pets"
        );
        let items = document.pointer("/components/schemas/Pets/items/$ref");
        assert_eq!(items.unwrap(), "#/components/schemas/Pet");
        assert_eq!(changes.into_vec().len(), 2);
    }

    #[test]
    fn references_to_existing_definitions_are_kept() {
        let text = format!("{DOCUMENT}definitions:\n  Pets: {{type: array}}\n");
        let mut document = parse_yaml(&text).unwrap();
        point_to_components(&mut document, &mut Changes::default());
        assert_eq!(document.pointer(RESPONSE).unwrap(), "#/definitions/Pets");
    }

    #[test]
    fn a_mapping_that_names_a_component_in_another_file_points_to_the_component() {
        let mapping = json!({
            "a": "./a.yaml#/components/schemas/A", "b": "b.yaml#/components/schemas/B", "c": "#/components/schemas/A"
        });
        let union =
            json!({"oneOf": [], "discriminator": {"propertyName": "k", "mapping": mapping}});
        let mut document = json!({"components": {"schemas": {"A": {}, "U": union}}});
        point_to_components(&mut document, &mut Changes::default());
        assert_eq!(
            document["components"]["schemas"]["U"]["discriminator"]["mapping"],
            json!({"a": "#/components/schemas/A", "b": "b.yaml#/components/schemas/B", "c": "#/components/schemas/A"})
        );
    }
}
