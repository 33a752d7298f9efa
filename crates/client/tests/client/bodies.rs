//! Responses whose bodies are not plain JSON in UTF-8.

use specmill_client::{Call, CallOptions, Error, RetryPolicy, Transport};

use crate::support::{Reply, Server, USER_GET, User, client, key, ok, response, settings};

fn get(client: &Transport) -> Call {
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
}

/// A response with a status line, headers and a body.
fn bytes(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Starts a server that responds with 200 and this body.
async fn sending(headers: &'static str, body: &[u8]) -> Server {
    let response = bytes("200 OK", headers, body);
    Server::always(move || Reply::Bytes(response.clone())).await
}

/// The error of a call whose 200 response has this body.
async fn undecoded(headers: &'static str, body: &[u8]) -> Error {
    let server = sending(headers, body).await;
    let error = get(&client(&server)).send::<User>().await.unwrap_err();
    assert!(error.is_decode() && error.status().unwrap() == 200);
    assert_eq!(server.count(), 1);
    error
}

/// The error of a call whose 400 response has this body.
async fn failed(headers: &'static str, body: &[u8]) -> Error {
    let response = bytes("400 Bad Request", headers, body);
    let server = Server::always(move || Reply::Bytes(response.clone())).await;
    get(&client(&server)).send::<User>().await.unwrap_err()
}

const GZIP: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xabV\xcaLQ\xb2R*U\xaa\x05\0\xef\xed\x8b\x81\n\0\0\0";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\0\x58\x51\0\0{\"id\":\"u\"}";
/// A block that is not compressed, followed by an empty last block.
const BROTLI: &[u8] = b"\x90\0\x10{\"id\":\"u\"}\x03";

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let server = sending("", b"\xef\xbb\xbf{\"id\":\"u\"}").await;
    let client = client(&server);
    get(&client).send::<User>().await.unwrap();
    assert_eq!(get(&client).send_text().await.unwrap(), r#"{"id":"u"}"#);
    let error = failed("", b"\xef\xbb\xbf{\"message\":\"m\"}").await;
    assert_eq!(error.message(), Some("m"));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_described() {
    for (body, words) in [
        (
            &b"<!doctype html><title>Sign in</title>"[..],
            "expected JSON, found an HTML page titled \"Sign in\"",
        ),
        (
            b")]}',\n{\"id\":\"u\"}",
            "expected JSON, found the guard prefix `)]}',` before it",
        ),
        (
            b"<?xml version=\"1.0\"?><user/>",
            "expected JSON, found an XML document",
        ),
        (
            GZIP,
            "the body is compressed (gzip), which was not requested: enable the feature `gzip` of specmill-client",
        ),
    ] {
        assert_eq!(
            undecoded("", body).await.to_string(),
            format!("demo user_get: 200 OK, but the body could not be decoded: {words}")
        );
    }
    let server = sending("", GZIP).await;
    let error = get(&client(&server)).send_text().await.unwrap_err();
    assert!(error.to_string().contains("compressed (gzip)"), "{error}");
}

#[tokio::test]
async fn an_error_body_that_is_not_json_is_described_or_shown() {
    let login = failed(
        "content-type: text/html\r\n",
        b"<html><title>Sign in</title>",
    )
    .await;
    assert_eq!(
        login.to_string(),
        "demo user_get: 400 Bad Request: an HTML page titled \"Sign in\""
    );
    let xml =
        b"<Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>R</RequestId></Error>";
    let error = failed("content-type: application/xml\r\n", xml).await;
    assert_eq!(
        (error.message(), error.code(), error.request_id()),
        (Some("gone"), Some("NoSuchKey"), Some("R"))
    );
    let unknown = format!("{{\"oops\":\n\"{}\"}}", "x".repeat(500));
    let error = failed("", unknown.as_bytes()).await;
    let shown = error.message().unwrap();
    assert!(shown.starts_with(r#"{"oops": "xxx"#) && shown.chars().count() == 201);
}

#[tokio::test]
async fn a_credential_in_another_charset_is_redacted() {
    let body: Vec<u8> = format!("bad {}", crate::support::KEY)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for headers in ["", "content-type: text/plain; charset=utf-16le\r\n"] {
        let marked = if headers.is_empty() {
            [b"\xff\xfe", &body[..]].concat()
        } else {
            body.clone()
        };
        let error = failed(headers, &marked).await;
        let shown = format!("{error} {error:?} {:?}", error.body());
        assert!(
            !shown.contains("Zx81") && !shown.contains("Z x 8 1"),
            "{shown}"
        );
        assert_eq!(error.message(), Some("bad [redacted]"));
    }
}

#[tokio::test]
async fn the_charset_of_the_content_type_is_read() {
    let server = sending(
        "content-type: application/json; charset=iso-8859-1\r\n",
        b"{\"id\":\"caf\xe9\"}",
    )
    .await;
    let client = client(&server);
    let user = get(&client).send::<User>().await.unwrap();
    assert_eq!(user.id, "café");
    assert_eq!(get(&client).send_text().await.unwrap(), r#"{"id":"café"}"#);
    // Raw bytes are returned unchanged.
    assert_eq!(
        get(&client).send_bytes().await.unwrap(),
        &b"{\"id\":\"caf\xe9\"}"[..]
    );
    let error = failed("content-type: text/plain; charset=euc-kr\r\n", b"\xc7\xd1").await;
    assert_eq!(error.message(), Some("한"));
}

#[tokio::test]
async fn compressed_responses_are_requested_and_decoded_with_their_features() {
    let codings: Vec<(&str, &'static [u8])> = [
        ("gzip", GZIP, cfg!(feature = "gzip")),
        ("br", BROTLI, cfg!(feature = "brotli")),
        ("zstd", ZSTD, cfg!(feature = "zstd")),
    ]
    .into_iter()
    .filter(|(.., enabled)| *enabled)
    .map(|(coding, body, _)| (coding, body))
    .collect();
    for (coding, body) in &codings {
        let response = bytes("200 OK", &format!("content-encoding: {coding}\r\n"), body);
        let server = Server::always(move || Reply::Bytes(response.clone())).await;
        let user = get(&client(&server)).send::<User>().await.unwrap();
        assert_eq!(user.id, "u", "{coding}");
        let asked = server.requests()[0]
            .header("accept-encoding")
            .unwrap()
            .to_owned();
        assert!(
            asked.split(',').any(|asked| asked.trim() == *coding),
            "{asked}"
        );
    }
    if codings.is_empty() {
        let server = Server::always(|| ok(r#"{"id":"u"}"#)).await;
        get(&client(&server)).send::<User>().await.unwrap();
        assert_eq!(server.requests()[0].header("accept-encoding"), None);
    }
}

/// 100,000 spaces and a document.
#[cfg(feature = "gzip")]
const BOMB: &str = "H4sIAAAAAAACA+3BMREAIAwEMCu9l4GeLghg4vCOjQ5JqgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAICpbnZn5eR9a+ysdqqGAQA=";

#[cfg(feature = "gzip")]
#[tokio::test]
async fn the_size_limit_applies_to_the_decompressed_body() {
    use base64::Engine as _;

    let bomb = base64::engine::general_purpose::STANDARD
        .decode(BOMB)
        .unwrap();
    assert!(bomb.len() < 1_000);
    let response = bytes("200 OK", "content-encoding: gzip\r\n", &bomb);
    let server = Server::always(move || Reply::Bytes(response.clone())).await;
    let with_limit = |limit| {
        let settings = settings().max_response_bytes(limit);
        settings.build(&server.url(), key()).unwrap()
    };
    let error = get(&with_limit(1_000)).send::<User>().await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    get(&with_limit(200_000)).send::<User>().await.unwrap();
}

#[tokio::test]
async fn an_unsupported_content_coding_cannot_be_requested() {
    let server = Server::always(|| ok(r#"{"id":"u"}"#)).await;
    let error = settings()
        .header("Accept-Encoding", "deflate")
        .build(&server.url(), key())
        .unwrap_err();
    assert!(error.is_configuration(), "{error}");
    let options = CallOptions::new().header("accept-encoding", "deflate");
    let call = client(&server).call(&USER_GET, options);
    let error = call
        .parameter("id", Ok("u"))
        .send::<User>()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "demo user_get: invalid request: the header accept-encoding asks for a content coding that cannot be read"
    );
    assert_eq!(server.count(), 0);
    let options = CallOptions::new().header("accept-encoding", "identity");
    let call = client(&server).call(&USER_GET, options);
    call.parameter("id", Ok("u")).send::<User>().await.unwrap();
    assert_eq!(
        server.requests()[0].header("accept-encoding"),
        Some("identity")
    );
}

#[tokio::test]
async fn request_ids_are_found_in_headers_of_any_vendor() {
    for (headers, id) in [
        ("x-acme-request-id: a-1\r\n", "a-1"),
        ("acme-requestid: a-2\r\n", "a-2"),
        (
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
    ] {
        assert_eq!(failed(headers, b"").await.request_id(), Some(id));
        let response = response("200 OK", headers, r#"{"id":"u"}"#);
        let server = Server::always(move || Reply::Bytes(response.clone())).await;
        let client = settings()
            .retry(RetryPolicy::none())
            .build(&server.url(), key())
            .unwrap();
        let user = get(&client).send_response::<User>().await.unwrap();
        assert_eq!(user.request_id().as_deref(), Some(id));
    }
}
