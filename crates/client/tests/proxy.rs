//! Proxies of the environment are used, but never for loopback hosts.
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

use std::sync::{Arc, Mutex};

use specmill_client::operation::{Idempotency, Method, Operation};
use specmill_client::{Api, Authentication, CallOptions, Error, ManualClock, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

static API: Api = Api {
    name: "demo",
    title: "Demo",
    version: "1.0.0",
    base_url_suffixes: &[],
};
static PING: Operation = Operation {
    api: "demo",
    id: "ping",
    method: Method::GET,
    path: "/ping",
    parameters: &[],
    body: None,
    paging: None,
    permission: None,
    authenticated: true,
    security: &[],
    server: None,
    accept: None,
    idempotency: Idempotency::ByMethod,
    stream_flag: None,
};

/// Starts a server that sends 204 for every request and records the first lines of the requests.
async fn listen() -> (String, Arc<Mutex<Vec<String>>>) {
    listen_with(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await
}

/// Starts a server that sends this response for every request and records the first lines of the requests.
async fn listen_with(response: &'static [u8]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let count = socket.read(&mut bytes).await.unwrap();
            let text = String::from_utf8_lossy(&bytes[..count]);
            seen.lock()
                .unwrap()
                .push(text.lines().next().unwrap_or_default().to_owned());
            socket.write_all(response).await.unwrap();
        }
    });
    (address, lines)
}

/// The variable with the target URL in the child process. Proxies of the environment are read when a process starts.
const TARGET: &str = "SPECMILL_TEST_PROXY_TARGET";

/// Runs a test again in a child process with a proxy in the environment.
async fn run_again(test: &str, proxy: &str, target: &str) {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env(name, proxy);
    }
    command.env(TARGET, target);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{output:?}"
    );
}

async fn called_in_child() -> bool {
    match result_in_child().await {
        None => false,
        Some(result) => {
            result.unwrap();
            true
        }
    }
}

/// The result of a call to the target, with retries without delays; `None` if no target is set.
async fn result_in_child() -> Option<Result<(), Error>> {
    let target = std::env::var(TARGET).ok()?;
    let client = Settings::new(&API)
        .allow_http(true)
        .clock(ManualClock::new(std::time::SystemTime::UNIX_EPOCH))
        .build(&target, Authentication::bearer("t"))
        .unwrap();
    let call = client.call(&PING, CallOptions::default());
    Some(call.send_empty().await)
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used() {
    if called_in_child().await {
        return;
    }
    let (proxy, seen) = listen().await;
    run_again(
        "a_proxy_of_the_environment_is_used",
        &proxy,
        "http://api.acme.test",
    )
    .await;
    assert_eq!(
        *seen.lock().unwrap(),
        ["GET http://api.acme.test/ping HTTP/1.1"]
    );
}

#[tokio::test]
async fn calls_to_loopback_hosts_use_no_proxy() {
    if called_in_child().await {
        return;
    }
    let ((proxy, by_proxy), (target, direct)) = (listen().await, listen().await);
    run_again("calls_to_loopback_hosts_use_no_proxy", &proxy, &target).await;
    assert!(by_proxy.lock().unwrap().is_empty());
    assert_eq!(*direct.lock().unwrap(), ["GET /ping HTTP/1.1"]);
}

const REFUSED: &[u8] =
    b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\
    content-length: 0\r\nconnection: close\r\n\r\n";

/// The URL of the proxy with a password.
fn with_password(proxy: &str) -> String {
    proxy.replace("http://", "http://user:wrong-password@")
}

#[tokio::test]
async fn a_proxy_that_rejects_the_password_is_called_once() {
    if let Some(result) = result_in_child().await {
        let error = result.unwrap_err();
        assert!(!error.is_retryable() && error.attempts() == 1, "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 407);
        return;
    }
    let (proxy, seen) = listen_with(REFUSED).await;
    run_again(
        "a_proxy_that_rejects_the_password_is_called_once",
        &with_password(&proxy),
        "http://api.acme.test",
    )
    .await;
    assert_eq!(
        *seen.lock().unwrap(),
        ["GET http://api.acme.test/ping HTTP/1.1"]
    );
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_proxy_that_rejects_the_password_for_a_tunnel_is_called_once() {
    if let Some(result) = result_in_child().await {
        let error = result.unwrap_err();
        assert!(error.is_connect() && error.was_not_sent() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "demo ping: could not connect: the proxy refused the credentials (407)"
        );
        assert!(!format!("{error:?} {}", error.with_causes()).contains("wrong-password"));
        return;
    }
    let (proxy, seen) = listen_with(REFUSED).await;
    run_again(
        "a_proxy_that_rejects_the_password_for_a_tunnel_is_called_once",
        &with_password(&proxy),
        "https://api.acme.test",
    )
    .await;
    assert_eq!(
        *seen.lock().unwrap(),
        ["CONNECT api.acme.test:443 HTTP/1.1"]
    );
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_temporary_failure_to_open_a_tunnel_is_retried() {
    if let Some(result) = result_in_child().await {
        let error = result.unwrap_err();
        assert!(error.is_retryable() && error.attempts() == 5, "{error}");
        return;
    }
    let (proxy, seen) = listen_with(b"HTTP/1.1 503 No\r\nconnection: close\r\n\r\n").await;
    run_again(
        "a_temporary_failure_to_open_a_tunnel_is_retried",
        &proxy,
        "https://api.acme.test",
    )
    .await;
    assert_eq!(seen.lock().unwrap().len(), 5);
}

// native-tls alone sends HTTP to any proxy.
#[cfg(any(feature = "rustls", not(feature = "native-tls")))]
#[tokio::test]
async fn an_unsupported_proxy_is_not_called() {
    if let Some(result) = result_in_child().await {
        let error = result.unwrap_err();
        assert!(error.is_connect() && !error.is_retryable(), "{error:?}");
        assert_eq!(
            error.to_string(),
            "demo ping: could not connect: the kind of proxy is not supported"
        );
        return;
    }
    let (proxy, seen) = listen().await;
    run_again(
        "an_unsupported_proxy_is_not_called",
        &proxy.replace("http://", "socks5://"),
        "http://api.acme.test",
    )
    .await;
    assert!(seen.lock().unwrap().is_empty());
}
