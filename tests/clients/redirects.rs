//! A redirect is an error, and no other host receives the credentials.

use specmill_sandbox::{Fault, Operation};

use crate::support::{assert_line, center, newcomer, panther, panther_builder, people, sandbox};

#[tokio::test]
async fn a_redirect_to_another_origin_is_an_error_that_names_the_host() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    for (status, reason) in [
        (301, "Moved Permanently"),
        (302, "Found"),
        (303, "See Other"),
        (307, "Temporary Redirect"),
        (308, "Permanent Redirect"),
    ] {
        sandbox.fail_next(Fault::redirect(status));
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_redirect() && !error.is_retryable());
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_line(
            &error,
            &format!(
                "panther user_list: {status} {reason}: redirected to 127.0.0.1, which is not followed (request ID)"
            ),
        );
    }
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 5);
}

#[tokio::test]
async fn the_place_a_redirect_leads_to_sees_no_request_and_no_credential() {
    let sandbox = sandbox().await;
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    let id = sandbox.panther_user_ids().remove(0);
    sandbox.fail_next_n(6, Fault::redirect(307));
    assert!(panther.user_list().send().await.is_err());
    assert!(panther.user_get(&id).send().await.is_err());
    assert!(panther.user_create().body(newcomer()).send().await.is_err());
    assert!(panther.user_delete(&id).send().await.is_err());
    assert!(people(&sandbox, &center).send().await.is_err());
    assert!(center.list_versions().send().await.is_err());
    assert_eq!(sandbox.requests().count(), 6);
    assert_eq!(sandbox.other_origin_requests().count(), 0);
}

#[tokio::test]
async fn a_shared_http_client_follows_no_redirect_either() {
    let sandbox = sandbox().await;
    let shared = specmill::HttpClient::builder().no_proxy().build().unwrap();
    let panther = panther_builder(&sandbox)
        .http_client(shared)
        .build()
        .unwrap();
    sandbox.fail_next(Fault::redirect(302));
    assert!(panther.user_list().send().await.unwrap_err().is_redirect());
    assert_eq!(sandbox.other_origin_requests().count(), 0);
}
