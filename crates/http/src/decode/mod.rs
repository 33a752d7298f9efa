//! Decodes response bodies. Errors contain the location and the problem, but no values.

mod charset;
mod form;

use serde::de::DeserializeOwned;

pub use self::charset::to_utf8;
pub(crate) use self::form::Form;
use self::form::compressed;
use crate::text::{LIMIT as TEXT_LIMIT, one_line};

/// Decodes a JSON document. The error is one line: `at results[3].email: expected a string, found null`.
pub fn json<T: DeserializeOwned>(document: &[u8]) -> Result<T, String> {
    // Tracking the location costs time, so the value is parsed again to find it once there is an error.
    serde_json::from_slice(document).map_err(|error| problem::<T>(document, &error))
}

/// Decodes a string. The error is one line, like that of [`json`].
pub fn text(body: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(body).map_err(|_| match Form::of(body) {
        Form::Compressed(coding) => compressed(coding),
        _ => "expected text in UTF-8".to_owned(),
    })
}

fn problem<T: DeserializeOwned>(document: &[u8], error: &serde_json::Error) -> String {
    let problem = explain(error);
    if !error.is_data() {
        return Form::of(document).in_place_of_json().unwrap_or(problem);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(document);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => None,
        Err(error) => one_line(&error.path().to_string(), TEXT_LIMIT),
    };
    match path.as_deref() {
        None | Some(".") => problem,
        Some(path) => format!("at {path}: {problem}"),
    }
}

/// Describes an error of serde, without the values that it quotes.
fn explain(error: &serde_json::Error) -> String {
    use serde_json::error::Category;

    let place = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof if error.line() <= 1 && error.column() == 0 => {
            "expected JSON, found nothing".to_owned()
        }
        Category::Eof => "the JSON breaks off".to_owned(),
        Category::Syntax => format!("not JSON at {place}"),
        Category::Io => "not readable".to_owned(),
        Category::Data => {
            let whole = error.to_string();
            let suffix = format!(" at {place}");
            explain_data(whole.strip_suffix(&suffix).unwrap_or(&whole))
        }
    }
}

/// Describes a data error. It recognises the messages of the provided methods of `serde::de::Error`, and drops all
/// others, which may contain values.
fn explain_data(message: &str) -> String {
    // The expected type comes last, so a quoted value before it cannot be mistaken for it.
    let expected = message
        .rsplit_once(", expected ")
        .map(|(_, expected)| expected);
    let found = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(kind_of_value);
    match (expected, found) {
        (Some(expected), Some(found)) => format!("expected {expected}, found {found}"),
        (Some(expected), None) => format!("expected {expected}"),
        (None, _)
            if message.starts_with("missing field ") || message.starts_with("duplicate field ") =>
        {
            message.to_owned()
        }
        (None, _) if message.starts_with("data did not match any variant") => message.to_owned(),
        (None, _) => "the value does not have the documented form".to_owned(),
    }
}

/// The kind of the value that serde found, from the start of its description.
fn kind_of_value(description: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 10] = [
        ("null", "null"),
        ("boolean", "a boolean"),
        ("integer", "an integer"),
        ("floating point", "a number"),
        ("number", "a number"),
        ("character", "a string"),
        ("string", "a string"),
        ("byte array", "bytes"),
        ("sequence", "an array"),
        ("map", "an object"),
    ];
    KINDS
        .iter()
        .find(|(start, _)| description.starts_with(start))
        .map(|(_, name)| *name)
}

/// Decodes the JSON body of a success response. An empty body is read as `null`, which optional types accept.
pub fn json_or_empty<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    match json(body) {
        Err(problem) if is_blank(body) => json(b"null").map_err(|_| problem),
        value => value,
    }
}

/// Whether a body contains only white space.
pub fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct Page {
        results: Vec<User>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct User {
        email: String,
        age: u8,
    }

    fn problem(document: &str) -> String {
        json::<Page>(document.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_place_and_the_expectation_are_named() {
        assert_eq!(
            problem(r#"{"results":[{"email":null,"age":1}]}"#),
            "at results[0].email: expected a string, found null"
        );
        assert_eq!(
            problem(r#"{"results":[{"email":"a"}]}"#),
            "at results[0]: missing field `age`"
        );
    }

    #[test]
    fn values_are_not_shown() {
        for document in [
            r#"{"results":[{"email":"a","age":"hunter2"}]}"#,
            r#"{"results":[{"email":"a","age":"hunter2, expected hunter2"}]}"#,
            r#"{"results":"hunter2"}"#,
            r#"{"results":[{"email":"a","age":777777}]}"#,
        ] {
            let problem = problem(document);
            assert!(
                !problem.contains("hunter2") && !problem.contains("777777"),
                "{problem}"
            );
            assert!(problem.contains("expected "), "{problem}");
        }
    }

    /// A type whose error message contains the value.
    #[derive(Debug)]
    struct Quoting;

    impl<'de> Deserialize<'de> for Quoting {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let value = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("{value} is not known")))
        }
    }

    #[test]
    fn the_message_of_a_custom_error_is_not_shown() {
        let problem = json::<Quoting>(br#""hunter2""#).unwrap_err();
        assert_eq!(problem, "the value does not have the documented form");
    }

    #[test]
    fn a_value_that_matches_no_branch_of_a_union_is_reported() {
        #[derive(Debug, Deserialize)]
        #[serde(untagged)]
        #[expect(dead_code, reason = "only read from JSON")]
        enum Union {
            Number(u8),
            Flag(bool),
        }
        assert_eq!(
            json::<Union>(br#""hunter2""#).unwrap_err(),
            "data did not match any variant of untagged enum Union"
        );
    }

    #[test]
    fn documents_that_are_not_json_are_described() {
        assert_eq!(problem("<html>"), "expected JSON, found an HTML page");
        assert_eq!(problem("words"), "not JSON at line 1 column 1");
        assert_eq!(problem(""), "expected JSON, found nothing");
        assert_eq!(problem(r#"{"results":[{"em"#), "the JSON breaks off");
        assert_eq!(
            problem(r#"{"results":[]} x"#),
            "not JSON at line 1 column 16"
        );
    }

    #[test]
    fn a_document_nested_without_end_is_refused() {
        let deep = "[".repeat(100_000);
        assert!(json::<serde_json::Value>(deep.as_bytes()).is_err());
    }
}
