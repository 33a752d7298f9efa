//! The mock server that is generated from a document.

use std::time::Duration;

use specmill::panther::mock::MockServer;
use specmill::panther::types::{ModifyUser, UserRole};
use specmill::scp::identity_center;
use specmill::{Error, RetryPolicy};

use crate::support::newcomer;

#[tokio::test]
async fn every_operation_has_a_response_that_is_made_from_the_document() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let users: Vec<_> = client.user_list().stream().try_collect().await.unwrap();
    assert_eq!(users.len(), 1);
    client.user_get("u-1").send().await.unwrap();
    client.user_create().body(newcomer()).send().await.unwrap();
    client.user_delete("u-1").send().await.unwrap();
    mock.verify().unwrap();
    assert_eq!(mock.received().len(), 4);

    let mock = identity_center::mock::MockServer::start().await;
    let center = mock.client().unwrap();
    let people = center.list_users().instance_id("ssoins-1").stream();
    let people: Vec<_> = people.try_collect().await.unwrap();
    assert_eq!(people.len(), 1);
    mock.verify().unwrap();
}

#[tokio::test]
async fn a_response_is_a_value_of_the_operations_type_for_the_request_that_was_meant() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let mut grace = mock.expect().user_get().sample().unwrap();
    grace.email = "grace@acme.test".to_owned();
    mock.expect()
        .user_get()
        .parameter("id", "u-2")
        .times(2)
        .respond(&grace);
    let other = client.user_get("u-1").send().await.unwrap();
    assert_ne!(other.email, grace.email);
    for _ in 0..2 {
        assert_eq!(client.user_get("u-2").send().await.unwrap(), grace);
    }
    // The expectation has been met, so further requests get the default response.
    assert_eq!(client.user_get("u-2").send().await.unwrap(), other);
    let received = mock.expect().user_get().received();
    assert_eq!(received.len(), 4);
    assert_eq!(received[1].path_parameter("id"), Some("u-2"));
    mock.verify().unwrap();
}

#[tokio::test]
async fn expectations_of_one_operation_are_met_in_their_order() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let list = || mock.expect().user_list();
    let mut page = list().sample().unwrap();
    page.next = Some("c-2".to_owned());
    list().respond(&page);
    list()
        .parameter("cursor", "c-2")
        .header("x-request-id", "r-1")
        .respond_with(403, &serde_json::json!({"message": "no access"}));
    let mut users = client.user_list().stream();
    users.try_next().await.unwrap().unwrap();
    let error: Error = users.try_next().await.unwrap_err();
    assert!(error.is_forbidden());
    assert_eq!(error.message(), Some("no access"));
    assert_eq!(error.request_id(), Some("r-1"));
    mock.verify().unwrap();
}

#[tokio::test]
async fn an_expectation_holds_for_a_body_a_delay_and_bytes() {
    let mock = MockServer::start().await;
    let client = specmill::panther::Client::builder()
        .base_url(mock.url())
        .api_key("test-key")
        .attempt_timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let ann = ModifyUser::builder()
        .email("ann@acme.test")
        .given_name("Ann")
        .family_name("Lee")
        .role(UserRole::builder().name("Analyst"))
        .build()
        .unwrap();
    mock.expect().user_create().body(&ann).respond_status(409);
    client.user_create().body(newcomer()).send().await.unwrap();
    let error = client.user_create().body(ann).send().await.unwrap_err();
    assert!(error.is_conflict());
    mock.expect()
        .user_list()
        .delay(Duration::from_secs(9))
        .respond_sample();
    assert!(client.user_list().send().await.unwrap_err().is_timeout());
    mock.expect()
        .user_list()
        .respond_bytes(502, "text/html", "<html>bad gateway</html>");
    let error = client.user_list().send().await.unwrap_err();
    assert!(error.is_server_error());
    mock.verify().unwrap();
}

#[tokio::test]
async fn what_the_document_does_not_know_is_refused_and_told() {
    let mock = MockServer::start().await;
    // The provider is global to the process: another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = |path: &str| format!("{}{path}", mock.url());
    let requests = [
        http.get(url("/groups")),
        http.put(url("/users/u-1")),
        http.get(url("/users?lmit=2")),
        http.post(url("/users")),
        http.post(url("/users"))
            .json(&serde_json::json!({"email": 7})),
        http.post(url("/users")).body("email=a"),
        http.delete(url("/users/u-1")).body("{}"),
    ];
    for request in requests {
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    mock.expect()
        .user_get()
        .parameter("idd", "u-1")
        .times(0)
        .respond_status(200);
    let error = mock.verify().unwrap_err();
    let problems = error.problems();
    assert_eq!(
        problems[..4],
        [
            "the document has no operation GET /groups",
            "the document has no operation PUT /users/u-1",
            "user_list: the document has no query parameter `lmit`",
            "user_create: the body is missing",
        ]
    );
    assert!(problems[4].starts_with("user_create: the body is not of the declared type: at email"));
    assert!(problems[5].starts_with("user_create: the body is \"\" in place of"));
    assert_eq!(problems[6], "user_delete: the operation takes no body");
    assert_eq!(problems[7], "user_get: the document has no parameter `idd`");
    assert_eq!(problems.len(), 8);
}

#[tokio::test]
async fn an_expectation_that_is_not_met_fails_the_test_that_drops_the_server() {
    let test = tokio::spawn(async {
        let mock = MockServer::start().await;
        mock.expect().user_get().times(2).respond_sample();
        mock.client().unwrap().user_get("u").send().await.unwrap();
    });
    let panic = test.await.unwrap_err().into_panic();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        "the mock server saw: user_get: 1 of the 2 requests that were expected"
    );
    let unexpected = tokio::spawn(async {
        let mock = MockServer::start().await;
        mock.expect().user_get().times(0).respond_sample();
        mock.client().unwrap().user_get("u").send().await.unwrap();
    });
    assert!(unexpected.await.is_err());
}
