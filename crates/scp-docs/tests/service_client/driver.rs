//! What a program does with the client of the drafted service.

#![allow(clippy::unwrap_used, missing_docs, reason = "these are tests")]

use scp_compute::{ApiVersion, Client, Environment, Region, types};
use wiremock::matchers::{body_json, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A client of a server, by the settings that services share and one of this service alone.
fn client(server: &MockServer) -> Client {
    Client::from_variables([
        ("SCP_ACCESS_KEY", "an-access-key"),
        ("SCP_SECRET_KEY", "a-secret-key"),
        ("SCP_BASE_URL", "https://another-service.test"),
        ("SCP_COMPUTE_BASE_URL", server.uri().as_str()),
        ("SCP_API_VERSION", "9.9"),
        ("SCP_COMPUTE_API_VERSION", "1.1"),
    ])
    .unwrap()
}

/// The page that a request asks for; the first one where it names none.
fn page(request: &Request) -> ResponseTemplate {
    let mut query = request.url.query_pairs();
    let number = query.find(|(name, _)| name == "page");
    let number = number.map_or(0, |(_, value)| value.parse::<u64>().unwrap());
    let ids = if number == 0 { &["a", "b"][..] } else { &["c"] };
    let servers: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({"id": id, "name": "web", "state": "RUNNING"}))
        .collect();
    ResponseTemplate::new(200).set_body_json(
        serde_json::json!({"count": 3, "page": number, "size": 2, "servers": servers}),
    )
}

#[tokio::test]
async fn a_list_is_read_page_by_page_signed_and_of_the_pinned_version() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/servers"))
        .and(query_param("size", "2"))
        .respond_with(page)
        .expect(2)
        .mount(&server)
        .await;
    let mut servers = client(&server).list_servers().size(2).stream();
    let mut ids = Vec::new();
    while let Some(one) = servers.try_next().await.unwrap() {
        ids.push(one.id);
    }
    assert_eq!(ids, ["a", "b", "c"]);
    let requests = server.received_requests().await.unwrap();
    assert!(requests[1].url.query().unwrap().contains("page=1"));
    for request in requests {
        let header = |name: &str| request.headers[name].to_str().unwrap();
        assert_eq!(header("Scp-Accesskey"), "an-access-key");
        assert_eq!(header("Scp-ClientType"), "Openapi");
        assert_eq!(header("Scp-Api-Version"), "compute 1.1");
        assert!(header("Scp-Timestamp").parse::<u64>().is_ok());
        assert!(!header("Scp-Signature").is_empty());
    }
}

#[tokio::test]
async fn a_body_is_sent_as_the_page_describes_it() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/servers"))
        .and(body_json(serde_json::json!({"name": "web-1"})))
        .respond_with(
            ResponseTemplate::new(201)
                .set_body_json(serde_json::json!({"id": "a", "name": "web-1", "state": "STOPPED"})),
        )
        .expect(1)
        .mount(&server)
        .await;
    let body = types::ServerCreateRequest::builder().name("web-1");
    let created = client(&server).create_server().body(body).send().await;
    assert_eq!(created.unwrap().id, "a");
}

#[test]
fn the_address_follows_from_region_and_environment() {
    let client = Client::builder()
        .region(Region::KrEast1)
        .environment(Environment::Enterprise)
        .credentials("an-access-key", "a-secret-key")
        .api_version(ApiVersion::V1_2)
        .build();
    assert_eq!(
        client.unwrap().base_url(),
        "https://compute.kr-east1.e.acme-cloud.test"
    );
}
