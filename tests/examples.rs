//! The examples run and print the expected output.

#![cfg(all(feature = "panther", feature = "scp"))]
#![allow(clippy::expect_used, reason = "what fails in a helper fails its test")]

use std::path::PathBuf;
use std::process::{Command, Output};

use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

/// The program, which `cargo test` builds together with this test.
fn program(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("this program has a path");
    path.pop();
    path.pop();
    path.push("examples");
    path.push(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is missing: run `cargo build --examples`",
        path.display()
    );
    path
}

fn run(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(program(name))
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the example starts")
}

/// The output of a successful run.
fn printed(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = run(name, arguments, variables);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The error message of a failing run.
fn error_of(name: &str, arguments: &[&str]) -> String {
    let output = run(name, arguments, &[]);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("it prints text")
}

/// The environment variables of a sandbox.
fn environment(sandbox: &Sandbox) -> [(&'static str, &str); 6] {
    [
        ("PANTHER_BASE_URL", sandbox.panther_url()),
        ("PANTHER_API_KEY", sandbox.panther_api_key()),
        ("SCP_BASE_URL", sandbox.identity_center_url()),
        ("SCP_ACCESS_KEY", sandbox.access_key()),
        ("SCP_SECRET_KEY", sandbox.secret_key()),
        ("SCP_INSTANCE_ID", sandbox.instance_id()),
    ]
}

const TOUR: &str = "\
created Ann Tour
read tour@acme.test, enabled: true
updated to Ann Tourist
listed tour@acme.test
deleted the user
gone
10 people in Identity Center
  ann.lee.0 Ann Lee
  ben.abara.1 Ben Abara
  chloe.brown.2 Chloé Brown
";

#[test]
fn the_tour_shows_every_operation() {
    assert_eq!(printed("tour", &[], &[]), TOUR);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_runs_on_the_services_of_the_environment_and_leaves_nothing_behind() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let before = sandbox.panther_user_ids();
    let arguments = ["--live", "tour@acme.test"];
    assert_eq!(printed("tour", &arguments, &environment(&sandbox)), TOUR);
    assert_eq!(sandbox.panther_user_ids(), before);
}

#[test]
fn the_tour_prints_its_usage() {
    assert_eq!(
        error_of("tour", &["--help"]),
        "usage: tour [--live EMAIL]\n"
    );
    assert_eq!(
        error_of("tour", &["--live", "a@acme.test"]),
        "invalid configuration: the environment variable PANTHER_BASE_URL is not set: set it\n"
    );
}

const DIFFERENCE: &str = "\
Identity Center has 10 people, Panther 9 users
+ jose.park.8@acme.test (José Park)
+ kim.rossi.9@acme.test (Kim Rossi)
- lea.left@acme.test (Lea Left)
";

#[test]
fn reconcile_changes_nothing_without_apply() {
    assert_eq!(
        printed("reconcile", &[], &[]),
        format!(
            "{DIFFERENCE}nothing was changed; --apply creates those with + and deletes those with -\n"
        )
    );
    assert_eq!(
        printed("reconcile", &["--apply", "--max-deletions", "20"], &[]),
        format!("{DIFFERENCE}created 2, deleted 1\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_makes_panther_follow_identity_center_and_then_finds_nothing_to_do() {
    let sandbox = Sandbox::builder()
        .panther_users(130)
        .identity_center_users(125)
        .start()
        .await
        .expect("a sandbox");
    let environment = environment(&sandbox);
    let live = ["--live", "--domain", "acme.test"];
    let dry = printed("reconcile", &live, &environment);
    assert_eq!(dry.lines().count(), 1 + 5 + 1, "{dry}");
    let requests = sandbox.requests();
    assert_eq!(requests.count_of(Operation::UserDelete), 0);

    let apply = ["--live", "--domain", "acme.test", "--apply"];
    let applied = printed("reconcile", &apply, &environment);
    assert!(applied.ends_with("created 0, deleted 5\n"), "{applied}");
    assert_eq!(requests.count_of(Operation::UserDelete), 5);
    assert_eq!(requests.count_of(Operation::UserCreate), 0);
    assert_eq!(
        printed("reconcile", &apply, &environment),
        "Identity Center has 125 people, Panther 125 users\ncreated 0, deleted 0\n"
    );
}

#[test]
fn reconcile_refuses_to_delete_more_than_a_tenth_by_default() {
    let output = run("reconcile", &["--apply"], &[]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), DIFFERENCE);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "nothing was changed: 1 of 9 users would be deleted, which is more than 10 %; if that is right, allow more with \
         --max-deletions\n"
    );
    let output = run("reconcile", &["--apply", "--max-deletions", "0"], &[]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("more than 0 %"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_deletes_and_creates_nobody_beyond_its_share() {
    // Ten of a hundred users may be deleted, eleven may not.
    for (people, deleted) in [(90, Some(10)), (89, None), (0, None)] {
        let sandbox = Sandbox::builder()
            .panther_users(100)
            .identity_center_users(people)
            .start()
            .await
            .expect("a sandbox");
        let arguments = ["--live", "--domain", "acme.test", "--apply"];
        let output = run("reconcile", &arguments, &environment(&sandbox));
        assert_eq!(output.status.success(), deleted.is_some(), "{people}");
        let left = 100 - deleted.unwrap_or_default();
        assert_eq!(sandbox.panther_user_ids().len(), left, "{people}");
        let requests = sandbox.requests();
        assert_eq!(requests.count_of(Operation::UserCreate), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_deletes_nobody_where_identity_center_is_empty() {
    let sandbox = Sandbox::builder()
        .identity_center_users(0)
        .start()
        .await
        .expect("a sandbox");
    let arguments = [
        "--live",
        "--domain",
        "acme.test",
        "--apply",
        "--max-deletions",
        "100",
    ];
    let output = run("reconcile", &arguments, &environment(&sandbox));
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Identity Center has nobody: that is no reason to delete everybody\n"
    );
    assert_eq!(sandbox.panther_user_ids().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_deletes_nobody_where_the_list_of_people_ends_too_early() {
    for fault in [
        Fault::response().empty_list(),
        Fault::response().ignoring_page(),
    ] {
        let sandbox = Sandbox::builder()
            .panther_users(300)
            .identity_center_users(300)
            .start()
            .await
            .expect("a sandbox");
        let first = Faults::new().next(1, Fault::response().on(Operation::ListUsers));
        sandbox.faults(first.next(20, fault.on(Operation::ListUsers)));
        let arguments = [
            "--live",
            "--domain",
            "acme.test",
            "--apply",
            "--max-deletions",
            "100",
        ];
        let output = run("reconcile", &arguments, &environment(&sandbox));
        assert!(!output.status.success());
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "scp-identity-center list_users: the listing ended after 100 of the 300 items that the service \
             reported, at page 1\n"
        );
        assert_eq!(sandbox.panther_user_ids().len(), 300);
    }
}

#[test]
fn reconcile_prints_its_usage() {
    assert_eq!(
        error_of("reconcile", &["--force"]),
        "usage: reconcile [--live --domain DOMAIN] [--apply] [--max-deletions PERCENT]\n"
    );
    assert_eq!(
        error_of("reconcile", &["--max-deletions", "101"]),
        "--max-deletions needs a whole number from 0 to 100\n"
    );
    assert_eq!(
        error_of("reconcile", &["--live"]),
        "--live needs the --domain of your users' email addresses\n"
    );
}

const ERRORS: &str = include_str!("examples/errors.txt");

#[test]
fn errors_shows_the_line_and_the_predicates_of_each_failure() {
    assert_eq!(printed("errors", &[], &[]), ERRORS);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_shows_the_harmless_failures_on_the_service_of_the_environment() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let shown = printed("errors", &["--live"], &environment(&sandbox));
    assert!(
        ERRORS.starts_with(&shown) && shown.lines().count() == 20,
        "{shown}"
    );
    assert_eq!(sandbox.panther_user_ids().len(), 10);
}

#[test]
fn a_small_soak_is_flat_and_loses_no_call() {
    let printed = printed("soak", &["2000", "16"], &[]);
    let last = printed.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("2000 calls, ") && last.ends_with(" requests, 16 at a time, none failed"),
        "{printed}"
    );
    assert_eq!(printed.lines().count(), 11);
}
