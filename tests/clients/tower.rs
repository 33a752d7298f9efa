//! tower layers around the attempts of a client.

use std::time::Duration;

use specmill::http::{HeaderValue, Request, Response};
use specmill::middleware::{Middleware, TowerLayer};
use specmill::{bytes::Bytes, panther::Client};
use specmill_sandbox::{Fault, Sandbox};
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::{MapRequestLayer, MapResponseLayer};

use crate::support::{PATIENCE, clock, panther_builder, sandbox};

fn with(sandbox: &Sandbox, layer: impl Middleware) -> Client {
    let builder = panther_builder(sandbox).clock(clock());
    builder.middleware(layer).build().unwrap()
}

#[tokio::test]
async fn a_layer_changes_the_request_and_the_response_of_each_attempt() {
    let sandbox = sandbox().await;
    let request = MapRequestLayer::new(|mut request: Request<Bytes>| {
        let value = HeaderValue::from_static("yes");
        request.headers_mut().insert("x-layer", value);
        request
    });
    let response = MapResponseLayer::new(|response: Response<Bytes>| {
        assert!(!response.body().is_empty());
        response.map(|_| r#"{"results":[],"next":"from the layer"}"#.into())
    });
    let panther = panther_builder(&sandbox)
        .clock(clock())
        .middleware(TowerLayer::new(request))
        .middleware(TowerLayer::new(response))
        .build()
        .unwrap();
    sandbox.fail_next(Fault::status(503));
    let page = panther.user_list().send().await.unwrap();
    assert_eq!(page.next.as_deref(), Some("from the layer"));
    let sent = sandbox.requests().all();
    assert_eq!(sent.len(), 2);
    for request in sent {
        assert_eq!(request.header("x-layer"), Some("yes"));
        assert_eq!(request.header("x-api-key"), Some(sandbox.panther_api_key()));
    }
}

#[tokio::test]
async fn the_limit_of_a_layer_holds_for_all_calls_of_a_client() {
    let sandbox = sandbox().await;
    sandbox.set_latency(Duration::from_millis(20));
    let panther = with(&sandbox, TowerLayer::new(ConcurrencyLimitLayer::new(2)));
    let calls = (0..6).map(|_| panther.user_list().send());
    for result in futures_util::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(sandbox.requests().count(), 6);
    assert!(sandbox.requests().peak_in_flight() <= 2);
}

#[tokio::test]
async fn an_error_of_a_layer_is_one_of_middleware_and_the_services_errors_stay_what_they_are() {
    let sandbox = sandbox().await;
    let timeout = |time| TowerLayer::new(TimeoutLayer::new(time));
    let patient = with(&sandbox, timeout(PATIENCE));
    let error = patient.user_get("u-404").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let hasty = with(&sandbox, timeout(Duration::from_millis(20)));
    sandbox.fail_next(Fault::hang());
    let error = hasty.user_list().send().await.unwrap_err();
    assert!(error.is_middleware() && !error.was_not_sent(), "{error}");
}
