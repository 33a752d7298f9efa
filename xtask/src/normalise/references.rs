//! Every `$ref` must point to something in the same document.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, lookup, reference_target};

/// Checks every `$ref` of a document.
pub(super) fn check(document: &Value) -> Result<()> {
    let mut stack = vec![(String::new(), document)];
    while let Some((pointer, value)) = stack.pop() {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    check_one(document, &pointer, reference)?;
                }
                for (name, member) in members {
                    // Examples and defaults are data; a `$ref` in them is a text like any other.
                    if !matches!(name.as_str(), "example" | "examples" | "default" | "enum") {
                        stack.push((child(&pointer, name), member));
                    }
                }
            }
            Value::Array(items) => {
                stack.extend(items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_one(document: &Value, pointer: &str, reference: &str) -> Result<()> {
    let pointer = child(pointer, "$ref");
    if reference_target(reference).is_none() {
        return Err(Diagnostic::new(format!("the reference `{reference}` leaves the document"))
            .at_pointer(pointer)
            .help("bring what it points to into the document's components"));
    }
    // A reference may point to a reference; one that comes back to itself points to nothing.
    let mut target = reference;
    for _ in 0..100 {
        match lookup(document, target) {
            None => {
                return Err(Diagnostic::new(format!("the reference `{reference}` points to nothing"))
                    .at_pointer(pointer)
                    .help("correct the reference, or add what it points to"));
            }
            Some(found) => match found.get("$ref").and_then(Value::as_str) {
                Some(next) => target = next,
                None => return Ok(()),
            },
        }
    }
    Err(Diagnostic::new(format!("the reference `{reference}` points to itself"))
        .at_pointer(pointer)
        .help("let one of the references in the circle describe something"))
}
