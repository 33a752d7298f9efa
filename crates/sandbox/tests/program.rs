//! The program as a shell and its user see it. Requires `sh`, `curl` and `openssl`, like the printed
//! commands.
#![cfg(all(unix, feature = "program"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails fails the test"
)]

mod common;

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// Starts the program, and returns it with its output.
async fn start(arguments: &[&str]) -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_specmill-sandbox"));
    program
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = program.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line == "Ctrl-C stops." {
            return (child, printed);
        }
        printed += &line;
        printed += "\n";
    }
    panic!("ended after printing {printed}");
}

/// Runs commands in a shell and returns their output.
async fn shell(commands: &str) -> String {
    let script = format!("alias curl='curl -sS'\n{commands}");
    let mut shell = Command::new("sh");
    // Otherwise curl would send requests to this host to a proxy of the environment.
    for name in ["http_proxy", "all_proxy", "ALL_PROXY"] {
        shell.env_remove(name);
    }
    let output = shell.args(["-c", &script]).output().await.unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{err}");
    out
}

/// The paragraph that contains a text.
fn paragraph<'a>(printed: &'a str, text: &str) -> &'a str {
    printed
        .split("\n\n")
        .find(|paragraph| paragraph.contains(text))
        .unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))
}

async fn refusal(arguments: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_specmill-sandbox"));
    let output = program.args(arguments).output().await.unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn the_printed_commands_work_when_pasted() {
    let (_child, printed) = start(&["--panther-users", "7", "--identity-center-users", "9"]).await;
    let users = json(&shell(paragraph(&printed, "/users?limit=2")).await);
    assert_eq!(users["results"].as_array().unwrap().len(), 2);
    let created = json(&shell(paragraph(&printed, "new@acme.test")).await);
    assert_eq!(created["email"], "new@acme.test");
    let listed = json(&shell(paragraph(&printed, "openssl")).await);
    assert_eq!((&listed["count"], &listed["size"]), (&9.into(), &2.into()));
    let discovery = paragraph(&printed, "curl 'http");
    assert!(json(&shell(discovery).await)["versions"].is_array());
}

#[tokio::test]
async fn faults_and_latency_follow_the_arguments() {
    let (_child, printed) = start(&[
        "--fault",
        "503,retry-after=4@next=1",
        "--fault",
        "html=502@every=2",
        "--latency",
        "50",
    ])
    .await;
    let address = printed
        .lines()
        .find_map(|line| line.strip_prefix("  export PANTHER_BASE_URL='"))
        .and_then(|rest| rest.strip_suffix('\''))
        .unwrap();
    let started = std::time::Instant::now();
    let first = common::get(address).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(50));
    assert_eq!(
        (first.status().as_u16(), &first.headers()["retry-after"]),
        (503, &"4".parse().unwrap())
    );
    assert_eq!(common::get(address).await.unwrap().status(), 502);
}

#[tokio::test]
async fn ctrl_c_ends_the_program_with_success() {
    let (mut child, _) = start(&[]).await;
    let interrupt = format!("kill -INT {}", child.id().unwrap());
    shell(&interrupt).await;
    let status = tokio::time::timeout(Duration::from_secs(10), child.wait())
        .await
        .unwrap();
    assert!(status.unwrap().success());
}

#[tokio::test]
async fn an_invalid_fault_is_refused_with_the_valid_ones() {
    let refusal = refusal(&["--fault", "explode"]).await;
    assert!(
        refusal.contains("--fault") && refusal.contains("\"explode\" is not a fault; use a status")
    );
}

#[tokio::test]
async fn a_port_in_use_is_refused_with_a_remedy() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refusal = refusal(&["--port", &port]).await;
    assert!(
        refusal.starts_with(&format!("error: cannot listen on 127.0.0.1:{port}: ")),
        "{refusal}"
    );
    assert!(refusal.contains("choose another port"));
}

#[tokio::test]
async fn base_urls_and_credentials_are_printed_as_json() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_specmill-sandbox"));
    program
        .arg("--json")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = program.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let services = json(&lines.next_line().await.unwrap().unwrap());
    let (panther, center) = (&services["panther"], &services["scp-identity-center"]);
    let response = common::client()
        .get(format!("{}/users", panther["base_url"].as_str().unwrap()))
        .header("X-API-Key", panther["api_key"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let versions = common::get(center["base_url"].as_str().unwrap()).await;
    assert_eq!(versions.unwrap().status(), 200);
    for name in ["access_key", "secret_key", "instance_id"] {
        assert!(center[name].is_string(), "{name}");
    }
}
