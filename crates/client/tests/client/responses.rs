//! Success responses.

use std::time::Duration;

use serde_json::Value;
use specmill_client::{Call, CallOptions, Transport};

use crate::support::{
    Reply, Server, USER_GET, User, client, json, key, ok, response, settings, status,
};

fn get(client: &Transport) -> Call {
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
}

#[tokio::test]
async fn any_2xx_is_a_success() {
    for code in [
        "200 OK",
        "201 Created",
        "202 Accepted",
        "203 X",
        "206 Y",
        "299 Own",
    ] {
        let server = Server::always(move || json(code, r#"{"id":"u","new":{"x":[1]}}"#)).await;
        assert_eq!(
            get(&client(&server)).send::<User>().await.unwrap(),
            User { id: "u".into() },
            "{code}"
        );
    }
}

#[tokio::test]
async fn the_debug_output_of_a_response_names_its_headers_and_shows_none_of_their_values() {
    let headers = "set-cookie: session=hunter2\r\nx-next: https://x.test/?token=hunter2\r\n";
    let server =
        Server::always(move || Reply::Bytes(response("200 OK", headers, r#"{"id":"u"}"#))).await;
    let response = get(&client(&server)).send_response::<User>().await.unwrap();
    assert_eq!(
        response.headers()["set-cookie"].as_bytes(),
        b"session=hunter2"
    );
    let shown = format!("{response:?} {response:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(
        shown.starts_with("Response { status: 200, headers: [\"")
            && shown.contains("\"set-cookie\"")
            && shown.contains("attempts: 1, body: User { id: \"u\" } }"),
        "{shown}"
    );
}

#[tokio::test]
async fn several_kinds_of_success_are_distinguished() {
    let server = Server::start(|number, _| match number {
        0 => json("201 Created", r#"{"id":"u"}"#),
        1 => status("204 No Content"),
        _ => Reply::Bytes(response("200 OK", "x-request-id: r-1\r\n", " \n")),
    })
    .await;
    let client = client(&server);
    let first = get(&client).send_response::<Option<User>>().await.unwrap();
    assert_eq!((first.status().as_u16(), first.attempts()), (201, 1));
    assert_eq!(first.body(), &Some(User { id: "u".into() }));
    assert_eq!(get(&client).send_optional::<User>().await.unwrap(), None);
    let third = get(&client).send_response::<Option<User>>().await.unwrap();
    assert_eq!(
        (
            third.request_id().as_deref(),
            third.headers()["content-length"].as_bytes()
        ),
        (Some("r-1"), &b"2"[..])
    );
    assert!(third.map(|user| user.is_none()).into_body());
}

#[tokio::test]
async fn an_unexpected_body_is_ignored_if_none_is_expected() {
    let server = Server::always(|| ok("<html>done</html>")).await;
    get(&client(&server)).send_empty().await.unwrap();
}

#[tokio::test]
async fn bodies_are_read_as_bytes_and_strings() {
    let server = Server::start(|number, _| {
        Reply::Bytes(response("200 OK", "", if number < 2 { "# é" } else { "x" }))
    })
    .await;
    let client = client(&server);
    assert_eq!(get(&client).send_bytes().await.unwrap(), "# é".as_bytes());
    assert_eq!(get(&client).send_text().await.unwrap(), "# é");
    assert_eq!(server.requests()[0].header("accept"), Some("*/*"));
}

#[tokio::test]
async fn text_that_is_not_utf8_is_a_decode_error() {
    let server = Server::always(|| {
        Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xc3\x28".to_vec())
    })
    .await;
    let error = get(&client(&server)).send_text().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(
        error.to_string(),
        "demo user_get: 200 OK, but the body could not be decoded: expected text in UTF-8"
    );
    assert_eq!(error.body().as_ref(), b"\xc3\x28");
}

#[tokio::test]
async fn an_invalid_success_response_is_an_error_with_location_and_type_but_without_the_value() {
    let server = Server::start(|number, _| match number {
        0 => ok(r#"{"id":777123}"#),
        1 => Reply::Bytes(response(
            "200 OK",
            "content-type: text/html\r\nx-request-id: r-9\r\n",
            "<html>login</html>",
        )),
        2 => ok(r#"{"id":"secret-value"#),
        _ => ok(""),
    })
    .await;
    let client = client(&server);
    let mut lines = Vec::new();
    for _ in 0..4 {
        let error = get(&client).send::<User>().await.unwrap_err();
        assert!(error.is_decode() && !error.is_retryable());
        assert_eq!(error.status().unwrap(), 200);
        for shown in [
            format!("{error}"),
            format!("{error:?}"),
            format!("{error:#?}"),
        ] {
            assert!(
                !shown.contains("777123") && !shown.contains("secret-value"),
                "{shown}"
            );
        }
        lines.push(error.to_string());
    }
    assert_eq!(
        lines,
        [
            "demo user_get: 200 OK, but the body could not be decoded: at id: expected a string, found an integer",
            "demo user_get: 200 OK, but the body could not be decoded: expected JSON, found an HTML page (request r-9)",
            "demo user_get: 200 OK, but the body could not be decoded: the JSON breaks off",
            "demo user_get: 200 OK, but the body could not be decoded: expected JSON, found nothing",
        ]
    );
    assert_eq!(
        server.count(),
        4,
        "an unreadable response is not asked for again"
    );
}

#[tokio::test]
async fn a_response_over_the_limit_is_an_error_with_and_without_a_length() {
    let told = Server::always(|| {
        Reply::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 2147483648\r\n\r\n".to_vec())
    })
    .await;
    let chunk: Vec<u8> = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
    let untold = Server::start(move |_, _| {
        Reply::Endless(
            [
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
                chunk.clone(),
            ]
            .concat(),
        )
    })
    .await;
    for server in [told, untold] {
        let client = settings()
            .max_response_bytes(1000)
            .build(&server.url(), key())
            .unwrap();
        let error = get(&client).send::<Value>().await.unwrap_err();
        assert!(error.is_too_large() && !error.is_retryable(), "{error}");
        assert_eq!(
            error.to_string(),
            "demo user_get: 200 OK, but the body is larger than 1000 bytes: see max_response_bytes"
        );
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_response_at_the_limit_is_accepted() {
    let server = Server::always(|| Reply::Bytes(response("200 OK", "", &"x".repeat(1000)))).await;
    let client = settings()
        .max_response_bytes(1000)
        .build(&server.url(), key())
        .unwrap();
    assert_eq!(get(&client).send_bytes().await.unwrap().len(), 1000);
}

#[tokio::test]
async fn a_slow_response_within_the_timeout_is_accepted() {
    let server = Server::always(|| {
        Reply::Late(
            Duration::from_millis(50),
            response("200 OK", "", r#"{"id":"u"}"#),
        )
    })
    .await;
    get(&client(&server)).send::<User>().await.unwrap();
}
