//! The media types of the `Accept` header.

use serde_json::Value;

use specmill_openapi::document::text;

use crate::media::is_json;
use crate::model::Success;
use crate::resolve::{members, resolve};

/// The `Accept` header of JSON operations that declare no other media type.
const JSON: &str = "application/json";

/// The media types that an operation declares and the client can read: those of successes, then those of errors. `None` if the
/// default of the response kind applies.
pub(super) fn of(
    document: &Value,
    item: &Value,
    operation: &Value,
    success: &Success,
) -> Option<String> {
    if let Some(only) = demanded(document, item, operation) {
        return Some(only);
    }
    let reads_json = match success {
        Success::Json(_) | Success::OptionalJson(_) => true,
        Success::Text | Success::Bytes => false,
        _ => return None,
    };
    let mut types: Vec<String> = Vec::new();
    let mut errors: Vec<String> = Vec::new();
    for (status, response) in members(operation, "responses") {
        let is_success = status.starts_with('2');
        for (kind, _) in members(resolve(document, response), "content") {
            let Some(kind) = asked(kind) else {
                continue;
            };
            let list = if is_success { &mut types } else { &mut errors };
            let readable = !is_success || !reads_json || is_json(&kind);
            if readable && !list.contains(&kind) {
                list.push(kind);
            }
        }
    }
    if types.is_empty() {
        return None;
    }
    for kind in errors {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    (types != [JSON]).then(|| types.join(", "))
}

/// A media type for the `Accept` header. A charset is removed, since JSON defines its own. `None` for a wildcard, and for a
/// value that no header can contain.
fn asked(kind: &str) -> Option<String> {
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next()?.to_ascii_lowercase();
    let sendable = kind
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) && byte != b',');
    if !sendable || !essence.contains('/') || essence.starts_with("*/") {
        return None;
    }
    let mut asked = essence;
    for parameter in parts.filter(|one| !one.to_ascii_lowercase().starts_with("charset")) {
        asked += "; ";
        asked += parameter;
    }
    Some(asked)
}

/// The only value that the header parameter `Accept` can have.
fn demanded(document: &Value, item: &Value, operation: &Value) -> Option<String> {
    let parameters = [operation, item].into_iter().filter_map(|owner| {
        let list = owner.get("parameters").and_then(Value::as_array)?;
        let mut list = list.iter().map(|parameter| resolve(document, parameter));
        list.find(|parameter| is_accept(parameter))
    });
    let mut parameters = parameters;
    only_value(document, parameters.next()?)
}

/// Whether a parameter is the header `Accept`.
pub(super) fn is_accept(parameter: &Value) -> bool {
    let name = text(parameter, "name").unwrap_or_default();
    text(parameter, "in") == Some("header") && name.eq_ignore_ascii_case("accept")
}

/// The only value that a parameter can have.
pub(super) fn only_value(document: &Value, parameter: &Value) -> Option<String> {
    let schema = resolve(document, parameter.get("schema")?);
    let values = schema.get("enum").and_then(Value::as_array)?;
    match &values[..] {
        [Value::String(only)] if only.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            Some(only.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn accept(responses: Value, success: &Success) -> Option<String> {
        let operation = json!({"responses": responses});
        of(&json!({}), &json!({}), &operation, success)
    }

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn content(kinds: Value) -> Value {
        let kinds = kinds.as_array().unwrap().iter();
        let content: Value = kinds
            .map(|kind| (kind.as_str().unwrap().to_owned(), json!({})))
            .collect::<serde_json::Map<_, _>>()
            .into();
        json!({ "content": content })
    }

    #[test]
    fn declared_media_types_are_accepted() {
        let json = Success::Json(json!({}));
        for (success, kinds, errors, expected) in [
            (&json, json!(["application/json"]), json!([]), None),
            (
                &json,
                json!(["application/json; charset=utf-8"]),
                json!(["application/json"]),
                None,
            ),
            (&json, json!(["*/*"]), json!([]), None),
            (
                &json,
                json!(["text/csv", "application/json"]),
                json!([]),
                None,
            ),
            (
                &json,
                json!(["application/vnd.a+json; version=3"]),
                json!([]),
                Some("application/vnd.a+json; version=3"),
            ),
            (
                &json,
                json!(["application/json"]),
                json!(["application/problem+json"]),
                Some("application/json, application/problem+json"),
            ),
            (
                &Success::Bytes,
                json!(["image/png", "image/*"]),
                json!(["application/problem+json"]),
                Some("image/png, image/*, application/problem+json"),
            ),
            (
                &Success::Text,
                json!(["text/csv"]),
                json!([]),
                Some("text/csv"),
            ),
            (
                &Success::Bytes,
                json!(["*/*", "bad"]),
                json!(["application/json"]),
                None,
            ),
            (
                &Success::Empty,
                json!([]),
                json!(["application/json"]),
                None,
            ),
        ] {
            let responses = json!({"200": content(kinds.clone()), "404": content(errors)});
            assert_eq!(accept(responses, success).as_deref(), expected, "{kinds}");
        }
    }

    #[test]
    fn the_only_value_of_an_accept_parameter_is_sent() {
        let operation = json!({
            "parameters": [{"name": "accept", "in": "header", "schema": {"enum": ["application/vnd.api+json"]}}],
            "responses": {"200": {"content": {"application/json": {}}}}
        });
        let success = Success::Json(json!({}));
        assert_eq!(
            of(&json!({}), &json!({}), &operation, &success).as_deref(),
            Some("application/vnd.api+json")
        );
    }
}
