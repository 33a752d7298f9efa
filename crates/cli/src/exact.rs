//! JSON that is parsed and written without a loss.
//!
//! A [`Value`] stores 64 bits of a number, and only the last of several properties with one name. JSON that would lose data is
//! rejected.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The maximum number of digits of a number that an error shows.
const SHOWN: usize = 40;

/// Parses JSON.
///
/// # Errors
/// The text is not JSON, is nested too deeply, has a duplicate property, or has a number that would be sent as another.
pub(crate) fn parse(json: &str) -> Result<Value, String> {
    let Exact(value) = serde_json::from_str(json).map_err(|error| {
        if error.is_data() {
            error.to_string()
        } else {
            format!("not JSON: {error}")
        }
    })?;
    match numbers(json).find_map(|text| changed(text).map(|sent| (text, sent))) {
        None => Ok(value),
        Some((text, sent)) => {
            let shown: String = text.chars().take(SHOWN).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            Err(format!("the number {shown}{more} would be sent as {sent}"))
        }
    }
}

/// Whether two JSON numbers are equal.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let one = Decimal::of(one);
    one.is_some() && one == Decimal::of(other)
}

/// The form in which a number would be sent, if it differs.
fn changed(text: &str) -> Option<String> {
    let sent: Number = serde_json::from_str(text).ok()?;
    let sent = sent.to_string();
    (!is_same(text, &sent)).then_some(sent)
}

/// The numbers of valid JSON, as written.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find(|c: char| matches!(c, '"' | '-' | '0'..='9'))?..];
            if rest.starts_with('"') {
                rest = &rest[end_of_text(rest)..];
                continue;
            }
            let end = rest.find(|c| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
            let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            return Some(number);
        }
    })
}

/// The end of a JSON string, which begins with its quote.
fn end_of_text(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

/// A number: its digits, without zeros at either end, times ten to the power of the exponent.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let unsigned = mantissa.trim_start_matches(['+', '-']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_end_matches('0');
        let digits = significant.trim_start_matches('0');
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits: String::new(),
                exponent: 0,
            });
        }
        let after_point = i64::try_from(fraction.len()).ok()?;
        let zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let exponent: i64 = exponent.parse().ok()?;
        Some(Self {
            negative: mantissa.starts_with('-'),
            digits: digits.to_owned(),
            exponent: exponent.checked_sub(after_point)?.checked_add(zeros)?,
        })
    }
}

/// A value without duplicate properties in its objects.
struct Exact(Value);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactVisitor).map(Self)
    }
}

struct ExactVisitor;

impl<'de> Visitor<'de> for ExactVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Exact(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "the property {name} is duplicated"
                )));
            }
            let Exact(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equivalent_json_is_parsed() {
        let text = r#"{"z":[1,-2,18446744073709551615,null,true],"a":{"t":"\"12345678901234567890123 \\","u":"é"}}"#;
        let value = json!({
            "z": [1, -2, 18_446_744_073_709_551_615_u64, null, true],
            "a": {"t": "\"12345678901234567890123 \\", "u": "é"}
        });
        assert_eq!(parse(text).unwrap(), value);
        for number in [
            "0.1",
            "1.10",
            "1.0e2",
            "-0",
            "0e9",
            "1E+2",
            "1e-7",
            "100000000000000000000",
        ] {
            assert!(parse(&format!("[{number}]")).is_ok(), "{number}");
        }
    }

    #[test]
    fn a_number_that_would_become_another_is_refused() {
        for (number, sent) in [
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("-18446744073709551617", "-1.8446744073709552e+19"),
            ("0.12345678901234567890", "0.12345678901234568"),
            ("1e-400", "0.0"),
        ] {
            for text in [number.to_owned(), format!(r#"{{"a":["\\",{number}]}}"#)] {
                let problem = parse(&text).unwrap_err();
                assert_eq!(
                    problem,
                    format!("the number {number} would be sent as {sent}")
                );
            }
        }
        assert!(
            parse(&format!("0.{}", "1".repeat(1_000_000)))
                .unwrap_err()
                .len()
                < 100
        );
    }

    #[test]
    fn a_duplicate_property_is_refused_in_any_notation() {
        for text in [r#"{"a":1,"a":2}"#, r#"[{"b":{"a":1,"\u0061":1}}]"#] {
            assert!(
                parse(text)
                    .unwrap_err()
                    .contains("the property a is duplicated")
            );
        }
        assert!(parse(r#"{"a":{"a":{}},"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn invalid_or_deeply_nested_json_is_refused() {
        for text in ["", "{", "[1,]", "1 2", &"[".repeat(100_000)] {
            assert!(parse(text).unwrap_err().starts_with("not JSON: "));
        }
    }
}
