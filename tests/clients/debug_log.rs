//! The log of heads and bodies.

use std::sync::{Arc, Mutex};

use specmill::middleware::DebugLog;
use specmill::panther::Client;
use specmill_sandbox::{Fault, Sandbox};

use crate::support::{clock, deserted, newcomer, panther_builder, sandbox};

type Lines = Arc<Mutex<Vec<String>>>;

fn logged(sandbox: &Sandbox, log: impl FnOnce(DebugLog) -> DebugLog) -> (Client, Lines) {
    let lines = Lines::default();
    let kept = Arc::clone(&lines);
    let to_lines = DebugLog::new(move |line| kept.lock().unwrap().push(line.to_owned()));
    let builder = panther_builder(sandbox)
        .clock(clock())
        .header("x-team", "secret of the team")
        .middleware(log(to_lines));
    (builder.build().unwrap(), lines)
}

fn text(lines: &Lines) -> String {
    lines.lock().unwrap().join("\n")
}

#[tokio::test]
async fn it_shows_heads_and_bodies_and_no_secret() {
    let sandbox = sandbox().await;
    let (panther, lines) = logged(&sandbox, |log| log);
    let key = sandbox.panther_api_key().to_owned();
    let response = format!(
        r#"{{"email":"new@acme.test","accessToken":"token-of-the-service","note":"{key}"}}"#
    );
    sandbox.fail_next(
        Fault::custom(409, "application/json", response)
            .header("set-cookie", "cookie-of-the-service")
            .header("x-request-id", "r-1"),
    );
    let call = panther.user_create().body(newcomer());
    call.send().await.unwrap_err();
    let text = text(&lines);
    for part in [
        "> POST http://127.0.0.1:",
        "(panther user_create, attempt 1)",
        "> content-type: application/json",
        "> x-team: [redacted]",
        "> x-api-key: [redacted]",
        r#""email":"new@acme.test""#,
        "< 409 Conflict in ",
        "< set-cookie: [redacted]",
        "< x-request-id: r-1",
        r#""accessToken":"[redacted]""#,
        r#""note":"[redacted]""#,
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    for secret in [&*key, "secret of the team", "-of-the-service"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
}

#[tokio::test]
async fn it_cuts_bodies_and_leaves_them_out_where_told() {
    let sandbox = sandbox().await;
    let (panther, lines) = logged(&sandbox, |log| log.max_body_bytes(10));
    panther.user_list().send().await.unwrap();
    let longest = lines.lock().unwrap().iter().map(String::len).max();
    assert!(longest.unwrap() < 120, "{}", text(&lines));
    assert!(text(&lines).contains(" bytes in all]"));

    let (panther, lines) = logged(&sandbox, |log| log.bodies(false));
    panther.user_list().send().await.unwrap();
    assert!(!text(&lines).contains("results"));
}

#[tokio::test]
async fn bytes_are_counted_and_a_line_commands_no_terminal() {
    let sandbox = sandbox().await;
    let (panther, lines) = logged(&sandbox, |log| log);
    sandbox.fail_next(Fault::custom(400, "image/png", &b"\x89PNG\x00"[..]));
    sandbox.fail_next(Fault::custom(400, "text/plain", "red\u{202e}\tline\nnext"));
    for _ in 0..2 {
        panther.user_list().send().await.unwrap_err();
    }
    let text = text(&lines);
    assert!(text.contains("\n< [5 bytes]"), "{text}");
    assert!(text.contains("\n< red  line\n< next"), "{text}");
}

#[tokio::test]
async fn a_failure_without_a_response_is_a_line() {
    let sandbox = sandbox().await;
    let lines = Lines::default();
    let kept = Arc::clone(&lines);
    let panther = panther_builder(&sandbox)
        .base_url(format!("http://{}", deserted().await))
        .retry(specmill::RetryPolicy::none())
        .middleware(DebugLog::new(move |line| {
            kept.lock().unwrap().push(line.to_owned());
        }))
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap_err();
    let last = lines.lock().unwrap().last().unwrap().clone();
    assert!(last.starts_with("! could not connect"), "{last}");
}
