//! Access to the document: resolves references to parameters, bodies, responses and headers, and reads objects.

use serde_json::Value;

use specmill_openapi::document::lookup;

/// Resolves a value through its references. A circular reference resolves to one of its members.
pub(super) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..100 {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| lookup(document, reference));
        match target {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

/// The entries of an object property. Empty if it is not an object.
pub(super) fn members<'v>(
    owner: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> + Clone {
    let members = owner.get(name).and_then(Value::as_object);
    members.into_iter().flatten()
}
