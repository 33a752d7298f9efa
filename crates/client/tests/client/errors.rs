//! Errors.

use serde::Deserialize;
use specmill_client::{CallOptions, Error, ErrorKind, RetryPolicy, TransportError};

use crate::support::{
    Reply, Server, USER_CREATE, USER_GET, User, client, closed_port, json, key, response, settings,
    status,
};

async fn fails(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Error {
    let server = Server::always(reply).await;
    let client = settings()
        .retry(RetryPolicy::none())
        .build(&server.url(), key())
        .unwrap();
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
        .send::<User>()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_line_names_operation_status_message_permission_and_request() {
    let error = fails(|| {
        json(
            "403 Forbidden",
            r#"{"message":"no access","requestId":"01H"}"#,
        )
    })
    .await;
    assert_eq!(
        error.to_string(),
        "demo user_get: 403 Forbidden: no access (needs the permission \"Read User Info\"; request 01H)"
    );
    assert_eq!(
        (error.api(), error.operation()),
        (Some("demo"), Some("user_get"))
    );
    assert_eq!(
        (error.message(), error.request_id()),
        (Some("no access"), Some("01H"))
    );
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (403, 1)
    );
    assert_eq!(error.permission(), Some("Read User Info"));
    assert_eq!(
        error.body().as_ref(),
        br#"{"message":"no access","requestId":"01H"}"#
    );
    assert_eq!(error.headers()["content-type"], "application/json");
    assert!(
        error.is_forbidden()
            && !error.is_unauthorized()
            && !error.is_retryable()
            && !error.was_not_sent()
    );

    let error = fails(|| status("401 Unauthorized")).await;
    assert_eq!(
        error.to_string(),
        "demo user_get: 401 Unauthorized: an empty response (needs the permission \"Read User Info\")"
    );
    assert!(error.is_unauthorized());
}

#[tokio::test]
async fn each_status_has_its_predicate() {
    let of = |line: &'static str| fails(move || status(line));
    assert!(of("400 Bad Request").await.is_bad_request());
    assert!(of("404 Not Found").await.is_not_found());
    assert!(of("409 Conflict").await.is_conflict());
    let throttled = of("429 Too Many Requests").await;
    assert!(throttled.is_throttled() && throttled.is_retryable() && !throttled.is_server_error());
    let error = of("500 Internal Server Error").await;
    assert!(error.is_server_error() && !error.is_retryable());
    for line in [
        "408 Request Timeout",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        assert!(of(line).await.is_retryable(), "{line}");
    }
    assert_eq!(
        of("599 Own Words").await.to_string(),
        "demo user_get: 599: an empty response"
    );
    assert_eq!(of("404 Not Found").await.permission(), None);
}

#[tokio::test]
async fn the_status_is_never_hidden_by_the_body() {
    let huge = "x".repeat(200_000);
    let excerpt = format!("{}…", "x".repeat(200));
    let bodies: [(&str, Vec<u8>); 7] = [
        (
            "an HTML page",
            response(
                "502 Bad Gateway",
                "content-type: text/html\r\n",
                "<h1>upstream</h1>",
            ),
        ),
        ("an empty response", response("502 Bad Gateway", "", "")),
        (
            "{\"message\":\"cut",
            response("502 Bad Gateway", "", "{\"message\":\"cut"),
        ),
        (&excerpt, response("502 Bad Gateway", "", &huge)),
        (
            "plain words",
            response(
                "502 Bad Gateway",
                "content-type: text/plain\r\n",
                "plain words",
            ),
        ),
        (
            "no such upstream",
            response(
                "502 Bad Gateway",
                "content-type: text/html\r\n",
                r#"{"detail":"no such upstream"}"#,
            ),
        ),
        // Announced but never sent.
        (
            "{\"message\":\"brok",
            b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 500\r\n\r\n{\"message\":\"brok".to_vec(),
        ),
    ];
    for (words, bytes) in bodies {
        let error = fails(move || Reply::Close(bytes.clone())).await;
        assert_eq!(
            error.to_string(),
            format!("demo user_get: 502 Bad Gateway: {words}")
        );
        assert!(error.is_server_error() && error.is_retryable() && !error.is_decode());
    }
}

#[tokio::test]
async fn an_endless_error_body_is_cut_off() {
    let error = fails(|| {
        let chunk = [b"8000\r\n".to_vec(), vec![b'x'; 0x8000], b"\r\n".to_vec()].concat();
        let head = b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        Reply::Stall([head, chunk.repeat(40)].concat())
    })
    .await;
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.body().len(), 64 * 1024);
    assert!(error.is_body_truncated());
}

#[tokio::test]
async fn hostile_words_cannot_forge_log_lines_or_fill_them() {
    let body = format!(
        r#"{{"message":"a\r\nERROR forged\u001b[2J\u202e{}","code":"c\n","requestId":"r\nq"}}"#,
        "y".repeat(90_000 / 2)
    );
    let error = fails(move || json("400 Bad Request", &body)).await;
    for shown in [format!("{error}"), format!("{error:?}")] {
        assert!(!shown.chars().any(char::is_control), "{shown}");
        assert!(
            !shown.contains('\u{202e}') && shown.len() < 2_000,
            "{shown}"
        );
    }
    assert!(
        error
            .to_string()
            .starts_with("demo user_get: 400 Bad Request: a ERROR forged [2J yyy"),
        "{error}"
    );
    assert_eq!((error.code(), error.request_id()), (Some("c"), Some("r q")));
}

#[tokio::test]
async fn debug_output_shows_neither_body_nor_headers() {
    let error = fails(|| {
        Reply::Bytes(response(
            "500 No",
            "set-cookie: session=cookie-secret\r\n",
            r#"{"message":"m","token":"body-secret"}"#,
        ))
    })
    .await;
    let shown = format!("{error:?} {error:#?} {error}");
    assert!(
        !shown.contains("cookie-secret") && !shown.contains("body-secret"),
        "{shown}"
    );
    assert!(shown.contains("demo user_get") && shown.contains("500"));
}

#[tokio::test]
async fn the_body_can_be_read_as_a_type() {
    #[derive(Debug, Deserialize)]
    struct Failure {
        #[serde(rename = "testResults")]
        results: Vec<bool>,
    }
    let error = fails(|| {
        json(
            "400 Bad Request",
            r#"{"message":"m","testResults":[true,false]}"#,
        )
    })
    .await;
    assert_eq!(
        error.decode_body::<Failure>().unwrap().results,
        [true, false]
    );
    let error = fails(|| json("400 Bad Request", r#"{"testResults":[true,"secret"]}"#)).await;
    let unreadable = error.decode_body::<Failure>().unwrap_err();
    assert_eq!(
        unreadable.to_string(),
        "demo user_get: 400 Bad Request, but the body could not be decoded: at testResults[1]: expected a boolean, found a string"
    );
}

#[tokio::test]
async fn no_connection_is_a_connect_error_that_was_not_sent() {
    let client = settings()
        .retry(RetryPolicy::none())
        .build(&closed_port().await, key())
        .unwrap();
    let call = client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"));
    let error = call.send_empty().await.unwrap_err();
    assert!(
        error.is_connect() && error.was_not_sent() && error.is_retryable() && !error.is_timeout(),
        "{error:?}"
    );
    assert_eq!((error.status(), error.attempts()), (None, 1));
    let line = error.to_string();
    assert!(
        line == "demo user_get: could not connect: connection refused",
        "{line}"
    );
    assert!(
        !line.contains("/users/u") && !format!("{error:?}").contains("/users/u"),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_interrupted_request_is_distinguished_from_a_failed_connection() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"",
        b"garbage\r\n\r\n",
    ] {
        let error = fails(move || Reply::Close(bytes.to_vec())).await;
        assert!(
            error.is_interrupted() && error.is_retryable() && !error.was_not_sent(),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .starts_with("demo user_get: the request was interrupted: "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_interrupted_success_response_keeps_its_status() {
    let error =
        fails(|| Reply::Close(b"HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\n{".to_vec()))
            .await;
    assert_eq!(error.status().unwrap(), 201);
}

#[tokio::test]
async fn an_error_becomes_any_boxed_error_by_the_question_mark() {
    async fn caller() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let server = Server::always(|| status("404 Not Found")).await;
        client(&server)
            .call(&USER_CREATE, CallOptions::default())
            .body(Ok(1))
            .send_empty()
            .await?;
        Ok(())
    }
    let error = caller().await.unwrap_err();
    assert!(error.downcast_ref::<Error>().unwrap().is_not_found());
}

#[tokio::test]
async fn each_failure_has_a_kind() {
    for (line, kind) in [
        ("400 No", ErrorKind::BadRequest),
        ("401 No", ErrorKind::Unauthorized),
        ("403 No", ErrorKind::Forbidden),
        ("404 No", ErrorKind::NotFound),
        ("410 Gone", ErrorKind::NotFound),
        ("409 No", ErrorKind::Conflict),
        ("429 No", ErrorKind::Throttled),
        ("422 No", ErrorKind::ClientError),
        ("500 No", ErrorKind::ServerError),
        ("302 No", ErrorKind::Redirect),
        ("600 No", ErrorKind::UnexpectedStatus),
    ] {
        let error = fails(move || status(line)).await;
        assert_eq!(error.kind(), kind, "{line}");
        assert_eq!(error.is_client_error(), line.starts_with('4'), "{line}");
        assert_eq!(error.is_server_error(), line.starts_with('5'), "{line}");
        assert_eq!(error.is_not_found(), kind == ErrorKind::NotFound, "{line}");
        assert_eq!((error.operation(), error.attempts()), (Some("user_get"), 1));
    }
    let undecoded = fails(|| json("200 OK", "[]")).await;
    assert_eq!(undecoded.kind(), ErrorKind::Decode);
    let interrupted = fails(|| Reply::Close(Vec::new())).await;
    assert_eq!(interrupted.kind(), ErrorKind::Interrupted);
    let limited = fails(|| Reply::Bytes(response("403 No", "retry-after: 9\r\n", ""))).await;
    assert_eq!(limited.kind(), ErrorKind::Throttled);
    let server = Server::always(|| status("204 No Content")).await;
    let invalid = client(&server).call(&USER_GET, CallOptions::default());
    let invalid = invalid.send_empty().await.unwrap_err();
    assert_eq!(invalid.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        (invalid.operation(), invalid.attempts()),
        (Some("user_get"), 0)
    );
}

#[tokio::test]
async fn the_source_leads_to_the_error_of_the_system_and_is_not_repeated() {
    use std::error::Error as _;

    let client = settings()
        .retry(RetryPolicy::none())
        .build(&closed_port().await, key())
        .unwrap();
    let call = client.call(&USER_GET, CallOptions::default());
    let error = call
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    let source = error.source().unwrap();
    let transport = source.downcast_ref::<TransportError>().unwrap();
    let refused = std::io::ErrorKind::ConnectionRefused;
    assert_eq!(transport.io_error().unwrap().kind(), refused);

    let line = error.to_string();
    let mut causes = Vec::new();
    let mut next = Some(source);
    while let Some(cause) = next {
        assert!(!line.contains(&cause.to_string()), "{line} repeats {cause}");
        causes.push(cause);
        next = cause.source();
    }
    let system = causes.last().unwrap().downcast_ref::<std::io::Error>();
    assert_eq!(system.unwrap().kind(), refused);
    let all = error.with_causes().to_string();
    assert!(
        all.starts_with(&line) && all.contains("tcp connect error"),
        "{all}"
    );
    assert!(
        !format!("{all} {error:?} {causes:?}").contains("/users/u"),
        "{all}"
    );
}
