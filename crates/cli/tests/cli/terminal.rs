//! At a terminal the command asks for confirmation, shows waits, and fits tables to
//! the width.

use std::time::Duration;

use specmill_sandbox::{Fault, Sandbox};

use crate::support::Specmill;

#[tokio::test]
async fn a_delete_requires_confirmation() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let id = &sandbox.panther_user_ids()[0];
    let delete = format!("panther user delete {id}");
    let question = format!("DELETE {}/users/{id}", sandbox.panther_url());
    let (code, shown) = specmill.converse(&delete, &[("[y/N] ", "\n")]).await;
    assert_eq!(code, Some(130), "{shown}");
    assert!(
        shown.contains(&question) && shown.contains("Nothing was sent."),
        "{shown}"
    );
    assert_eq!(sandbox.requests().count(), 0);
    let (code, shown) = specmill.converse(&delete, &[("[y/N] ", "y\n")]).await;
    assert_eq!(code, Some(0), "{shown}");
    let id = &sandbox.panther_user_ids()[0];
    let (code, shown) = specmill
        .converse(&format!("panther user delete {id} --yes"), &[])
        .await;
    assert_eq!((code, shown.contains("[y/N]")), (Some(0), false), "{shown}");
    // Without a terminal, there is no prompt.
    let id = &sandbox.panther_user_ids()[0];
    let run = specmill.run(&format!("panther user delete {id}")).await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn a_table_fits_the_terminal_and_hidden_columns_are_listed() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let (code, shown) = specmill.converse("panther user list --limit 2", &[]).await;
    assert_eq!(code, Some(0), "{shown}");
    let table: Vec<&str> = shown.lines().take(3).collect();
    assert_eq!(
        table[0].split_whitespace().collect::<Vec<_>>(),
        ["id", "email", "enabled", "familyName"],
        "{shown}"
    );
    assert!(
        table.iter().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
    assert!(
        shown.contains(" columns are hidden: givenName, role.id, "),
        "{shown}"
    );
    let (_, shown) = specmill
        .converse("panther user list --limit 2 --columns email,role.name", &[])
        .await;
    assert!(!shown.contains("hidden"), "{shown}");
}

#[tokio::test]
async fn a_wait_for_a_retry_is_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let fault = || Fault::status(429).retry_after(Duration::from_secs(1));
    let line = "429 Too Many Requests";
    sandbox.fail_next(fault());
    let (code, shown) = specmill.converse("panther user list --limit 1", &[]).await;
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains(line) && shown.contains(": retrying in 1."),
        "{shown}"
    );
    sandbox.fail_next(fault());
    let run = specmill.run("panther user list -v").await;
    assert!(run.errors.contains(": retrying in 1."), "{run:?}");
    sandbox.fail_next(fault());
    let run = specmill.run("panther user list --limit 60").await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{run:?}");
}
