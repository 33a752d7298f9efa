//! Lists that page are recognised, and recorded.

use serde_json::{Value, json};

use specmill_scratch::{document, normalise_with, response, schema};

const SETTINGS: &str = "[paging]\ncursor = \"cursor\"\nnext = \"next\"\nitems = \"results\"\n";

fn list(method: &str, parameters: Value, properties: Value) -> Value {
    let operation = json!({"operationId": "list", "parameters": parameters, "responses": {
        "204": {"description": "Nothing"}, "200": response(schema("Page"))
    }});
    document(
        json!({"/users": {method: operation}}),
        json!({"Page": {"type": "object", "properties": properties}}),
    )
}

fn cursor() -> Value {
    json!([{"name": "cursor", "in": "query", "schema": {"type": "string"}}])
}

fn page() -> Value {
    json!({"next": {"type": "string"}, "results": {"type": "array", "items": {"type": "string"}}})
}

fn paging(method: &str, document: &Value) -> Option<Value> {
    let document = normalise_with(SETTINGS, document).unwrap().document;
    document["paths"]["/users"][method].get("x-paging").cloned()
}

#[test]
fn a_list_that_takes_a_cursor_and_responds_with_the_next_one_pages() {
    let recorded =
        json!({"kind": "cursor", "parameter": "cursor", "next": "next", "items": "results"});
    assert_eq!(
        paging("get", &list("get", cursor(), page())),
        Some(recorded)
    );
}

#[test]
fn a_list_that_responds_with_the_next_cursor_but_takes_none_does_not_page() {
    assert_eq!(paging("get", &list("get", json!([]), page())), None);
}

#[test]
fn a_cursor_that_is_required_or_no_text_is_none() {
    let required =
        json!([{"name": "cursor", "in": "query", "required": true, "schema": {"type": "string"}}]);
    assert_eq!(paging("get", &list("get", required, page())), None);
    let number = json!([{"name": "cursor", "in": "query", "schema": {"type": "integer"}}]);
    assert_eq!(paging("get", &list("get", number, page())), None);
    let header = json!([{"name": "cursor", "in": "header", "schema": {"type": "string"}}]);
    assert_eq!(paging("get", &list("get", header, page())), None);
}

#[test]
fn a_response_without_next_or_items_does_not_page() {
    assert_eq!(
        paging(
            "get",
            &list(
                "get",
                cursor(),
                json!({"results": {"type": "array", "items": {}}})
            )
        ),
        None
    );
    assert_eq!(
        paging(
            "get",
            &list("get", cursor(), json!({"next": {"type": "string"}}))
        ),
        None
    );
    let no_array = json!({"next": {"type": "string"}, "results": {"type": "object"}});
    assert_eq!(paging("get", &list("get", cursor(), no_array)), None);
}

#[test]
fn what_is_no_get_does_not_page() {
    assert_eq!(paging("post", &list("post", cursor(), page())), None);
}

#[test]
fn without_settings_nothing_is_recognised() {
    let document = normalise_with("", &list("get", cursor(), page()))
        .unwrap()
        .document;
    assert!(document["paths"]["/users"]["get"].get("x-paging").is_none());
}

#[test]
fn what_a_document_says_itself_is_checked() {
    let parameters = json!([
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "size", "in": "query", "schema": {"type": "integer"}}
    ]);
    let mut given = list("get", parameters, page());
    let right = json!({"kind": "page", "parameter": "page", "first": 0, "size": "size", "items": "results"});
    given["paths"]["/users"]["get"]["x-paging"] = right.clone();
    assert_eq!(paging("get", &given), Some(right.clone()));
    for (member, wrong, problem) in [
        (
            "kind",
            json!("offset"),
            "the kind `offset` is neither `cursor` nor `page`",
        ),
        (
            "parameter",
            json!("number"),
            "there is no query parameter `number`",
        ),
        ("first", json!("zero"), "`first` is no number"),
        (
            "size",
            json!("limit"),
            "there is no query parameter `limit`",
        ),
        (
            "items",
            json!("users"),
            "the response has no member `users`",
        ),
        ("items", json!("next"), "the member `next` is no array"),
    ] {
        let mut given = given.clone();
        given["paths"]["/users"]["get"]["x-paging"][member] = wrong;
        let error = normalise_with(SETTINGS, &given).unwrap_err();
        assert_eq!(error.message(), format!("`x-paging` is wrong: {problem}"));
    }
}
