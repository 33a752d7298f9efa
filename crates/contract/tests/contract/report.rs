//! The report of the checks.

use specmill_contract::{Calls, Check, Expected, Log, Verdict, judge, summary};

fn expected(operations: &[&str], skipped: usize) -> Expected {
    let mut expected = Expected::default();
    expected.operations = operations.iter().map(|&one| one.to_owned()).collect();
    expected.skipped = skipped;
    expected
}

fn log(requests: usize, violations: &[&str]) -> Log {
    let mut log = Log::default();
    log.requests = requests;
    log.violations = violations.iter().map(|&one| one.to_owned()).collect();
    log
}

fn problems(verdict: Verdict) -> Vec<String> {
    match verdict {
        Verdict::Failed { problems, .. } => problems,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn successful_calls_pass() {
    let calls = Calls::read("passed GET /users (required)\npassed GET /users (all)\n");
    let verdict = judge(&calls, &log(2, &[]), &expected(&["GET /users"], 1), vec![]);
    let said = Check::new("acme", "Prism", verdict).to_string();
    assert_eq!(
        said,
        "acme: Prism: passed: 2 calls of 1 operation, no violation; 1 operation skipped by the generator"
    );
}

#[test]
fn a_violation_fails_even_if_the_call_succeeded() {
    let calls = Calls::read("passed GET /users (required)\n");
    let log = log(1, &["GET /users: request.query.limit must be <= 60"]);
    let verdict = judge(&calls, &log, &expected(&["GET /users"], 0), vec![]);
    assert_eq!(
        problems(verdict),
        ["GET /users: request.query.limit must be <= 60"]
    );
}

#[test]
fn a_failed_call_fails_even_without_a_violation() {
    let calls = Calls::read("failed GET /users (all): the response cannot be read\n");
    let verdict = judge(&calls, &log(1, &[]), &expected(&["GET /users"], 0), vec![]);
    assert_eq!(
        problems(verdict),
        ["GET /users (all): the response cannot be read"]
    );
}

#[test]
fn an_operation_that_was_not_called_fails() {
    let calls = Calls::read("passed GET /users (required)\n");
    let operations = expected(&["GET /users", "POST /users"], 0);
    let found = problems(judge(&calls, &log(1, &[]), &operations, vec![]));
    assert_eq!(
        found,
        ["POST /users: was not called: a required value could not be made"]
    );
}

#[test]
fn a_log_without_every_call_fails() {
    let calls = Calls::read("passed GET /users (required)\n");
    let found = problems(judge(
        &calls,
        &log(0, &[]),
        &expected(&["GET /users"], 0),
        vec![],
    ));
    assert_eq!(found, ["Prism logged 0 requests of 1 call"]);
}

#[test]
fn a_failure_shows_the_first_problems_and_the_file_with_all() {
    let problems: Vec<String> = (1..=12).map(|number| format!("problem {number}")).collect();
    let printed = vec!["target/contract/printed/acme-redocly.txt".into()];
    let check = Check::new(
        "acme",
        "Redocly",
        Verdict::of(problems, String::new(), printed),
    );
    let said = check.to_string();
    assert!(
        said.starts_with("acme: Redocly: FAILED: 12 problems\n  problem 1\n"),
        "{said}"
    );
    assert!(
        said.ends_with(
            "\n  problem 10\n  … 2 more\n  --> target/contract/printed/acme-redocly.txt"
        ),
        "{said}"
    );
}

#[test]
fn a_skipped_check_has_a_reason() {
    let check = Check::new(
        "acme",
        "schemathesis",
        Verdict::Skipped("there is no sandbox of it".into()),
    );
    assert_eq!(
        check.to_string(),
        "acme: schemathesis: skipped: there is no sandbox of it"
    );
}

#[test]
fn the_last_line_counts_the_results() {
    let check = |verdict| Check::new("acme", "Prism", verdict);
    let passed = || check(Verdict::Passed("all".into()));
    assert_eq!(summary(&[passed()]), "1 check: 1 passed");
    let failed = check(Verdict::of(vec!["bad".into()], String::new(), vec![]));
    let skipped = check(Verdict::Skipped("no sandbox".into()));
    assert_eq!(
        summary(&[passed(), failed, skipped, passed()]),
        "4 checks: 2 passed, 1 FAILED, 1 skipped"
    );
}
