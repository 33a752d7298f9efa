//! Requests: bodies from flags and files, and the output of `--dry-run`.

use serde_json::json;
use specmill_sandbox::Sandbox;

use crate::support::Specmill;

const CREATE: &str =
    "panther user create --email x@acme.test --given-name Xu --family-name Yi --role-name Analyst";

#[tokio::test]
async fn flags_build_the_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = Specmill::on(&sandbox).run(CREATE).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let sent = sandbox.requests().last().unwrap().json().unwrap();
    assert_eq!(
        sent,
        json!({"email": "x@acme.test", "givenName": "Xu", "familyName": "Yi", "role": {"name": "Analyst"}})
    );
}

#[tokio::test]
async fn flags_change_properties_of_a_body_from_a_file() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let body =
        r#"{"email":"x@acme.test","givenName":"Xu","familyName":"Yi","role":{"name":"Analyst"}}"#;
    let arguments = "panther user create --body - --email y@acme.test --role-name Admin";
    let run = specmill.run_with_input(arguments, body).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let sent = sandbox.requests().last().unwrap().json().unwrap();
    assert_eq!(
        (&sent["email"], &sent["role"]["name"]),
        (&json!("y@acme.test"), &json!("Admin"))
    );
    let file = specmill.home.path().join("body.json");
    std::fs::write(&file, body).unwrap();
    let run = specmill
        .run(&format!("panther user create --body {}", file.display()))
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = specmill
        .run_with_input("panther user create --body -", "{")
        .await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.errors.contains("the body is not JSON"), "{run:?}");
    let run = specmill.run("panther user create --body /nowhere").await;
    assert_eq!(run.code, Some(1), "{run:?}");
}

#[tokio::test]
async fn a_file_is_sent_unchanged_without_flags() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let body = "{\"n\": 123456789012345678901234567890,\n \"a\": 1.10, \"a\": \"\\u0041\"}\n";
    specmill
        .run_with_input("panther user create --body -", body)
        .await;
    let sent = sandbox.requests().last().unwrap();
    assert_eq!(sent.body(), body.as_bytes());
    assert_eq!(sent.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_file_that_flags_cannot_change_without_loss_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    for (body, problem) in [
        (
            r#"{"n":123456789012345678901234567890}"#,
            "would be sent as 1.2345678901234568e+29",
        ),
        (r#"{"a":1,"a":2}"#, "the property a is duplicated"),
    ] {
        let run = specmill
            .run_with_input("panther user create --body - --email y@acme.test", body)
            .await;
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.errors.contains(problem), "{run:?}");
        assert!(run.errors.contains("it is sent unchanged"), "{run:?}");
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_dry_run_shows_the_request_without_credentials_and_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill.run(&format!("{CREATE} --dry-run")).await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(
        run.output
            .starts_with(&format!("POST {}/users\n", sandbox.panther_url())),
        "{run:?}"
    );
    assert!(run.output.contains("\nx-api-key: [redacted]\n"), "{run:?}");
    assert!(run.output.contains(r#""givenName":"Xu""#), "{run:?}");
    assert!(!run.output.contains(sandbox.panther_api_key()), "{run:?}");
    let run = specmill
        .run("scp user list --instance-id ssoins-12345 --all --dry-run")
        .await;
    assert!(
        run.output.contains("/v1/users?instance_id=ssoins-12345\n"),
        "{run:?}"
    );
    assert!(
        run.output.contains("\nscp-accesskey: [redacted]\n"),
        "{run:?}"
    );
    assert!(
        run.output.contains("\nscp-signature: [redacted]\n"),
        "{run:?}"
    );
    assert!(
        run.output
            .contains("\nscp-api-version: iam-identity-center 1.4\n"),
        "{run:?}"
    );
    for secret in [sandbox.access_key(), sandbox.secret_key()] {
        assert!(!run.output.contains(secret), "{run:?}");
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_dry_run_contains_no_terminal_commands() {
    let sandbox = Sandbox::start().await.unwrap();
    let create = CREATE.replace("Xu", "X\u{9b}2J\u{202e}u");
    let specmill = Specmill::on(&sandbox);
    let shown = specmill
        .run_on_terminal(&format!("{create} --dry-run"))
        .await;
    assert!(shown.starts_with("POST http://127.0.0.1:"), "{shown:?}");
    assert!(
        shown.contains(r#""givenName":"X\u{9b}2J\u{202e}u""#),
        "{shown:?}"
    );
    // The request itself contains the argument unchanged.
    let run = specmill.run(&format!("{create} --dry-run")).await;
    assert!(run.output.contains("X\u{9b}2J\u{202e}u"), "{run:?}");
}

#[tokio::test]
async fn a_dry_run_refuses_an_invalid_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = Specmill::on(&sandbox)
        .run("panther user get --id .. --dry-run")
        .await;
    assert_eq!((run.code, run.output.as_str()), (Some(2), ""), "{run:?}");
    assert!(
        run.errors.contains("would leave its place in the path"),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_credential_in_an_argument_is_redacted_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = sandbox.panther_api_key();
    let run = Specmill::on(&sandbox)
        .run(&format!("panther user list --contains {key} --dry-run"))
        .await;
    assert!(run.output.contains("?contains=[redacted]\n"), "{run:?}");
}

#[tokio::test]
async fn the_sandbox_needs_no_setting_and_ignores_the_environment() {
    let specmill = Specmill::new()
        .with("PANTHER_BASE_URL", "https://api.example.test")
        .with("PANTHER_API_KEY", "of-the-environment");
    let run = specmill.run("panther user list --sandbox --dry-run").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.output.starts_with("GET http://127.0.0.1:"), "{run:?}");
}

#[tokio::test]
async fn verbose_shows_requests_and_responses_on_standard_error_without_credentials() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill.run("panther user list --limit 1 -v").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    for part in [
        "> GET http://127.0.0.1:",
        "/users?limit=1 (panther user_list, attempt 1)\n",
        "\n> x-api-key: [redacted]\n",
        "\n< 200 OK in ",
        "\n< content-type: application/json",
        r#"< {"results":["#,
    ] {
        assert!(run.errors.contains(part), "{part} in {run:?}");
    }
    assert!(!run.errors.contains(sandbox.panther_api_key()), "{run:?}");
    let quiet = specmill.run("panther user list --limit 1").await;
    assert_eq!(quiet.output, run.output);
}
