//! Every reference must point to something in the same document.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, lookup, reference_target, references};

/// How many references may follow one another.
const LONGEST_CHAIN: usize = 100;

/// Checks every reference of a document.
pub(super) fn check(document: &Value) -> Result<()> {
    for reference in references(document) {
        let target = reference.target.as_deref();
        check_one(document, target)
            .map_err(|diagnostic| diagnostic.at_pointer(&reference.pointer))?;
    }
    Ok(())
}

fn check_one(document: &Value, reference: Option<&str>) -> Result<()> {
    let Some(reference) = reference else {
        return Err(Diagnostic::new("a `$ref` is no text")
            .help("write the reference as a text, such as `#/components/schemas/User`"));
    };
    if reference_target(reference).is_none() {
        return Err(
            Diagnostic::new(format!("the reference `{reference}` leaves the document"))
                .help("bring what it points to into the document's components"),
        );
    }
    // A reference may point to a reference; one that comes back to itself points to nothing.
    let mut target = reference;
    for _ in 0..LONGEST_CHAIN {
        match lookup(document, target) {
            None => {
                return Err(Diagnostic::new(format!(
                    "the reference `{reference}` points to nothing"
                ))
                .help("correct the reference, or add what it points to"));
            }
            Some(found) => match found.get("$ref").and_then(Value::as_str) {
                Some(next) => target = next,
                None => return Ok(()),
            },
        }
    }
    Err(
        Diagnostic::new(format!("the reference `{reference}` points to itself"))
            .help("let one of the references in the circle describe something"),
    )
}

/// Puts what a path item refers to in its place, since 3.0 keeps no path items to refer to.
///
/// Without this, the operations behind the reference would be lost to every later step.
pub(super) fn inline_path_items(document: &mut Value, changes: &mut super::Changes) -> Result<()> {
    let mut inlined = Vec::new();
    for (path, item) in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let Some(reference) = item.get("$ref").and_then(Value::as_str) else {
            continue;
        };
        let pointer = child("/paths", path);
        check_one(document, Some(reference))
            .map_err(|diagnostic| diagnostic.at_pointer(child(&pointer, "$ref")))?;
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
            // What stands beside the reference is kept; it describes this path alone.
            for (name, member) in members {
                if let Some(there) = place.as_object_mut() {
                    there.entry(name).or_insert(member);
                }
            }
            if let Some(there) = place.as_object_mut() {
                there.shift_remove("$ref");
            }
            changes.add("inline_path_items", pointer, "holds what it referred to");
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
            "left out: 3.0 has no path items to refer to",
        );
    }
    Ok(())
}
