//! Checks the limits of parameters before the request is sent.

use super::argument::Argument;
use crate::operation::{Bounds, Parameter};

impl Bounds {
    /// Checks a value: a string, a number, or a list of them. Any other value has no bounds.
    ///
    /// # Errors
    /// The violated rule: `be at most 60`. It does not contain the value.
    pub fn check(&self, value: &serde_json::Value) -> Result<(), String> {
        broken(self, &value.clone().into()).map_or(Ok(()), Err)
    }
}

/// Checks a value of a parameter.
///
/// # Errors
/// The value exceeds a limit. The error names the parameter and the limit, never the value.
pub fn check(parameter: &Parameter, value: &Argument) -> Result<(), String> {
    match broken(&parameter.bounds, value) {
        Some(rule) => Err(format!(
            "the {} parameter {} must {rule}",
            parameter.location, parameter.name
        )),
        None => Ok(()),
    }
}

/// The rule that a value violates: `be at most 60`.
fn broken(bounds: &Bounds, value: &Argument) -> Option<String> {
    match value {
        Argument::List(items) => {
            count(bounds, items.len()).or_else(|| items.iter().find_map(|item| one(bounds, item)))
        }
        other => one(bounds, other),
    }
}

fn count(bounds: &Bounds, items: usize) -> Option<String> {
    let items = items as u64;
    match *bounds {
        Bounds {
            min_items: Some(min),
            ..
        } if items < min => Some(format!("have at least {min} items")),
        Bounds {
            max_items: Some(max),
            ..
        } if items > max => Some(format!("have at most {max} items")),
        _ => None,
    }
}

fn one(bounds: &Bounds, value: &Argument) -> Option<String> {
    match value {
        Argument::String(text) => length(bounds, text),
        Argument::Number(number) => number.as_f64().and_then(|number| range(bounds, number)),
        _ => None,
    }
}

fn length(bounds: &Bounds, text: &str) -> Option<String> {
    if bounds.min_length.is_none() && bounds.max_length.is_none() {
        return None;
    }
    let characters = text.chars().count() as u64;
    match *bounds {
        Bounds {
            min_length: Some(min),
            ..
        } if characters < min => Some(format!("have at least {min} characters")),
        Bounds {
            max_length: Some(max),
            ..
        } if characters > max => Some(format!("have at most {max} characters")),
        _ => None,
    }
}

fn range(bounds: &Bounds, number: f64) -> Option<String> {
    match *bounds {
        Bounds {
            minimum: Some(min),
            exclusive_minimum: true,
            ..
        } if number <= min => Some(format!("be greater than {min}")),
        Bounds {
            minimum: Some(min), ..
        } if number < min => Some(format!("be at least {min}")),
        Bounds {
            maximum: Some(max),
            exclusive_maximum: true,
            ..
        } if number >= max => Some(format!("be less than {max}")),
        Bounds {
            maximum: Some(max), ..
        } if number > max => Some(format!("be at most {max}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operation::{ParameterLocation, Style};

    fn checked(bounds: Bounds, value: &Value) -> Result<(), String> {
        let parameter = Parameter {
            name: "limit",
            location: ParameterLocation::Query,
            required: false,
            style: Style::Form,
            allow_reserved: false,
            bounds,
        };
        check(&parameter, &value.clone().into())
    }

    #[test]
    fn numbers_keep_to_their_range() {
        let bounds = Bounds {
            minimum: Some(1.0),
            maximum: Some(60.0),
            ..Bounds::NONE
        };
        assert_eq!(
            checked(bounds, &json!(0)).unwrap_err(),
            "the query parameter limit must be at least 1"
        );
        assert_eq!(
            checked(bounds, &json!(61)).unwrap_err(),
            "the query parameter limit must be at most 60"
        );
        assert!(checked(bounds, &json!(1)).is_ok() && checked(bounds, &json!(60)).is_ok());
        let bounds = Bounds {
            exclusive_minimum: true,
            exclusive_maximum: true,
            ..bounds
        };
        assert_eq!(
            checked(bounds, &json!(1)).unwrap_err(),
            "the query parameter limit must be greater than 1"
        );
        assert_eq!(
            checked(bounds, &json!(60)).unwrap_err(),
            "the query parameter limit must be less than 60"
        );
    }

    #[test]
    fn lengths_are_counted_in_characters_and_items() {
        let bounds = Bounds {
            min_length: Some(2),
            max_length: Some(3),
            max_items: Some(2),
            ..Bounds::NONE
        };
        for fit in [json!("홍길동"), json!("ab"), json!(["ab", "abc"])] {
            assert_eq!(checked(bounds, &fit), Ok(()), "{fit}");
        }
        assert!(
            checked(bounds, &json!("a"))
                .unwrap_err()
                .ends_with("have at least 2 characters")
        );
        assert!(
            checked(bounds, &json!(["ab", "abcd"]))
                .unwrap_err()
                .ends_with("have at most 3 characters")
        );
        assert!(
            checked(bounds, &json!(["ab", "ab", "ab"]))
                .unwrap_err()
                .ends_with("have at most 2 items")
        );
    }
}
