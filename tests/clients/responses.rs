//! Successful responses in all accepted forms.

use serde_json::json;
use specmill_sandbox::{Fault, Sandbox};

use crate::support::{
    RawServer, assert_line, center, newcomer, panther, panther_builder, people, sandbox,
};

#[tokio::test]
async fn any_2xx_is_a_success_and_its_status_is_told() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    for status in [200, 201, 202, 203, 206, 299] {
        sandbox.fail_next(Fault::status(status));
        let response = panther.user_list().send_response().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.body().results.len(), 10);
        assert_eq!(response.attempts(), 1);
        assert!(response.request_id().unwrap().starts_with("sandbox-"));
    }
}

#[tokio::test]
async fn an_operation_without_a_response_takes_a_2xx_with_a_body_and_one_without() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let faults = [
        Fault::status(204),
        Fault::status(202),
        Fault::custom(200, "text/html", "<p>done</p>"),
    ];
    for (id, fault) in sandbox.panther_user_ids().iter().zip(faults) {
        sandbox.fail_next(fault);
        panther.user_delete(id).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_success_without_the_body_it_needs_is_a_decode_error_with_its_status() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    sandbox.fail_next(Fault::status(204));
    let create = panther.user_create().body(newcomer());
    let error = create.send().await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable());
    assert_eq!(error.status().unwrap().as_u16(), 204);
    // The request was carried out exactly once.
    assert_eq!(sandbox.panther_user_ids().len(), 11);
}

#[tokio::test]
async fn unknown_fields_are_taken() {
    let sandbox = sandbox().await;
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    sandbox.fail_next_n(4, Fault::response().unknown_fields());
    assert_eq!(panther.user_list().send().await.unwrap().results.len(), 10);
    let id = &sandbox.panther_user_ids()[0];
    panther.user_get(id).send().await.unwrap();
    let page = people(&sandbox, &center).send().await.unwrap();
    assert_eq!(page.users.len(), 10);
    center.list_versions().send().await.unwrap();
}

#[tokio::test]
async fn unknown_values_of_an_enumeration_are_kept_as_they_are() {
    let sandbox = sandbox().await;
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    sandbox.fail_next_n(2, Fault::response().unknown_values());
    let list = center.list_versions().send().await.unwrap();
    assert_eq!(list.versions[0].status.as_str(), "ADDED_LATER");
    assert_eq!(
        serde_json::to_value(&list.versions[0].status).unwrap(),
        json!("ADDED_LATER")
    );
    let page = panther.user_list().send().await.unwrap();
    assert_eq!(page.results[0].status.as_deref(), Some("ADDED_LATER"));
}

#[tokio::test]
async fn null_is_taken_for_absent() {
    let sandbox = Sandbox::builder()
        .panther_deactivated_users(1)
        .start()
        .await
        .unwrap();
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    sandbox.fail_next_n(2, Fault::response().nulls());
    let list = panther.user_list().include_deactivated(true);
    let page = list.send().await.unwrap();
    assert_eq!(page.next, None);
    assert_eq!(page.results.last().unwrap().last_logged_in_at, None);
    let page = people(&sandbox, &center).send().await.unwrap();
    assert_eq!(page.sort, None);
}

#[tokio::test]
async fn a_list_that_is_null_is_empty() {
    let sandbox = sandbox().await;
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    sandbox.fail_next_n(2, Fault::response().null_list());
    assert!(panther.user_list().send().await.unwrap().results.is_empty());
    let page = people(&sandbox, &center).send().await.unwrap();
    assert!(page.users.is_empty());
}

#[tokio::test]
async fn an_unreadable_success_says_where_and_what_was_expected_but_not_the_value() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let cases = [
        (
            r#"{"results":[{"email":["hunter2"]}]}"#,
            "at results[0].email: expected a string, found an array",
        ),
        (
            r#"{"results":[{"email":"a","enabled":"hunter2"}]}"#,
            "at results[0].enabled: expected a boolean, found a string",
        ),
        (r#""hunter2""#, "expected "),
    ];
    for (body, problem) in cases {
        sandbox.fail_next(Fault::custom(200, "application/json", body));
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_decode() && !error.is_retryable());
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body().as_ref(), body.as_bytes());
        let line = error.to_string();
        assert!(
            line.starts_with("panther user_list: 200 OK, but the body could not be decoded: ")
                && line.contains(problem),
            "{line}"
        );
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_success_that_is_not_json_to_the_end_is_a_decode_error() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 5] = [
        b"{\"results\":[{\"email\":\"\xff\xfe\"}]}",
        b"{\"results\":[",
        b"{\"results\":[]} trailing",
        deep.as_bytes(),
        b"\0",
    ];
    for body in bodies {
        sandbox.fail_next(Fault::custom(200, "application/json", body.to_vec()));
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn early_hints_before_a_response_are_passed_over() {
    let server = RawServer::responding(
        b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"results\":[]}",
    )
    .await;
    let panther = specmill::panther::Client::builder()
        .base_url(server.url())
        .api_key("key")
        .build()
        .unwrap();
    let response = panther.user_list().send_response().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
}

#[tokio::test]
async fn a_success_in_html_is_a_decode_error_with_its_status() {
    let sandbox = sandbox().await;
    sandbox.fail_next(Fault::html(200));
    let error = panther(&sandbox).user_list().send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(error.body().starts_with(b"<html>"));
}

#[tokio::test]
async fn a_success_beyond_the_limit_is_an_error_whether_or_not_its_length_is_told() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .max_response_bytes(100_000)
        .build()
        .unwrap();
    for fault in [
        Fault::response().huge(2 << 30),
        Fault::response().huge(100_001),
        Fault::response().endless(),
    ] {
        sandbox.fail_next(fault);
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_too_large() && !error.is_retryable());
        assert_line(
            &error,
            "panther user_list: 200 OK, but the body is larger than 100000 bytes: see max_response_bytes (request ID)",
        );
    }
    sandbox.fail_next(Fault::response().huge(100_000));
    panther.user_list().send().await.unwrap();
}

#[tokio::test]
async fn a_response_in_small_pieces_is_put_together() {
    let sandbox = sandbox().await;
    let pause = std::time::Duration::from_micros(10);
    sandbox.fail_next(Fault::response().drip(100, pause));
    let page = panther(&sandbox).user_list().send().await.unwrap();
    assert_eq!(page.results.len(), 10);
}
