//! Identity Center's list, whose pages are numbered.

use std::time::Duration;

use specmill::scp::identity_center::types::User;
use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

use crate::support::{PATIENCE, center, people};

async fn sandbox_of(users: usize) -> Sandbox {
    let builder = Sandbox::builder().identity_center_users(users);
    builder.start().await.unwrap()
}

fn ids(users: Vec<User>) -> Vec<String> {
    users.into_iter().map(|user| user.id).collect()
}

fn calls(sandbox: &Sandbox) -> u64 {
    sandbox.requests().count_of(Operation::ListUsers)
}

/// Waits long enough for an unwanted call to arrive.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(40)).await;
}

#[tokio::test]
async fn every_item_comes_once_and_in_order_however_many_pages_are_on_their_way() {
    for users in [0, 1, 19, 20, 21, 100, 105] {
        let sandbox = sandbox_of(users).await;
        let center = center(&sandbox);
        for concurrency in [0, 1, 2, 8, 100] {
            let list = people(&sandbox, &center).stream().concurrency(concurrency);
            let all = list.try_collect().await.unwrap();
            assert_eq!(ids(all), sandbox.identity_center_user_ids());
        }
    }
}

#[tokio::test]
async fn order_is_kept_and_flights_are_bounded_where_responses_overtake_each_other() {
    let sandbox = sandbox_of(200).await;
    let center = center(&sandbox);
    // Every third page is delayed.
    sandbox.faults(Faults::new().every(3, Fault::response().delayed(Duration::from_millis(20))));
    sandbox.set_latency(Duration::from_millis(3));
    let list = people(&sandbox, &center).size(10).stream().concurrency(4);
    let all = list.try_collect().await.unwrap();
    assert_eq!(ids(all), sandbox.identity_center_user_ids());
    let peak = sandbox.requests().peak_in_flight();
    assert!((2..=4).contains(&peak), "{peak}");
}

#[tokio::test]
async fn pages_are_not_fetched_further_ahead_than_the_concurrency() {
    let sandbox = sandbox_of(200).await;
    let center = center(&sandbox);
    let mut users = people(&sandbox, &center).size(10).stream().concurrency(3);
    users.try_next().await.unwrap().unwrap();
    sandbox
        .requests()
        .wait_for(Operation::ListUsers, 4, PATIENCE)
        .await
        .unwrap();
    a_while().await;
    assert_eq!(calls(&sandbox), 4);
}

#[tokio::test]
async fn without_concurrency_one_page_is_fetched_ahead() {
    let sandbox = sandbox_of(200).await;
    let center = center(&sandbox);
    let mut users = people(&sandbox, &center).size(10).stream();
    users.try_next().await.unwrap().unwrap();
    sandbox
        .requests()
        .wait_for(Operation::ListUsers, 2, PATIENCE)
        .await
        .unwrap();
    a_while().await;
    assert_eq!(calls(&sandbox), 2);
}

#[tokio::test]
async fn all_filters_are_repeated_on_each_page() {
    let sandbox = sandbox_of(100).await;
    let center = center(&sandbox);
    let list = people(&sandbox, &center)
        .size(30)
        .sort("name:desc")
        .excluded_group_id(sandbox.group_id())
        .excluded_account_id(sandbox.account_id());
    let all: Vec<_> = list.stream().try_collect().await.unwrap();
    // 100 users without every tenth and every seventh one; some are both.
    assert_eq!(all.len(), 77);
    let requests = sandbox.requests().of(Operation::ListUsers);
    assert_eq!(requests.len(), 3);
    for (page, request) in requests.iter().enumerate() {
        assert_eq!(request.query_values("instance_id"), [sandbox.instance_id()]);
        assert_eq!(request.query_values("size"), ["30"]);
        assert_eq!(request.query_values("sort"), ["name:desc"]);
        assert_eq!(
            request.query_values("excluded_group_id"),
            [sandbox.group_id()]
        );
        assert_eq!(
            request.query_values("excluded_account_id"),
            [sandbox.account_id()]
        );
        let wanted: Vec<_> = (page > 0).then(|| page.to_string()).into_iter().collect();
        assert_eq!(request.query_values("page"), wanted);
    }
}

#[tokio::test]
async fn a_short_page_is_the_end() {
    let sandbox = sandbox_of(25).await;
    let center = center(&sandbox);
    let mut pages = people(&sandbox, &center).size(10).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.users.len());
    }
    assert_eq!(sizes, [10, 10, 5]);
    a_while().await;
    assert_eq!(calls(&sandbox), 3);
}

#[tokio::test]
async fn an_empty_page_is_the_end() {
    // Two full pages: only the empty third page shows the end.
    let sandbox = sandbox_of(20).await;
    let center = center(&sandbox);
    let list = people(&sandbox, &center).size(10).stream();
    let all: Vec<_> = list.try_collect().await.unwrap();
    assert_eq!(all.len(), 20);
    assert!(calls(&sandbox) <= 3);
}

#[tokio::test]
async fn an_empty_or_repeated_page_before_the_total_is_an_error_with_its_position() {
    for fault in [
        Fault::response().empty_list(),
        Fault::response().null_list(),
        Fault::response().ignoring_page(),
    ] {
        for concurrency in [1, 4] {
            let sandbox = sandbox_of(300).await;
            let center = center(&sandbox);
            sandbox.faults(
                Faults::new()
                    .next(1, Fault::response())
                    .next(20, fault.clone()),
            );
            let list = people(&sandbox, &center).size(100);
            let mut users = list.clone().stream().concurrency(concurrency);
            let mut came = Vec::new();
            let error = loop {
                match users.try_next().await {
                    Ok(user) => came.extend(user),
                    Err(error) => break error,
                }
            };
            assert_eq!(ids(came), sandbox.identity_center_user_ids()[..100]);
            assert!(error.is_paging(), "{error}");
            assert_eq!(users.position(), 1);
            assert!(users.try_next().await.unwrap().is_none());

            // If only the total is wrong, the listing succeeds.
            sandbox.faults(
                Faults::new()
                    .next(1, Fault::response())
                    .next(20, fault.clone()),
            );
            let users = list.stream().concurrency(concurrency).ignore_total();
            assert_eq!(users.try_collect::<Vec<_>>().await.unwrap().len(), 100);
        }
    }
}

#[tokio::test]
async fn what_a_page_counts_fails_no_listing_however_it_is_written() {
    for (count, size) in [
        ("2.0", "20.0"),
        (r#""2""#, r#""20""#),
        ("null", "null"),
        (r#""?""#, "{}"),
    ] {
        let page = format!(
            r#"{{"count":{count},"page":null,"size":{size},"users":[
                {{"id":"1","name":"a","user_id":"a"}},{{"id":"2","name":"b","user_id":"b"}}]}}"#
        );
        let sandbox = sandbox_of(5).await;
        let center = center(&sandbox);
        let list = people(&sandbox, &center);
        sandbox.fail_next_n(2, Fault::custom(200, "application/json", page));
        let all = list.clone().stream().try_collect().await.unwrap();
        assert_eq!(ids(all), ["1", "2"], "{count}");
        let page = list.send().await.unwrap();
        let told = if count.contains('2') { 2 } else { 0 };
        assert_eq!((page.count, page.users.len()), (told, 2));
    }
}

#[tokio::test]
async fn a_service_that_ignores_the_page_does_not_make_a_loop() {
    for concurrency in [1, 4] {
        let sandbox = sandbox_of(50).await;
        let center = center(&sandbox);
        sandbox.faults(Faults::new().every(1, Fault::response().ignoring_page()));
        let list = people(&sandbox, &center).size(10).stream();
        let all = list.concurrency(concurrency).ignore_total().try_collect();
        let all = tokio::time::timeout(PATIENCE, all).await.expect("an end");
        let all = all.unwrap();
        assert_eq!(ids(all), sandbox.identity_center_user_ids()[..10]);
        a_while().await;
        assert!(calls(&sandbox) <= 1 + concurrency as u64 + 1);
    }
}

#[tokio::test]
async fn a_service_that_ignores_the_size_loses_no_item_and_makes_no_loop() {
    for size in [5, 10, 30, 100] {
        let sandbox = sandbox_of(50).await;
        let center = center(&sandbox);
        sandbox.faults(Faults::new().every(1, Fault::response().ignoring_size()));
        let list = people(&sandbox, &center).size(size).stream();
        let all = list.concurrency(3).try_collect();
        let all = tokio::time::timeout(PATIENCE, all).await.expect("an end");
        let all = all.unwrap();
        assert_eq!(ids(all), sandbox.identity_center_user_ids(), "{size}");
    }
}

#[tokio::test]
async fn dropping_the_stream_stops_the_calls() {
    let sandbox = sandbox_of(500).await;
    let center = center(&sandbox);
    let mut users = people(&sandbox, &center).size(10).stream().concurrency(4);
    users.try_next().await.unwrap().unwrap();
    drop(users);
    a_while().await;
    let made = calls(&sandbox);
    assert!(made <= 5, "{made}");
    a_while().await;
    assert_eq!(calls(&sandbox), made);
}

#[tokio::test]
async fn a_listing_is_resumed_at_the_page_that_failed_and_nothing_is_lost() {
    let sandbox = sandbox_of(100).await;
    let center = center(&sandbox);
    let list = people(&sandbox, &center).size(10);
    sandbox.faults(
        Faults::new()
            .next(4, Fault::response())
            .next(1, Fault::status(500)),
    );
    let mut users = list.clone().stream();
    let mut taken = Vec::new();
    while let Ok(Some(user)) = users.try_next().await {
        taken.push(user);
    }
    assert_eq!((users.position(), taken.len()), (4, 40));
    let rest = list.stream().concurrency(3).resume_from(users.position());
    taken.extend(rest.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(ids(taken), sandbox.identity_center_user_ids());
}

#[tokio::test]
async fn a_page_given_as_an_argument_is_where_the_listing_begins() {
    let sandbox = sandbox_of(50).await;
    let center = center(&sandbox);
    let rest = people(&sandbox, &center).size(10).page(2).stream();
    assert_eq!(
        ids(rest.try_collect().await.unwrap()),
        sandbox.identity_center_user_ids()[20..]
    );
}

#[tokio::test]
async fn a_failing_page_is_an_error_after_the_pages_before_it() {
    let sandbox = sandbox_of(100).await;
    let center = center(&sandbox);
    sandbox.faults(
        Faults::new()
            .next(3, Fault::response())
            .next(1, Fault::status(400)),
    );
    let mut users = people(&sandbox, &center).size(10).stream();
    for _ in 0..30 {
        users.try_next().await.unwrap().unwrap();
    }
    let error = users.try_next().await.unwrap_err();
    assert!(error.is_bad_request());
    assert!(users.try_next().await.unwrap().is_none());
}
