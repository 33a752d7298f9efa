//! The log of received requests.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use std::time::Duration;

use common::{Signed, ann, panther, panther_get, panther_post};
use reqwest::Method;
use specmill_sandbox::{Api, Fault, Operation, Sandbox};

#[tokio::test]
async fn a_request_is_recorded_as_it_was_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_get(&sandbox, "/users?contains=a%20b&id=1&id=2").await;
    let request = sandbox.requests().last().unwrap();
    assert_eq!(
        (request.api(), request.operation()),
        (Api::Panther, Some(Operation::UserList))
    );
    assert_eq!((request.method(), request.path()), ("GET", "/users"));
    assert_eq!(request.query(), Some("contains=a%20b&id=1&id=2"));
    assert_eq!(request.query_values("contains"), ["a b"]);
    assert_eq!(request.query_values("id"), ["1", "2"]);
    assert_eq!(request.header("x-api-key"), Some(sandbox.panther_api_key()));
    assert_eq!(request.status(), Some(200));
    assert!(request.has_credentials());
}

#[tokio::test]
async fn a_body_is_recorded() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_post(&sandbox, "/users", &ann()).await;
    let request = sandbox.requests().last_of(Operation::UserCreate).unwrap();
    assert_eq!(request.json(), Some(ann()));
    assert_eq!(request.body().as_ref(), ann().to_string().as_bytes());
}

#[tokio::test]
async fn operations_are_distinguished_and_counted() {
    let sandbox = Sandbox::start().await.unwrap();
    let user = format!("/users/{}", sandbox.panther_user_ids()[0]);
    panther_get(&sandbox, "/users").await;
    panther_get(&sandbox, &user).await;
    panther_get(&sandbox, &user).await;
    panther_post(&sandbox, "/users", &ann()).await;
    panther_post(&sandbox, &user, &ann()).await;
    panther(&sandbox, Method::DELETE, &user)
        .send()
        .await
        .unwrap();
    panther_get(&sandbox, "/other").await;
    Signed::list(&sandbox, "").send().await;
    common::get(sandbox.identity_center_url()).await.unwrap();
    let requests = sandbox.requests();
    let counts: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| requests.count_of(*operation))
        .collect();
    assert_eq!(counts, [1, 2, 1, 1, 1, 1, 1]);
    assert_eq!(requests.count(), 9);
    assert_eq!(requests.of(Operation::UserGet).len(), 2);
    assert_eq!(requests.all()[6].operation(), None);
    assert_eq!(requests.last().unwrap().api(), Api::IdentityCenter);
}

#[tokio::test]
async fn debug_shows_no_credentials() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_get(&sandbox, "/users").await;
    let call = Signed::list(&sandbox, "");
    call.send().await;
    let shown = format!("{:?} {sandbox:?}", sandbox.requests());
    assert!(
        shown.contains("x-api-key") && shown.contains("scp-timestamp") && shown.contains("en-US")
    );
    let secrets = [
        sandbox.panther_api_key(),
        sandbox.access_key(),
        sandbox.secret_key(),
        &call.signature(),
    ];
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn the_newest_are_kept_and_all_are_counted() {
    let sandbox = Sandbox::builder().log_capacity(2).start().await.unwrap();
    for limit in 1..=3 {
        panther_get(&sandbox, &format!("/users?limit={limit}")).await;
    }
    let kept = sandbox.requests().all();
    let kept: Vec<_> = kept
        .iter()
        .map(|request| request.query().unwrap())
        .collect();
    assert_eq!(kept, ["limit=2", "limit=3"]);
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 3);
}

#[tokio::test]
async fn a_log_that_is_off_only_counts() {
    let sandbox = Sandbox::builder().log_capacity(0).start().await.unwrap();
    panther_get(&sandbox, "/users").await;
    assert_eq!(sandbox.requests().count(), 1);
    assert!(sandbox.requests().last().is_none());
}

#[tokio::test]
async fn bodies_are_kept_within_a_bound_of_bytes() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = common::builder().build().unwrap();
    let url = format!("{}/users", sandbox.panther_url());
    let body = "x".repeat(60 * 1024);
    for _ in 0..1_200 {
        client.post(&url).body(body.clone()).send().await.unwrap();
    }
    let kept: usize = sandbox
        .requests()
        .all()
        .iter()
        .map(|request| request.body().len())
        .sum();
    assert!((60..=64).contains(&(kept >> 20)), "{kept}");
    assert_eq!(sandbox.requests().count(), 1_200);
}

#[tokio::test]
async fn a_cleared_log_is_empty() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_get(&sandbox, "/users").await;
    sandbox.requests().clear();
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 0);
    assert!(sandbox.requests().all().is_empty());
}

#[tokio::test]
async fn a_test_can_wait_for_requests() {
    let sandbox = Sandbox::start().await.unwrap();
    let log = sandbox.requests().clone();
    let waiting = tokio::spawn(async move {
        log.wait_for(Operation::UserList, 2, Duration::from_secs(5))
            .await
    });
    panther_get(&sandbox, "/users").await;
    panther_get(&sandbox, "/users").await;
    assert_eq!(waiting.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn concurrent_calls_are_counted() {
    let sandbox = Sandbox::builder()
        .latency(Duration::from_millis(200))
        .start()
        .await
        .unwrap();
    panther_get(&sandbox, "/users").await;
    assert_eq!(sandbox.requests().peak_in_flight(), 1);
    let call = || panther_get(&sandbox, "/users");
    tokio::join!(call(), call(), call());
    panther_get(&sandbox, "/users").await;
    assert_eq!(sandbox.requests().peak_in_flight(), 3);
    sandbox.requests().clear();
    assert_eq!(sandbox.requests().peak_in_flight(), 0);
}

#[tokio::test]
async fn a_cancelled_call_is_no_longer_in_flight() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::hang());
    let call = panther(&sandbox, Method::GET, "/users").timeout(Duration::from_millis(20));
    assert!(call.send().await.unwrap_err().is_timeout());
    // The task of the connection detects the end. Clearing the log resets the peak to the
    // current number in flight.
    let noticed = async {
        while sandbox.requests().peak_in_flight() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            sandbox.requests().clear();
        }
    };
    tokio::time::timeout(Duration::from_secs(5), noticed)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_wait_that_times_out_reports_the_received_requests() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_get(&sandbox, "/users").await;
    let patience = Duration::from_millis(20);
    let error = sandbox
        .requests()
        .wait_for(Operation::UserList, 2, patience)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "waited 20ms for 2 requests of user_list, saw 1"
    );
}

#[tokio::test]
async fn every_response_has_an_id_of_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let first = panther_get(&sandbox, "/users").await.headers()["x-request-id"].clone();
    let second = Signed::list(&sandbox, "&page=x").send().await;
    let id = second.headers()["x-request-id"].clone();
    assert_ne!(first, id);
    let error = common::json_of(second).await;
    assert_eq!(error["errors"][0]["request_id"], id.to_str().unwrap());
}

#[test]
fn an_operation_is_found_by_its_name() {
    assert_eq!("user_list".parse(), Ok(Operation::UserList));
    let error = "users".parse::<Operation>().unwrap_err().to_string();
    assert!(
        error.contains("\"users\"") && error.contains("list_versions"),
        "{error}"
    );
}
