//! Helpers for the generated types' `#[serde(deserialize_with = "...")]`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Deserializes `null` as the default of the type.
///
/// # Errors
/// The value does not have the type.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Distinguishes `null` from an absent value: `null` is `Some(None)`.
///
/// # Errors
/// The value does not have the type.
pub fn null_as_value<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Deserializes a number next to the items of a page as a hint: `7`, `7.0` and `"7"` are 7; `null`, an absent number
/// and any other value are the default of the type. A wrong count must not cause a list to fail.
///
/// # Errors
/// The value is not valid JSON.
pub fn hint<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(T::deserialize(&value)
        .ok()
        .or_else(|| T::deserialize(number(&value)?).ok())
        .unwrap_or_default())
}

/// The number that a value represents, as an integer if it has no fraction.
fn number(value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let integer = text
        .split_once('.')
        .map_or(text.as_str(), |(integer, fraction)| {
            let whole = fraction.bytes().all(|digit| digit == b'0');
            if whole { integer } else { &text }
        });
    let number: serde_json::Number = serde_json::from_str(integer).ok()?;
    Some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    #[derive(serde::Deserialize)]
    struct Page {
        #[serde(default, deserialize_with = "super::null_as_default")]
        results: Vec<u8>,
    }

    #[test]
    fn null_and_absent_lists_are_empty() {
        for document in [r#"{"results":null}"#, "{}", r#"{"results":[]}"#] {
            assert!(
                serde_json::from_str::<Page>(document)
                    .unwrap()
                    .results
                    .is_empty(),
                "{document}"
            );
        }
        let page: Page = serde_json::from_str(r#"{"results":[1]}"#).unwrap();
        assert_eq!(page.results, [1]);
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Counts {
        #[serde(default, deserialize_with = "super::hint")]
        count: i64,
        #[serde(default, deserialize_with = "super::hint")]
        size: Option<u8>,
        #[serde(default, deserialize_with = "super::hint")]
        share: f64,
    }

    #[test]
    fn a_hint_is_read_in_every_format_and_never_fails() {
        for (document, count, size, share) in [
            (r#"{"count":7,"size":7,"share":0.5}"#, 7, Some(7), 0.5),
            (r#"{"count":7.0,"size":7.00,"share":1}"#, 7, Some(7), 1.0),
            (
                r#"{"count":"7","size":" 7 ","share":"0.5"}"#,
                7,
                Some(7),
                0.5,
            ),
            (r#"{"count":"7.0","size":"7.0"}"#, 7, Some(7), 0.0),
            (r#"{"count":null,"size":null,"share":null}"#, 0, None, 0.0),
            ("{}", 0, None, 0.0),
            (r#"{"count":-7.0,"size":-1}"#, -7, None, 0.0),
            (r#"{"count":7.5,"size":"many","share":[]}"#, 0, None, 0.0),
            (
                r#"{"count":{"a":1},"size":true,"share":"NaN"}"#,
                0,
                None,
                0.0,
            ),
            (r#"{"count":1e300,"size":300}"#, 0, None, 0.0),
        ] {
            let counts: Counts = serde_json::from_str(document).unwrap();
            let expected = Counts { count, size, share };
            assert_eq!(counts, expected, "{document}");
        }
    }
}
