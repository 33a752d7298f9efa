//! Example values in a document.

use serde_json::Value;

/// The maximum length of an example, in bytes of JSON. A longer example is harder to read than its schema.
const LONGEST: usize = 2_000;

/// The example of a parameter, a media type or a schema: `example`, or the first of `examples`.
pub(super) fn example(owner: &Value) -> Option<Value> {
    let named = owner.get("examples").and_then(Value::as_object);
    let mut named = named.into_iter().flat_map(|examples| examples.values());
    let found = owner
        .get("example")
        .or_else(|| named.find_map(|example| example.get("value")))?;
    let usable = !found.is_null() && found.to_string().len() <= LONGEST;
    usable.then(|| found.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_named_example_with_a_value_is_used() {
        let owner =
            json!({"examples": {"elsewhere": {"externalValue": "x"}, "here": {"value": 3}}});
        assert_eq!(example(&owner), Some(json!(3)));
        assert_eq!(
            example(&json!({"example": "one", "examples": {}})),
            Some(json!("one"))
        );
    }

    #[test]
    fn a_value_without_information_is_not_an_example() {
        assert_eq!(example(&json!({"example": null})), None);
        assert_eq!(example(&json!({"example": "x".repeat(LONGEST)})), None);
    }
}
