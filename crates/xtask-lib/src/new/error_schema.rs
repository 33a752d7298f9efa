//! Finds the schema that describes all errors of an API.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::operations;
use specmill_openapi::document::{lookup, reference_target};

/// The published name of the component schema that all error responses use, if there is one.
///
/// A response without a body is ignored; one with an unnamed schema is not.
pub(super) fn find(documents: &[&Value]) -> Option<String> {
    let mut used = BTreeSet::new();
    for document in documents {
        for (.., operation) in operations(document) {
            let responses = operation.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                if !status.starts_with(['1', '2', '3']) {
                    schemas(document, response, &mut used);
                }
            }
        }
    }
    let only = used.pop_first()?;
    if used.is_empty() { only } else { None }
}

/// Adds the name of each schema of a response; `None` for an inline schema.
fn schemas(document: &Value, response: &Value, used: &mut BTreeSet<Option<String>>) {
    let target = response
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| lookup(document, reference));
    let content = target
        .unwrap_or(response)
        .get("content")
        .and_then(Value::as_object);
    for media in content.into_iter().flat_map(|content| content.values()) {
        let Some(schema) = media.get("schema") else {
            continue;
        };
        let pointer = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(reference_target);
        let name = pointer
            .as_deref()
            .and_then(|pointer| pointer.strip_prefix("/components/schemas/"));
        let name = name.filter(|name| !name.contains('/'));
        used.insert(name.map(|name| name.replace("~1", "/").replace("~0", "~")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn responses(responses: Value) -> Value {
        json!({
            "paths": {"/x": {"get": {"responses": responses}}},
            "components": {"responses": {"Bad": {"content": {"j": {"schema": {"$ref": "#/components/schemas/Problem"}}}}}}
        })
    }

    fn of(name: &str) -> Value {
        json!({"content": {"j": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}})
    }

    #[test]
    fn the_schema_that_all_errors_use_is_found() {
        let document = responses(json!({
            "200": of("User"), "400": {"$ref": "#/components/responses/Bad"}, "404": {}, "default": of("Problem")
        }));
        assert_eq!(find(&[&document]).as_deref(), Some("Problem"));
    }

    #[test]
    fn errors_with_two_schemas_have_no_common_schema() {
        assert_eq!(
            find(&[&responses(json!({"400": of("A"), "404": of("B")}))]),
            None
        );
        assert_eq!(
            find(&[
                &responses(json!({"400": of("A")})),
                &responses(json!({"400": of("B")}))
            ]),
            None
        );
    }

    #[test]
    fn an_inline_schema_is_not_the_error_schema() {
        let document = responses(
            json!({"400": of("A"), "404": {"content": {"j": {"schema": {"type": "object"}}}}}),
        );
        assert_eq!(find(&[&document]), None);
    }

    #[test]
    fn without_error_responses_there_is_no_error_schema() {
        assert_eq!(find(&[&responses(json!({"200": of("User")}))]), None);
    }
}
