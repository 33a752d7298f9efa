//! Which failures are retried, and after which delay.

use std::time::{Duration, SystemTime};

use specmill::{CallOptions, RetryBudget, RetryPolicy};
use specmill_client::ManualClock;
use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

use crate::support::{
    brisk, center, clock, deserted, newcomer, panther, panther_builder, people, sandbox,
};

fn milliseconds(clock: &ManualClock) -> Vec<u128> {
    clock.delays().iter().map(Duration::as_millis).collect()
}

#[tokio::test]
async fn transient_failures_are_retried_until_they_pass() {
    let sandbox = sandbox().await;
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    for fault in [
        Fault::status(408),
        Fault::status(429),
        Fault::status(502),
        Fault::status(503),
        Fault::status(504),
        Fault::html(503),
        Fault::empty(502),
        Fault::close(),
        Fault::reset(),
        Fault::response().truncated(),
        Fault::response().truncated_chunked(),
    ] {
        sandbox.fail_next_n(2, fault.clone());
        let response = panther.user_list().send_response().await;
        let attempts = response.map(|response| response.attempts());
        // The HTTP client itself reconnects if an idle connection was closed.
        assert!(attempts.is_ok(), "{fault:?}");
        sandbox.faults(Faults::new());

        sandbox.fail_next_n(2, fault);
        people(&sandbox, &center).send().await.unwrap();
        sandbox.faults(Faults::new());
    }
}

#[tokio::test]
async fn other_failures_are_not_retried() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    for (number, status) in [400, 401, 403, 404, 405, 409, 410, 422, 500, 501]
        .into_iter()
        .enumerate()
    {
        sandbox.fail_next(Fault::status(status));
        let error = panther.user_list().send().await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{status}");
        assert_eq!(sandbox.requests().count(), number as u64 + 1);
    }
}

#[tokio::test]
async fn the_last_failure_is_reported_when_attempts_are_used_up() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .retry(brisk().max_attempts(3))
        .build()
        .unwrap();
    sandbox.faults(
        Faults::new()
            .next(2, Fault::status(503))
            .next(9, Fault::status(429)),
    );
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!(error.attempts(), 3);
    assert_eq!(sandbox.requests().count(), 3);
}

#[tokio::test]
async fn delays_double_up_to_the_longest_and_a_random_part_of_each_is_waited() {
    let sandbox = sandbox().await;
    for (random, wanted) in [
        (1.0, [200, 400, 800, 1_000]),
        (0.5, [100, 200, 400, 500]),
        (0.0, [0, 0, 0, 0]),
    ] {
        let clock = clock();
        clock.set_random(random);
        let panther = panther_builder(&sandbox)
            .clock(clock.clone())
            .retry(RetryPolicy::default().max_delay(Duration::from_secs(1)))
            .build()
            .unwrap();
        sandbox.fail_next_n(4, Fault::status(503));
        panther.user_list().send().await.unwrap();
        assert_eq!(milliseconds(&clock), wanted);
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_in_seconds_and_until_a_date() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let sandbox = Sandbox::builder().clock(move || now).start().await.unwrap();
    let wait = Duration::from_secs(42);
    for fault in [
        Fault::status(429).retry_after(wait),
        Fault::status(503).retry_after_date(wait),
    ] {
        let clock = ManualClock::new(now);
        let panther = panther_builder(&sandbox)
            .clock(clock.clone())
            .build()
            .unwrap();
        sandbox.fail_next(fault);
        panther.user_list().send().await.unwrap();
        assert_eq!(clock.delays(), [wait + wait / 5]);
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_fails_at_once_and_tells_it() {
    let sandbox = sandbox().await;
    let clock = clock();
    let panther = panther_builder(&sandbox)
        .clock(clock.clone())
        .total_timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    for fault in [
        Fault::status(429).retry_after(Duration::from_secs(61)),
        Fault::status(429).header("retry-after", "99999999999999999999999"),
    ] {
        sandbox.fail_next(fault);
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_throttled() && error.attempts() == 1);
        assert!(error.retry_after().unwrap() > Duration::from_secs(60));
        assert!(clock.delays().is_empty());
    }
}

#[tokio::test]
async fn a_retry_after_that_makes_no_sense_is_no_wait() {
    let sandbox = sandbox().await;
    for value in ["", "soon", "-1", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        sandbox.fail_next(Fault::status(503).header("retry-after", value));
        panther(&sandbox).user_list().send().await.unwrap();
    }
}

#[tokio::test]
async fn no_delay_goes_past_the_deadline() {
    let sandbox = sandbox().await;
    let clock = clock();
    let panther = panther_builder(&sandbox)
        .clock(clock.clone())
        .retry(RetryPolicy::default().max_attempts(100))
        .total_timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    sandbox.fail_next_n(100, Fault::status(503));
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_server_error());
    let waited: Duration = clock.delays().iter().sum();
    assert!(waited < Duration::from_secs(10), "{waited:?}");
}

#[tokio::test]
async fn a_post_is_never_sent_twice() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let mut posts = 0;
    for fault in [
        Fault::status(429),
        Fault::status(503),
        Fault::html(502),
        Fault::status(504),
        Fault::close(),
        Fault::reset(),
        Fault::response().truncated(),
    ] {
        sandbox.fail_next(fault.clone());
        let create = panther.user_create().body(newcomer());
        let error = create.send().await.unwrap_err();
        posts += 1;
        assert_eq!(error.attempts(), 1, "{fault:?}");
        assert_eq!(
            sandbox.requests().count_of(Operation::UserCreate),
            posts,
            "{fault:?}"
        );
    }
    let update = panther.user_update("u").body(newcomer());
    sandbox.fail_next(Fault::status(503));
    assert_eq!(update.send().await.unwrap_err().attempts(), 1);
    assert_eq!(sandbox.requests().count_of(Operation::UserUpdate), 1);
}

#[tokio::test]
async fn a_post_that_was_carried_out_and_reset_creates_one_user() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    sandbox.fail_next(Fault::reset().after_effect());
    let create = panther.user_create().body(newcomer());
    let error = create.send().await.unwrap_err();
    assert!(error.is_interrupted() && !error.was_not_sent());
    assert_eq!(sandbox.panther_user_ids().len(), 11);
}

#[tokio::test]
async fn a_post_that_provably_did_not_leave_is_retried() {
    let sandbox = sandbox().await;
    let clock = clock();
    let panther = panther_builder(&sandbox)
        .base_url(format!("http://{}", deserted().await))
        .clock(clock.clone())
        .build()
        .unwrap();
    let create = panther.user_create().body(newcomer());
    let error = create.send().await.unwrap_err();
    assert!(error.was_not_sent());
    assert_eq!((error.attempts(), clock.delays().len()), (5, 4));
}

#[tokio::test]
async fn a_delete_is_retried_unless_the_policy_forbids() {
    let sandbox = sandbox().await;
    let ids = sandbox.panther_user_ids();
    sandbox.fail_next(Fault::status(503));
    let panther = panther(&sandbox);
    panther.user_delete(&ids[0]).send().await.unwrap();

    let careful = panther_builder(&sandbox)
        .retry(brisk().retry_delete(false))
        .build()
        .unwrap();
    sandbox.fail_next(Fault::status(503));
    let error = careful.user_delete(&ids[1]).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(sandbox.requests().count_of(Operation::UserDelete), 3);
}

#[tokio::test]
async fn a_calls_own_policy_comes_before_the_clients() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    sandbox.fail_next(Fault::status(503));
    let once = CallOptions::new().retry(RetryPolicy::none());
    let list = panther.user_list().with_options(once);
    assert_eq!(list.send().await.unwrap_err().attempts(), 1);

    sandbox.fail_next_n(9, Fault::status(503));
    let often = CallOptions::new().retry(brisk().max_attempts(10));
    let list = panther.user_list().with_options(often);
    assert_eq!(list.send_response().await.unwrap().attempts(), 10);
}

#[tokio::test]
async fn an_outage_is_not_amplified_beyond_the_budget() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .retry_budget(RetryBudget::new(10, 0.1))
        .build()
        .unwrap();
    sandbox.faults(Faults::new().every(1, Fault::status(503)));
    for _ in 0..100 {
        // Each call uses a clone: the clones share the budget of the client.
        panther.clone().user_list().send().await.unwrap_err();
    }
    let retries = sandbox.requests().count() - 100;
    assert!((10..=20).contains(&retries), "{retries}");

    // The service has recovered: successful calls refill the budget.
    sandbox.faults(Faults::new());
    for _ in 0..100 {
        panther.user_list().send().await.unwrap();
    }
    sandbox.fail_next_n(4, Fault::status(503));
    panther.user_list().send().await.unwrap();
}

#[tokio::test]
async fn the_default_budget_is_fifty_retries() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    sandbox.faults(Faults::new().every(1, Fault::status(503)));
    for _ in 0..100 {
        panther.user_list().send().await.unwrap_err();
    }
    let retries = sandbox.requests().count() - 100;
    assert!((50..=70).contains(&retries), "{retries}");
}
