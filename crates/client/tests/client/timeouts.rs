//! Time limits. The servers here never complete their responses, so short limits only affect the duration of the
//! tests.

use std::time::Duration;

use specmill_client::{Call, CallOptions, RetryPolicy, Settings};

use crate::support::{Reply, Server, USER_CREATE, USER_GET, User, key, settings};

const SHORT: Duration = Duration::from_millis(300);

fn get(settings: Settings, server: &Server) -> Call {
    settings
        .build(&server.url(), key())
        .unwrap()
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
}

async fn silent() -> Server {
    Server::always(|| Reply::Stall(Vec::new())).await
}

#[tokio::test]
async fn an_attempt_without_a_response_ends_and_is_retried() {
    let server = silent().await;
    let policy = RetryPolicy::default()
        .max_attempts(2)
        .base_delay(Duration::from_millis(1));
    let error = get(settings().attempt_timeout(SHORT).retry(policy), &server)
        .send::<User>()
        .await
        .unwrap_err();
    assert!(
        error.is_timeout() && error.is_retryable() && !error.was_not_sent() && !error.is_connect()
    );
    assert_eq!(
        (error.attempts(), server.count(), error.status()),
        (2, 2, None)
    );
    assert_eq!(
        error.to_string(),
        "demo user_get: the attempt timed out after 300ms (2 attempts)"
    );
    assert!(error.elapsed() >= SHORT * 2);
}

#[tokio::test]
async fn a_timed_out_post_is_not_retried() {
    let server = silent().await;
    let client = settings()
        .attempt_timeout(SHORT)
        .build(&server.url(), key())
        .unwrap();
    let error = client
        .call(&USER_CREATE, CallOptions::default())
        .body(Ok(1))
        .send_empty()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!((error.attempts(), server.count()), (1, 1));
}

#[tokio::test]
async fn a_call_ends_at_its_total_timeout_with_attempts_left() {
    let server = silent().await;
    let error = get(settings().total_timeout(SHORT), &server)
        .send::<User>()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        "demo user_get: the call timed out after 300ms"
    );
}

#[tokio::test]
async fn the_limits_of_a_call_override_those_of_the_client() {
    let server = silent().await;
    let client = settings().build(&server.url(), key()).unwrap();
    let options = CallOptions::new().timeout(SHORT);
    let error = client
        .call(&USER_GET, options)
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "demo user_get: the call timed out after 300ms"
    );
    let options = CallOptions::new()
        .attempt_timeout(SHORT)
        .retry(RetryPolicy::none());
    let error = client
        .call(&USER_GET, options)
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "demo user_get: the attempt timed out after 300ms"
    );
}

#[tokio::test]
async fn a_response_that_stalls_within_its_body_ends_with_its_status() {
    let server = Server::always(|| {
        Reply::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec())
    })
    .await;
    let settings = settings().attempt_timeout(SHORT).retry(RetryPolicy::none());
    let error = get(settings, &server).send::<User>().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "demo user_get: the attempt timed out after 300ms; the status was 200 OK"
    );
}

#[tokio::test]
async fn an_error_whose_body_stalls_is_still_that_error() {
    let server = Server::always(|| {
        Reply::Stall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\n{\"message\":".to_vec())
    })
    .await;
    let error = get(settings().attempt_timeout(SHORT), &server)
        .send::<User>()
        .await
        .unwrap_err();
    assert!(error.is_not_found() && !error.is_timeout() && error.is_body_truncated());
    assert_eq!(error.body().as_ref(), b"{\"message\":");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_a_connect_error_and_a_timeout() {
    // It accepts the connection but never starts the TLS handshake.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let client = settings()
        .connect_timeout(SHORT)
        .retry(RetryPolicy::none())
        .build(&address, key())
        .unwrap();
    let call = client
        .call(&USER_CREATE, CallOptions::default())
        .body(Ok(1));
    let error = call.send_empty().await.unwrap_err();
    assert!(
        error.is_connect() && error.is_timeout() && error.was_not_sent(),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with("demo user_create: could not connect: "),
        "{error}"
    );
}

#[tokio::test]
async fn limits_that_overflow_are_no_limits() {
    let server = Server::always(|| crate::support::ok(r#"{"id":"u"}"#)).await;
    let settings = settings()
        .total_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX);
    get(settings, &server).send::<User>().await.unwrap();
}
