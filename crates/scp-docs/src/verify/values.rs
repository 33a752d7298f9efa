//! Compares printed values with JSON values.

use serde_json::Value;

use specmill_openapi::document::parse_json;

/// Whether a printed value is a value of the spec.
///
/// Pages print texts without quotes, truth values in either case, and lists as JSON or with single
/// quotes.
pub(super) fn is_same(printed: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            printed == text || unquoted(printed) == Some(text) || words(printed).eq(words(text))
        }
        Value::Bool(flag) => printed.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
        Value::Null => matches!(printed, "null" | "None"),
        Value::Number(number) => {
            let text = number.to_string();
            let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
            printed == text
                || matches!((printed.parse(), text.parse()), (Ok(a), Ok(b)) if same(a, b))
        }
        Value::Array(_) | Value::Object(_) => {
            let json = [printed.to_owned(), as_json(printed)];
            json.iter()
                .any(|text| parse_json(text).is_ok_and(|printed| printed == *value))
                || printed
                    .split_whitespace()
                    .eq(shown(value).split_whitespace())
        }
    }
}

/// A value as a page would print it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unquoted(text: &str) -> Option<&str> {
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

/// Single quotes and the words of Python become JSON.
fn as_json(text: &str) -> String {
    text.replace('\'', "\"")
        .replace("True", "true")
        .replace("False", "false")
        .replace("None", "null")
}

/// Whether a text is in Korean. Texts in different languages cannot be compared.
pub(super) fn is_korean(text: &str) -> bool {
    text.contains(|character| matches!(character, '\u{ac00}'..='\u{d7a3}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn printed_values_are_compared_by_what_they_mean() {
        for (printed, value) in [
            ("20", json!(20)),
            ("1.0", json!(1.0)),
            ("created_at:desc", json!("created_at:desc")),
            ("True", json!(true)),
            ("[]", json!([])),
            ("['a', 'b']", json!(["a", "b"])),
            ("{\"a\": 1}", json!({"a": 1})),
            ("20", json!("20")),
        ] {
            assert!(is_same(printed, &value), "{printed} {value}");
        }
        for (printed, value) in [
            ("21", json!(20)),
            ("a", json!("b")),
            ("False", json!(true)),
            ("[]", json!({})),
        ] {
            assert!(!is_same(printed, &value), "{printed} {value}");
        }
    }
}
