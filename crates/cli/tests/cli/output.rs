//! Data is written to standard output, in the selected format and without terminal commands.

use specmill_sandbox::{Fault, Sandbox};

use crate::support::Specmill;

#[tokio::test]
async fn json_is_the_default_without_a_terminal() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = &sandbox.panther_user_ids()[0];
    let run = Specmill::on(&sandbox)
        .run(&format!("panther user get --id {id}"))
        .await;
    let user: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!(user["email"], "ann.lee.0@acme.test");
}

#[tokio::test]
async fn numbers_and_the_order_of_properties_are_unchanged() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"results":[{"z":12345678901234567890123,"a":1.10,"email":"x"}]}"#;
    sandbox.fail_next(Fault::custom(200, "application/json", body));
    let run = Specmill::on(&sandbox).run("panther user list").await;
    assert_eq!(
        run.output,
        "[\n  {\n    \"z\": 12345678901234567890123,\n    \"a\": 1.10,\n    \"email\": \"x\"\n  }\n]\n"
    );
}

#[tokio::test]
async fn text_of_the_service_contains_no_terminal_commands() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let body = r#"{"results":[{"email":"\u001b]0;x\u0007","givenName":"a\nb\u202e"}],"next":"\u001b[2J'; rm"}"#;
    for (format, hidden) in [("table", true), ("json", true)] {
        sandbox.fail_next(Fault::custom(200, "application/json", body));
        let run = specmill
            .run(&format!("panther user list -o {format}"))
            .await;
        assert_eq!(run.code, Some(0));
        let raw = |text: &str| text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
        assert_eq!(!raw(&run.output), hidden, "{run:?}");
        assert!(!raw(&run.errors), "{run:?}");
        // A suggested argument must remain a single argument when it is pasted.
        assert!(run.errors.contains(r"'\u{1b}[2J'\''; rm'"), "{run:?}");
    }
}

#[tokio::test]
async fn csv_quotes_delimiters() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"results":[{"email":"a,b","givenName":"c\"d\ne"}]}"#;
    sandbox.fail_next(Fault::custom(200, "application/json", body));
    let run = Specmill::on(&sandbox).run("panther user list -o csv").await;
    assert!(
        run.output.contains("\"a,b\"") && run.output.contains("\"c\"\"d\ne\""),
        "{run:?}"
    );
}

#[tokio::test]
async fn an_empty_response_writes_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = &sandbox.panther_user_ids()[0];
    let run = Specmill::on(&sandbox)
        .run(&format!("panther user delete --id {id}"))
        .await;
    assert_eq!(
        (run.code, run.output.as_str(), run.errors.as_str()),
        (Some(0), "", "")
    );
    assert_eq!(sandbox.panther_user_ids().len(), 9);
}

#[tokio::test]
async fn an_item_that_nests_too_deep_for_a_table_is_an_error_and_valid_as_json() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let deep = "[".repeat(300) + &"]".repeat(300);
    let body = format!("{{\"results\":[{{\"email\":{deep}}}]}}");
    sandbox.fail_next(Fault::custom(200, "application/json", body.clone()));
    let run = specmill.run("panther user list -o table").await;
    assert_eq!(run.code, Some(9), "{run:?}");
    assert!(run.errors.contains("--output json"), "{run:?}");
    sandbox.fail_next(Fault::custom(200, "application/json", body));
    let run = specmill.run("panther user list -o json").await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    let plain: String = run.output.split_whitespace().collect();
    assert_eq!(plain, format!("[{{\"email\":{deep}}}]"));
}
