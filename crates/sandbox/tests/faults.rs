//! What faults answer, and when they strike.

mod common;

use std::time::{Duration, UNIX_EPOCH};

use common::{
    Signed, Value, ann, answered, ids, json, json_of, panther, panther_get, panther_post,
};
use reqwest::{Method, Response};
use specmill_sandbox::{ErrorBody, Fault, Faults, Operation, Sandbox};

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

async fn list_statuses(sandbox: &Sandbox, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(panther_get(sandbox, "/users").await.status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_status_is_answered_once_in_the_shape_of_the_api() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(503));
    sandbox.fail_next(Fault::status(429));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(header(&answer, "retry-after"), None);
    assert!(answered(answer, 503).await["message"].is_string());
    let body = answered(Signed::list(&sandbox, "").send().await, 429).await;
    assert_eq!(body["errors"][0]["code"], "TooManyRequests");
    answered(panther_get(&sandbox, "/users").await, 200).await;
}

#[tokio::test]
async fn retry_after_is_in_seconds_rounded_up() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(429).retry_after(Duration::from_millis(1_001)));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(header(&answer, "retry-after"), Some("2"));
}

#[tokio::test]
async fn retry_after_can_be_a_date_by_the_sandbox_s_clock() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
    let sandbox = Sandbox::builder().clock(move || now).start().await.unwrap();
    sandbox.fail_next(Fault::status(429).retry_after_date(Duration::from_secs(7)));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(
        header(&answer, "retry-after"),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
}

#[tokio::test]
async fn errors_can_have_every_known_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    for (shape, pointer) in [
        (ErrorBody::Message, "/message"),
        (ErrorBody::Goa, "/temporary"),
        (ErrorBody::Errors, "/errors/0/global_request_id"),
        (ErrorBody::ErrorDetails, "/errors/0/detail/1"),
        (ErrorBody::Gateway, "/requestId"),
        (ErrorBody::Rejected, "/name"),
        (ErrorBody::Service, "/params"),
    ] {
        sandbox.fail_next(Fault::error(504, shape));
        let body = answered(panther_get(&sandbox, "/users").await, 504).await;
        assert!(body.pointer(pointer).is_some(), "{body}");
    }
}

#[tokio::test]
async fn an_error_can_be_a_page_of_html() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::html(502));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-type")),
        (502, Some("text/html"))
    );
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("<h1>502 Bad Gateway</h1>")
    );
}

#[tokio::test]
async fn an_error_can_be_empty() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::empty(500));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-type")),
        (500, None)
    );
    assert_eq!(answer.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn an_answer_can_be_anything_with_any_header() {
    let sandbox = Sandbox::start().await.unwrap();
    let teapot = Fault::custom(418, "text/plain", "tea").header("X-Pot", "short");
    sandbox.fail_next(teapot.header("no name", "left out"));
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "x-pot")),
        (418, Some("short"))
    );
    assert_eq!(answer.text().await.unwrap(), "tea");
}

#[tokio::test]
async fn a_number_that_is_no_status_becomes_500() {
    let sandbox = Sandbox::start().await.unwrap();
    for status in [0, 99, 101, 1000] {
        sandbox.fail_next(Fault::status(status));
        answered(panther_get(&sandbox, "/users").await, 500).await;
    }
}

#[tokio::test]
async fn another_2xx_carries_the_request_out_and_keeps_the_body() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::status(201));
    let user = answered(panther_post(&sandbox, "/users", &ann()).await, 201).await;
    assert_eq!(user["email"], "ann@acme.test");
    sandbox.fail_next(Fault::status(204));
    let path = format!("/users/{}", sandbox.panther_user_ids()[0]);
    let answer = panther_post(&sandbox, &path, &ann()).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-type")),
        (204, None)
    );
    assert_eq!(answer.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn another_2xx_does_not_hide_a_refusal() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(201));
    answered(panther_get(&sandbox, "/users/unknown").await, 404).await;
}

#[tokio::test]
async fn a_fault_strikes_before_the_request_is_carried_out() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::status(500));
    panther_post(&sandbox, "/users", &ann()).await;
    assert_eq!(sandbox.panther_user_ids().len(), 0);
}

#[tokio::test]
async fn a_fault_after_effect_strikes_when_the_request_is_carried_out() {
    let sandbox = Sandbox::builder().panther_users(0).start().await.unwrap();
    sandbox.fail_next(Fault::reset().after_effect());
    let request = panther(&sandbox, Method::POST, "/users").body(ann().to_string());
    request
        .header("content-type", "application/json")
        .send()
        .await
        .unwrap_err();
    assert_eq!(sandbox.panther_user_ids().len(), 1);
}

#[tokio::test]
async fn a_redirect_leads_to_another_origin_that_records_credentials() {
    let sandbox = Sandbox::start().await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        sandbox.fail_next(Fault::redirect(status));
        let answer = panther_get(&sandbox, "/users?limit=3").await;
        assert_eq!(answer.status().as_u16(), status);
        let target = format!("{}/users?limit=3", sandbox.other_origin_url());
        assert_eq!(header(&answer, "location"), Some(target.as_str()));
    }
    assert_eq!(sandbox.other_origin_requests().count(), 0);

    // A client that follows carries its key along.
    sandbox.fail_next(Fault::redirect(307));
    let url = format!("{}/users", sandbox.panther_url());
    let following = reqwest::Client::new()
        .get(url)
        .header("X-API-Key", sandbox.panther_api_key());
    answered(following.send().await.unwrap(), 200).await;
    let arrived = sandbox.other_origin_requests().last().unwrap();
    assert_eq!(arrived.path(), "/users");
    assert!(arrived.has_credentials());
}

#[tokio::test]
async fn every_object_can_have_unknown_fields() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::answer().unknown_fields());
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
    sandbox.fail_next_n(2, Fault::answer().unknown_values());
    let page = answered(panther_get(&sandbox, "/users").await, 200).await;
    assert_eq!(page["results"][0]["status"], "ADDED_LATER");
    let versions = json_of(reqwest::get(sandbox.identity_center_url()).await.unwrap()).await;
    assert_eq!(versions["versions"][4]["status"], "ADDED_LATER");
}

#[tokio::test]
async fn absent_values_can_come_as_null() {
    let sandbox = Sandbox::builder().panther_users(10).start().await.unwrap();
    sandbox.fail_next(Fault::answer().nulls());
    let page = answered(panther_get(&sandbox, "/users").await, 200).await;
    assert_eq!(page.get("next"), Some(&Value::Null));
    assert_eq!(page["results"][9].get("lastLoggedInAt"), Some(&Value::Null));
    assert!(
        page["results"][0]["lastLoggedInAt"].is_string(),
        "what is there stays"
    );
}

#[tokio::test]
async fn a_list_can_be_null_or_empty() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::answer().null_list());
    let page = answered(panther_get(&sandbox, "/users?limit=2").await, 200).await;
    assert_eq!(page.get("results"), Some(&Value::Null));
    let page = answered(Signed::list(&sandbox, "").send().await, 200).await;
    assert_eq!(
        (page.get("users"), &page["count"]),
        (Some(&Value::Null), &json!(10))
    );
    sandbox.fail_next(Fault::answer().empty_list());
    let page = answered(panther_get(&sandbox, "/users?limit=2").await, 200).await;
    assert_eq!(page["results"], json!([]));
    assert!(page["next"].is_string());
}

#[tokio::test]
async fn the_end_can_be_told_by_an_empty_cursor() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::answer().empty_cursor());
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
    sandbox.fail_next(Fault::answer().ignoring_page());
    let page = answered(Signed::list(&sandbox, "&page=2&size=5").send().await, 200).await;
    assert_eq!(ids(&page["users"]), users[..5]);
    sandbox.fail_next(Fault::answer().ignoring_size());
    let page = answered(Signed::list(&sandbox, "&page=1&size=5").send().await, 200).await;
    assert_eq!(ids(&page["users"]), users[20..40]);
}

#[tokio::test]
async fn cursor_and_limit_can_be_ignored() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = json_of(panther_get(&sandbox, "/users?limit=4").await).await;
    let cursor: String =
        form_urlencoded::byte_serialize(page["next"].as_str().unwrap().as_bytes()).collect();
    sandbox.fail_next(Fault::answer().ignoring_page());
    let again =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(again, page);
    sandbox.fail_next(Fault::answer().ignoring_size());
    let rest =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(ids(&rest["results"]), sandbox.panther_user_ids()[4..]);
}

#[tokio::test]
async fn a_cursor_can_lead_to_its_own_page() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(1, Fault::answer().repeating_cursor()));
    let first = json_of(panther_get(&sandbox, "/users?limit=4").await).await;
    let cursor: String =
        form_urlencoded::byte_serialize(first["next"].as_str().unwrap().as_bytes()).collect();
    let second =
        json_of(panther_get(&sandbox, &format!("/users?limit=4&cursor={cursor}")).await).await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_spoiled_list_call_is_still_checked_by_its_own_signature() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(1, Fault::answer().ignoring_page().unknown_fields()));
    let wrong = Signed {
        secret_key: "other".to_owned(),
        ..Signed::list(&sandbox, "&page=1")
    };
    answered(wrong.send().await, 401).await;
}

#[tokio::test]
async fn defects_combine() {
    let sandbox = Sandbox::start().await.unwrap();
    let fault = Fault::status(206)
        .nulls()
        .unknown_fields()
        .huge(10_000)
        .header("X-Also", "this");
    sandbox.fail_next(fault);
    let answer = panther_get(&sandbox, "/users").await;
    assert_eq!(
        (header(&answer, "x-also"), answer.content_length()),
        (Some("this"), Some(10_000))
    );
    let page = answered(answer, 206).await;
    assert!(page["next"].is_null() && page["addedLater"].is_object());
}

#[tokio::test]
async fn the_next_n_of_an_operation_are_struck_and_no_other() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(2, Fault::status(503).on(Operation::UserList));
    let user = format!("/users/{}", sandbox.panther_user_ids()[0]);
    answered(panther_get(&sandbox, &user).await, 200).await;
    assert_eq!(list_statuses(&sandbox, 3).await, [503, 503, 200]);
}

#[tokio::test]
async fn a_fault_for_one_operation_does_not_hold_up_those_behind_it() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(503).on(Operation::ListUsers));
    sandbox.fail_next(Fault::status(502));
    assert_eq!(list_statuses(&sandbox, 2).await, [502, 200]);
}

#[tokio::test]
async fn every_nth_is_struck() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(3, Fault::status(503).on(Operation::UserList)));
    assert_eq!(
        list_statuses(&sandbox, 7).await,
        [200, 200, 503, 200, 200, 503, 200]
    );
    sandbox.faults(Faults::new());
    assert_eq!(list_statuses(&sandbox, 3).await, [200; 3]);
}

#[tokio::test]
async fn a_share_is_struck_and_the_seed_says_which() {
    let weather = |seed| {
        Faults::seeded(seed)
            .rate(0.2, Fault::status(429))
            .rate(0.1, Fault::status(503))
    };
    let first = Sandbox::builder().faults(weather(7)).start().await.unwrap();
    let statuses = list_statuses(&first, 300).await;
    let count = |status| statuses.iter().filter(|s| **s == status).count();
    assert!((40..=80).contains(&count(429)), "{}", count(429));
    assert!((15..=45).contains(&count(503)), "{}", count(503));
    first.faults(weather(7));
    assert_eq!(list_statuses(&first, 300).await, statuses);
    first.faults(weather(8));
    assert_ne!(list_statuses(&first, 300).await, statuses);
}

#[tokio::test]
async fn scripted_faults_do_not_shift_random_ones() {
    let weather = || Faults::seeded(3).rate(0.3, Fault::status(429));
    let sandbox = Sandbox::builder().faults(weather()).start().await.unwrap();
    let statuses = list_statuses(&sandbox, 40).await;
    sandbox.faults(weather().next(5, Fault::status(502)));
    assert_eq!(list_statuses(&sandbox, 40).await[5..], statuses[5..]);
}

#[test]
fn a_fault_can_be_written_as_text() {
    let seconds = Duration::from_secs;
    for (text, fault) in [
        (
            "429,retry-after=2",
            Fault::status(429).retry_after(seconds(2)),
        ),
        (
            "429,retry-after-date=2",
            Fault::status(429).retry_after_date(seconds(2)),
        ),
        (
            "html=502,drip=5",
            Fault::html(502).drip(1, Duration::from_millis(5)),
        ),
        (
            "empty=500,delayed=9",
            Fault::empty(500).delayed(Duration::from_millis(9)),
        ),
        ("redirect=307", Fault::redirect(307)),
        (
            "reset,after-effect,on=user_create",
            Fault::reset().after_effect().on(Operation::UserCreate),
        ),
        ("close", Fault::close()),
        ("hang", Fault::hang()),
        ("truncated", Fault::answer().truncated()),
        (
            "answer,truncated-chunked",
            Fault::answer().truncated_chunked(),
        ),
        ("endless", Fault::answer().endless()),
        ("500,huge=2147483648", Fault::status(500).huge(1 << 31)),
        (
            "unknown-fields, unknown-values, nulls",
            Fault::answer().unknown_fields().unknown_values().nulls(),
        ),
        (
            "null-list,empty-cursor",
            Fault::answer().null_list().empty_cursor(),
        ),
        ("empty-list", Fault::answer().empty_list()),
        (
            "ignoring-page,ignoring-size",
            Fault::answer().ignoring_page().ignoring_size(),
        ),
        ("repeating-cursor", Fault::answer().repeating_cursor()),
    ] {
        assert_eq!(text.parse(), Ok(fault), "{text}");
    }
}

#[test]
fn a_plan_can_be_written_as_text() {
    let fault = || Fault::status(503);
    let parsed = |text| Faults::seeded(4).parse(text).unwrap();
    assert_eq!(parsed("503"), Faults::seeded(4).every(1, fault()));
    assert_eq!(parsed("503@always"), Faults::seeded(4).every(1, fault()));
    assert_eq!(parsed("503@next=2"), Faults::seeded(4).next(2, fault()));
    assert_eq!(parsed("503@every=9"), Faults::seeded(4).every(9, fault()));
    assert_eq!(parsed("503@2.5%"), Faults::seeded(4).rate(0.025, fault()));
}

#[test]
fn a_text_that_is_no_fault_is_refused_with_what_would_be() {
    for (text, part, remedy) in [
        ("", "\"\"", "known are a status"),
        ("explode", "\"explode\"", "known are a status"),
        ("42", "\"42\"", "200 to 999"),
        ("html", "\"html\"", "200 to 999"),
        ("503,drip=slow", "\"drip=slow\"", "whole number"),
        ("503,soon", "\"soon\"", "retry-after=SECONDS"),
        ("503,on=user_lost", "\"user_lost\"", "no operation"),
        ("503@sometimes", "\"sometimes\"", "every=NTH"),
        ("503@101%", "\"101%\"", "every=NTH"),
    ] {
        let error = Faults::new().parse(text).unwrap_err().to_string();
        assert!(
            error.contains(part) && error.contains(remedy),
            "{text}: {error}"
        );
    }
}
