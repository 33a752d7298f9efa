//! Panther's `/users` behaves as documented.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use common::{Value, ann, answered, ids, json, json_of, panther, panther_get, panther_post};
use reqwest::Method;
use specmill_sandbox::{Operation, Sandbox};

async fn refused(sandbox: &Sandbox, body: Value) -> String {
    let response = answered(panther_post(sandbox, "/users", &body).await, 400).await;
    assert_eq!(
        response.as_object().unwrap().len(),
        1,
        "only a message: {response}"
    );
    response["message"].as_str().unwrap().to_owned()
}

/// A query value, percent-encoded.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn all_pages(sandbox: &Sandbox, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = json_of(panther_get(sandbox, &format!("/users?{query}{cursor}")).await).await;
        pages.push(ids(&page["results"]));
        match page.get("next") {
            Some(next) => cursor = format!("&cursor={}", encoded(next.as_str().unwrap())),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn a_call_without_a_key_is_unauthorized() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/users", sandbox.panther_url());
    let response = common::client().get(url).send().await.unwrap();
    let response = answered(response, 401).await;
    assert!(response["message"].as_str().unwrap().contains("X-API-Key"));
}

#[tokio::test]
async fn a_call_with_another_key_is_unauthorized() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/users", sandbox.panther_url());
    let response = common::client()
        .get(url)
        .header("X-API-Key", "other")
        .send()
        .await
        .unwrap();
    answered(response, 401).await;
}

#[tokio::test]
async fn a_key_that_may_only_read_cannot_create() {
    let sandbox = Sandbox::builder()
        .panther_read_only()
        .start()
        .await
        .unwrap();
    let response = answered(panther_post(&sandbox, "/users", &ann()).await, 403).await;
    assert!(
        response["message"]
            .as_str()
            .unwrap()
            .contains("Manage Users")
    );
    answered(panther_get(&sandbox, "/users").await, 200).await;
}

#[tokio::test]
async fn a_created_user_can_be_read_updated_and_deleted() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    let created = answered(panther_post(&sandbox, "/users", &ann()).await, 200).await;
    assert_eq!(created["email"], "ann@acme.test");
    assert_eq!(created["enabled"], true);
    assert_eq!(created["role"]["name"], "Analyst");
    assert_eq!(created.get("lastLoggedInAt"), None);
    let path = format!("/users/{}", created["id"].as_str().unwrap());
    assert_eq!(
        answered(panther_get(&sandbox, &path).await, 200).await,
        created
    );

    let mut changed = ann();
    changed["familyName"] = json!("Park");
    changed["role"] = json!({ "id": sandbox.panther_roles()[0].id });
    let updated = answered(panther_post(&sandbox, &path, &changed).await, 200).await;
    assert_eq!(
        (&updated["familyName"], &updated["role"]["name"]),
        (&json!("Park"), &json!("Admin"))
    );
    assert_eq!(updated["id"], created["id"]);

    let deleted = panther(&sandbox, Method::DELETE, &path)
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), 200);
    assert_eq!(deleted.bytes().await.unwrap(), "");
    answered(panther_get(&sandbox, &path).await, 404).await;
    let again = panther(&sandbox, Method::DELETE, &path)
        .send()
        .await
        .unwrap();
    assert!(answered(again, 404).await["message"].is_string());
    assert_eq!(sandbox.panther_user_ids(), Vec::<String>::new());
}

#[tokio::test]
async fn an_email_belongs_to_one_user() {
    let sandbox = Sandbox::start().await.unwrap();
    panther_post(&sandbox, "/users", &ann()).await;
    assert!(refused(&sandbox, ann()).await.contains("exists"));
    let other = format!("/users/{}", sandbox.panther_user_ids()[0]);
    answered(panther_post(&sandbox, &other, &ann()).await, 400).await;
}

#[tokio::test]
async fn an_email_is_free_again_once_changed_or_deleted() {
    let sandbox = Sandbox::start().await.unwrap();
    let created = json_of(panther_post(&sandbox, "/users", &ann()).await).await;
    let path = format!("/users/{}", created["id"].as_str().unwrap());
    let mut moved = ann();
    moved["email"] = json!("moved@acme.test");
    answered(panther_post(&sandbox, &path, &moved).await, 200).await;
    answered(panther_post(&sandbox, "/users", &ann()).await, 200).await;
    panther(&sandbox, Method::DELETE, &path)
        .send()
        .await
        .unwrap();
    answered(panther_post(&sandbox, "/users", &moved).await, 200).await;
}

#[tokio::test]
async fn a_missing_property_is_refused_by_name() {
    let sandbox = Sandbox::start().await.unwrap();
    for name in ["email", "givenName", "familyName", "role"] {
        let mut body = ann();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(
            refused(&sandbox, body).await,
            format!("{name:?} is missing")
        );
    }
}

#[tokio::test]
async fn a_property_of_another_type_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for (name, value) in [
        ("email", json!(1)),
        ("givenName", json!(null)),
        ("role", json!("Admin")),
    ] {
        let mut body = ann();
        body[name] = value;
        assert!(refused(&sandbox, body).await.contains(name));
    }
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut body = ann();
    body["enabled"] = json!(true);
    assert!(refused(&sandbox, body).await.contains("\"enabled\""));
    let mut body = ann();
    body["role"]["level"] = json!(3);
    assert!(refused(&sandbox, body).await.contains("\"level\""));
}

#[tokio::test]
async fn a_role_has_either_an_id_or_a_name() {
    let sandbox = Sandbox::start().await.unwrap();
    let role = &sandbox.panther_roles()[1];
    for (value, message) in [
        (json!({ "id": role.id, "name": role.name }), "not both"),
        (json!({}), "an id or a name"),
        (json!({ "name": "Nobody" }), "Nobody"),
    ] {
        let mut body = ann();
        body["role"] = value;
        assert!(refused(&sandbox, body).await.contains(message));
    }
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(refused(&sandbox, json!([ann()])).await.contains("object"));
    let broken =
        panther(&sandbox, Method::POST, "/users").header("content-type", "application/json");
    answered(broken.body("{").send().await.unwrap(), 400).await;
    let text = panther(&sandbox, Method::POST, "/users").header("content-type", "text/plain");
    answered(text.body(ann().to_string()).send().await.unwrap(), 400).await;
}

#[tokio::test]
async fn a_body_beyond_64_kib_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut body = ann();
    body["givenName"] = json!("a".repeat(65 * 1024));
    answered(panther_post(&sandbox, "/users", &body).await, 413).await;
}

#[tokio::test]
async fn an_unknown_path_or_method_has_a_message() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(answered(panther_get(&sandbox, "/tokens").await, 404).await["message"].is_string());
    let put = panther(&sandbox, Method::PUT, "/users")
        .send()
        .await
        .unwrap();
    assert!(answered(put, 405).await["message"].is_string());
}

#[tokio::test]
async fn an_id_is_one_decoded_path_segment() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = answered(panther_get(&sandbox, "/users/a%2Fb%20c").await, 404).await;
    assert!(response["message"].as_str().unwrap().contains("a/b c"));
}

#[tokio::test]
async fn a_path_prefix_precedes_every_path() {
    let sandbox = Sandbox::builder()
        .panther_path_prefix("/v1/")
        .start()
        .await
        .unwrap();
    assert!(sandbox.panther_url().ends_with("/v1"));
    answered(panther_get(&sandbox, "/users").await, 200).await;
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 1);
    let outside = sandbox.panther_url().replace("/v1", "/users");
    let outside = common::client()
        .get(outside)
        .header("X-API-Key", sandbox.panther_api_key());
    answered(outside.send().await.unwrap(), 404).await;
}

#[tokio::test]
async fn pages_contain_every_user_once_in_order_and_the_last_has_no_next() {
    let sandbox = Sandbox::builder().panther_users(130).start().await.unwrap();
    let pages = all_pages(&sandbox, "").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [60, 60, 10]);
    assert_eq!(pages.concat(), sandbox.panther_user_ids());
    assert_eq!(all_pages(&sandbox, "limit=50").await.len(), 3);
}

#[tokio::test]
async fn a_full_last_page_has_no_next() {
    let sandbox = Sandbox::builder().panther_users(20).start().await.unwrap();
    assert_eq!(all_pages(&sandbox, "limit=10").await.len(), 2);
}

#[tokio::test]
async fn a_cursor_survives_the_deletion_of_users() {
    let sandbox = Sandbox::builder().panther_users(6).start().await.unwrap();
    let page = json_of(panther_get(&sandbox, "/users?limit=2").await).await;
    let cursor = encoded(page["next"].as_str().unwrap());
    let users = sandbox.panther_user_ids();
    for id in &users[1..4] {
        panther(&sandbox, Method::DELETE, &format!("/users/{id}"))
            .send()
            .await
            .unwrap();
    }
    let page =
        json_of(panther_get(&sandbox, &format!("/users?limit=2&cursor={cursor}")).await).await;
    assert_eq!(ids(&page["results"]), users[4..]);
}

#[tokio::test]
async fn an_invented_cursor_or_one_of_other_filters_is_refused() {
    let sandbox = Sandbox::builder().panther_users(100).start().await.unwrap();
    let page = json_of(panther_get(&sandbox, "/users?contains=acme").await).await;
    let cursor = encoded(page["next"].as_str().unwrap());
    answered(
        panther_get(&sandbox, &format!("/users?contains=acme&cursor={cursor}")).await,
        200,
    )
    .await;
    answered(
        panther_get(&sandbox, &format!("/users?cursor={cursor}")).await,
        400,
    )
    .await;
    answered(panther_get(&sandbox, "/users?cursor=NjA%3D").await, 400).await;
}

#[tokio::test]
async fn a_limit_is_an_integer_from_1_to_60() {
    let sandbox = Sandbox::start().await.unwrap();
    for limit in ["0", "61", "-1", "ten", "1.5"] {
        answered(
            panther_get(&sandbox, &format!("/users?limit={limit}")).await,
            400,
        )
        .await;
    }
    for limit in ["1", "60", ""] {
        answered(
            panther_get(&sandbox, &format!("/users?limit={limit}")).await,
            200,
        )
        .await;
    }
}

#[tokio::test]
async fn unknown_and_repeated_query_parameters_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = &sandbox.panther_user_ids()[0];
    for path in [
        "/users?page=1",
        "/users?limit=1&limit=2",
        &format!("/users/{id}?expand=role"),
    ] {
        answered(panther_get(&sandbox, path).await, 400).await;
    }
}

#[tokio::test]
async fn contains_searches_names_and_emails_case_insensitively() {
    let sandbox = Sandbox::builder().panther_users(24).start().await.unwrap();
    for (text, least) in [("CHLOÉ", 2), ("@ACME", 24), ("ann lee", 1), ("nobody", 0)] {
        let page =
            json_of(panther_get(&sandbox, &format!("/users?contains={}", encoded(text))).await)
                .await;
        assert_eq!(page["results"].as_array().unwrap().len(), least, "{text}");
    }
}

#[tokio::test]
async fn an_email_overrides_all_other_parameters() {
    let sandbox = Sandbox::start().await.unwrap();
    let query = "/users?email=ann.lee.0%40acme.test&limit=999&cursor=x&contains=zoe";
    let page = answered(panther_get(&sandbox, query).await, 200).await;
    assert_eq!(ids(&page["results"]), sandbox.panther_user_ids()[..1]);
    let none = answered(panther_get(&sandbox, "/users?email=ann").await, 200).await;
    assert_eq!(none, json!({ "results": [] }));
}

#[tokio::test]
async fn ids_can_be_repeated_and_listed() {
    let sandbox = Sandbox::start().await.unwrap();
    let users = sandbox.panther_user_ids();
    let query = format!(
        "/users?id={}&id={}&ids={},{},unknown",
        users[4], users[1], users[7], users[1]
    );
    let page = json_of(panther_get(&sandbox, &query).await).await;
    assert_eq!(
        ids(&page["results"]),
        [&users[1], &users[4], &users[7]].map(String::clone)
    );
}

#[tokio::test]
async fn deactivated_users_are_listed_on_request() {
    let sandbox = Sandbox::builder()
        .panther_users(3)
        .panther_deactivated_users(2)
        .start()
        .await
        .unwrap();
    assert_eq!(all_pages(&sandbox, "").await.concat().len(), 3);
    assert_eq!(
        all_pages(&sandbox, "include-deactivated=false")
            .await
            .concat()
            .len(),
        3
    );
    assert_eq!(
        all_pages(&sandbox, "include-deactivated=true")
            .await
            .concat()
            .len(),
        5
    );
    answered(
        panther_get(&sandbox, "/users?include-deactivated=yes").await,
        400,
    )
    .await;
}

#[tokio::test]
async fn a_status_selects_its_users() {
    let sandbox = Sandbox::builder().panther_users(20).start().await.unwrap();
    assert_eq!(
        all_pages(&sandbox, "status=FORCE_CHANGE_PASSWORD")
            .await
            .concat()
            .len(),
        2
    );
    assert_eq!(
        all_pages(&sandbox, "status=CONFIRMED").await.concat().len(),
        18
    );
}

#[tokio::test]
async fn the_same_seed_creates_the_same_users() {
    let first = Sandbox::builder().seed(5).start().await.unwrap();
    let second = Sandbox::builder().seed(5).start().await.unwrap();
    let third = Sandbox::builder().seed(6).start().await.unwrap();
    assert_eq!(first.panther_user_ids(), second.panther_user_ids());
    assert_eq!(
        first.identity_center_user_ids(),
        second.identity_center_user_ids()
    );
    assert_ne!(first.panther_user_ids(), third.panther_user_ids());
}

#[tokio::test]
async fn a_user_has_the_documented_format() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = &sandbox.panther_user_ids()[0];
    let user = json_of(panther_get(&sandbox, &format!("/users/{id}")).await).await;
    let mut names: Vec<_> = user
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "createdAt",
            "email",
            "enabled",
            "familyName",
            "givenName",
            "id",
            "lastLoggedInAt",
            "role",
            "status",
        ]
    );
    let created_at = user["createdAt"].as_str().unwrap();
    assert!(
        created_at.parse::<jiff::Timestamp>().is_ok(),
        "{created_at}"
    );
}
