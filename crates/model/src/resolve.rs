//! Reading the document: references to parameters, bodies, responses and headers, and the members of objects.

use serde_json::Value;

use specmill_openapi::document::lookup;

/// What a value is, references followed. A circle of references ends at one of them.
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

/// The members of a member; none where it is no object.
pub(super) fn members<'v>(
    owner: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> + Clone {
    let members = owner.get(name).and_then(Value::as_object);
    members.into_iter().flatten()
}
