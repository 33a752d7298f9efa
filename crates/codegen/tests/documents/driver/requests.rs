//! Parameters and lists of the conformance table, through the methods that callers use.

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use specmill_lists::Client as Lists;
use specmill_client::multipart::FilePart;
use specmill_client::BodySource;
use specmill_parameter_styles::{Client as Styles, types};

async fn server(respond: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

async fn sent(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().remove(0)
}

#[tokio::test]
async fn paths_are_encoded_in_label_and_matrix_style() {
    let server = server(|_| ResponseTemplate::new(200)).await;
    let client = Styles::builder().base_url(server.uri()).build().unwrap();
    let object: types::LabelObject = serde_json::from_value(json!({"z": "é", "a": 1})).unwrap();
    client.label("x", [1, 2], ["a.b", "c"], object).send().await.unwrap();
    assert_eq!(sent(&server).await.url.path(), "/label/.x/.1,2/.a.b.c/.z=%C3%A9.a=1");
}

#[tokio::test]
async fn a_reserved_character_is_unchanged_if_the_document_allows_it() {
    let server = server(|_| ResponseTemplate::new(200)).await;
    let client = Styles::builder().base_url(server.uri()).build().unwrap();
    let object: types::MoreStylesSimple = serde_json::from_value(json!({"z": "1"})).unwrap();
    client.more_styles(object).link("/a?b=c&d").links(["x/y", "z"]).either("one".to_owned()).whole(3.0).send().await.unwrap();
    let request = sent(&server).await;
    assert_eq!(request.url.path(), "/more/z=1");
    assert_eq!(request.url.query(), Some("link=/a?b=c%26d&links=x/y,z&whole=3&either=one"));
}

/// The numbers of a page of three items, from a list of seven.
fn page(from: usize) -> Vec<Value> {
    (from.min(7)..(from + 3).min(7)).map(|id| json!({"id": id.to_string()})).collect()
}

fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn number(request: &Request, name: &str, usual: usize) -> usize {
    query(request, name).map_or(usual, |number| number.parse().unwrap())
}

fn all() -> Vec<String> {
    (0..7).map(|id| id.to_string()).collect()
}

macro_rules! lists {
    ($($name:ident: $call:ident($($concurrency:ident)?), $respond:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let server = server($respond).await;
            let client = Lists::builder().base_url(server.uri()).build().unwrap();
            let items: Vec<_> = client.$call().stream()$(.$concurrency(4))?.try_collect().await.unwrap();
            let ids: Vec<String> = items.into_iter().map(|item| item.id.unwrap()).collect();
            assert_eq!(ids, all());
            let pages: Vec<_> = client.$call().pages().try_collect().await.unwrap();
            assert_eq!(pages.len(), 3);
        }
    )*};
}

fn json_body(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

lists! {
    a_cursor_within_an_object_is_followed: by_cursor(), |request: &Request| {
        let from = number(request, "cursor", 0);
        let next = (from + 3 < 7).then(|| (from + 3).to_string());
        json_body(json!({"data": page(from), "meta": {"next_cursor": next}}))
    };
    the_last_item_leads_to_the_next_page: by_last_item(), |request: &Request| {
        let from = query(request, "starting_after").map_or(0, |id| id.parse::<usize>().unwrap() + 1);
        json_body(json!({"data": page(from), "has_more": from + 3 < 7}))
    };
    numbered_pages_are_fetched_together: by_page(concurrency), |request: &Request| {
        json_body(json!({"items": page((number(request, "page", 1) - 1) * 3), "total": 7}))
    };
    offsets_are_fetched_together: by_offset(concurrency), |request: &Request| {
        let from = number(request, "offset", 0);
        let next = (from + 3 < 7).then(|| format!("https://lists.test/by-offset?offset={}", from + 3));
        json_body(json!({"results": page(from), "count": 7, "next": next}))
    };
    a_response_that_is_the_list_pages: whole(), |request: &Request| {
        json_body(json!(page((number(request, "page", 1) - 1) * 3)))
    };
    a_link_header_is_followed: by_header(), |request: &Request| {
        let from = number(request, "after", 0);
        let response = json_body(json!(page(from)));
        if from + 3 < 7 {
            response.insert_header("link", format!("<{}?after={}>; rel=\"next\"", "/by-header", from + 3))
        } else {
            response
        }
    };
    a_cursor_in_a_header_is_followed: by_header_cursor(), |request: &Request| {
        let from = number(request, "after_cursor", 0);
        let response = json_body(json!(page(from)));
        let next = if from + 3 < 7 { (from + 3).to_string() } else { String::new() };
        response.insert_header("x-after-cursor", next)
    };
    a_whole_url_is_followed: by_url(), |request: &Request| {
        let from = number(request, "cursor", 0);
        let next = (from + 3 < 7).then(|| format!("https://lists.test/by-url?cursor={}", from + 3));
        json_body(json!({"results": page(from), "next": next}))
    };
    items_within_an_object_are_streamed: nested(), |request: &Request| {
        let from = number(request, "page_token", 0);
        let next = if from + 3 < 7 { (from + 3).to_string() } else { String::new() };
        json_body(json!({"response": {"users": page(from)}, "next_page_token": next}))
    };
    required_items_that_may_be_null_are_streamed: nullable(), |request: &Request| {
        let from = number(request, "cursor", 0);
        let next = (from + 3 < 7).then(|| (from + 3).to_string());
        json_body(json!({"data": {"items": page(from)}, "next_cursor": next}))
    };
}

/// The parts of a form, each with its header lines and its content.
fn parts(request: &Request) -> Vec<(String, String)> {
    let content_type = request.headers["content-type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8(request.body.clone()).unwrap();
    let mut pieces: Vec<&str> = body.split(&format!("--{boundary}")).skip(1).collect();
    assert_eq!(pieces.pop(), Some("--\r\n"));
    pieces
        .into_iter()
        .map(|piece| {
            let (head, content) = piece.trim_start_matches("\r\n").split_once("\r\n\r\n").unwrap();
            (head.to_owned(), content.strip_suffix("\r\n").unwrap().to_owned())
        })
        .collect()
}

#[tokio::test]
async fn a_form_has_text_json_and_files_from_bytes_a_path_and_a_stream() {
    use specmill_multipart_forms::operations::SendReportForm;
    use specmill_multipart_forms::types::Address;

    let server = server(|_| ResponseTemplate::new(202)).await;
    let client = specmill_multipart_forms::Client::builder().base_url(server.uri()).build().unwrap();
    let path = std::env::temp_dir().join(format!("specmill-form-{}.jpg", std::process::id()));
    std::fs::write(&path, "from a file").unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let form = SendReportForm::new()
        .reason("it \"broke\"")
        .files([
            FilePart::new(b"bytes".to_vec()),
            FilePart::file(&path),
            FilePart::new(BodySource::reader(&b"streamed"[..], 8)).file_name("a\".png").header("X-Part", "1"),
        ])
        .tags(["one", "two"])
        .address(Address::builder().street("Main"))
        .level(3)
        .urgent(true)
        .all(vec![1_i64, 2]);
    client.send_report().body(form).send().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let disposition = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    let file = |name: &str, kind: &str| {
        format!("{}; filename=\"{name}\"\r\nContent-Type: {kind}", disposition("files"))
    };
    let json = "\r\nContent-Type: application/json";
    let expected = [
        (disposition("reason"), "it \"broke\""),
        (file("files", "image/png"), "bytes"),
        (file(name, "image/jpeg"), "from a file"),
        (file("a%22.png", "image/png") + "\r\nX-Part: 1", "streamed"),
        (disposition("tags"), "one"),
        (disposition("tags"), "two"),
        (disposition("address") + json, "{\"street\":\"Main\"}"),
        (disposition("level"), "3"),
        (disposition("urgent"), "true"),
        (disposition("all") + json, "[1,2]"),
    ];
    let request = sent(&server).await;
    let expected: Vec<(String, String)> = expected.into_iter().map(|(head, content)| (head, content.to_owned())).collect();
    assert_eq!(parts(&request), expected);
    assert_eq!(request.headers["content-length"].to_str().unwrap(), request.body.len().to_string());
}

#[tokio::test]
async fn a_form_without_a_required_part_is_refused_before_anything_is_sent() {
    use specmill_multipart_forms::operations::SendReportForm;

    let server = server(|_| ResponseTemplate::new(202)).await;
    let client = specmill_multipart_forms::Client::builder().base_url(server.uri()).build().unwrap();
    let error = client.send_report().body(SendReportForm::new().reason("x")).send().await.unwrap_err();
    assert!(error.to_string().contains("missing part `files`"), "{error}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_query_in_the_path_is_sent_with_every_request() {
    let server = server(|_| ResponseTemplate::new(204)).await;
    let client = specmill_path_queries::Client::builder().base_url(server.uri()).build().unwrap();
    client.make_message().send().await.unwrap();
    client.make_beta_message().limit(3).send().await.unwrap();
    client.view_message("a").view("full").send().await.unwrap();
    client.list_messages().after("b").send().await.unwrap();
    client.messages_by().by("c d").send().await.unwrap();
    let missing = client.messages_by().send().await.unwrap_err();
    assert!(missing.is_invalid_request(), "{missing}");
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests.iter().map(|one| (one.url.path(), one.url.query())).collect();
    assert_eq!(
        sent,
        [
            ("/messages", None),
            ("/messages", Some("beta=true&mode=a%20b&limit=3")),
            ("/messages/a", Some("draft&view=full")),
            ("/messages", Some("after=b")),
            ("/messages", Some("by=c%20d")),
        ]
    );
}

#[tokio::test]
async fn declared_headers_and_bodies_of_responses_have_types() {
    use specmill_response_headers::operations::{DropThingsHeaders, ListThingsHeaders};
    use specmill_response_headers::types::{ListStarredResponse, ListThingsTooManyRequests};
    let server = server(|request| match (request.url.path(), request.method.as_str()) {
        ("/starred", _) => ResponseTemplate::new(200).set_body_json(json!({"stars": 3})),
        (_, "GET") => ResponseTemplate::new(200)
            .set_body_json(json!(["a"]))
            .insert_header("X-Total", "12")
            .append_header("X-Tags", "a, b")
            .append_header("X-Tags", "c")
            .insert_header("X-Whole", r#"{"a":1}"#)
            .insert_header("X-Done", "maybe"),
        _ => ResponseTemplate::new(429).set_body_json(json!({"wait": 5, "reason": "day"})).insert_header("Location", "/a"),
    })
    .await;
    let client = specmill_response_headers::Client::builder().base_url(server.uri()).build().unwrap();
    let response = client.list_things().send_response().await.unwrap();
    let headers = ListThingsHeaders::new(response.headers());
    assert_eq!(headers.x_total().unwrap(), Some(12));
    assert_eq!(headers.x_tags().unwrap().unwrap(), ["a", "b", "c"]);
    assert_eq!(headers.x_whole().unwrap(), Some(json!({"a": 1})));
    assert_eq!((headers.link().unwrap(), headers.retry_after().unwrap()), (None, None));
    let invalid = headers.x_done().unwrap_err().to_string();
    assert_eq!(invalid, "the value of the header `X-Done` is not of its declared type");
    assert!(!format!("{headers:?}").contains("maybe"));
    let error = client
        .drop_things()
        .with_options(specmill_client::CallOptions::new().retry(specmill_client::RetryPolicy::none()))
        .send()
        .await
        .unwrap_err();
    assert_eq!(DropThingsHeaders::new(error.headers()).location().unwrap().as_deref(), Some("/a"));
    let body: ListThingsTooManyRequests = error.decode_body().unwrap();
    assert_eq!(body.wait, 5);
    let starred = client.list_starred().send().await.unwrap();
    assert!(matches!(starred, ListStarredResponse::Stars(one) if one.stars == 3));
}

/// A search of seven items, whose cursor is the number of the next one; `at` leads to the cursor of a request.
async fn search(at: &'static str, respond: fn(usize, Option<String>) -> Value) -> MockServer {
    server(move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let cursor = body.pointer(at).and_then(Value::as_str).map_or(0, |cursor| cursor.parse().unwrap());
        json_body(respond(cursor, (cursor + 3 < 7).then(|| (cursor + 3).to_string())))
    })
    .await
}

async fn bodies(server: &MockServer) -> Vec<Value> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_cursor_in_the_body_is_followed_and_the_rest_of_the_body_repeated() {
    use specmill_lists::types::{ByBodyCursorBody, ByBodyCursorBodyFilter, Pagination};
    let respond = |from, next: Option<String>| {
        json!({"items": page(from), "pagination": {"nextToken": next.unwrap_or_default()}})
    };
    let server = search("/pagination/token", respond).await;
    let client = Lists::builder().base_url(server.uri()).build().unwrap();
    let body = ByBodyCursorBody::builder()
        .filter(ByBodyCursorBodyFilter::builder().name("x"))
        .pagination(Pagination::builder().page_size(3));
    let request = client.by_body_cursor().body(body);
    let pages: Vec<_> = request.clone().pages().try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    let rest = json!({"name": "x"});
    let expected = |token: Value| json!({"filter": rest.clone(), "pagination": token});
    assert_eq!(
        bodies(&server).await,
        [
            expected(json!({"pageSize": 3})),
            expected(json!({"pageSize": 3, "token": "3"})),
            expected(json!({"pageSize": 3, "token": "6"})),
        ]
    );
    // A cursor that the caller sets is where the list begins.
    let later = Pagination::builder().token("3");
    let mut items = client.by_body_cursor().body(ByBodyCursorBody::builder().pagination(later)).stream();
    assert_eq!(items.try_next().await.unwrap().unwrap().id.unwrap(), "3");
}

#[tokio::test]
async fn a_list_whose_request_has_no_body_gets_one_for_its_second_page() {
    let respond = |from, next: Option<String>| json!({"results": page(from), "next_cursor": next, "has_more": next.is_some()});
    let server = search("/cursor", respond).await;
    let client = Lists::builder().base_url(server.uri()).build().unwrap();
    let items: Vec<_> = client.search().stream().try_collect().await.unwrap();
    assert_eq!(items.len(), 7);
    assert_eq!(bodies(&server).await, [Value::Null, json!({"cursor": "3"}), json!({"cursor": "6"})]);
}

#[tokio::test]
async fn a_cursor_in_the_body_that_is_repeated_is_an_error_and_empty_pages_are_bounded() {
    let repeated = search("/cursor", |_, _| json!({"results": page(0), "next_cursor": "1", "has_more": true})).await;
    let client = Lists::builder().base_url(repeated.uri()).build().unwrap();
    let error = client.search().stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.is_paging(), "{error}");
    assert_eq!(bodies(&repeated).await.len(), 2);

    let empty = search("/cursor", |from, _| json!({"results": [], "next_cursor": (from + 1).to_string(), "has_more": true})).await;
    let client = Lists::builder().base_url(empty.uri()).build().unwrap();
    let error = client.search().stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.is_paging(), "{error}");
    assert_eq!(bodies(&empty).await.len(), 100);
}

#[tokio::test]
async fn a_cursor_in_a_header_that_is_repeated_is_an_error() {
    let server = server(|_| json_body(json!(page(0))).insert_header("x-after-cursor", "again")).await;
    let client = Lists::builder().base_url(server.uri()).build().unwrap();
    let error = client.by_header_cursor().stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.is_paging(), "{error}");
}
