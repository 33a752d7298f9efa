//! Responses that a test builds from the generated types.

use specmill::panther;
use specmill::panther::types::{self, User, UserListResp, UserRole};
use specmill::scp::identity_center;
use specmill_sandbox::{Fault, Operation};

use crate::support::{panther, people, sandbox};

/// A user who does not exist in any sandbox.
fn grace() -> User {
    User::builder()
        .id("u-grace")
        .email("grace@acme.test")
        .enabled(false)
        .given_name("Grace")
        .family_name("Hopper")
        .role(UserRole::builder().name("Admiral"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_next_response_of_an_operation_is_a_value_of_its_type() {
    let sandbox = sandbox().await;
    sandbox.respond_next(Operation::UserGet, &grace()).unwrap();
    let panther = panther(&sandbox);
    // Another operation still has its default response.
    assert_eq!(panther.user_list().send().await.unwrap().results.len(), 10);
    let user = panther.user_get("u-grace").send().await.unwrap();
    assert_eq!(user, grace());
    let error = panther.user_get("u-grace").send().await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn pages_of_a_list_are_returned_one_after_the_other() {
    let sandbox = sandbox().await;
    let first = UserListResp::builder().results([grace()]).next("more");
    let last = UserListResp::builder().results([grace(), grace()]);
    for page in [first, last] {
        let page = page.build().unwrap();
        sandbox.respond_next(Operation::UserList, &page).unwrap();
    }
    let users: Vec<_> = panther(&sandbox)
        .user_list()
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(users, [grace(), grace(), grace()]);
}

#[tokio::test]
async fn an_error_is_a_value_with_a_status_and_headers() {
    let sandbox = sandbox().await;
    let body = types::Error::builder().message("no seat is left");
    let fault = Fault::json(409, &body.build().unwrap()).unwrap();
    sandbox.fail_next(fault.header("x-request-id", "r-1"));
    let error = panther(&sandbox).user_get("u").send().await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(error.message(), Some("no seat is left"));
    assert_eq!(error.request_id(), Some("r-1"));
}

#[tokio::test]
async fn a_client_of_each_api_is_made_of_the_sandboxs_environment() {
    let sandbox = sandbox().await;
    let panther = panther::Client::from_variables(sandbox.environment()).unwrap();
    assert_eq!(panther.user_list().send().await.unwrap().results.len(), 10);
    let center = identity_center::Client::from_variables(sandbox.environment()).unwrap();
    let page = people(&sandbox, &center).send().await.unwrap();
    assert_eq!(page.users.len(), 10);
}

#[test]
fn variables_that_are_given_stand_in_place_of_the_environments_and_are_named_in_errors() {
    let given = [("SCP_ACCESS_KEY", "a"), ("SCP_SECRET_KEY", "s3cret")];
    let error = identity_center::Client::from_variables(given).unwrap_err();
    assert!(error.is_configuration(), "{error}");
    let given = [
        ("SCP_BASE_URL", "https://scp.acme.test"),
        ("SCP_ACCESS_KEY", "a"),
        ("SCP_SECRET_KEY", "s3cret"),
        ("SCP_API_VERSION", "9.9"),
    ];
    let error = identity_center::Client::from_variables(given).unwrap_err();
    let told = error.to_string();
    assert!(told.contains("the variable SCP_API_VERSION"), "{told}");
    assert!(!format!("{error:?}").contains("s3cret"));
    let nothing: [(&str, &str); 0] = [];
    let error = panther::Client::from_variables(nothing).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid configuration: the variable PANTHER_BASE_URL is not set: set it"
    );
}
