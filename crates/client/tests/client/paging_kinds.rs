//! Lists that page by an offset, by the last item, by links and by flags, and responses that are lists.

use serde_json::{Value, json};
use specmill_client::operation::{
    Bounds, Items, Operation, Paging, Parameter, ParameterLocation, Style,
};
use specmill_client::paging::{CursorItems, CursorPages, NumberedItems, NumberedPages};
use specmill_client::{Call, CallOptions};

use crate::support::{Reply, Request, Server, VERSIONS, client, ok, response, settings};

type List = Vec<Value>;

/// A response with its items in `data`.
#[derive(Debug, serde::Deserialize)]
struct Data {
    data: Vec<Value>,
}

impl specmill_client::paging::Page for Data {
    type Item = Value;

    fn items(&self) -> &[Value] {
        &self.data
    }

    fn into_items(self) -> Vec<Value> {
        self.data
    }
}

const DATA: Items = Items {
    field: "data",
    required: true,
};
const WHOLE: Items = Items {
    field: "",
    required: true,
};

const fn query(name: &'static str, maximum: Option<f64>) -> Parameter {
    Parameter {
        name,
        location: ParameterLocation::Query,
        required: false,
        style: Style::Form,
        allow_reserved: false,
        bounds: Bounds {
            maximum,
            ..Bounds::NONE
        },
    }
}

/// The operation of a list at `/items`.
fn list(paging: Paging) -> &'static Operation {
    const PARAMETERS: &[Parameter] = &[
        query("offset", None),
        query("limit", None),
        query("page", None),
        query("per_page", Some(100.0)),
        query("after", None),
        query("state", None),
    ];
    Box::leak(Box::new(Operation {
        id: "items",
        path: "/items",
        parameters: PARAMETERS,
        paging: Some(paging),
        ..VERSIONS.clone()
    }))
}

fn call(server: &Server, paging: Paging) -> Call {
    client(server).call(list(paging), CallOptions::default())
}

fn number(request: &Request, name: &str, usual: u64) -> u64 {
    request
        .query(name)
        .map_or(usual, |value| value.parse().unwrap())
}

fn items(from: u64, to: u64) -> Vec<Value> {
    (from..to)
        .map(|id| json!({ "id": format!("i{id}") }))
        .collect()
}

const OFFSET: Paging = Paging::Offset {
    parameter: "offset",
    first: 0,
    size_parameter: Some("limit"),
    default_size: 3,
    more: None,
    items: WHOLE,
};

/// Starts a service with `total` items, which returns at most `most` of them per page, regardless of the requested
/// size.
async fn by_offset(total: u64, most: u64) -> Server {
    Server::start(move |_, request| {
        let from = number(request, "offset", 0).min(total);
        let to = (from + number(request, "limit", 3).min(most)).min(total);
        ok(&Value::from(items(from, to)).to_string())
    })
    .await
}

#[tokio::test]
async fn an_offset_counts_the_items_before_the_page() {
    for concurrency in [1, 4] {
        for total in [0, 2, 3, 7, 12] {
            let server = by_offset(total, 100).await;
            let all: List = NumberedItems::<List>::new(call(&server, OFFSET))
                .concurrency(concurrency)
                .try_collect()
                .await
                .unwrap();
            assert_eq!(all, items(0, total), "{total} by {concurrency}");
        }
    }
    let server = by_offset(4, 100).await;
    let mut pages = NumberedPages::<List>::new(call(&server, OFFSET));
    pages.try_next().await.unwrap();
    assert_eq!(pages.position(), 3);
    let rest: Vec<List> = NumberedPages::new(call(&server, OFFSET))
        .resume_from(3)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest, [items(3, 4)]);
}

#[tokio::test]
async fn pages_that_the_service_shortens_lose_no_item() {
    for concurrency in [1, 4] {
        let server = by_offset(11, 4).await;
        let all: List =
            NumberedItems::<List>::new(call(&server, OFFSET).parameter("limit", Ok(50)))
                .concurrency(concurrency)
                .try_collect()
                .await
                .unwrap();
        assert_eq!(all, items(0, 11), "{concurrency}");
    }
}

#[tokio::test]
async fn a_flag_ends_a_listing_by_pages_without_another_request() {
    let paging = Paging::PageNumber {
        parameter: "page",
        first: 1,
        size_parameter: Some("per_page"),
        default_size: 0,
        more: Some("/meta/next"),
        items: DATA,
    };
    let server = Server::start(|_, request| {
        let page = number(request, "page", 1);
        let next = (page < 3).then_some(page + 1);
        ok(&json!({"data": items(page * 2, page * 2 + 2), "meta": {"next": next}}).to_string())
    })
    .await;
    let all: List = NumberedItems::<Data>::new(call(&server, paging))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all, items(2, 8));
    assert_eq!(
        server.targets(),
        ["/items", "/items?page=2", "/items?page=3"]
    );
}

#[tokio::test]
async fn the_next_page_is_requested_by_the_id_of_the_last_item_until_the_flag_is_false() {
    let paging = Paging::LastItem {
        parameter: "after",
        id: "id",
        more: "has_more",
        items: DATA,
    };
    let server = Server::start(|_, request| {
        let (data, more) = match request.query("after") {
            None => (items(0, 2), true),
            Some("i1") => (items(2, 4), true),
            Some("i3") => (items(4, 5), false),
            Some(other) => panic!("{other}"),
        };
        ok(&json!({"data": data, "has_more": more}).to_string())
    })
    .await;
    let all: List = CursorItems::<Data>::new(call(&server, paging))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all, items(0, 5));
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_cursor_beside_a_flag_is_followed_while_there_is_more() {
    let paging = Paging::Cursor {
        parameter: "after",
        next: "/page/last_id",
        more: Some("has_more"),
        items: DATA,
    };
    let server = Server::start(|_, request| {
        let (data, last, more) = match request.query("after") {
            None => (items(0, 2), json!("i1"), true),
            Some("i1") => (items(2, 3), json!(7), true),
            Some("7") => (items(3, 4), json!("i3"), false),
            Some(other) => panic!("{other}"),
        };
        ok(&json!({"data": data, "has_more": more, "page": {"last_id": last}}).to_string())
    })
    .await;
    let all: List = CursorItems::<Data>::new(call(&server, paging))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all, items(0, 4));
}

#[tokio::test]
async fn a_link_in_the_response_gives_the_query_of_the_next_page() {
    let paging = Paging::Link {
        next: Some("/links/next"),
        items: DATA,
    };
    let server = Server::start(|_, request| {
        let (data, next) = match request.target.as_str() {
            "/v1/items?state=open" => (
                items(0, 2),
                json!("https://internal.acme.test/v1/items?state=open&page=2"),
            ),
            "/v1/items?state=open&page=2" => (items(2, 4), json!("?state=open&page=3")),
            "/v1/items?state=open&page=3" => (items(4, 5), Value::Null),
            other => panic!("{other}"),
        };
        ok(&json!({"data": data, "links": {"next": next}}).to_string())
    })
    .await;
    let transport = settings()
        .build(&format!("{}/v1", server.url()), crate::support::key())
        .unwrap();
    let first = || {
        transport
            .call(list(paging), CallOptions::default())
            .parameter("state", Ok("open"))
    };
    let all: List = CursorItems::<Data>::new(first())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all, items(0, 5));
    let mut pages = CursorPages::<Data>::new(first());
    pages.try_next().await.unwrap();
    let position = pages.position().unwrap().to_owned();
    let rest: List = CursorItems::<Data>::new(first())
        .resume_from(position)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest, items(2, 5));
}

#[tokio::test]
async fn a_link_that_leads_elsewhere_is_an_error_and_nothing_is_sent_there() {
    let elsewhere = Server::always(|| ok("{}")).await;
    for link in [
        format!("{}/other?page=2", elsewhere.url()),
        "/admin?page=2".to_owned(),
    ] {
        let paging = Paging::Link {
            next: Some("next"),
            items: DATA,
        };
        let server =
            Server::always(move || ok(&json!({"data": [1], "next": link}).to_string())).await;
        let error = CursorItems::<Data>::new(call(&server, paging))
            .try_collect::<List>()
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("leads to another path"),
            "{error}"
        );
        assert_eq!((server.count(), elsewhere.count()), (1, 0));
    }
}

#[tokio::test]
async fn the_link_header_leads_to_the_next_page_of_a_response_that_is_the_list() {
    let paging = Paging::Link {
        next: None,
        items: WHOLE,
    };
    let server = Server::start(|_, request| {
        let (data, next) = match request.query("page") {
            None => (items(0, 2), Some(2)),
            Some("2") => (items(2, 4), Some(3)),
            Some("3") => (items(4, 5), None),
            Some(other) => panic!("{other}"),
        };
        let body = Value::from(data).to_string();
        match next {
            Some(page) => with_link(&body, page),
            None => ok(&body),
        }
    })
    .await;
    let all: List = CursorItems::<List>::new(call(&server, paging))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all, items(0, 5));
}

fn with_link(body: &str, page: u64) -> Reply {
    Reply::Bytes(response(
        "200 OK",
        &format!("link: </items?page={page}>; rel=\"next\", </items?page=9>; rel=\"last\"\r\n"),
        body,
    ))
}
