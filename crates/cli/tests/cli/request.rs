//! Requests that no operation describes use the settings of an API.

use specmill_sandbox::Sandbox;

use crate::support::Specmill;

#[tokio::test]
async fn a_path_is_called_with_its_query_and_the_credentials() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill
        .run("api get /users?limit=1 --api panther --filter $.results[0].email")
        .await;
    assert_eq!(
        (run.code, run.output.as_str()),
        (Some(0), "\"ann.lee.0@acme.test\"\n"),
        "{run:?}"
    );
    let run = specmill.run("api GET /nowhere --api panther").await;
    assert_eq!(run.code, Some(5), "{run:?}");
    assert!(
        run.errors.starts_with("error: panther GET /nowhere: 404"),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_body_is_sent_unchanged() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let body =
        r#"{"email":"x@acme.test", "givenName":"Xu","familyName":"Yi","role":{"name":"Admin"}}"#;
    let run = specmill
        .run_with_input("api POST /users --api panther --body -", body)
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.output.contains("x@acme.test"), "{run:?}");
    let run = specmill
        .run_with_input("api POST /users --api panther --body -", "{")
        .await;
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[tokio::test]
async fn nothing_is_sent_elsewhere() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    for path in [
        "users",
        "//evil.test/",
        "https://evil.test/",
        "/../x",
        "/a/%2e%2e/b",
        "/a\\b",
    ] {
        let run = specmill.run(&format!("api GET {path} --api panther")).await;
        assert_eq!(run.code, Some(2), "{path}: {run:?}");
    }
    assert_eq!(sandbox.requests().count(), 0);
    let run = specmill.run("api GET /users").await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.errors.contains("--api <NAME>"), "{run:?}");
}
