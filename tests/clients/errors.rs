//! Every unsuccessful response is an error that contains all known facts.

use std::time::Duration;

use specmill::{Error, RetryPolicy};
use specmill_sandbox::{ErrorBody, Fault, Sandbox};

use crate::support::{
    RawServer, assert_line, center, deserted, newcomer, panther, panther_builder, people, sandbox,
};

/// The error of listing Panther's users if all attempts have the fault.
async fn struck(fault: Fault) -> Error {
    let sandbox = sandbox().await;
    sandbox.fail_next_n(10, fault);
    panther(&sandbox).user_list().send().await.unwrap_err()
}

#[tokio::test]
async fn each_status_has_its_predicate() {
    type Predicate = fn(&Error) -> bool;
    let predicates: [(u16, Predicate); 8] = [
        (400, Error::is_bad_request),
        (401, Error::is_unauthorized),
        (403, Error::is_forbidden),
        (404, Error::is_not_found),
        (409, Error::is_conflict),
        (429, Error::is_throttled),
        (500, Error::is_server_error),
        (504, Error::is_server_error),
    ];
    for (status, holds) in predicates {
        let error = struck(Fault::status(status)).await;
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(holds(&error), "{status}");
        let others = predicates.iter().filter(|(_, other)| other(&error));
        let own = predicates.iter().filter(|(other, _)| *other == status);
        assert!(others.count() <= own.count() + 1);
        assert_eq!(
            error.is_retryable(),
            matches!(status, 429 | 504),
            "{status}"
        );
        assert!(!error.is_decode() && !error.is_timeout() && !error.is_connect());
    }
}

#[tokio::test]
async fn an_error_tells_operation_status_message_code_request_headers_body_attempts_and_time() {
    let sandbox = sandbox().await;
    let center = center(&sandbox);
    let unknown = center.list_users().instance_id("ssoins-404");
    let error = unknown.send().await.unwrap_err();
    assert_eq!(error.api(), Some("scp-identity-center"));
    assert_eq!(error.operation(), Some("list_users"));
    assert_eq!(error.status().unwrap().as_u16(), 404);
    assert_eq!(error.message(), Some("the instance is unknown"));
    assert_eq!(error.code(), Some("NotFound"));
    assert_eq!(error.request_id(), Some("sandbox-00000001"));
    assert_eq!(error.headers()["x-request-id"], "sandbox-00000001");
    assert!(error.body().starts_with(b"{\"errors\":["));
    assert!(!error.is_body_truncated());
    assert_eq!(error.attempts(), 1);
    assert!(error.elapsed() > Duration::ZERO);
}

#[tokio::test]
async fn the_line_says_what_where_why_and_which_request() {
    assert_line(
        &struck(Fault::status(500)).await,
        "panther user_list: 500 Internal Server Error: Internal Server Error (injected by the sandbox) (request ID)",
    );
    assert_line(
        &struck(Fault::status(503)).await,
        "panther user_list: 503 Service Unavailable: Service Unavailable (injected by the sandbox) (request ID; 5 attempts)",
    );
    let sandbox = sandbox().await;
    let get = panther(&sandbox).user_get("u-404");
    assert_line(
        &get.send().await.unwrap_err(),
        "panther user_get: 404 Not Found: user \"u-404\" not found (request ID)",
    );
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let sandbox = Sandbox::builder()
        .panther_read_only()
        .start()
        .await
        .unwrap();
    let panther = panther(&sandbox);
    let error = panther
        .user_create()
        .body(newcomer())
        .send()
        .await
        .unwrap_err();
    assert!(error.is_forbidden());
    assert_eq!(error.permission(), Some("Manage Users"));
    assert_line(
        &error,
        "panther user_create: 403 Forbidden: Forbidden: the API token lacks the permission Manage Users (needs the \
         permission \"Manage Users\"; request ID)",
    );
    let stranger = panther_builder(&sandbox).api_key("other").build().unwrap();
    let error = stranger.user_list().send().await.unwrap_err();
    assert_line(
        &error,
        "panther user_list: 401 Unauthorized: Unauthorized: the API key is unknown (needs the permission \"Read \
         User Info\"; request ID)",
    );
    // Errors of other statuses do not contain the permission.
    let error = panther.user_get("u-404").send().await.unwrap_err();
    assert_eq!(error.permission(), None);
}

#[tokio::test]
async fn message_code_and_request_id_are_found_in_every_known_shape() {
    let cases = [
        (ErrorBody::Message, true, None, false),
        (ErrorBody::Goa, true, Some("Conflict"), true),
        (ErrorBody::Errors, true, Some("Conflict"), true),
        (ErrorBody::ErrorDetails, true, Some("Conflict"), true),
        (ErrorBody::Gateway, false, None, true),
        (ErrorBody::Rejected, true, Some("Conflict"), false),
        (ErrorBody::Service, true, Some("Conflict"), true),
    ];
    let sandbox = sandbox().await;
    let center = center(&sandbox);
    for (shape, has_message, code, has_id) in cases {
        // The header would also contain a request id.
        sandbox.fail_next(Fault::error(409, shape).header("x-request-id", "from-a-proxy"));
        let error = people(&sandbox, &center).send().await.unwrap_err();
        assert!(error.is_conflict(), "{shape:?}");
        let message = error.message().unwrap();
        let wanted = if has_message {
            "Conflict (injected by the sandbox)"
        } else {
            "Conflict"
        };
        assert!(message.starts_with(wanted), "{shape:?}: {message}");
        assert_eq!(error.code(), code, "{shape:?}");
        let id = error.request_id().unwrap();
        assert_eq!(id.starts_with("sandbox-"), has_id, "{shape:?}: {id}");
    }
}

#[tokio::test]
async fn an_html_page_is_named_as_such_and_keeps_its_status() {
    let error = struck(Fault::html(502)).await;
    assert!(error.is_server_error() && error.is_retryable() && !error.is_decode());
    assert_line(
        &error,
        "panther user_list: 502 Bad Gateway: an HTML page titled \"502 Bad Gateway\" (request ID; 5 attempts)",
    );
    assert!(error.body().starts_with(b"<html>"));
}

#[tokio::test]
async fn an_empty_error_keeps_its_status() {
    let error = struck(Fault::empty(404)).await;
    assert!(error.is_not_found() && error.body().is_empty());
    assert_line(
        &error,
        "panther user_list: 404 Not Found: an empty response (request ID)",
    );
}

#[tokio::test]
async fn an_error_in_json_of_an_unknown_shape_keeps_its_status() {
    for (body, message) in [
        (r#"{"oops":{"deep":[1]}}"#, Some(r#"{"oops":{"deep":[1]}}"#)),
        (r#"["first","second"]"#, Some("first; second")),
        ("null", Some("null")),
        ("17", Some("17")),
        (r#"{"message":17}"#, Some("17")),
        (r#"{"message":null,"detail":"why"}"#, Some("why")),
    ] {
        let error = struck(Fault::custom(403, "application/json", body)).await;
        assert!(error.is_forbidden(), "{body}");
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.body().as_ref(), body.as_bytes());
    }
}

#[tokio::test]
async fn an_error_that_breaks_off_keeps_its_status() {
    for fault in [
        Fault::status(404).truncated(),
        Fault::status(404).truncated_chunked(),
        Fault::html(404).truncated(),
    ] {
        let error = struck(fault).await;
        assert!(error.is_not_found() && !error.is_interrupted(), "{error}");
        assert!(error.is_body_truncated());
    }
}

#[tokio::test]
async fn an_endless_or_huge_error_keeps_its_status_and_64_kib() {
    for fault in [
        Fault::status(404).huge(2 << 30),
        Fault::status(404).endless(),
        Fault::html(404).endless(),
    ] {
        let error = struck(fault).await;
        assert!(error.is_not_found() && error.is_body_truncated());
        assert_eq!(error.body().len(), 64 * 1024);
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn an_error_that_no_document_declares_is_the_same_error() {
    for status in [402, 405, 406, 410, 418, 451, 501, 599, 700, 999] {
        let error = struck(Fault::status(status)).await;
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(!error.is_retryable());
        assert!(
            error
                .to_string()
                .starts_with(&format!("panther user_list: {status}")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_error_of_a_type_nobody_knows_keeps_its_status() {
    let error = struck(Fault::custom(418, "text/plain", "short and stout")).await;
    assert_eq!(error.message(), Some("short and stout"));
    let error = struck(Fault::custom(418, "image/png", vec![0x89, 0, 0xff])).await;
    assert_line(
        &error,
        "panther user_list: 418 I'm a teapot: a binary response (request ID)",
    );
}

#[tokio::test]
async fn the_services_words_cannot_forge_or_fill_a_log() {
    let hostile =
        serde_json::json!({ "message": format!("a\r\nERROR b\u{1b}[31m{}", "x".repeat(9_000)) });
    let error = struck(Fault::custom(400, "application/json", hostile.to_string())).await;
    let line = error.to_string();
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.chars().count() < 700);
}

#[tokio::test]
async fn the_body_can_be_read_as_the_documented_type() {
    let sandbox = sandbox().await;
    let error = panther(&sandbox)
        .user_get("u-404")
        .send()
        .await
        .unwrap_err();
    let body: specmill::panther::types::Error = error.decode_body().unwrap();
    assert_eq!(body.message, "user \"u-404\" not found");

    let center = center(&sandbox);
    for shape in [
        ErrorBody::Errors,
        ErrorBody::ErrorDetails,
        ErrorBody::Gateway,
        ErrorBody::Rejected,
        ErrorBody::Service,
    ] {
        sandbox.fail_next(Fault::error(400, shape));
        let error = people(&sandbox, &center).send().await.unwrap_err();
        let body: Result<specmill::scp::identity_center::types::Error, _> = error.decode_body();
        assert!(body.is_ok(), "{shape:?}: {body:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_is_a_connect_error_and_nothing_was_sent() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .base_url(format!("http://{}", deserted().await))
        .build()
        .unwrap();
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_connect() && error.was_not_sent() && error.is_retryable());
    assert_eq!((error.status(), error.attempts()), (None, 5));
    assert!(
        error
            .to_string()
            .starts_with("panther user_list: could not connect: connection refused (5 attempts)"),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_that_ends_in_place_of_a_response_is_an_interruption() {
    for fault in [Fault::close(), Fault::reset()] {
        let sandbox = sandbox().await;
        let panther = panther_builder(&sandbox)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        sandbox.fail_next_n(3, fault);
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_interrupted() && !error.was_not_sent() && !error.is_connect());
        assert!(
            error
                .to_string()
                .starts_with("panther user_list: the request was interrupted: connection "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_no_http_is_an_error_and_not_a_hang() {
    let responses: [&[u8]; 4] = [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n{}",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ];
    for response in responses {
        let server = RawServer::responding(response).await;
        let panther = specmill::panther::Client::builder()
            .base_url(server.url())
            .api_key("hunter2-key")
            .retry(crate::support::brisk())
            .build()
            .unwrap();
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_interrupted(), "{error}");
        assert_eq!(error.status(), None);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        // A POST may have been carried out, whatever the response was.
        let create = panther.user_create().body(newcomer());
        let error = create.send().await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
    }
}

#[tokio::test]
async fn a_head_of_a_response_that_does_not_end_is_an_error_and_not_memory() {
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    for number in 0..200_000 {
        head.extend_from_slice(format!("x-{number}: {}\r\n", "y".repeat(100)).as_bytes());
    }
    let server = RawServer::responding(head.leak()).await;
    let panther = specmill::panther::Client::builder()
        .base_url(server.url())
        .api_key("key")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = panther.user_list().send().await.unwrap_err();
    assert!(
        error.is_interrupted() && error.headers().is_empty(),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_in_json_too_deep_to_read_keeps_its_status() {
    let deep = format!("{}1", "{\"message\":".repeat(5_000));
    let error = struck(Fault::custom(409, "application/json", deep)).await;
    assert!(error.is_conflict() && !error.is_decode(), "{error}");
}

#[tokio::test]
async fn a_success_that_breaks_off_is_an_interruption_and_keeps_its_status() {
    for fault in [
        Fault::response().truncated(),
        Fault::response().truncated_chunked(),
    ] {
        let error = struck(fault).await;
        assert!(error.is_interrupted() && !error.is_decode(), "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.attempts(), 5);
    }
}

#[tokio::test]
async fn the_question_mark_takes_it_into_any_boxed_error() {
    async fn caller(sandbox: &Sandbox) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        panther(sandbox).user_get("u-404").send().await?;
        Ok(())
    }
    let error = caller(&sandbox().await).await.unwrap_err();
    let error = error.downcast::<Error>().unwrap();
    assert!(error.is_not_found());
}
