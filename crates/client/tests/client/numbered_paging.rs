//! Lists with numbered pages.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use specmill_client::paging::{NumberedItems, NumberedPages, Page};
use specmill_client::{Call, CallOptions, Transport};
use tokio::sync::Semaphore;

use crate::support::{
    LIST_UNSIZED, LIST_USERS, Reply, Request, Server, client, eventually, ok, response, status,
};

#[derive(Debug, Deserialize)]
struct Users {
    users: Vec<u64>,
}

impl Page for Users {
    type Item = u64;

    fn items(&self) -> &[u64] {
        &self.users
    }

    fn into_items(self) -> Vec<u64> {
        self.users
    }
}

/// A page with its size and total.
#[derive(Debug, Deserialize)]
struct WithTotal {
    users: Vec<u64>,
    size: u64,
    count: u64,
}

impl Page for WithTotal {
    type Item = u64;

    fn items(&self) -> &[u64] {
        &self.users
    }

    fn into_items(self) -> Vec<u64> {
        self.users
    }

    fn page_size(&self) -> Option<u64> {
        Some(self.size)
    }

    fn total(&self) -> Option<u64> {
        Some(self.count)
    }
}

fn call(client: &Transport) -> Call {
    client
        .call(&LIST_USERS, CallOptions::default())
        .parameter("instance_id", Ok("i"))
}

fn number(request: &Request, name: &str, default: u64) -> u64 {
    request
        .query(name)
        .map_or(default, |value| value.parse().unwrap())
}

/// The body of a page of a list of `users` users.
fn page(users: u64, page: u64, size: u64) -> String {
    let from = (page * size).min(users);
    let list: Vec<String> = (from..(from + size).min(users))
        .map(|user| user.to_string())
        .collect();
    format!(
        r#"{{"count":{users},"page":{page},"size":{size},"users":[{}]}}"#,
        list.join(",")
    )
}

/// A page without size and total.
fn bare(users: u64, number: u64, size: u64) -> String {
    let whole = page(users, number, size);
    let at = whole.find(r#""users""#).unwrap();
    format!("{{{}", &whole[at..])
}

fn serve(users: u64, request: &Request) -> Reply {
    ok(&page(
        users,
        number(request, "page", 0),
        number(request, "size", 3),
    ))
}

async fn collect<P: Page<Item = u64>>(call: Call, concurrency: usize) -> Vec<u64> {
    NumberedItems::<P>::new(call)
        .concurrency(concurrency)
        .try_collect()
        .await
        .unwrap()
}

fn upto(users: u64) -> Vec<u64> {
    (0..users).collect()
}

#[tokio::test]
async fn every_item_is_returned_once_and_in_order_regardless_of_concurrency() {
    for concurrency in [0, 1, 2, 8] {
        for users in [0, 1, 2, 3, 4, 6, 100] {
            let server = Server::start(move |_, request| serve(users, request)).await;
            let client = client(&server);
            assert_eq!(
                collect::<Users>(call(&client), concurrency).await,
                upto(users),
                "{users} by {concurrency}"
            );
            assert_eq!(
                collect::<WithTotal>(call(&client), concurrency).await,
                upto(users),
                "{users} by {concurrency}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_without_size_and_total_is_read_to_its_end() {
    for concurrency in [1, 8] {
        for users in [0, 1, 3, 4, 100] {
            let server = Server::start(move |_, request| {
                ok(&bare(
                    users,
                    number(request, "page", 0),
                    number(request, "size", 3),
                ))
            })
            .await;
            let call = call(&client(&server));
            assert_eq!(
                collect::<Users>(call, concurrency).await,
                upto(users),
                "{users} by {concurrency}"
            );
        }
    }
}

#[tokio::test]
async fn every_page_is_requested_with_the_arguments_and_nothing_else() {
    let server = Server::start(|_, request| serve(7, request)).await;
    collect::<Users>(call(&client(&server)), 1).await;
    assert_eq!(
        server.targets(),
        [
            "/v1/users?instance_id=i",
            "/v1/users?page=1&instance_id=i",
            "/v1/users?page=2&instance_id=i"
        ]
    );
    let server = Server::start(|_, request| serve(7, request)).await;
    collect::<Users>(call(&client(&server)).parameter("size", Ok(5)), 1).await;
    assert_eq!(
        server.targets(),
        [
            "/v1/users?size=5&instance_id=i",
            "/v1/users?size=5&page=1&instance_id=i"
        ]
    );
}

#[tokio::test]
async fn an_invalid_page_number_is_refused_and_nothing_is_sent() {
    let server = Server::start(|_, request| serve(2, request)).await;
    let call = call(&client(&server)).parameter("page", Ok(-1));
    let error = NumberedItems::<Users>::new(call)
        .try_next()
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_request() && error.was_not_sent(),
        "{error}"
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_short_page_ends_the_listing_with_one_call() {
    for concurrency in [1, 8] {
        let server = Server::start(|_, request| serve(2, request)).await;
        assert_eq!(
            collect::<Users>(call(&client(&server)), concurrency).await,
            [0, 1]
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_service_that_ignores_the_page_number_does_not_cause_a_loop() {
    // The response repeats the number although it ignores it.
    for concurrency in [1, 4] {
        let server = Server::start(|_, request| {
            ok(&page(3, 0, 3).replace(
                r#""page":0"#,
                &format!(r#""page":{}"#, number(request, "page", 0)),
            ))
        })
        .await;
        assert_eq!(
            collect::<Users>(call(&client(&server)), concurrency).await,
            upto(3)
        );
    }
}

#[tokio::test]
async fn a_service_that_starts_again_after_the_last_page_does_not_cause_a_loop() {
    for concurrency in [1, 4] {
        let server =
            Server::start(|_, request| ok(&page(9, number(request, "page", 0) % 3, 3))).await;
        assert_eq!(
            collect::<Users>(call(&client(&server)), concurrency).await,
            upto(9)
        );
    }
}

#[tokio::test]
async fn a_service_that_ignores_the_size_loses_no_item() {
    // It sends three items for any page size, with or without reporting it, and reports the total.
    for stated_size in [3, 50] {
        for concurrency in [1, 4] {
            let server = Server::start(move |_, request| {
                ok(&page(10, number(request, "page", 0), 3)
                    .replace(r#""size":3"#, &format!(r#""size":{stated_size}"#)))
            })
            .await;
            let client = client(&server);
            let asked = || call(&client).parameter("size", Ok(50));
            assert_eq!(
                collect::<WithTotal>(asked(), concurrency).await,
                upto(10),
                "{stated_size}"
            );
            assert_eq!(
                collect::<Users>(asked(), concurrency).await,
                upto(10),
                "{stated_size}"
            );
        }
    }
}

#[tokio::test]
async fn a_total_that_counts_the_page_alone_does_not_end_the_listing() {
    let server = Server::start(|_, request| {
        ok(&page(8, number(request, "page", 0), 3).replace(r#""count":8"#, r#""count":3"#))
    })
    .await;
    assert_eq!(
        collect::<WithTotal>(call(&client(&server)), 1).await,
        upto(8)
    );
}

/// The items of a list up to its error, and the error.
async fn until_the_error<P: Page<Item = u64>>(
    stream: &mut NumberedItems<P>,
) -> (Vec<u64>, specmill_client::Error) {
    let mut got = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(item)) => got.push(item),
            Ok(None) => panic!("no error after {got:?}"),
            Err(error) => return (got, error),
        }
    }
}

/// Starts a service with six users and a total of 600.
async fn serve_a_total_that_is_too_great() -> Server {
    Server::start(|_, request| {
        ok(&page(6, number(request, "page", 0), 3).replace(r#""count":6"#, r#""count":600"#))
    })
    .await
}

#[tokio::test]
async fn an_empty_page_before_the_total_is_an_error_with_its_position() {
    for concurrency in [1, 4] {
        let server = serve_a_total_that_is_too_great().await;
        let call = call(&client(&server));
        let mut stream = NumberedItems::<WithTotal>::new(call).concurrency(concurrency);
        let (got, error) = until_the_error(&mut stream).await;
        assert_eq!(got, upto(6));
        assert!(
            error.is_paging() && error.is_incomplete() && !error.is_retryable(),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "demo list_users: the listing ended after 6 of the 600 items that the service reported, at page 2"
        );
        assert_eq!(stream.position(), 2);
        assert!(stream.try_next().await.unwrap().is_none());
        // Polling again returns the same error, not the end.
        let mut rest = stream.resume_from(2);
        assert!(until_the_error(&mut rest).await.1.is_paging());
    }
}

#[tokio::test]
async fn a_repeated_page_before_the_total_is_an_error_with_its_position() {
    // Every request returns the first page.
    for concurrency in [1, 4] {
        let server = Server::start(|_, _| ok(&page(300, 0, 100))).await;
        let call = call(&client(&server)).parameter("size", Ok(100));
        let mut stream = NumberedItems::<Users>::new(call).concurrency(concurrency);
        let (got, error) = until_the_error(&mut stream).await;
        assert_eq!(got, upto(100));
        assert!(error.is_paging(), "{error}");
        assert_eq!(stream.position(), 1);
    }
}

#[tokio::test]
async fn a_short_page_before_the_total_is_read_beyond() {
    // The second page lacks its last user.
    let server = Server::start(|_, request| {
        ok(&page(9, number(request, "page", 0), 3).replace("3,4,5", "3,4"))
    })
    .await;
    let mut stream = NumberedItems::<Users>::new(call(&client(&server)));
    let (got, error) = until_the_error(&mut stream).await;
    assert_eq!(got, [0, 1, 2, 3, 4, 6, 7, 8]);
    assert!(error.is_paging(), "{error}");
}

#[tokio::test]
async fn a_wrong_total_is_ignored_if_the_caller_requests_it() {
    let server = serve_a_total_that_is_too_great().await;
    let call = || call(&client(&server));
    let items: Vec<u64> = NumberedItems::<WithTotal>::new(call())
        .ignore_total()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(items, upto(6));
    assert_eq!(server.count(), 3);
    let pages: Vec<Users> = NumberedPages::<Users>::new(call())
        .ignore_total()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages.len(), 2);
}

#[tokio::test]
async fn a_list_that_shrinks_while_it_is_read_is_compared_with_the_last_total() {
    let server = Server::start(|_, request| {
        let number = number(request, "page", 0);
        ok(&page(if number == 0 { 7 } else { 6 }, number, 3))
    })
    .await;
    assert_eq!(collect::<Users>(call(&client(&server)), 1).await, upto(6));
}

#[tokio::test]
async fn an_empty_page_with_its_own_total_does_not_hide_missing_items() {
    let server = Server::start(|_, request| {
        ok(&match number(request, "page", 0) {
            0 => page(300, 0, 3),
            _ => r#"{"count":0,"page":1,"size":3,"users":[]}"#.to_owned(),
        })
    })
    .await;
    let mut stream = NumberedItems::<Users>::new(call(&client(&server)));
    assert!(until_the_error(&mut stream).await.1.is_paging());
}

#[tokio::test]
async fn totals_are_hints_in_every_format() {
    for (total, complete) in [
        ("7.0", true),
        (r#""7""#, true),
        ("null", true),
        (r#""many""#, true),
        ("-1", true),
        ("{}", true),
        ("8.0", false),
        (r#""8""#, false),
    ] {
        let server = Server::start(move |_, request| {
            let count = format!(r#""count":{total}"#);
            ok(&page(7, number(request, "page", 0), 3).replace(r#""count":7"#, &count))
        })
        .await;
        let mut stream = NumberedItems::<Users>::new(call(&client(&server)));
        if complete {
            assert_eq!(
                stream.try_collect::<Vec<_>>().await.unwrap(),
                upto(7),
                "{total}"
            );
        } else {
            let (got, error) = until_the_error(&mut stream).await;
            assert_eq!(got, upto(7), "{total}");
            assert!(error.is_paging(), "{error}");
        }
    }
}

/// Starts a service with pages of these values, with or without the total.
async fn serve_values(values: &'static [u64], with_total: bool) -> Server {
    Server::start(move |_, request| {
        let number = usize::try_from(number(request, "page", 0)).unwrap();
        let page = values.chunks(3).nth(number).unwrap_or_default();
        let count = if with_total {
            format!(r#""count":{},"#, values.len())
        } else {
            String::new()
        };
        ok(&format!(r#"{{{count}"users":{page:?}}}"#))
    })
    .await
}

#[tokio::test]
async fn pages_of_equal_values_are_not_repetitions_if_the_service_respects_the_page_number() {
    for values in [
        &[7, 7, 7, 7, 7, 7, 7, 7, 7, 7][..],
        &[1, 2, 3, 1, 2, 3, 4, 4, 4, 1, 2, 3],
        &[5, 5, 5, 5, 5, 5],
    ] {
        for with_total in [true, false] {
            for concurrency in [1, 4] {
                let server = serve_values(values, with_total).await;
                let call = call(&client(&server));
                assert_eq!(
                    collect::<Users>(call, concurrency).await,
                    values,
                    "{with_total}"
                );
            }
        }
    }
}

#[tokio::test]
async fn pages_of_equal_values_are_returned_if_the_service_refuses_a_page_beyond_the_end() {
    let server = Server::start(|_, request| match number(request, "page", 0) {
        number @ 0..3 => ok(if number == 2 {
            r#"{"users":[7]}"#
        } else {
            r#"{"users":[7,7,7]}"#
        }),
        _ => status("404 Not Found"),
    })
    .await;
    assert_eq!(collect::<Users>(call(&client(&server)), 1).await, [7; 7]);
}

#[tokio::test]
async fn items_with_ids_are_not_returned_twice() {
    #[derive(Debug, Deserialize)]
    struct People {
        results: Vec<serde_json::Value>,
    }
    impl Page for People {
        type Item = serde_json::Value;

        fn items(&self) -> &[serde_json::Value] {
            &self.results
        }

        fn into_items(self) -> Vec<serde_json::Value> {
            self.results
        }
    }
    // One page is sent twice, so the page that was requested is missing.
    let server = Server::start(|_, request| {
        let user = match number(request, "page", 0) {
            2 => 1,
            other => other,
        };
        let results = if user < 4 {
            format!(r#"[{{"id":{user},"name":"x"}}]"#)
        } else {
            "[]".to_owned()
        };
        ok(&format!(r#"{{"total":4,"results":{results}}}"#))
    })
    .await;
    let call = call(&client(&server)).parameter("size", Ok(1));
    let mut stream = NumberedItems::<People>::new(call);
    for _ in 0..2 {
        stream.try_next().await.unwrap().unwrap();
    }
    let error = stream.try_next().await.unwrap_err();
    assert!(error.is_paging(), "{error}");
    assert_eq!((stream.position(), server.count()), (2, 3));
}

#[tokio::test]
async fn a_resumed_list_of_a_service_that_ignores_the_size_loses_no_item() {
    // It sends three items for any page size, without reporting it.
    let server = Server::start(|_, request| {
        ok(&page(10, number(request, "page", 0), 3).replace(r#""size":3,"#, ""))
    })
    .await;
    let call = call(&client(&server)).parameter("size", Ok(50));
    let stream = NumberedItems::<Users>::new(call).resume_from(1);
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap(), upto(10)[3..]);
}

#[tokio::test]
async fn no_more_pages_than_requested_are_in_flight() {
    // Every page but the first is delayed.
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let server = Server::start(move |_, request| {
        let number = number(request, "page", 0);
        let bytes = response("200 OK", "", &page(90, number, 3));
        if number == 0 {
            Reply::Bytes(bytes)
        } else {
            Reply::Gated(Arc::clone(&held), bytes)
        }
    })
    .await;
    let mut pages = NumberedPages::<Users>::new(call(&client(&server))).concurrency(4);
    let mut all = pages.try_next().await.unwrap().unwrap().into_items();
    assert!(
        eventually(|| server.count() == 5).await,
        "the page that is consumed, and four ahead"
    );
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.count(), 5);
    gate.add_permits(100);
    while let Some(page) = pages.try_next().await.unwrap() {
        all.extend(page.into_items());
    }
    assert_eq!(all, upto(90));
}

#[tokio::test]
async fn a_dropped_stream_makes_no_more_calls() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let server = Server::start(move |number, request| {
        let bytes = response("200 OK", "", &page(90, number as u64, 3));
        assert!(request.query("instance_id").is_some());
        if number == 0 {
            Reply::Bytes(bytes)
        } else {
            Reply::Gated(Arc::clone(&held), bytes)
        }
    })
    .await;
    let mut pages = NumberedPages::<Users>::new(call(&client(&server))).concurrency(4);
    pages.try_next().await.unwrap().unwrap();
    assert!(eventually(|| server.count() == 5).await);
    drop(pages);
    gate.add_permits(100);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn a_total_limits_calls_beyond_the_end_to_one() {
    let server = Server::start(|_, request| serve(6, request)).await;
    assert_eq!(
        collect::<WithTotal>(call(&client(&server)), 8).await,
        upto(6)
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_failure_beyond_the_end_is_ignored() {
    let server = Server::start(|_, request| {
        if number(request, "page", 0) > 2 {
            status("400 Bad Request")
        } else {
            serve(8, request)
        }
    })
    .await;
    assert_eq!(collect::<Users>(call(&client(&server)), 8).await, upto(8));
}

#[tokio::test]
async fn a_listing_is_resumed_at_the_page_that_failed() {
    let server = Server::start(|number_of_request, request| {
        if number_of_request < 4 && number(request, "page", 0) == 2 {
            status("400 Bad Request")
        } else {
            serve(8, request)
        }
    })
    .await;
    let client = client(&server);
    let mut stream = NumberedItems::<Users>::new(call(&client));
    let mut got = Vec::new();
    let error = loop {
        match stream.try_next().await {
            Ok(item) => got.extend(item),
            Err(error) => break error,
        }
    };
    assert!(error.is_bad_request());
    assert_eq!(stream.position(), 2);
    while server.count() < 4 {
        call(&client).send_empty().await.unwrap();
    }
    let rest: Vec<u64> = NumberedItems::<Users>::new(call(&client))
        .resume_from(2)
        .try_collect()
        .await
        .unwrap();
    got.extend(rest);
    assert_eq!(got, upto(8));
}

#[tokio::test]
async fn a_list_starts_at_the_page_in_the_arguments() {
    let server = Server::start(|_, request| serve(8, request)).await;
    let stream = NumberedItems::<WithTotal>::new(call(&client(&server)).parameter("page", Ok(1)));
    assert_eq!(stream.position(), 1);
    assert_eq!(
        stream.try_collect::<Vec<_>>().await.unwrap(),
        [3, 4, 5, 6, 7]
    );
}

#[tokio::test]
async fn without_a_known_size_an_empty_page_or_a_stated_size_ends_the_list() {
    let server = Server::start(|_, request| serve(8, request)).await;
    let unsized_call = || {
        let call = client(&server).call(&LIST_UNSIZED, CallOptions::default());
        call.parameter("instance_id", Ok("i"))
    };
    assert_eq!(collect::<Users>(unsized_call(), 1).await, upto(8));
    assert_eq!(server.count(), 4);
    assert_eq!(collect::<WithTotal>(unsized_call(), 1).await, upto(8));
    assert_eq!(server.count(), 7);
}

#[tokio::test]
async fn a_page_that_is_not_yielded_yet_is_the_next_one_whenever_the_caller_stops_waiting() {
    for concurrency in [1, 4] {
        let server = Server::start(|_, request| serve(7, request)).await;
        let pages = NumberedPages::<Users>::new(call(&client(&server)).parameter("size", Ok(3)));
        let mut pages = pages.concurrency(concurrency);
        let mut all = Vec::new();
        loop {
            let position = pages.position();
            tokio::select! {
                biased;
                next = pages.try_next() => match next.unwrap() {
                    Some(page) => all.push((position, page.users[0])),
                    None => break,
                },
                () = tokio::task::yield_now() => {}
            }
        }
        assert_eq!(all, [(0, 0), (1, 3), (2, 6)]);
    }
}
