//! Panther's list, in which each page contains the cursor of the next one.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use specmill::Error;
use specmill::panther::types::User;
use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

use crate::support::{PATIENCE, eventually, panther};

async fn sandbox_of(users: usize) -> Sandbox {
    let builder = Sandbox::builder().panther_users(users);
    builder.start().await.unwrap()
}

fn ids(users: Vec<User>) -> Vec<String> {
    users.into_iter().map(|user| user.id.unwrap()).collect()
}

fn calls(sandbox: &Sandbox) -> u64 {
    sandbox.requests().count_of(Operation::UserList)
}

/// Waits long enough for an unwanted call to arrive.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(40)).await;
}

#[tokio::test]
async fn every_item_comes_once_and_in_order() {
    for users in [0, 1, 59, 60, 61, 150] {
        let sandbox = sandbox_of(users).await;
        let all = panther(&sandbox).user_list().stream().try_collect();
        assert_eq!(ids(all.await.unwrap()), sandbox.panther_user_ids());
    }
}

#[tokio::test]
async fn pages_come_whole() {
    let sandbox = sandbox_of(25).await;
    let mut pages = panther(&sandbox).user_list().limit(10).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.results.len());
    }
    assert_eq!(sizes, [10, 10, 5]);
}

#[tokio::test]
async fn a_stream_is_a_stream_that_can_be_sent_to_another_task() {
    let sandbox = sandbox_of(25).await;
    let stream = panther(&sandbox).user_list().limit(10).stream();
    let task = tokio::spawn(stream.map_ok(|user| user.email).try_collect::<Vec<_>>());
    assert_eq!(task.await.unwrap().unwrap().len(), 25);
    let stream = panther(&sandbox).user_list().limit(10).stream();
    assert_eq!(stream.take(12).count().await, 12);
}

#[tokio::test]
async fn all_filters_are_repeated_on_each_page() {
    let sandbox = sandbox_of(70).await;
    let list = panther(&sandbox)
        .user_list()
        .contains("acme")
        .include_deactivated(true)
        .limit(30);
    let _: Vec<_> = list.stream().try_collect().await.unwrap();
    let requests = sandbox.requests().of(Operation::UserList);
    assert_eq!(requests.len(), 3);
    for (number, request) in requests.iter().enumerate() {
        assert_eq!(request.query_values("contains"), ["acme"]);
        assert_eq!(request.query_values("include-deactivated"), ["true"]);
        assert_eq!(request.query_values("limit"), ["30"]);
        assert_eq!(
            request.query_values("cursor").len(),
            usize::from(number > 0)
        );
    }
}

#[tokio::test]
async fn an_absent_null_or_empty_cursor_is_the_end() {
    let sandbox = sandbox_of(5).await;
    for (number, fault) in [
        Fault::response(),
        Fault::response().nulls(),
        Fault::response().empty_cursor(),
    ]
    .into_iter()
    .enumerate()
    {
        sandbox.fail_next(fault);
        let all: Vec<_> = panther(&sandbox)
            .user_list()
            .stream()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(all.len(), 5);
        a_while().await;
        assert_eq!(calls(&sandbox), number as u64 + 1);
    }
}

#[tokio::test]
async fn an_empty_or_null_page_with_a_cursor_is_not_the_end() {
    for fault in [
        Fault::response().empty_list(),
        Fault::response().null_list(),
    ] {
        let sandbox = sandbox_of(30).await;
        sandbox.fail_next(fault);
        let list = panther(&sandbox).user_list().limit(10);
        let all = list.stream().try_collect().await.unwrap();
        assert_eq!(ids(all), sandbox.panther_user_ids()[10..]);
    }
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_after_the_items_it_came_with() {
    let sandbox = sandbox_of(30).await;
    sandbox.faults(Faults::new().every(1, Fault::response().repeating_cursor()));
    let mut users = panther(&sandbox).user_list().limit(10).stream();
    let mut taken = 0;
    let error: Error = loop {
        match users.try_next().await {
            Ok(Some(_)) => taken += 1,
            Ok(None) => panic!("the listing ended"),
            Err(error) => break error,
        }
        assert!(taken <= 60, "the listing does not end");
    };
    assert!(error.is_paging() && !error.is_retryable(), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("panther user_list: the service sent a cursor for the second time"),
        "{error}"
    );
    assert!(users.try_next().await.unwrap().is_none());
    a_while().await;
    assert!(calls(&sandbox) <= 3);
}

#[tokio::test]
async fn the_next_page_is_fetched_while_the_present_one_is_consumed_and_no_more() {
    let sandbox = sandbox_of(50).await;
    let mut users = panther(&sandbox).user_list().limit(10).stream();
    a_while().await;
    assert_eq!(calls(&sandbox), 0);
    users.try_next().await.unwrap().unwrap();
    sandbox
        .requests()
        .wait_for(Operation::UserList, 2, PATIENCE)
        .await
        .unwrap();
    a_while().await;
    assert_eq!(calls(&sandbox), 2);
    for _ in 1..10 {
        users.try_next().await.unwrap().unwrap();
    }
    assert_eq!(calls(&sandbox), 2);
}

#[tokio::test]
async fn dropping_the_stream_stops_the_calls() {
    let sandbox = sandbox_of(50).await;
    let mut users = panther(&sandbox).user_list().limit(10).stream();
    users.try_next().await.unwrap().unwrap();
    sandbox
        .requests()
        .wait_for(Operation::UserList, 2, PATIENCE)
        .await
        .unwrap();
    // The call in flight is cancelled; otherwise its retries would be counted.
    sandbox.faults(Faults::new().every(1, Fault::status(503)));
    drop(users);
    a_while().await;
    assert_eq!(calls(&sandbox), 2);
}

#[tokio::test]
async fn dropping_the_stream_gives_up_the_call_on_its_way() {
    let sandbox = sandbox_of(50).await;
    let panther = panther(&sandbox);
    sandbox.faults(
        Faults::new()
            .next(1, Fault::response())
            .next(1, Fault::hang()),
    );
    let mut users = panther.user_list().limit(10).stream();
    users.try_next().await.unwrap().unwrap();
    sandbox
        .requests()
        .wait_for(Operation::UserList, 2, PATIENCE)
        .await
        .unwrap();
    drop(users);
    // The sandbox detects the closed connection, and no call remains in flight.
    let requests = sandbox.requests();
    eventually(|| {
        requests.clear();
        requests.peak_in_flight() == 0
    })
    .await;
}

#[tokio::test]
async fn a_listing_with_an_invalid_argument_fails_once_and_sends_nothing() {
    let sandbox = sandbox_of(50).await;
    let mut users = panther(&sandbox).user_list().limit(61).stream();
    let error = users.try_next().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(users.try_next().await.unwrap().is_none());
    assert_eq!(calls(&sandbox), 0);
}

#[tokio::test]
async fn a_listing_is_resumed_at_the_page_that_failed_and_nothing_is_lost() {
    let sandbox = sandbox_of(50).await;
    let panther = panther(&sandbox);
    let list = panther.user_list().limit(10);
    sandbox.faults(
        Faults::new()
            .next(2, Fault::response())
            .next(1, Fault::status(500)),
    );
    let mut users = list.clone().stream();
    let mut taken = Vec::new();
    let error = loop {
        match users.try_next().await {
            Ok(user) => taken.extend(user),
            Err(error) => break error,
        }
    };
    assert!(error.is_server_error());
    let cursor = users.position().unwrap().to_owned();
    assert_eq!(taken.len(), 20);
    let rest: Vec<_> = list
        .stream()
        .resume_from(cursor)
        .try_collect()
        .await
        .unwrap();
    taken.extend(rest);
    assert_eq!(ids(taken), sandbox.panther_user_ids());
}

#[tokio::test]
async fn a_cursor_given_as_an_argument_is_where_the_listing_begins() {
    let sandbox = sandbox_of(30).await;
    let panther = panther(&sandbox);
    let list = panther.user_list().limit(10);
    let first = list.clone().send().await.unwrap();
    let rest = list.cursor(first.next.unwrap()).stream();
    assert_eq!(
        ids(rest.try_collect().await.unwrap()),
        sandbox.panther_user_ids()[10..]
    );
}
