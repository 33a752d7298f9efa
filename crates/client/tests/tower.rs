//! Tower layers as middleware.
#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

#[path = "client/support.rs"]
#[allow(dead_code, clippy::panic, reason = "other tests use the rest")]
mod support;

use std::sync::Arc;
use std::time::Duration;

use specmill_client::CallOptions;
use specmill_client::middleware::TowerLayer;
use tokio::sync::Semaphore;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::{MapRequestLayer, MapResponseLayer};

use support::{Reply, Server, USER_GET, eventually, key, ok, response, settings, status};

async fn get(client: &specmill_client::Transport) -> Result<String, specmill_client::Error> {
    let call = client.call(&USER_GET, CallOptions::default());
    call.parameter("id", Ok("u")).send_text().await
}

#[tokio::test]
async fn a_layer_changes_request_and_response() {
    let server = Server::always(|| ok("from the service")).await;
    let client = settings()
        .middleware(TowerLayer::new(MapRequestLayer::new(
            |mut request: http::Request<bytes::Bytes>| {
                let value = http::HeaderValue::from_static("yes");
                request.headers_mut().insert("x-layer", value);
                request
            },
        )))
        .middleware(TowerLayer::new(MapResponseLayer::new(
            |response: http::Response<bytes::Bytes>| response.map(|_| "from the layer".into()),
        )))
        .build(&server.url(), key())
        .unwrap();
    assert_eq!(get(&client).await.unwrap(), "from the layer");
    assert_eq!(server.requests()[0].header("x-layer"), Some("yes"));
    assert!(server.requests()[0].header("x-api-key").is_some());
}

#[tokio::test]
async fn the_limit_of_a_layer_applies_to_all_calls() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let server =
        Server::always(move || Reply::Gated(Arc::clone(&held), response("200 OK", "", ""))).await;
    let client = settings()
        .middleware(TowerLayer::new(ConcurrencyLimitLayer::new(2)))
        .build(&server.url(), key())
        .unwrap();
    let calls: Vec<_> = (0..5)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await })
        })
        .collect();
    assert!(eventually(|| server.count() == 2).await);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(server.count(), 2);
    gate.add_permits(5);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn an_error_of_a_layer_is_a_middleware_error_and_one_of_the_client_is_unchanged() {
    let server = Server::always(|| Reply::Stall(Vec::new())).await;
    let layer = || TowerLayer::new(TimeoutLayer::new(Duration::from_millis(20)));
    let client = settings()
        .middleware(layer())
        .build(&server.url(), key())
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_middleware() && !error.was_not_sent(), "{error}");

    let missing = Server::always(|| status("404 Not Found")).await;
    let client = settings()
        .middleware(layer())
        .build(&missing.url(), key())
        .unwrap();
    assert!(get(&client).await.unwrap_err().is_not_found());

    let closed = support::closed_port().await;
    let client = settings()
        .middleware(layer())
        .retry(specmill_client::RetryPolicy::none())
        .build(&closed, key())
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
}
