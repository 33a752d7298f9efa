//! Requests contain exactly what the caller set.

use serde_json::json;
use specmill::CallOptions;
use specmill_sandbox::{Operation, Sandbox};

use crate::support::{center, newcomer, panther, people, sandbox};

#[tokio::test]
async fn nothing_unset_is_sent() {
    let sandbox = sandbox().await;
    panther(&sandbox).user_list().send().await.unwrap();
    assert_eq!(sandbox.requests().last().unwrap().query(), None);
    let center = center(&sandbox);
    people(&sandbox, &center).send().await.unwrap();
    let query = format!("instance_id={}", sandbox.instance_id());
    assert_eq!(
        sandbox.requests().last().unwrap().query(),
        Some(query.as_str())
    );
}

#[tokio::test]
async fn every_parameter_that_is_set_is_sent_once_under_its_own_name() {
    let sandbox = sandbox().await;
    let ids = sandbox.panther_user_ids();
    let list = panther(&sandbox)
        .user_list()
        .limit(7)
        .contains("a b&c=d")
        .id([&ids[0], &ids[1]])
        .ids("x,y")
        .include_deactivated(false)
        .status("CONFIRMED");
    list.send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    assert_eq!(request.query_values("limit"), ["7"]);
    assert_eq!(request.query_values("contains"), ["a b&c=d"]);
    assert_eq!(request.query_values("id"), ids[..2]);
    assert_eq!(request.query_values("ids"), ["x,y"]);
    assert_eq!(request.query_values("include-deactivated"), ["false"]);
    assert_eq!(request.query_values("status"), ["CONFIRMED"]);
    assert_eq!(request.query().unwrap().split('&').count(), 7);
}

#[tokio::test]
async fn an_empty_string_is_sent_and_an_empty_list_is_refused() {
    let sandbox = sandbox().await;
    let list = panther(&sandbox).user_list();
    list.clone().contains("").ids("").send().await.unwrap();
    assert_eq!(
        sandbox.requests().last().unwrap().query(),
        Some("contains=&ids=")
    );
    // Identity Center rejects an empty parameter.
    let center = center(&sandbox);
    let error = people(&sandbox, &center).sort("").send().await.unwrap_err();
    assert!(error.is_bad_request(), "{error}");
    let sent = sandbox.requests().count();

    // Without the filter, all users would be listed.
    for nobody in [
        list.clone().id([""; 0]).send().await.map(drop),
        list.id(Vec::<String>::new())
            .stream()
            .try_next()
            .await
            .map(drop),
    ] {
        let error = nobody.unwrap_err();
        assert!(error.is_invalid_request() && error.was_not_sent());
        assert_eq!(
            error.to_string(),
            "panther user_list: invalid request: the query parameter id is an empty list, which cannot be sent: do not \
             set it to send none"
        );
    }
    assert_eq!(sandbox.requests().count(), sent);
}

#[tokio::test]
async fn a_body_holds_what_was_set_without_defaults_or_nulls() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let created = panther.user_create().body(newcomer()).send().await.unwrap();
    let wanted = json!({
        "email": "new@acme.test", "givenName": "New", "familyName": "Comer", "role": { "name": "Analyst" },
    });
    let request = sandbox.requests().last().unwrap();
    assert_eq!(request.json(), Some(wanted.clone()));
    assert_eq!(request.header("content-type"), Some("application/json"));

    let id = created.id.unwrap();
    panther
        .user_update(&id)
        .body(newcomer())
        .send()
        .await
        .unwrap();
    assert_eq!(sandbox.requests().last().unwrap().json(), Some(wanted));
}

#[tokio::test]
async fn a_body_that_lacks_a_required_member_is_refused_before_it_is_sent() {
    let sandbox = sandbox().await;
    let body = specmill::panther::types::ModifyUser::builder().email("a@acme.test");
    let create = panther(&sandbox).user_create().body(body);
    let error = create.send().await.unwrap_err();
    assert!(error.is_invalid_request() && error.was_not_sent());
    assert_eq!(error.attempts(), 0);
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn arguments_out_of_bounds_are_refused_before_they_are_sent() {
    let sandbox = sandbox().await;
    for limit in [0, 61, -1] {
        let list = panther(&sandbox).user_list().limit(limit);
        let error = list.send().await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
        assert!(
            error.to_string().starts_with(
                "panther user_list: invalid request: the query parameter limit must be"
            ),
            "{error}"
        );
    }
    let error = center(&sandbox).list_users().send().await.unwrap_err();
    assert!(
        error.is_invalid_request() && error.to_string().contains("instance_id"),
        "{error}"
    );
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn no_unasked_header_is_sent_but_a_user_agent_is() {
    let sandbox = sandbox().await;
    panther(&sandbox).user_list().send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    let mut names: Vec<_> = request.headers().keys().map(ToString::to_string).collect();
    names.sort();
    // The features for codings send this header.
    let compresses = cfg!(any(feature = "gzip", feature = "brotli", feature = "zstd"));
    let coding = compresses.then_some("accept-encoding");
    let others = ["host", "user-agent", "x-api-key"];
    let expected: Vec<_> = ["accept"].into_iter().chain(coding).chain(others).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_header_for_one_call_is_sent_with_that_call_alone() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    let options = CallOptions::new().header("X-Change", "c-1");
    let list = panther.user_list().with_options(options);
    list.send().await.unwrap();
    panther.user_list().send().await.unwrap();
    let requests = sandbox.requests().all();
    assert_eq!(requests[0].header("x-change"), Some("c-1"));
    assert_eq!(requests[1].header("x-change"), None);

    let options = CallOptions::new().header("X-API-Key", "other");
    let list = panther.user_list().with_options(options);
    assert!(list.send().await.unwrap_err().is_invalid_request());
    assert_eq!(sandbox.requests().count(), 2);
}

#[tokio::test]
async fn each_operation_goes_to_its_method_and_path() {
    let sandbox = Sandbox::start().await.unwrap();
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    let created = panther.user_create().body(newcomer()).send().await.unwrap();
    let id = created.id.unwrap();
    panther.user_get(&id).send().await.unwrap();
    panther
        .user_update(&id)
        .body(newcomer())
        .send()
        .await
        .unwrap();
    panther.user_list().send().await.unwrap();
    panther.user_delete(&id).send().await.unwrap();
    people(&sandbox, &center).send().await.unwrap();
    center.list_versions().send().await.unwrap();
    let requests = sandbox.requests().all();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            (
                request.operation().unwrap(),
                request.method(),
                request.path(),
            )
        })
        .collect();
    let one = format!("/users/{id}");
    assert_eq!(
        sent,
        [
            (Operation::UserCreate, "POST", "/users"),
            (Operation::UserGet, "GET", one.as_str()),
            (Operation::UserUpdate, "POST", one.as_str()),
            (Operation::UserList, "GET", "/users"),
            (Operation::UserDelete, "DELETE", one.as_str()),
            (Operation::ListUsers, "GET", "/v1/users"),
            (Operation::ListVersions, "GET", "/"),
        ]
    );
}
