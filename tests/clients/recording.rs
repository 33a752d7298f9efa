//! Recordings of a live service, and clients that replay them.

use specmill::middleware::{Recorder, Replayer};
use specmill::panther::Client;
use specmill_sandbox::Fault;

use crate::support::{clock, newcomer, panther_builder, sandbox};

/// A client that sends nothing.
fn replaying(path: &std::path::Path) -> (Client, std::sync::Arc<Replayer>) {
    let replayer = std::sync::Arc::new(Replayer::open(path).unwrap());
    let client = Client::builder()
        .base_url("https://api.acme.test")
        .api_key("another key")
        .clock(clock())
        .middleware(std::sync::Arc::clone(&replayer))
        .build()
        .unwrap();
    (client, replayer)
}

#[tokio::test]
async fn what_was_recorded_is_replayed_without_a_service_and_without_secrets() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.jsonl");
    let key = sandbox.panther_api_key().to_owned();
    let panther = panther_builder(&sandbox)
        .clock(clock())
        .header("x-proxy-token", "token-of-the-proxy")
        .middleware(Recorder::create(&path).unwrap())
        .build()
        .unwrap();
    sandbox.fail_next(Fault::status(503));
    let page = panther.user_list().limit(2).send().await.unwrap();
    let created = panther.user_create().body(newcomer()).send().await;
    let created = created.unwrap();
    let echo = format!(r#"{{"message":"bad {key}","sessionToken":"token-of-the-service"}}"#);
    sandbox.fail_next(
        Fault::custom(400, "application/json", echo).header("set-cookie", "cookie-of-the-service"),
    );
    let failed = panther.user_get("u-1").send().await.unwrap_err();

    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    for secret in [&*key, "-of-the-service", "-of-the-proxy"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    drop(sandbox);
    let (panther, replayer) = replaying(&path);
    assert_eq!(panther.user_list().limit(2).send().await.unwrap(), page);
    let again = panther.user_create().body(newcomer()).send().await;
    assert_eq!(again.unwrap(), created);
    let error = panther.user_get("u-1").send().await.unwrap_err();
    assert!(error.is_bad_request());
    assert_eq!(error.message(), failed.message());
    assert_eq!(replayer.remaining(), 0);
}

#[tokio::test]
async fn what_is_not_in_the_recording_fails_and_names_the_request() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.jsonl");
    let panther = panther_builder(&sandbox)
        .middleware(Recorder::create(&path).unwrap())
        .build()
        .unwrap();
    panther.user_list().limit(2).send().await.unwrap();
    let (panther, _) = replaying(&path);
    let error = panther.user_list().limit(3).send().await.unwrap_err();
    assert!(error.is_middleware() && error.was_not_sent());
    assert_eq!(
        error.to_string(),
        "panther user_list: middleware failed: the recording has no response left for GET /users?limit=3"
    );
}

#[test]
fn a_recording_replaces_no_file_and_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.jsonl");
    Recorder::create(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    let error = Recorder::create(&path).unwrap_err();
    assert!(error.is_configuration(), "{error}");
    std::fs::write(&path, "{\"method\":\"hidden-value\"}\n").unwrap();
    let error = Replayer::open(&path).unwrap_err();
    assert!(error.to_string().ends_with("line 1 is not an exchange"));
}
