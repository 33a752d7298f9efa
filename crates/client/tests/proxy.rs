//! Proxies that the environment names are used, but never for this host.
#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::sync::{Arc, Mutex};

use specmill_client::operation::{Idempotency, Method, Operation};
use specmill_client::{Api, Authentication, CallOptions, Settings};
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
    idempotency: Idempotency::ByMethod,
};

/// Answers whatever comes, and keeps the first line of it.
async fn listen() -> (String, Arc<Mutex<Vec<String>>>) {
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
            socket
                .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
                .await
                .unwrap();
        }
    });
    (address, lines)
}

/// Where to call, in the environment of the process that a test begins anew: proxies are read when a process begins.
const TARGET: &str = "SPECMILL_TEST_PROXY_TARGET";

/// Runs a test again with a proxy in the environment.
async fn again(test: &str, proxy: &str, target: &str) {
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

async fn called_as_told() -> bool {
    let Ok(target) = std::env::var(TARGET) else {
        return false;
    };
    let client = Settings::new(&API)
        .allow_http(true)
        .build(&target, Authentication::bearer("t"))
        .unwrap();
    client
        .call(&PING, CallOptions::default())
        .send_empty()
        .await
        .unwrap();
    true
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used() {
    if called_as_told().await {
        return;
    }
    let (proxy, seen) = listen().await;
    again(
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
async fn calls_to_this_host_go_through_no_proxy() {
    if called_as_told().await {
        return;
    }
    let ((proxy, by_proxy), (target, direct)) = (listen().await, listen().await);
    again("calls_to_this_host_go_through_no_proxy", &proxy, &target).await;
    assert!(by_proxy.lock().unwrap().is_empty());
    assert_eq!(*direct.lock().unwrap(), ["GET /ping HTTP/1.1"]);
}
