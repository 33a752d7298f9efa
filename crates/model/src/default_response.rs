//! Operations that declare their success as `default`.
//!
//! If an operation declares no status below 400, `default` describes the success, unless it is the error that all operations
//! share. The lowered document uses the status `2XX` instead.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::resolve::{members, resolve};

/// Returns the document with a status for every success.
pub(super) fn expand<'d>(document: Cow<'d, Value>, error_schema: Option<&str>) -> Cow<'d, Value> {
    let mut found = Vec::new();
    for (path, item) in members(&document, "paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if is_success(&document, operation, error_schema) {
                found.push((path.clone(), method.clone()));
            }
        }
    }
    if found.is_empty() {
        return document;
    }
    let mut expanded = document.into_owned();
    for (path, method) in found {
        let operation = expanded["paths"]
            .get_mut(&path)
            .and_then(|item| item.get_mut(&method));
        let responses = operation
            .and_then(|operation| operation.get_mut("responses"))
            .and_then(Value::as_object_mut);
        if let Some(responses) = responses {
            rename(responses);
        }
    }
    Cow::Owned(expanded)
}

/// Whether the `default` response of an operation is its success.
fn is_success(document: &Value, operation: &Value, error_schema: Option<&str>) -> bool {
    let mut statuses = members(operation, "responses").map(|(status, _)| status);
    if statuses.any(|status| status.starts_with(['1', '2', '3'])) {
        return false;
    }
    let Some(default) = operation.pointer("/responses/default") else {
        return false;
    };
    !members(resolve(document, default), "content").any(|(kind, media)| {
        let reference = media.pointer("/schema/$ref").and_then(Value::as_str);
        let name = reference.and_then(|reference| reference.rsplit('/').next());
        kind.starts_with("application/problem+")
            || name.is_some_and(|name| {
                error_schema == Some(name) || name.to_ascii_lowercase().ends_with("error")
            })
    })
}

/// Renames `default` and keeps its position, since the documentation shows the first success.
fn rename(responses: &mut Map<String, Value>) {
    let renamed = std::mem::take(responses)
        .into_iter()
        .map(|(status, response)| {
            let name = if status == "default" {
                "2XX".to_owned()
            } else {
                status
            };
            (name, response)
        });
    *responses = renamed.collect();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expanded(responses: &Value) -> Vec<String> {
        let document = json!({"paths": {"/users": {"get": {"responses": responses}}}});
        let expanded = expand(Cow::Owned(document), Some("Problem")).into_owned();
        let responses = members(&expanded["paths"]["/users"]["get"], "responses");
        responses.map(|(status, _)| status.clone()).collect()
    }

    fn of(schema: &str) -> Value {
        let reference = format!("#/components/schemas/{schema}");
        json!({"content": {"application/json": {"schema": {"$ref": reference}}}})
    }

    #[test]
    fn a_default_response_is_the_success_if_none_is_declared() {
        assert_eq!(expanded(&json!({"default": of("User")})), ["2XX"]);
        assert_eq!(
            expanded(&json!({"404": of("Problem"), "default": of("User")})),
            ["404", "2XX"]
        );
        assert_eq!(
            expanded(&json!({"default": {"description": "OK"}})),
            ["2XX"]
        );
    }

    #[test]
    fn a_default_response_beside_a_success_or_with_an_error_describes_failures() {
        assert_eq!(
            expanded(&json!({"204": {}, "default": of("User")})),
            ["204", "default"]
        );
        assert_eq!(
            expanded(&json!({"302": {}, "default": of("User")})),
            ["302", "default"]
        );
        assert_eq!(expanded(&json!({"default": of("Problem")})), ["default"]);
        assert_eq!(expanded(&json!({"default": of("ApiError")})), ["default"]);
    }
}
