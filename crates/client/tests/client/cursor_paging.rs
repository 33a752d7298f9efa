//! Lists whose responses identify the next page.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Deserialize;
use specmill_client::paging::{CursorItems, CursorPages, Page};
use specmill_client::{Call, CallOptions, Transport};

use crate::support::{
    Reply, Server, USER_LIST, client, eventually, json, ok, patient_client, response, status,
};

#[derive(Debug, Deserialize)]
struct Users {
    #[serde(
        default,
        deserialize_with = "specmill_client::deserialize::null_as_default"
    )]
    results: Vec<String>,
}

impl Page for Users {
    type Item = String;

    fn items(&self) -> &[String] {
        &self.results
    }

    fn into_items(self) -> Vec<String> {
        self.results
    }
}

fn call(client: &Transport) -> Call {
    client.call(&USER_LIST, CallOptions::default())
}

fn items(client: &Transport) -> CursorItems<Users> {
    CursorItems::new(call(client))
}

/// Starts a service with two pages of two items and one page of one item.
async fn three_pages() -> Server {
    Server::start(|_, request| {
        ok(match request.query("cursor") {
            None => r#"{"results":["a","b"],"next":"c/1 +"}"#,
            Some("c%2F1%20%2B") => r#"{"results":["c","d"],"next":"c2"}"#,
            Some("c2") => r#"{"results":["e"]}"#,
            Some(other) => panic!("{other}"),
        })
    })
    .await
}

#[tokio::test]
async fn every_item_is_returned_once_and_in_order_with_the_same_filters() {
    let server = three_pages().await;
    let call = call(&client(&server)).parameter("contains", Ok("x y"));
    let all: Vec<_> = CursorItems::<Users>::new(call).try_collect().await.unwrap();
    assert_eq!(all, ["a", "b", "c", "d", "e"]);
    assert_eq!(
        server.targets(),
        [
            "/users?contains=x%20y",
            "/users?contains=x%20y&cursor=c%2F1%20%2B",
            "/users?contains=x%20y&cursor=c2"
        ]
    );
}

#[tokio::test]
async fn an_absent_null_or_empty_cursor_is_the_end() {
    for end in [
        r#"{"results":["a"]}"#,
        r#"{"results":["a"],"next":null}"#,
        r#"{"results":["a"],"next":""}"#,
    ] {
        let server = Server::always(move || ok(end)).await;
        let mut stream = items(&client(&server));
        assert_eq!(stream.try_next().await.unwrap().as_deref(), Some("a"));
        assert_eq!(stream.try_next().await.unwrap(), None);
        assert_eq!(stream.try_next().await.unwrap(), None);
        assert_eq!((server.count(), stream.position()), (1, None));
    }
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_is_not_the_end() {
    let server = Server::start(|_, request| {
        ok(match request.query("cursor") {
            None => r#"{"results":null,"next":"1"}"#,
            Some("1") => r#"{"next":"2"}"#,
            _ => r#"{"results":["z"]}"#,
        })
    })
    .await;
    assert_eq!(
        items(&client(&server))
            .try_collect::<Vec<_>>()
            .await
            .unwrap(),
        ["z"]
    );
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_after_the_page_it_came_with() {
    // First a page whose cursor is its own, then two pages whose cursors alternate.
    for circle in [["1", "1"], ["1", "2"]] {
        let server = Server::start(move |_, request| {
            let next = match request.query("cursor") {
                None => circle[0],
                Some("1") => circle[1],
                _ => "1",
            };
            ok(&format!(r#"{{"results":["x"],"next":"{next}"}}"#))
        })
        .await;
        let mut stream = items(&client(&server));
        let mut seen = 0;
        let error = loop {
            match stream.try_next().await {
                Ok(item) => seen += usize::from(item.is_some()),
                Err(error) => break error,
            }
        };
        assert!(error.is_paging() && !error.is_incomplete() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "demo user_list: the service sent a cursor for the second time; reading on would not end"
        );
        assert_eq!(seen, server.count());
        assert_eq!(stream.try_next().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_listing_is_resumed_where_it_failed_and_nothing_is_lost() {
    let server = Server::start(|number, request| match (number, request.query("cursor")) {
        (_, None) => ok(r#"{"results":["a"],"next":"1"}"#),
        (0..=5, Some("1")) => status("400 Bad Request"),
        _ => ok(r#"{"results":["b"]}"#),
    })
    .await;
    let client = client(&server);
    let mut stream = items(&client);
    assert_eq!(stream.position(), None);
    assert_eq!(stream.try_next().await.unwrap().unwrap(), "a");
    assert!(stream.try_next().await.unwrap_err().is_bad_request());
    assert_eq!(
        stream.try_next().await.unwrap(),
        None,
        "a failed stream is at its end"
    );
    let position = stream.position().unwrap().to_owned();
    assert_eq!(position, "1");
    while server.count() < 6 {
        call(&client)
            .parameter("cursor", Ok("1"))
            .send_empty()
            .await
            .unwrap_err();
    }
    let rest: Vec<_> = items(&client)
        .resume_from(position)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest, ["b"]);
}

#[tokio::test]
async fn the_position_of_an_item_is_its_page() {
    let server = three_pages().await;
    let mut stream = items(&client(&server));
    let mut positions = Vec::new();
    loop {
        positions.push(stream.position().map(str::to_owned));
        if stream.try_next().await.unwrap().is_none() {
            break;
        }
    }
    let positions: Vec<_> = positions.iter().map(Option::as_deref).collect();
    assert_eq!(
        positions,
        [None, None, Some("c/1 +"), Some("c/1 +"), Some("c2"), None]
    );
}

#[tokio::test]
async fn a_list_starts_at_the_cursor_in_the_arguments() {
    let server = three_pages().await;
    let stream = CursorItems::<Users>::new(call(&client(&server)).parameter("cursor", Ok("c2")));
    assert_eq!(stream.position(), Some("c2"));
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap(), ["e"]);
}

#[tokio::test]
async fn pages_are_returned_whole() {
    let server = three_pages().await;
    let mut pages = CursorPages::<Users>::new(call(&client(&server)));
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.items().len());
    }
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn one_page_is_fetched_ahead_and_no_more() {
    let server = three_pages().await;
    let mut stream = items(&client(&server));
    assert_eq!(
        server.count(),
        0,
        "nothing is asked for before the first item is"
    );
    stream.try_next().await.unwrap();
    assert!(
        eventually(|| server.count() == 2).await,
        "the second page is fetched while the first is consumed"
    );
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_dropped_stream_makes_no_more_calls() {
    // A failure with a delay, after which the prefetching task would retry.
    let server = Server::start(|number, _| {
        if number == 0 {
            ok(r#"{"results":["a"],"next":"1"}"#)
        } else {
            Reply::Late(
                Duration::from_millis(20),
                response("503 No", "retry-after: 1\r\n", ""),
            )
        }
    })
    .await;
    let (client, clock) = patient_client(&server);
    let mut stream = items(&client);
    stream.try_next().await.unwrap();
    assert!(eventually(|| server.count() == 2).await);
    drop(stream);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!((server.count(), clock.delays().len()), (2, 0));
}

#[tokio::test]
async fn failed_pages_are_retried_and_no_item_is_lost_or_doubled() {
    let server = Server::start(|number, request| {
        if number % 3 != 2 {
            return if number % 3 == 0 {
                status("503 No")
            } else {
                Reply::Close(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"results\":[\"x\"".to_vec(),
                )
            };
        }
        let page: u32 = request
            .query("cursor")
            .map_or(0, |cursor| cursor.parse().unwrap());
        let next = if page < 30 {
            format!(r#""{}""#, page + 1)
        } else {
            "null".into()
        };
        json(
            "206 Partial Content",
            &format!(r#"{{"results":["{page}"],"next":{next}}}"#),
        )
    })
    .await;
    let client = crate::support::settings()
        .clock(specmill_client::ManualClock::new(crate::support::midnight()))
        .retry_budget(specmill_client::RetryBudget::unlimited())
        .build(&server.url(), crate::support::key())
        .unwrap();
    let all: Vec<String> = items(&client).try_collect().await.unwrap();
    assert_eq!(
        all,
        (0..=30).map(|page| page.to_string()).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn streams_implement_stream_and_send() {
    fn check<
        S: futures_core::Stream<Item = Result<String, specmill_client::Error>>
            + Send
            + Unpin
            + 'static,
    >(
        _: &S,
    ) {
    }
    let server = three_pages().await;
    let stream = items(&client(&server));
    check(&stream);
    assert_eq!(format!("{stream:?}"), "CursorItems { .. }");
    let count = tokio::spawn(async move { stream.try_collect::<Vec<_>>().await.unwrap().len() })
        .await
        .unwrap();
    assert_eq!(count, 5);
}

#[tokio::test]
async fn endless_empty_pages_with_new_cursors_are_an_error() {
    let server =
        Server::start(|number, _| ok(&format!(r#"{{"results":[],"next":"c{}"}}"#, number + 1)))
            .await;
    let client = client(&server);
    let mut stream = items(&client);
    let error = stream.try_next().await.unwrap_err();
    assert!(error.is_paging() && !error.is_retryable(), "{error}");
    assert_eq!(
        error.to_string(),
        "demo user_list: 100 pages in a row were empty, each with a cursor; reading on might not end"
    );
    assert_eq!((server.count(), stream.position()), (100, Some("c100")));
    assert!(stream.try_next().await.unwrap().is_none());
    // The caller can continue from there.
    let mut rest = stream.resume_from("c100");
    assert!(rest.try_next().await.unwrap_err().is_paging());
    assert_eq!(server.count(), 200);
}

#[tokio::test]
async fn an_item_resets_the_number_of_empty_pages() {
    let server = Server::start(|number, _| {
        let results = if number % 100 == 99 { r#"["a"]"# } else { "[]" };
        ok(&if number < 399 {
            format!(r#"{{"results":{results},"next":"c{number}"}}"#)
        } else {
            format!(r#"{{"results":{results}}}"#)
        })
    })
    .await;
    let all: Vec<_> = items(&client(&server)).try_collect().await.unwrap();
    assert_eq!(all, ["a"; 4]);
}

/// Starts a service with two pages of one item each and a total of three.
async fn one_item_is_missing() -> Server {
    Server::start(|_, request| {
        ok(match request.query("cursor") {
            None => r#"{"total":"3","results":["a"],"next":"1"}"#,
            _ => r#"{"total":3.0,"results":["b"]}"#,
        })
    })
    .await
}

#[tokio::test]
async fn an_end_before_the_total_is_an_error_after_the_items() {
    let server = one_item_is_missing().await;
    let mut stream = items(&client(&server));
    assert_eq!(stream.try_next().await.unwrap().as_deref(), Some("a"));
    assert_eq!(stream.try_next().await.unwrap().as_deref(), Some("b"));
    let error = stream.try_next().await.unwrap_err();
    assert!(error.is_paging(), "{error}");
    assert_eq!(
        error.to_string(),
        "demo user_list: the listing ended after 2 of the 3 items that the service reported"
    );
    assert_eq!(stream.position(), Some("1"));
    assert!(stream.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_total_is_not_compared_with_a_list_that_starts_later_or_ignores_it() {
    let server = one_item_is_missing().await;
    let client = client(&server);
    let rest = items(&client).resume_from("1");
    assert_eq!(rest.try_collect::<Vec<_>>().await.unwrap(), ["b"]);
    let all = items(&client).ignore_total();
    assert_eq!(all.try_collect::<Vec<_>>().await.unwrap(), ["a", "b"]);
    let pages = CursorPages::<Users>::new(call(&client)).ignore_total();
    assert_eq!(pages.try_collect::<Vec<_>>().await.unwrap().len(), 2);
}

#[test]
fn a_listing_whose_runtime_is_shut_down_names_its_operation() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let mut pages = first.block_on(async {
        let server = Server::always(|| Reply::Stall(Vec::new())).await;
        let mut pages = CursorPages::<Users>::new(call(&client(&server)));
        tokio::select! {
            biased;
            _ = pages.try_next() => panic!("nothing was sent"),
            asked = eventually(|| server.count() == 1) => assert!(asked),
        }
        pages
    });
    drop(first);
    let error = runtime().block_on(pages.try_next()).unwrap_err();
    assert_eq!(error.operation(), Some("user_list"));
    assert_eq!(
        error.to_string(),
        "demo user_list: the tokio runtime was shut down"
    );
}

#[test]
fn the_next_page_is_requested_before_a_page_is_consumed_on_the_only_thread() {
    let service = tokio::runtime::Runtime::new().unwrap();
    let server = service.block_on(three_pages());
    let only_thread = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // Nothing of the client runs while its thread waits so.
    let requested = |pages| {
        (0..5_000).any(|_| {
            std::thread::sleep(Duration::from_millis(2));
            server.count() == pages
        })
    };
    only_thread.block_on(async {
        let mut items = items(&client(&server));
        for pages in [2, 3] {
            items.try_next().await.unwrap();
            assert!(requested(pages), "{pages} pages");
            items.try_next().await.unwrap();
        }
    });
}

#[tokio::test]
async fn a_page_that_is_not_yielded_yet_is_the_next_one_whenever_the_caller_stops_waiting() {
    let server = three_pages().await;
    let mut pages = CursorPages::<Users>::new(call(&client(&server)));
    let mut all = Vec::new();
    loop {
        let position = pages.position().map(str::to_owned);
        tokio::select! {
            biased;
            next = pages.try_next() => match next.unwrap() {
                Some(page) => all.push((position, page.results.concat())),
                None => break,
            },
            () = tokio::task::yield_now() => {}
        }
    }
    let expected = [(None, "ab"), (Some("c/1 +"), "cd"), (Some("c2"), "e")]
        .map(|(position, items)| (position.map(str::to_owned), items.to_owned()));
    assert_eq!(all, expected);
}

/// A page type that is told about each page that it is read from.
macro_rules! page_that {
    ($name:ident, $observe:expr) => {
        struct $name(Users);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let users = Users::deserialize(deserializer)?;
                $observe(&users);
                Ok(Self(users))
            }
        }

        impl Page for $name {
            type Item = String;

            fn items(&self) -> &[String] {
                self.0.items()
            }

            fn into_items(self) -> Vec<String> {
                self.0.into_items()
            }
        }
    };
}

#[test]
fn a_listing_continues_in_another_runtime() {
    static READ: AtomicUsize = AtomicUsize::new(0);
    page_that!(Counted, |_: &Users| READ.fetch_add(1, Ordering::SeqCst));
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let (service, first, second) = (runtime(), runtime(), runtime());
    let server = service.block_on(three_pages());
    let mut items = CursorItems::<Counted>::new(call(&client(&server)));
    let mut all: Vec<String> = first.block_on(async {
        let item = items.try_next().await.unwrap();
        // The second page is complete before its runtime is shut down.
        assert!(eventually(|| READ.load(Ordering::SeqCst) == 2).await);
        item.into_iter().collect()
    });
    drop(first);
    let rest: Vec<String> = second.block_on(items.try_collect()).unwrap();
    all.extend(rest);
    assert_eq!(all, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
#[should_panic(expected = "no page of users")]
async fn a_panic_while_a_page_is_fetched_continues_where_the_list_is_read() {
    page_that!(Panicking, |users: &Users| assert!(
        users.results.len() == 2,
        "no page of users"
    ));
    let server = three_pages().await;
    let items = CursorItems::<Panicking>::new(call(&client(&server)));
    let _ = items.try_collect::<Vec<_>>().await;
}
