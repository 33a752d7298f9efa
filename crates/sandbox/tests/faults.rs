//! The responses of faults.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use std::time::{Duration, UNIX_EPOCH};

use common::{Signed, ann, answered, json, panther, panther_get, panther_post};
use reqwest::{Method, Response};
use specmill_sandbox::{ErrorBody, Fault, Operation, Sandbox};

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_status_is_returned_once_in_the_shape_of_the_api() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(503));
    sandbox.fail_next(Fault::status(429));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(header(&response, "retry-after"), None);
    assert!(answered(response, 503).await["message"].is_string());
    let body = answered(Signed::list(&sandbox, "").send().await, 429).await;
    assert_eq!(body["errors"][0]["code"], "TooManyRequests");
    answered(panther_get(&sandbox, "/users").await, 200).await;
}

#[tokio::test]
async fn retry_after_is_rounded_up_to_seconds() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(429).retry_after(Duration::from_millis(1_001)));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(header(&response, "retry-after"), Some("2"));
}

#[tokio::test]
async fn retry_after_can_be_a_date_of_the_sandbox_clock() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
    let sandbox = Sandbox::builder().clock(move || now).start().await.unwrap();
    sandbox.fail_next(Fault::status(429).retry_after_date(Duration::from_secs(7)));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(
        header(&response, "retry-after"),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
}

#[tokio::test]
async fn errors_can_have_every_known_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    for (shape, pointer) in [
        (ErrorBody::Message, "/message"),
        (ErrorBody::Goa, "/temporary"),
        (ErrorBody::Errors, "/errors/0/global_request_id"),
        (ErrorBody::ErrorDetails, "/errors/0/detail/1"),
        (ErrorBody::Gateway, "/requestId"),
        (ErrorBody::Rejected, "/name"),
        (ErrorBody::Service, "/params"),
    ] {
        sandbox.fail_next(Fault::error(504, shape));
        let body = answered(panther_get(&sandbox, "/users").await, 504).await;
        assert!(body.pointer(pointer).is_some(), "{body}");
    }
}

#[tokio::test]
async fn an_error_can_be_a_page_of_html() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::html(502));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (
            response.status().as_u16(),
            header(&response, "content-type")
        ),
        (502, Some("text/html"))
    );
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("<h1>502 Bad Gateway</h1>")
    );
}

#[tokio::test]
async fn an_error_can_be_empty() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::empty(500));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (
            response.status().as_u16(),
            header(&response, "content-type")
        ),
        (500, None)
    );
    assert_eq!(response.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn a_response_can_be_anything_with_any_header() {
    let sandbox = Sandbox::start().await.unwrap();
    let teapot = Fault::custom(418, "text/plain", "tea").header("X-Pot", "short");
    sandbox.fail_next(teapot.header("no name", "left out"));
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (response.status().as_u16(), header(&response, "x-pot")),
        (418, Some("short"))
    );
    assert_eq!(response.text().await.unwrap(), "tea");
}

#[tokio::test]
async fn a_number_that_is_not_a_status_becomes_500() {
    let sandbox = Sandbox::start().await.unwrap();
    for status in [0, 99, 101, 1000] {
        sandbox.fail_next(Fault::status(status));
        answered(panther_get(&sandbox, "/users").await, 500).await;
    }
}

#[tokio::test]
async fn another_2xx_carries_the_request_out_and_keeps_the_body() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::status(201));
    let user = answered(panther_post(&sandbox, "/users", &ann()).await, 201).await;
    assert_eq!(user["email"], "ann@acme.test");
    sandbox.fail_next(Fault::status(204));
    let path = format!("/users/{}", sandbox.panther_user_ids()[0]);
    let response = panther_post(&sandbox, &path, &ann()).await;
    assert_eq!(
        (
            response.status().as_u16(),
            header(&response, "content-type")
        ),
        (204, None)
    );
    assert_eq!(response.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn another_2xx_does_not_hide_a_refusal() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(201));
    answered(panther_get(&sandbox, "/users/unknown").await, 404).await;
}

#[tokio::test]
async fn a_fault_applies_before_the_request_is_carried_out() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::status(500));
    panther_post(&sandbox, "/users", &ann()).await;
    assert_eq!(sandbox.panther_user_ids().len(), 0);
}

#[tokio::test]
async fn a_fault_after_effect_applies_after_the_request_is_carried_out() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::reset().after_effect());
    let request = panther(&sandbox, Method::POST, "/users").body(ann().to_string());
    request
        .header("content-type", "application/json")
        .send()
        .await
        .unwrap_err();
    assert_eq!(sandbox.panther_user_ids().len(), 1);
}

#[tokio::test]
async fn a_redirect_points_to_another_origin_that_records_credentials() {
    let sandbox = Sandbox::start().await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        sandbox.fail_next(Fault::redirect(status));
        let response = panther_get(&sandbox, "/users?limit=3").await;
        assert_eq!(response.status().as_u16(), status);
        let target = format!("{}/users?limit=3", sandbox.other_origin_url());
        assert_eq!(header(&response, "location"), Some(target.as_str()));
    }
    assert_eq!(sandbox.other_origin_requests().count(), 0);

    // A client that follows the redirect sends its key along.
    sandbox.fail_next(Fault::redirect(307));
    let url = format!("{}/users", sandbox.panther_url());
    let following = common::builder()
        .build()
        .unwrap()
        .get(url)
        .header("X-API-Key", sandbox.panther_api_key());
    answered(following.send().await.unwrap(), 200).await;
    let arrived = sandbox.other_origin_requests().last().unwrap();
    assert_eq!(arrived.path(), "/users");
    assert!(arrived.has_credentials());
}

#[tokio::test]
async fn defects_combine() {
    let sandbox = Sandbox::start().await.unwrap();
    let fault = Fault::status(206)
        .nulls()
        .unknown_fields()
        .huge(10_000)
        .header("X-Also", "this");
    sandbox.fail_next(fault);
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (header(&response, "x-also"), response.content_length()),
        (Some("this"), Some(10_000))
    );
    let page = answered(response, 206).await;
    assert!(page["next"].is_null() && page["addedLater"].is_object());
}

#[tokio::test]
async fn a_value_is_returned_as_json() {
    let sandbox = Sandbox::start().await.unwrap();
    let value = json!({ "id": "u-1", "seats": [1, 2] });
    sandbox.respond_next(Operation::UserGet, &value).unwrap();
    sandbox.fail_next(Fault::json(409, &["taken"]).unwrap());
    // The first fault applies only to its operation.
    let response = panther_get(&sandbox, "/users").await;
    assert_eq!(answered(response, 409).await, json!(["taken"]));
    let response = panther_get(&sandbox, "/users/u-1").await;
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    assert_eq!(answered(response, 200).await, value);
}

#[test]
fn a_value_that_json_cannot_represent_is_refused() {
    let no_texts = std::collections::BTreeMap::from([(vec![1], "key")]);
    let error = Fault::json(200, &no_texts).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("cannot be serialized as JSON: key must be a string"),
        "{error}"
    );
}
