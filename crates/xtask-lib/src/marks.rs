//! The remaining `x-unknown` marks of a drafted document.

use serde_json::Value;
use specmill_openapi::document::Step;

/// The maximum number of listed marks.
const MOST_MARKS: usize = 20;

/// The mark.
const MARK: &str = "x-unknown";

/// The number of marks in a document and their locations, one line each; empty if there are none.
pub(crate) fn lines(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut pointer = String::new();
    // The length of the pointer to the owner of each value, and the step from there.
    let mut open = vec![(0, None, document)];
    while let Some((owner, step, value)) = open.pop() {
        pointer.truncate(owner);
        step.inspect(|step: &Step<'_>| step.extend(&mut pointer));
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                if let Some(mark) = members.get(MARK) {
                    found.push(format!("unknown at #{pointer}: {}", names(mark)));
                }
                // The last pushed value is visited first. Examples are data and are not searched.
                let inner = members
                    .iter()
                    .rev()
                    .filter(|(name, _)| !matches!(name.as_str(), "example" | "examples" | MARK));
                open.extend(inner.map(|(name, value)| (length, Some(Step::Member(name)), value)));
            }
            Value::Array(items) => {
                let inner = items.iter().enumerate().rev();
                open.extend(inner.map(|(index, value)| (length, Some(Step::Item(index)), value)));
            }
            _ => {}
        }
    }
    if found.is_empty() {
        return found;
    }
    let count = found.len();
    let mut lines = vec![format!(
        "{count} {} `{MARK}` {}: fill in the facts that they name, and remove them",
        if count == 1 { "mark" } else { "marks" },
        if count == 1 { "remains" } else { "remain" },
    )];
    lines.extend(found.into_iter().take(MOST_MARKS));
    if count > MOST_MARKS {
        lines.push(format!("and {} more", count - MOST_MARKS));
    }
    lines
}

/// The facts that a mark names.
fn names(mark: &Value) -> String {
    let names: Vec<&str> = mark
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if names.is_empty() {
        "all of it".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_mark_is_counted_and_placed() {
        let document = json!({
            "x-unknown": ["servers"],
            "paths": {"/a": {"get": {"x-unknown": ["security", "responses"], "example": {"x-unknown": true}}}},
            "components": {"schemas": {"A": {"x-unknown": true}}},
        });
        assert_eq!(
            lines(&document),
            [
                "3 marks `x-unknown` remain: fill in the facts that they name, and remove them",
                "unknown at #: servers",
                "unknown at #/paths/~1a/get: security, responses",
                "unknown at #/components/schemas/A: all of it",
            ]
        );
        assert!(lines(&json!({"paths": {}})).is_empty());
        let many: Vec<Value> = (0..30).map(|_| json!({"x-unknown": true})).collect();
        assert_eq!(lines(&json!(many)).last().unwrap(), "and 10 more");
    }
}
