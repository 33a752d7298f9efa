//! IAM Identity Center behaves as documented and observed.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{Signed, Value, answered, ids, json, json_of, millis};
use reqwest::Method;
use specmill_sandbox::Sandbox;

async fn list(sandbox: &Sandbox, more: &str) -> Value {
    answered(Signed::list(sandbox, more).send().await, 200).await
}

/// The first error in the service's own format.
async fn refused(call: &Signed, status: u16) -> Value {
    let body = answered(call.send().await, status).await;
    let error = body["errors"][0].clone();
    for name in ["code", "detail", "request_id", "global_request_id", "title"] {
        assert!(error[name].is_string(), "{name}: {body}");
    }
    assert_eq!(error["status"], status);
    error
}

#[tokio::test]
async fn a_signed_call_lists_users_as_documented() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = list(&sandbox, "").await;
    assert_eq!(
        (&page["count"], &page["page"], &page["size"]),
        (&json!(10), &json!(0), &json!(20))
    );
    assert_eq!(page["sort"], json!(["created_at:asc"]));
    assert_eq!(ids(&page["users"]), sandbox.identity_center_user_ids());
    let id = &sandbox.identity_center_user_ids()[0];
    assert_eq!(
        page["users"][0],
        json!({ "id": id, "name": "Ann Lee", "user_id": "ann.lee.0" })
    );
}

#[tokio::test]
async fn an_unsigned_call_gets_404_from_the_gateway() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = Signed::list(&sandbox, "").url;
    let body = answered(common::client().get(url).send().await.unwrap(), 404).await;
    assert_eq!(
        (&body["path"], &body["error"]),
        (&json!("/v1/users"), &json!("Not Found"))
    );
    assert!(body["timestamp"].is_string() && body["requestId"].is_string());
}

#[tokio::test]
async fn every_wrong_part_of_the_signature_is_rejected_with_401() {
    let sandbox = Sandbox::start().await.unwrap();
    let right = Signed::list(&sandbox, "&user_id=%ED%99%8D%20x");
    answered(right.send().await, 200).await;
    let Signed {
        url,
        timestamp,
        access_key,
        ..
    } = right.clone();
    let path = url.strip_prefix(sandbox.identity_center_url()).unwrap();
    let without_query = url.split('?').next().unwrap();
    let seconds = &timestamp[..timestamp.len() - 3];
    let double = url.replace('%', "%25");
    let decoded = url.replace("%20", "+");
    let localhost = url.replace("127.0.0.1", "localhost");
    let https = url.replace("http:", "https:");
    let wrong = [
        format!("GET{path}{timestamp}{access_key}Openapi"),
        format!("GET{url}{timestamp}{access_key}"),
        format!("GET{without_query}{timestamp}{access_key}Openapi"),
        format!("GET{url}{seconds}{access_key}Openapi"),
        format!("get{url}{timestamp}{access_key}Openapi"),
        format!("POST{url}{timestamp}{access_key}Openapi"),
        format!("GET{double}{timestamp}{access_key}Openapi"),
        format!("GET{decoded}{timestamp}{access_key}Openapi"),
        format!("GET{localhost}{timestamp}{access_key}Openapi"),
        format!("GET{https}{timestamp}{access_key}Openapi"),
        format!("GET{url}{timestamp}otherOpenapi"),
    ];
    for text in wrong {
        let call = Signed {
            string_to_sign: Some(text.clone()),
            ..right.clone()
        };
        let body = answered(call.send().await, 401).await;
        assert_eq!(body["status"], "UNAUTHORIZED", "{text}");
        assert!(body["name"].is_string() && body["message"].is_string());
    }
}

#[tokio::test]
async fn other_credentials_are_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    let right = Signed::list(&sandbox, "");
    let wrong = [
        Signed {
            access_key: "other".to_owned(),
            ..right.clone()
        },
        Signed {
            secret_key: "other".to_owned(),
            ..right.clone()
        },
        Signed {
            client_type: "Console",
            ..right.clone()
        },
    ];
    for call in wrong {
        answered(call.send().await, 401).await;
    }
}

#[tokio::test]
async fn the_url_is_signed_as_sent_in_any_encoding_and_order() {
    let sandbox = Sandbox::start().await.unwrap();
    for more in [
        "&user_id=a%20b",
        "&user_id=a+b",
        "&user_id=%ed%99%8d",
        "&sort=name:asc&page=0",
        "&",
    ] {
        list(&sandbox, more).await;
    }
}

#[tokio::test]
async fn a_call_by_another_name_of_the_host_is_signed_with_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut call = Signed::list(&sandbox, "");
    call.url = call.url.replace("127.0.0.1", "localhost");
    answered(call.send().await, 200).await;
}

#[tokio::test]
async fn a_timestamp_is_milliseconds_within_the_skew() {
    let now = UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    let builder = Sandbox::builder()
        .clock(move || now)
        .timestamp_skew(Duration::from_secs(60));
    let sandbox = builder.start().await.unwrap();
    let at = |time: SystemTime| Signed {
        timestamp: millis(time),
        ..Signed::list(&sandbox, "")
    };
    let minute = Duration::from_secs(60);
    let more = Duration::from_millis(60_001);
    for (time, status) in [
        (now, 200),
        (now - minute, 200),
        (now + minute, 200),
        (now - more, 401),
        (now + more, 401),
    ] {
        answered(at(time).send().await, status).await;
    }
    for timestamp in ["2000000000", "now", "", "-1", "99999999999999999999"] {
        let call = Signed {
            timestamp: timestamp.to_owned(),
            ..at(now)
        };
        answered(call.send().await, 401).await;
    }
}

#[tokio::test]
async fn the_versions_of_the_documentation_are_served() {
    let sandbox = Sandbox::start().await.unwrap();
    let versions = ["1.0", "1.1", "1.2", "1.3", "1.4"].map(|n| format!("iam-identity-center {n}"));
    for version in versions {
        let version: &'static str = version.leak();
        let call = Signed {
            version: Some(version),
            ..Signed::list(&sandbox, "")
        };
        answered(call.send().await, 200).await;
    }
}

#[tokio::test]
async fn without_a_version_the_current_one_responds() {
    let sandbox = Sandbox::start().await.unwrap();
    let call = Signed {
        version: None,
        ..Signed::list(&sandbox, "")
    };
    answered(call.send().await, 200).await;
}

#[tokio::test]
async fn an_unknown_version_is_not_acceptable() {
    let sandbox = Sandbox::start().await.unwrap();
    for version in [
        "iam-identity-center 1.5",
        "1.4",
        "iam-identity-center v1.4",
        "iam 1.4",
        "",
    ] {
        let call = Signed {
            version: Some(version),
            ..Signed::list(&sandbox, "")
        };
        assert_eq!(
            refused(&call, 406).await["code"],
            "NoSuchVersion",
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_retired_version_is_neither_served_nor_discovered() {
    let sandbox = Sandbox::builder()
        .retired_version("1.0")
        .start()
        .await
        .unwrap();
    let call = Signed {
        version: Some("iam-identity-center 1.0"),
        ..Signed::list(&sandbox, "")
    };
    refused(&call, 406).await;
    let discovered = common::get(sandbox.identity_center_url()).await.unwrap();
    assert_eq!(
        json_of(discovered).await["versions"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn the_language_is_english_or_korean() {
    let sandbox = Sandbox::start().await.unwrap();
    let list = Signed::list(&sandbox, "");
    // The spec does not require the header.
    for language in [Some("ko-KR"), None] {
        let call = Signed {
            language,
            ..list.clone()
        };
        answered(call.send().await, 200).await;
    }
    for language in [Some("de-DE"), Some("en-US,en;q=0.5")] {
        refused(
            &Signed {
                language,
                ..list.clone()
            },
            400,
        )
        .await;
    }
}

#[tokio::test]
async fn versions_are_discovered_without_a_signature() {
    let sandbox = Sandbox::start().await.unwrap();
    let document = answered(
        common::get(sandbox.identity_center_url()).await.unwrap(),
        200,
    )
    .await;
    let versions: Vec<_> = document["versions"].as_array().unwrap().iter().collect();
    let told = versions.iter().map(|version| {
        assert_eq!(version["links"][0]["rel"], "self");
        ["id", "status", "not_before"].map(|name| version[name].as_str().unwrap())
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ["v1.4", "CURRENT", ""],
            ["v1.3", "SUPPORTED", "2026-11-30"],
            ["v1.2", "SUPPORTED", "2026-09-30"],
            ["v1.1", "DEPRECATED", "2026-05-31"],
            ["v1.0", "DEPRECATED", "2026-02-23"],
        ]
    );
}

#[tokio::test]
async fn the_instance_is_required_and_must_be_known() {
    let sandbox = Sandbox::start().await.unwrap();
    refused(&Signed::get(&sandbox, "/v1/users"), 400).await;
    refused(&Signed::get(&sandbox, "/v1/users?instance_id="), 400).await;
    refused(
        &Signed::get(&sandbox, "/v1/users?instance_id=ssoins-0"),
        404,
    )
    .await;
}

#[tokio::test]
async fn parameters_of_a_wrong_type_or_out_of_bounds_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for more in [
        "&page=-1",
        "&page=null",
        "&page=1.0",
        "&size=0",
        "&size=ten",
        "&size=",
        "&size=2147483648",
        "&sort=name",
        "&sort=name:up",
        "&sort=age:asc",
        "&sort=null",
        "&sort=",
        "&user_id=",
        "&excluded_group_id=",
        "&page=0&page=1",
        "&cursor=x",
        "&instance_id=ssoins-12345",
    ] {
        refused(&Signed::list(&sandbox, more), 400).await;
    }
}

#[tokio::test]
async fn pages_count_from_zero_and_contain_every_user_once() {
    let sandbox = Sandbox::builder()
        .identity_center_users(45)
        .start()
        .await
        .unwrap();
    let mut found = Vec::new();
    for (page, length) in [(0, 20), (1, 20), (2, 5), (3, 0)] {
        let response = list(&sandbox, &format!("&page={page}")).await;
        assert_eq!(
            (&response["count"], &response["page"]),
            (&json!(45), &json!(page))
        );
        let users = ids(&response["users"]);
        assert_eq!(users.len(), length);
        found.extend(users);
    }
    assert_eq!(found, sandbox.identity_center_user_ids());
    assert_eq!(ids(&list(&sandbox, "&size=100").await["users"]).len(), 45);
    assert_eq!(
        ids(&list(&sandbox, "&page=2147483647&size=2147483647").await["users"]).len(),
        0
    );
}

#[tokio::test]
async fn users_are_sorted_by_any_of_their_fields() {
    let sandbox = Sandbox::builder()
        .identity_center_users(15)
        .start()
        .await
        .unwrap();
    let created = sandbox.identity_center_user_ids();
    let rising = list(&sandbox, "&sort=created_at%3Adesc").await;
    assert_eq!(rising["sort"], json!(["created_at:desc"]));
    assert!(ids(&rising["users"]).iter().eq(created.iter().rev()));
    for field in ["id", "name", "user_id"] {
        let page = list(&sandbox, &format!("&sort={field}:asc")).await;
        let values: Vec<_> = page["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|u| u[field].as_str().unwrap())
            .collect();
        assert!(values.is_sorted(), "{values:?}");
        let page = list(&sandbox, &format!("&sort={field}:desc&size=4&page=1")).await;
        let mut part: Vec<_> = page["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|u| u[field].as_str().unwrap())
            .collect();
        part.reverse();
        assert_eq!(part, values[7..11]);
    }
}

#[tokio::test]
async fn a_user_is_found_by_login() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = list(&sandbox, "&user_id=ben.abara.1").await;
    assert_eq!(
        ids(&page["users"]),
        sandbox.identity_center_user_ids()[1..2]
    );
    assert_eq!(page["count"], 1);
    assert_eq!(list(&sandbox, "&user_id=ben").await["count"], 0);
}

#[tokio::test]
async fn members_of_a_group_or_account_can_be_excluded() {
    let sandbox = Sandbox::builder()
        .identity_center_users(70)
        .start()
        .await
        .unwrap();
    let (group, account) = (sandbox.group_id(), sandbox.account_id());
    for (more, count) in [
        (format!("&excluded_group_id={group}"), 63),
        (format!("&excluded_account_id={account}"), 60),
        (
            format!("&excluded_group_id={group}&excluded_account_id={account}"),
            54,
        ),
        ("&excluded_group_id=other".to_owned(), 70),
    ] {
        assert_eq!(list(&sandbox, &more).await["count"], count, "{more}");
    }
}

#[tokio::test]
async fn another_path_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    refused(&Signed::get(&sandbox, "/v1/groups"), 404).await;
}

#[tokio::test]
async fn another_method_is_refused_in_every_version_with_the_allowed_ones() {
    let sandbox = Sandbox::start().await.unwrap();
    for path in ["/", "/v1/users"] {
        let call = Signed {
            method: Method::DELETE,
            version: Some("0"),
            ..Signed::get(&sandbox, path)
        };
        let response = call.send().await;
        let allowed = response.headers().get("allow").unwrap().clone();
        assert_eq!(allowed, "GET,HEAD");
        answered(response, 405).await;
    }
}

#[tokio::test]
async fn a_hundred_thousand_users_of_each_api_are_served() {
    let builder = Sandbox::builder()
        .panther_users(100_000)
        .identity_center_users(100_000);
    let sandbox = builder.start().await.unwrap();
    assert_eq!(
        list(&sandbox, "&page=4999").await["users"]
            .as_array()
            .unwrap()
            .len(),
        20
    );
    assert_eq!(sandbox.panther_user_ids().len(), 100_000);
}
