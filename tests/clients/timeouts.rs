//! Timeouts of attempts and calls.

use std::time::Duration;

use specmill::{CallOptions, RetryPolicy};
use specmill_sandbox::{Fault, Operation, Sandbox};

use crate::support::{newcomer, panther, panther_builder, sandbox};

const SHORT: Duration = Duration::from_millis(30);
/// Enough time for a response to begin.
const ENOUGH: Duration = Duration::from_millis(250);
/// Far longer than any test waits.
const LONG: Duration = Duration::from_secs(300);

#[tokio::test]
async fn an_attempt_without_a_response_ends_and_is_retried() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(ENOUGH)
        .build()
        .unwrap();
    sandbox.fail_next(Fault::hang());
    let response = panther.user_list().send_response().await.unwrap();
    assert_eq!(response.attempts(), 2);
}

#[tokio::test]
async fn a_service_that_never_responds_is_a_timeout() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(SHORT)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    sandbox.fail_next(Fault::hang());
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && !error.was_not_sent());
    assert_eq!(
        error.to_string(),
        "panther user_list: the attempt timed out after 30ms"
    );
}

#[tokio::test]
async fn a_post_that_times_out_is_not_retried() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(SHORT)
        .build()
        .unwrap();
    sandbox.fail_next_n(5, Fault::hang().after_effect());
    let create = panther.user_create().body(newcomer());
    let error = create.send().await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 1);
    assert_eq!(sandbox.requests().count_of(Operation::UserCreate), 1);
}

#[tokio::test]
async fn the_whole_call_ends_in_its_time_however_many_attempts_are_left() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(LONG)
        .total_timeout(SHORT)
        .build()
        .unwrap();
    sandbox.fail_next_n(9, Fault::hang());
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 1);
    assert_eq!(
        error.to_string(),
        "panther user_list: the call timed out after 30ms"
    );
}

#[tokio::test]
async fn a_calls_own_times_come_before_the_clients() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(LONG)
        .total_timeout(LONG)
        .build()
        .unwrap();
    for (options, line) in [
        (
            CallOptions::new().timeout(SHORT),
            "panther user_list: the call timed out after 30ms",
        ),
        (
            CallOptions::new()
                .attempt_timeout(SHORT)
                .retry(RetryPolicy::none()),
            "panther user_list: the attempt timed out after 30ms",
        ),
    ] {
        sandbox.fail_next(Fault::hang());
        let list = panther.user_list().with_options(options);
        assert_eq!(list.send().await.unwrap_err().to_string(), line);
    }
}

#[tokio::test]
async fn a_body_that_drips_too_slowly_is_a_timeout_with_its_status() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(ENOUGH)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    sandbox.fail_next(Fault::response().drip(1, Duration::from_millis(10)));
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 200);
}

#[tokio::test]
async fn an_error_whose_body_stalls_is_still_that_error() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(ENOUGH)
        .build()
        .unwrap();
    sandbox.fail_next(Fault::status(404).drip(1, Duration::from_millis(10)));
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_not_found() && !error.is_timeout());
    assert!(error.is_body_truncated());
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_a_connect_error() {
    // An address that is reserved for documentation: nothing responds, or the network rejects it
    // at once.
    let panther = specmill::panther::Client::builder()
        .base_url("http://192.0.2.1:81")
        .api_key("key")
        .allow_http(true)
        .connect_timeout(SHORT)
        .retry(RetryPolicy::none())
        .no_proxy()
        .build()
        .unwrap();
    let create = panther.user_create().body(newcomer());
    let error = create.send().await.unwrap_err();
    assert!(error.is_connect() && error.was_not_sent(), "{error:?}");
}

#[tokio::test]
async fn a_slow_service_within_the_time_is_no_failure() {
    let sandbox = Sandbox::builder().latency(SHORT).start().await.unwrap();
    let response = panther(&sandbox).user_list().send_response().await.unwrap();
    assert_eq!(response.attempts(), 1);
}
