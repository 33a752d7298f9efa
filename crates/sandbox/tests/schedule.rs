//! The requests that faults apply to, and the text form of schedules.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use std::time::Duration;

use common::{answered, panther_get};
use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

async fn list_statuses(sandbox: &Sandbox, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(panther_get(sandbox, "/users").await.status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_fault_applies_to_the_next_n_requests_of_its_operation_only() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::status(503).on(Operation::UserList));
    let user = format!("/users/{}", sandbox.panther_user_ids()[0]);
    answered(panther_get(&sandbox, &user).await, 200).await;
    assert_eq!(list_statuses(&sandbox, 3).await, [503, 503, 200]);
}

#[tokio::test]
async fn a_fault_for_one_operation_does_not_block_later_faults() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(503).on(Operation::ListUsers));
    sandbox.fail_next(Fault::status(502));
    assert_eq!(list_statuses(&sandbox, 2).await, [502, 200]);
}

#[tokio::test]
async fn the_last_seed_applies_and_planned_faults_stay() {
    let struck = async |faults: Faults| {
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.faults(faults.rate(0.5, Fault::status(503)));
        list_statuses(&sandbox, 32).await
    };
    let planned = || Faults::seeded(1).next(1, Fault::status(502));
    let expected = struck(Faults::seeded(7).next(1, Fault::status(502))).await;
    assert_eq!(struck(planned().seed(7)).await, expected);
    assert_ne!(struck(planned()).await, expected);
    assert_eq!(expected[0], 502);
}

#[tokio::test]
async fn a_fault_applies_to_every_nth_request() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(3, Fault::status(503).on(Operation::UserList)));
    assert_eq!(
        list_statuses(&sandbox, 7).await,
        [200, 200, 503, 200, 200, 503, 200]
    );
    sandbox.faults(Faults::new());
    assert_eq!(list_statuses(&sandbox, 3).await, [200; 3]);
}

#[tokio::test]
async fn the_seed_selects_the_share_of_affected_requests() {
    let weather = |seed| {
        Faults::seeded(seed)
            .rate(0.2, Fault::status(429))
            .rate(0.1, Fault::status(503))
    };
    let first = Sandbox::builder().faults(weather(7)).start().await.unwrap();
    let statuses = list_statuses(&first, 300).await;
    let count = |status| statuses.iter().filter(|s| **s == status).count();
    assert!((40..=80).contains(&count(429)), "{}", count(429));
    assert!((15..=45).contains(&count(503)), "{}", count(503));
    first.faults(weather(7));
    assert_eq!(list_statuses(&first, 300).await, statuses);
    first.faults(weather(8));
    assert_ne!(list_statuses(&first, 300).await, statuses);
}

#[tokio::test]
async fn a_share_of_one_operation_does_not_affect_others() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().rate(1.0, Fault::status(503).on(Operation::ListUsers)));
    assert_eq!(list_statuses(&sandbox, 3).await, [200; 3]);
    sandbox.faults(Faults::new().rate(1.0, Fault::status(503).on(Operation::UserList)));
    assert_eq!(list_statuses(&sandbox, 3).await, [503; 3]);
}

#[tokio::test]
async fn scripted_faults_do_not_shift_random_ones() {
    let weather = || Faults::seeded(3).rate(0.3, Fault::status(429));
    let sandbox = Sandbox::builder().faults(weather()).start().await.unwrap();
    let statuses = list_statuses(&sandbox, 40).await;
    sandbox.faults(weather().next(5, Fault::status(502)));
    assert_eq!(list_statuses(&sandbox, 40).await[5..], statuses[5..]);
}

#[test]
fn a_fault_can_be_parsed_from_text() {
    let seconds = Duration::from_secs;
    for (text, fault) in [
        (
            "429,retry-after=2",
            Fault::status(429).retry_after(seconds(2)),
        ),
        (
            "429,retry-after-date=2",
            Fault::status(429).retry_after_date(seconds(2)),
        ),
        (
            "html=502,drip=5",
            Fault::html(502).drip(1, Duration::from_millis(5)),
        ),
        (
            "empty=500,delayed=9",
            Fault::empty(500).delayed(Duration::from_millis(9)),
        ),
        ("redirect=307", Fault::redirect(307)),
        (
            "reset,after-effect,on=user_create",
            Fault::reset().after_effect().on(Operation::UserCreate),
        ),
        ("close", Fault::close()),
        ("hang", Fault::hang()),
        ("truncated", Fault::response().truncated()),
        (
            "response,truncated-chunked",
            Fault::response().truncated_chunked(),
        ),
        ("endless", Fault::response().endless()),
        ("500,huge=2147483648", Fault::status(500).huge(1 << 31)),
        (
            "unknown-fields, unknown-values, nulls",
            Fault::response().unknown_fields().unknown_values().nulls(),
        ),
        (
            "null-list,empty-cursor",
            Fault::response().null_list().empty_cursor(),
        ),
        ("empty-list", Fault::response().empty_list()),
        (
            "ignoring-page,ignoring-size",
            Fault::response().ignoring_page().ignoring_size(),
        ),
        ("repeating-cursor", Fault::response().repeating_cursor()),
    ] {
        assert_eq!(text.parse(), Ok(fault), "{text}");
    }
}

#[test]
fn a_schedule_can_be_parsed_from_text() {
    let fault = || Fault::status(503);
    let parsed = |text| Faults::seeded(4).parse(text).unwrap();
    assert_eq!(parsed("503"), Faults::seeded(4).every(1, fault()));
    assert_eq!(parsed("503@always"), Faults::seeded(4).every(1, fault()));
    assert_eq!(parsed("503@next=2"), Faults::seeded(4).next(2, fault()));
    assert_eq!(parsed("503@every=9"), Faults::seeded(4).every(9, fault()));
    assert_eq!(parsed("503@2.5%"), Faults::seeded(4).rate(0.025, fault()));
}

#[test]
fn an_invalid_fault_is_refused_with_a_remedy() {
    for (text, part, remedy) in [
        ("", "\"\"", "use a status"),
        ("explode", "\"explode\"", "use a status"),
        ("42", "\"42\"", "200 to 999"),
        ("html", "\"html\"", "200 to 999"),
        ("503,drip=slow", "\"drip=slow\"", "whole number"),
        ("503,soon", "\"soon\"", "retry-after=SECONDS"),
        ("503,on=user_lost", "\"user_lost\"", "not an operation"),
        ("503@sometimes", "\"sometimes\"", "every=NTH"),
        ("503@101%", "\"101%\"", "every=NTH"),
    ] {
        let error = Faults::new().parse(text).unwrap_err().to_string();
        assert!(
            error.contains(part) && error.contains(remedy),
            "{text}: {error}"
        );
    }
}
