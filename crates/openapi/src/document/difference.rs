//! The first difference of two documents.

use serde_json::Value;

use super::child;

/// The JSON pointer to the first property that differs between two values, or that only one of them has; `None` if
/// they are equal. The order of properties is ignored.
pub fn first_difference(one: &Value, other: &Value) -> Option<String> {
    let mut open = vec![(String::new(), one, other)];
    while let Some((pointer, one, other)) = open.pop() {
        if one == other {
            continue;
        }
        match (one, other) {
            (Value::Object(members), Value::Object(others)) => {
                let missing = |(name, _): &(&String, &Value)| !others.contains_key(*name);
                let added = |(name, _): &(&String, &Value)| !members.contains_key(*name);
                let lone = members
                    .iter()
                    .find(missing)
                    .or_else(|| others.iter().find(added));
                // The last pushed pair is compared first.
                for (name, value) in members.iter().rev() {
                    if let Some(other) = others.get(name) {
                        open.push((child(&pointer, name), value, other));
                    }
                }
                if let Some((name, _)) = lone {
                    return Some(child(&pointer, name));
                }
            }
            (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
                for (index, pair) in items.iter().zip(others).enumerate().rev() {
                    open.push((format!("{pointer}/{index}"), pair.0, pair.1));
                }
            }
            _ => return Some(pointer),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_property_that_differs_is_returned() {
        let one = json!({"a": {"b": [1, {"c/d": 2}]}, "e": 1});
        for (other, pointer) in [
            (json!({"e": 1, "a": {"b": [1, {"c/d": 2}]}}), None),
            (
                json!({"a": {"b": [1, {"c/d": 3}]}, "e": 1}),
                Some("/a/b/1/c~1d"),
            ),
            (json!({"a": {"b": [1]}, "e": 1}), Some("/a/b")),
            (
                json!({"a": {"b": [1, {"c/d": 2}], "x": 0}, "e": 1}),
                Some("/a/x"),
            ),
            (json!({"a": {}, "e": 1}), Some("/a/b")),
            (json!([]), Some("")),
        ] {
            assert_eq!(
                first_difference(&one, &other).as_deref(),
                pointer,
                "{other}"
            );
        }
    }
}
