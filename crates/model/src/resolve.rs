//! Following references to parameters, bodies, responses and headers.

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
