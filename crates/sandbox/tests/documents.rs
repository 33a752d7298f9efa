//! Successful responses with unexpected content.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use common::{Signed, Value, answered, ids, json, json_of, panther_get};
use specmill_sandbox::{Fault, Faults, Sandbox};

#[tokio::test]
async fn every_object_can_have_unknown_fields() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::response().unknown_fields());
    let page = answered(panther_get(&sandbox, "/users").await, 200).await;
    for pointer in [
        "/addedLater",
        "/results/0/addedLater",
        "/results/9/role/addedLater",
    ] {
        assert!(page.pointer(pointer).is_some(), "{pointer}");
    }
    let page = answered(Signed::list(&sandbox, "").send().await, 200).await;
    assert!(page["users"][3]["addedLater"].is_object());
}

#[tokio::test]
async fn a_status_can_have_an_unknown_value() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::response().unknown_values());
    let page = answered(panther_get(&sandbox, "/users").await, 200).await;
    assert_eq!(page["results"][0]["status"], "ADDED_LATER");
    let versions = json_of(common::get(sandbox.identity_center_url()).await.unwrap()).await;
    assert_eq!(versions["versions"][4]["status"], "ADDED_LATER");
}

#[tokio::test]
async fn absent_values_can_be_null() {
    let sandbox = Sandbox::builder().panther_users(10).start().await.unwrap();
    sandbox.fail_next(Fault::response().nulls());
    let page = answered(panther_get(&sandbox, "/users").await, 200).await;
    assert_eq!(page.get("next"), Some(&Value::Null));
    assert_eq!(page["results"][9].get("lastLoggedInAt"), Some(&Value::Null));
    assert!(
        page["results"][0]["lastLoggedInAt"].is_string(),
        "what is there stays"
    );
    sandbox.fail_next(Fault::response().nulls());
    let page = answered(Signed::list(&sandbox, "").send().await, 200).await;
    assert_eq!(page.get("sort"), Some(&Value::Null));
}

#[tokio::test]
async fn a_list_can_be_null_or_empty() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::response().null_list());
    let page = answered(panther_get(&sandbox, "/users?limit=2").await, 200).await;
    assert_eq!(page.get("results"), Some(&Value::Null));
    let page = answered(Signed::list(&sandbox, "").send().await, 200).await;
    assert_eq!(
        (page.get("users"), &page["count"]),
        (Some(&Value::Null), &json!(10))
    );
    sandbox.fail_next(Fault::response().empty_list());
    let page = answered(panther_get(&sandbox, "/users?limit=2").await, 200).await;
    assert_eq!(page["results"], json!([]));
    assert!(page["next"].is_string());
}

#[tokio::test]
async fn an_empty_cursor_can_mark_the_end() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::response().empty_cursor());
    assert_eq!(
        answered(panther_get(&sandbox, "/users").await, 200).await["next"],
        ""
    );
    let page = answered(panther_get(&sandbox, "/users?limit=2").await, 200).await;
    assert_ne!(page["next"], "");
}

#[tokio::test]
async fn page_and_size_can_be_ignored() {
    let sandbox = Sandbox::builder()
        .identity_center_users(50)
        .start()
        .await
        .unwrap();
    let users = sandbox.identity_center_user_ids();
    sandbox.fail_next(Fault::response().ignoring_page());
    let page = answered(Signed::list(&sandbox, "&page=2&size=5").send().await, 200).await;
    assert_eq!(ids(&page["users"]), users[..5]);
    sandbox.fail_next(Fault::response().ignoring_size());
    let page = answered(Signed::list(&sandbox, "&page=1&size=5").send().await, 200).await;
    assert_eq!(ids(&page["users"]), users[20..40]);
}

#[tokio::test]
async fn cursor_and_limit_can_be_ignored() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = json_of(panther_get(&sandbox, "/users?limit=4").await).await;
    let cursor: String =
        form_urlencoded::byte_serialize(page["next"].as_str().unwrap().as_bytes()).collect();
    sandbox.fail_next(Fault::response().ignoring_page());
    let again =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(again, page);
    sandbox.fail_next(Fault::response().ignoring_size());
    let rest =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(ids(&rest["results"]), sandbox.panther_user_ids()[4..]);
}

#[tokio::test]
async fn a_cursor_can_refer_to_its_own_page() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(1, Fault::response().repeating_cursor()));
    let first = json_of(panther_get(&sandbox, "/users?limit=4").await).await;
    let cursor: String =
        form_urlencoded::byte_serialize(first["next"].as_str().unwrap().as_bytes()).collect();
    let second =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_changed_list_call_is_still_verified_by_its_signature() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(1, Fault::response().ignoring_page().unknown_fields()));
    let wrong = Signed {
        secret_key: "other".to_owned(),
        ..Signed::list(&sandbox, "&page=1")
    };
    answered(wrong.send().await, 401).await;
}
