//! Clients of documents that are read from files, as callers use them. See `generate/files.rs`.

use serde_json::{Value, json};
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

/// The URL and the body of the only received request.
async fn sent(server: &MockServer) -> (String, Value) {
    let request = server.received_requests().await.unwrap().remove(0);
    let url = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    (url, serde_json::from_slice(&request.body).unwrap_or_default())
}

#[tokio::test]
async fn properties_from_merge_keys_are_sent_and_read() {
    use specmill_merge_keys::types::{Problem, ShipState};
    let ship = json!({"id": "a", "changed": 7, "name": "b", "state": "docked"});
    let found = server(ResponseTemplate::new(200).set_body_json(&ship)).await;
    let client = specmill_merge_keys::Client::builder().base_url(found.uri()).build().unwrap();
    let read = client.get_ship("a").limit(2).send().await.unwrap();
    assert_eq!(sent(&found).await.0, "/ships/a?limit=2");
    // Keys of the mapping itself, and of the first merged mapping, take precedence.
    assert_eq!((read.id.as_str(), read.changed, read.name.as_deref()), ("a", Some(7), Some("b")));
    assert_eq!(read.state, Some(ShipState::Docked));

    let missing = server(ResponseTemplate::new(404).set_body_json(json!({"reason": "sunk"}))).await;
    let client = specmill_merge_keys::Client::builder().base_url(missing.uri()).build().unwrap();
    let error = client.get_ship("a").send().await.unwrap_err();
    let problem: Problem = error.decode_body().unwrap();
    assert_eq!(problem.reason.as_deref(), Some("sunk"));
}

#[tokio::test]
async fn integers_of_64_bits_keep_every_digit() {
    use specmill_large_integers::types::Count;
    let count = json!({"unsigned": u64::MAX, "declared": u64::MAX - 1, "signed": i64::MIN, "huge": 9_007_199_254_740_993_i64});
    let server = server(ResponseTemplate::new(200).set_body_json(&count)).await;
    let client = specmill_large_integers::Client::builder().base_url(server.uri()).build().unwrap();
    let body: Count = serde_json::from_value(count.clone()).unwrap();
    let read = client.count_atoms().body(body).seed(i64::MIN).about(u64::MAX).send().await.unwrap();
    assert_eq!(read.unsigned, u64::MAX);
    assert_eq!(
        sent(&server).await,
        (format!("/atoms?seed={}&about={}", i64::MIN, u64::MAX), count)
    );
}

#[tokio::test]
async fn types_that_require_themselves_are_sent_and_read() {
    use specmill_required_circles::types::{Condition, Equal, Negated};
    let folder = json!({"folders": {"a": {"folders": {}, "owner": {"owned": []}}}, "owner": {"owned": []}});
    let server = server(ResponseTemplate::new(200).set_body_json(&folder)).await;
    let client = specmill_required_circles::Client::builder().base_url(server.uri()).build().unwrap();
    let equal = Equal::builder().is("equal").value("x").build().unwrap();
    let negated = Negated::builder().is("not").of(Condition::from(equal)).build().unwrap();
    let read = client.search().body(negated).send().await.unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), folder);
    let (_, body) = sent(&server).await;
    assert_eq!(body, json!({"is": "not", "of": {"is": "equal", "value": "x"}}));
}

#[tokio::test]
async fn a_tag_in_a_common_part_distinguishes_the_branches() {
    use specmill_tagged_by_enum::types::{Lamp, Reply, Signal};
    let reply = server(ResponseTemplate::new(200).set_body_json(json!({"reply": "heard", "after": 2}))).await;
    let client = specmill_tagged_by_enum::Client::builder().base_url(reply.uri()).build().unwrap();
    let lamp: Lamp = serde_json::from_value(json!({"id": "a", "kind": "lamp", "colours": ["red"]})).unwrap();
    let heard = client.send_signal().body(lamp).send().await.unwrap();
    assert!(matches!(&heard, Reply::Heard(one) if one.after == Some(2)), "{heard:?}");
    assert_eq!(sent(&reply).await.1, json!({"id": "a", "kind": "lamp", "colours": ["red"]}));

    let signals = json!([{"id": "a", "kind": "horn", "seconds": 3}, {"id": "b", "kind": "flag"}]);
    let listed = server(ResponseTemplate::new(200).set_body_json(&signals)).await;
    let client = specmill_tagged_by_enum::Client::builder().base_url(listed.uri()).build().unwrap();
    let read = client.list_signals().send().await.unwrap();
    assert!(matches!(&read[..], [Signal::Horn(_), Signal::Unknown(_)]), "{read:?}");
    assert_eq!(serde_json::to_value(&read).unwrap(), signals);
}

#[tokio::test]
async fn a_document_in_several_files_becomes_one_client() {
    use specmill_several_files::types::{Book, Reader};
    let book = json!({"title": "a", "reader": {"name": "b", "lent": [{"title": "c"}]}});
    let made = server(ResponseTemplate::new(201).set_body_json(&book)).await;
    let client = specmill_several_files::Client::builder().base_url(made.uri()).build().unwrap();
    let reader: Reader = serde_json::from_value(book["reader"].clone()).unwrap();
    let read = client.add_book().body(Book::builder().title("a").reader(reader)).send().await.unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), book);
    assert_eq!(sent(&made).await, ("/books".to_owned(), book));

    let listed = server(ResponseTemplate::new(200).set_body_json(json!([{"name": "b"}]))).await;
    let client = specmill_several_files::Client::builder().base_url(listed.uri()).build().unwrap();
    let readers: Vec<Reader> = client.list_readers().limit(1).send().await.unwrap();
    assert_eq!(readers[0].name, "b");
    assert_eq!(sent(&listed).await.0, "/readers?limit=1");
}

#[tokio::test]
async fn a_swagger_document_becomes_a_client() {
    use specmill_version_2_0::operations::ListPlantsHeaders;
    use specmill_version_2_0::types::{Plant, Tree};
    let plants = json!([{"name": "a", "kind": "Tree", "rings": 9}, {"name": "b", "kind": "Herb"}]);
    let response = ResponseTemplate::new(200).set_body_json(&plants).insert_header("X-Total", "2");
    let listed = server(response).await;
    let build = |server: &MockServer| {
        let builder = specmill_version_2_0::Client::builder().base_url(server.uri());
        builder.api_key("k").build().unwrap()
    };
    let call = build(&listed);
    let response = call.list_plants(3).colours(["red", "blue"]).sizes([1, 2]).send_response().await.unwrap();
    assert_eq!(ListPlantsHeaders::new(response.headers()).x_total().unwrap(), Some(2));
    // A base with one child may also have values of unknown children.
    assert!(matches!(&response.body()[..], [Plant::Tree(_), Plant::Unknown(_)]), "{response:?}");
    let request = listed.received_requests().await.unwrap().remove(0);
    assert_eq!(request.url.query(), Some("colours=red&colours=blue&sizes=1%7C2"));
    assert_eq!(request.headers["x-garden-key"], "k");

    let tree = json!({"name": "a", "kind": "Tree", "height": null, "rings": 9});
    let made = server(ResponseTemplate::new(201).set_body_json(&tree)).await;
    let body = Tree::builder().name("a").kind("Tree").height_null().rings(9).build().unwrap();
    build(&made).add_plant(3).body(body).send().await.unwrap();
    assert_eq!(sent(&made).await, ("/rows/3/plants".to_owned(), tree));

    let pictures = server(ResponseTemplate::new(204)).await;
    let form = specmill_version_2_0::operations::AddPictureForm::new().picture(b"png".to_vec()).caption("a b");
    build(&pictures).add_picture().body(form).send().await.unwrap();
    let request = pictures.received_requests().await.unwrap().remove(0);
    let text = String::from_utf8_lossy(&request.body);
    assert!(text.contains("name=\"picture\"") && text.contains("png") && text.contains("a b"), "{text}");
}

#[tokio::test]
async fn a_document_of_3_2_becomes_a_client_as_far_as_it_is_one_of_3_1() {
    let server = MockServer::start().await;
    let lines = "{\"station\": \"a\", \"kind\": \"hourly\"}\n{\"station\": \"b\", \"degrees\": null}\n";
    let stream = ResponseTemplate::new(200).set_body_raw(lines, "application/jsonl");
    let one = ResponseTemplate::new(200).set_body_json(json!({"station": "c", "degrees": 1.5}));
    Mock::given(method("GET")).and(wiremock::matchers::path("/reports")).respond_with(stream).mount(&server).await;
    Mock::given(any()).respond_with(one).mount(&server).await;
    let client = specmill_version_3_2::Client::builder().base_url(server.uri()).build().unwrap();
    let report = client.get_report("c").send().await.unwrap();
    assert_eq!((report.station.as_str(), report.degrees), ("c", Some(1.5)));
    let mut reports = client.watch_reports().send().await.unwrap();
    for station in ["a", "b"] {
        assert_eq!(reports.try_next().await.unwrap().unwrap().station, station);
    }
    assert!(reports.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn schemas_with_identifiers_and_anchors_have_types() {
    use specmill_identifiers::types::{Address, Note, Order, Size};
    let numbers = json!({"number": 1, "children": [{"number": 2}]});
    let server = server(ResponseTemplate::new(200).set_body_json(&numbers)).await;
    let client = specmill_identifiers::Client::builder().base_url(server.uri()).build().unwrap();
    let address = Address::builder().street("a").build().unwrap();
    let note = Note::builder().words(["b"]).build().unwrap();
    let order = Order::builder().size(Size::Small).address(address).note(note);
    let read = client.plant().body(order).send().await.unwrap();
    // A dynamic reference resolves to the schema that extends the tree.
    assert_eq!(read.children.as_ref().map(|all| all[0].number), Some(2));
    let (_, body) = sent(&server).await;
    assert_eq!(body, json!({"size": "small", "address": {"street": "a"}, "note": {"words": ["b"]}}));
}
