//! What a program does with the client of a document and the prepared overlay.

#![allow(clippy::unwrap_used, missing_docs, reason = "these are tests")]

use scp_archive::{ApiVersion, Client, Environment, Region, types};
use wiremock::matchers::{body_json, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

fn client(server: &MockServer) -> Client {
    Client::from_variables([
        ("SCP_ACCESS_KEY", "an-access-key"),
        ("SCP_SECRET_KEY", "a-secret-key"),
        ("SCP_ARCHIVE_BASE_URL", server.uri().as_str()),
    ])
    .unwrap()
}

/// The page that a request asks for: two boxes on page 0, and one on page 1.
fn page(request: &Request) -> ResponseTemplate {
    let mut query = request.url.query_pairs();
    let number = query.find(|(name, _)| name == "page");
    let number = number.map_or(0, |(_, value)| value.parse::<u64>().unwrap());
    let ids = if number == 0 { &["a", "b"][..] } else { &["c"] };
    let boxes: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({"id": id, "note": null, "state": "SEALED"}))
        .collect();
    ResponseTemplate::new(200)
        .set_body_json(serde_json::json!({"count": 3, "page": number, "size": 2, "boxes": boxes}))
}

#[tokio::test]
async fn a_list_is_read_page_by_page_signed_and_of_the_version_of_the_document() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/boxes"))
        .and(query_param("size", "2"))
        .respond_with(page)
        .expect(2)
        .mount(&server)
        .await;
    let mut boxes = client(&server).list_boxes().size(2).stream();
    let mut ids = Vec::new();
    while let Some(one) = boxes.try_next().await.unwrap() {
        ids.push(one.id);
    }
    assert_eq!(ids, ["a", "b", "c"]);
    for request in server.received_requests().await.unwrap() {
        let header = |name: &str| request.headers[name].to_str().unwrap();
        assert_eq!(header("Scp-Accesskey"), "an-access-key");
        assert_eq!(header("Scp-Api-Version"), "archive 1.2");
        assert!(!header("Scp-Signature").is_empty());
    }
}

#[tokio::test]
async fn a_body_is_sent_as_the_document_describes_it() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/boxes"))
        .and(body_json(serde_json::json!({"note": "fragile"})))
        .respond_with(
            ResponseTemplate::new(201)
                .set_body_json(serde_json::json!({"id": "a", "state": "OPEN"})),
        )
        .expect(1)
        .mount(&server)
        .await;
    let body = types::BoxCreateRequest::builder().note("fragile");
    let created = client(&server).create_box().body(body).send().await;
    assert_eq!(created.unwrap().id, "a");
}

#[test]
fn the_base_url_follows_from_region_and_environment() {
    let client = Client::builder()
        .region(Region::KrEast1)
        .environment(Environment::Enterprise)
        .credentials("an-access-key", "a-secret-key")
        .api_version(ApiVersion::V1_2)
        .build();
    assert_eq!(
        client.unwrap().base_url(),
        "https://archive.kr-east1.e.samsungsdscloud.com"
    );
}
