//! The command line selects the shown part of a response.

use serde_json::{Value, json};
use specmill_sandbox::{Fault, Sandbox};

use crate::support::{Run, Specmill};

const USERS: &str = r#"{"results":[
    {"id":"a","n":10,"role":{"name":"X"},"on":true},
    {"id":"b","n":9,"role":{"name":"Y"},"on":false},
    {"id":"c","on":true}]}"#;

async fn users(arguments: &str) -> Run {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::custom(200, "application/json", USERS));
    Specmill::on(&sandbox)
        .run(&format!("panther user list {arguments}"))
        .await
}

async fn json_of(arguments: &str) -> Value {
    let run = users(arguments).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.output).unwrap()
}

#[tokio::test]
async fn columns_are_chosen_in_any_form() {
    let run = users("--columns role.name,id -o csv").await;
    assert_eq!(run.output, "role.name,id\nX,a\nY,b\n,c\n");
    let run = users("--columns role.name,id -o table").await;
    assert_eq!(
        run.output,
        "role.name  id\nX          a\nY          b\n           c\n"
    );
    assert_eq!(
        json_of("--columns id,role.name --max-items 1").await,
        json!([{"id": "a", "role.name": "X"}])
    );
}

#[tokio::test]
async fn a_column_that_no_item_has_is_reported() {
    let run = users("--columns id,emial -o csv").await;
    assert_eq!(
        (run.code, run.errors.as_str()),
        (Some(0), "No item has a value for emial.\n")
    );
}

#[tokio::test]
async fn items_are_sorted_by_columns() {
    for (keys, ids) in [("n", "bac"), ("-n", "abc"), ("-on,id", "acb")] {
        let sorted = json_of(&format!("--sort={keys} --columns id")).await;
        let sorted: String = sorted
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["id"].as_str())
            .collect();
        assert_eq!(sorted, ids, "{keys}");
    }
}

#[tokio::test]
async fn a_condition_keeps_items_and_a_query_finds_values() {
    assert_eq!(
        json_of("--filter @.on==true --columns id").await,
        json!([{"id": "a"}, {"id": "c"}])
    );
    assert_eq!(json_of("--filter $[?@.n>9].role.name").await, json!(["X"]));
    let run = users("--filter @.on=true").await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.errors.contains("invalid JSONPath at character "),
        "{run:?}"
    );
}

#[tokio::test]
async fn yaml_is_one_sequence() {
    let run = users("-o yaml --max-items 2 --columns id,on").await;
    assert_eq!(run.output, "- id: a\n  on: true\n- id: b\n  on: false\n");
    let run = users("-o yaml --filter @.none").await;
    assert_eq!(run.output, "[]\n");
}

#[tokio::test]
async fn a_number_that_yaml_would_change_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"results":[{"id":12345678901234567890123}]}"#;
    sandbox.fail_next(Fault::custom(200, "application/json", body));
    let run = Specmill::on(&sandbox)
        .run("panther user list -o yaml")
        .await;
    assert_eq!(run.code, Some(9), "{run:?}");
    assert!(
        run.errors
            .contains("12345678901234567890123 would be sent as"),
        "{run:?}"
    );
}

#[tokio::test]
async fn no_more_pages_are_read_than_the_items_need() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill
        .run("panther user list --limit 2 --max-items 3")
        .await;
    let items: Vec<Value> = serde_json::from_str(&run.output).unwrap();
    assert_eq!((run.code, items.len()), (Some(0), 3), "{run:?}");
    // The page after the last one may already be in flight.
    assert!(sandbox.requests().count() <= 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_is_private_and_complete() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let file = specmill.home.path().join("users");
    let arguments = format!("panther user list --output-file {}", file.display());
    for form in ["", "-o csv --columns id"] {
        std::fs::remove_file(&file).ok();
        let run = specmill.run(&format!("{arguments} {form}")).await;
        assert_eq!((run.code, run.output.as_str()), (Some(0), ""), "{run:?}");
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{form}");
    }
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("id\n"), "{written}");
    sandbox.fail_next_n(9, Fault::status(500));
    let run = specmill
        .run(&format!("{arguments} -o csv --timeout 1"))
        .await;
    assert_eq!(run.code, Some(7), "{run:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    let files = std::fs::read_dir(specmill.home.path()).unwrap().count();
    assert_eq!(files, 1, "nothing else is left");
}

#[tokio::test]
async fn an_id_is_an_argument_or_a_flag() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let id = &sandbox.panther_user_ids()[0];
    let flag = specmill.run(&format!("panther user get --id {id}")).await;
    let argument = specmill.run(&format!("panther user get {id}")).await;
    assert_eq!((flag.code, &flag.output), (Some(0), &argument.output));
    for (arguments, problem) in [
        (
            "panther user get",
            "error: --id is missing\n  pass ID as an argument, or with --id\n",
        ),
        (
            "panther user get --id a b",
            "error: unexpected argument b\n",
        ),
    ] {
        let run = specmill.run(arguments).await;
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.errors.starts_with(problem), "{run:?}");
    }
}

#[tokio::test]
async fn errors_name_the_flag_and_suggest_the_intended_one() {
    for (arguments, says) in [
        (
            "panther user list --limit 61",
            "error: the value of --limit must be at most 60",
        ),
        (
            "panther user list --limti 1",
            "a similar argument exists: '--limit'",
        ),
        (
            "panther usr list",
            "similar subcommands exist: 'users', 'user'",
        ),
        (
            "help panther usr",
            "similar subcommands exist: 'users', 'user'",
        ),
    ] {
        let run = Specmill::new().run(&format!("{arguments} --sandbox")).await;
        let run = if arguments.starts_with("help") {
            Specmill::new().run(arguments).await
        } else {
            run
        };
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.errors.contains(says), "{run:?}");
    }
}
