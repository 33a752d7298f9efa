//! Examples as arguments of a command.

use serde_json::Value;

use super::plain::words;
use super::shape::{Kind, Shape};

/// The maximum length of an example, in characters, so that it fits into a line of the help.
const LONGEST: usize = 60;

/// An example of the document as one argument; `None` if it is not short.
pub(super) fn argument(example: Option<&Value>, shape: &Shape) -> Option<String> {
    let one = match example? {
        Value::Array(items) if shape.repeats => items.first()?,
        other => other,
    };
    let text = match (shape.kind, one) {
        (Kind::Text, Value::String(text)) => text.clone(),
        (Kind::Text | Kind::Integer | Kind::Number, Value::Number(number)) => number.to_string(),
        (Kind::Boolean, Value::Bool(value)) => value.to_string(),
        (Kind::Json, value) => value.to_string(),
        // A command would reject an example of another type.
        _ => return None,
    };
    let told = !text.is_empty() && text.chars().count() <= LONGEST && words(&text) == text;
    told.then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(kind: Kind, repeats: bool, example: &Value) -> Option<String> {
        let values = Vec::new();
        let shape = Shape {
            kind,
            repeats,
            values,
        };
        argument(Some(example), &shape)
    }

    #[test]
    fn an_example_is_shown_as_an_argument() {
        for (kind, repeats, example, expected) in [
            (Kind::Text, false, json!("name:asc"), "name:asc"),
            (Kind::Text, true, json!(["u-1", "u-2"]), "u-1"),
            (Kind::Integer, false, json!(20), "20"),
            (Kind::Boolean, false, json!(true), "true"),
            (Kind::Json, false, json!({"a": 1}), "{\"a\":1}"),
        ] {
            assert_eq!(told(kind, repeats, &example).as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_example_that_is_invalid_or_long_is_not_shown() {
        for (kind, example) in [
            (Kind::Integer, json!("twenty")),
            (Kind::Boolean, json!("yes")),
            (Kind::Text, json!("")),
            (Kind::Text, json!("a\nb")),
            (Kind::Text, json!("\u{1b}[2J")),
            (Kind::Text, json!("x".repeat(LONGEST + 1))),
        ] {
            assert_eq!(told(kind, false, &example), None, "{example}");
        }
        assert_eq!(told(Kind::Text, true, &json!([])), None);
    }
}
