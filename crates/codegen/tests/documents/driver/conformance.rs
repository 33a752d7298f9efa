//! The clients of the conformance table as callers use them, beyond the generated tests.

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

#[tokio::test]
async fn parameters_with_one_name_in_three_locations_are_all_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = specmill_colliding_parameters::Client::builder().base_url(server.uri()).build().unwrap();
    client.get_thing("p").id_in_query(7).id_in_header(true).page_size(1).send().await.unwrap();
    let request = server.received_requests().await.unwrap().remove(0);
    assert_eq!((request.url.path(), request.url.query()), ("/things/p", Some("id=7&page-size=1")));
    assert_eq!(request.headers["id"], "true");
}

#[tokio::test]
async fn a_multipart_body_is_sent_unchanged_with_the_callers_content_type() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = specmill_several_bodies::Client::builder().base_url(server.uri()).build().unwrap();
    let body = "--x\r\n\r\n1\r\n--x--\r\n";
    client.multipart_optional().body("multipart/mixed; boundary=x", body).send().await.unwrap();
    let request = server.received_requests().await.unwrap().remove(0);
    assert_eq!(request.headers["content-type"], "multipart/mixed; boundary=x");
    assert_eq!(request.body, body.as_bytes());
}

#[tokio::test]
async fn an_unsupported_content_type_is_refused_before_sending() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = specmill_several_bodies::Client::builder().base_url(server.uri()).build().unwrap();
    for content_type in ["text/plain", "multipart/form-data", "multipart/mixed\r\nx: y"] {
        let error = client.multipart_optional().body(content_type, "x").send().await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
    }
    let missing = client.multipart().send().await.unwrap_err();
    assert!(missing.is_invalid_request(), "{missing}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_form_encodes_its_parts_as_the_document_declares() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = specmill_forms::Client::builder().base_url(server.uri()).build().unwrap();
    let body = json!({"a": "x y", "list": [1, 2], "object": {"b": true}});
    let body: specmill_forms::types::PlainBody = serde_json::from_value(body).unwrap();
    client.plain().body(body).send().await.unwrap();
    let body: specmill_forms::types::BracketsBody = serde_json::from_value(json!({"object": {"b": true}})).unwrap();
    client.brackets().body(body).send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].body, b"a=x%20y&list=1&list=2&object=%7B%22b%22%3Atrue%7D");
    assert_eq!(requests[1].body, b"object%5Bb%5D=true");
}

#[tokio::test]
async fn a_form_encodes_each_field_in_its_declared_style() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = specmill_forms::Client::builder().base_url(server.uri()).build().unwrap();
    let body = json!({
        "joined": ["a", "b,c"], "deep": {"a": [1, 2]}, "flat": {"x": 1, "y": "z"}, "whole": [1, 2],
        "list": [3, 4], "object": {"b": true}
    });
    let body: specmill_forms::types::StylesBody = serde_json::from_value(body).unwrap();
    client.styles().body(body).send().await.unwrap();
    let body: specmill_forms::types::PipedBody = serde_json::from_value(json!({"list": [1, 2]})).unwrap();
    client.piped().body(body).send().await.unwrap();
    let empty: specmill_forms::types::PipedBody = serde_json::from_value(json!({"list": []})).unwrap();
    let refused = client.piped().body(empty).send().await.unwrap_err();
    assert!(refused.is_invalid_request(), "{refused}");
    let requests = server.received_requests().await.unwrap();
    let body = std::str::from_utf8(&requests[0].body).unwrap();
    assert_eq!(
        body,
        "joined=a,b%2Cc&deep%5Ba%5D%5B0%5D=1&deep%5Ba%5D%5B1%5D=2&x=1&y=z&whole=%5B1%2C2%5D&list=3&list=4\
         &object=%7B%22b%22%3Atrue%7D"
    );
    assert_eq!(requests[1].body, b"list=1%7C2");
    assert_eq!(requests.len(), 2);
}

#[test]
fn a_discriminator_selects_the_branch_and_unknown_values_are_kept() {
    use specmill_unions::types::Pet;
    let read = |value: serde_json::Value| serde_json::from_value::<Pet>(value).unwrap();
    assert!(matches!(read(json!({"kind": "kitten", "lives": 9})), Pet::Cat(_)));
    assert!(matches!(read(json!({"kind": "dog", "name": "Rex"})), Pet::Dog(_)));
    let bird = json!({"kind": "bird", "wings": 2});
    assert!(matches!(read(bird.clone()), Pet::Unknown(_)));
    assert_eq!(serde_json::to_value(read(bird.clone())).unwrap(), bird);
}

#[test]
fn a_discriminator_without_a_mapping_uses_the_published_names() {
    use specmill_unions::types::ByName;
    let one: ByName = serde_json::from_value(json!({"shape": "shape_one", "one": 1})).unwrap();
    assert!(matches!(one, ByName::ShapeOne(_)), "{one:?}");
}

#[tokio::test]
async fn different_successes_are_distinguished_by_status() {
    use specmill_several_successes::types::DifferentResponse;
    let server = server(ResponseTemplate::new(201).set_body_json(json!({"b": 1}))).await;
    let client = specmill_several_successes::Client::builder().base_url(server.uri()).build().unwrap();
    let response = client.different().send_response().await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    assert!(matches!(response.into_body(), DifferentResponse::Created(_)));
}

#[tokio::test]
async fn an_update_sends_no_default() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({"name": null, "names": null}))).await;
    let client = specmill_liberal_reading::Client::builder().base_url(server.uri()).build().unwrap();
    let body = specmill_liberal_reading::types::Thing::builder().name(None).names(Vec::<String>::new());
    let response = client.change_thing().body(body).send().await.unwrap();
    assert!(response.names.is_empty());
    let request = server.received_requests().await.unwrap().remove(0);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(), json!({"name": null, "names": []}));
}
