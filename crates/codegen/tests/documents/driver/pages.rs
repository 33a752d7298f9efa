//! The client of the pages, as callers use it.

use serde_json::{Value, json};
use specmill_pages::types::{self, ModifyRule};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn serve(response: ResponseTemplate) -> (MockServer, specmill_pages::Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    let client = specmill_pages::Client::builder().base_url(server.uri()).api_key("key").build().unwrap();
    (server, client)
}

async fn sent(server: &MockServer) -> wiremock::Request {
    server.received_requests().await.unwrap().remove(0)
}

fn rule() -> types::ModifyRuleBuilder {
    ModifyRule::builder().id("AWS.CloudTrail.X").body("def rule(e): pass").severity("LOW")
}

#[tokio::test]
async fn the_status_tells_a_made_rule_from_a_changed_one_and_from_a_test_run() {
    for (status, body) in [(200, Some("x")), (201, Some("x")), (204, None)] {
        let response = ResponseTemplate::new(status);
        let response = if let Some(id) = body { response.set_body_json(json!({ "id": id })) } else { response };
        let (_server, client) = serve(response).await;
        let response = client.rule_put("x").body(rule()).send_response().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.into_body().and_then(|rule| rule.id).as_deref(), body);
    }
}

#[tokio::test]
async fn an_optional_response_is_none_where_nothing_came() {
    let (_server, client) = serve(ResponseTemplate::new(204)).await;
    assert!(client.rule_create().body(rule()).send().await.unwrap().is_none());
}

#[tokio::test]
async fn the_status_tells_successes_without_a_body_apart() {
    for status in [200, 204] {
        let (_server, client) = serve(ResponseTemplate::new(status)).await;
        let response = client.api_token_disable("t").send_response().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
    }
}

#[tokio::test]
async fn made_without_content_is_success_whatever_the_body() {
    for response in [ResponseTemplate::new(201), ResponseTemplate::new(200).set_body_string("<html>")] {
        let (_server, client) = serve(response).await;
        let body = types::ModifyApiToken::builder().name("ci");
        client.api_token_create().body(body).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_body_holds_what_the_caller_set_and_no_default() {
    let (server, client) = serve(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let tests: Vec<types::RuleUnitTest> = Vec::new();
    let body = rule().tags(Vec::<String>::new()).tests(tests).managed(types::ModifyRuleManaged::Empty);
    client.rule_put("AWS.CloudTrail.X").body(body).send().await.unwrap();
    let request = sent(&server).await;
    assert_eq!(request.url.path(), "/rules/AWS.CloudTrail.X");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        body,
        json!({
            "id": "AWS.CloudTrail.X", "body": "def rule(e): pass", "severity": "LOW",
            "tags": [], "tests": [], "managed": ""
        })
    );
}

#[tokio::test]
async fn what_the_service_sends_beyond_its_documents_is_read() {
    let rule = json!({
        "id": null, "displayName": "x", "severity": "CRITICAL", "managed": "", "operator": "a_b", "new": 1,
        "reports": {"PCI": ["3.1"]}, "tests": null
    });
    let (_server, client) = serve(ResponseTemplate::new(200).set_body_json(rule)).await;
    let rule = client.rule_get("x").send().await.unwrap();
    assert_eq!(rule.severity, Some(types::RuleSeverity::Unknown("CRITICAL".to_owned())));
    assert_eq!(rule.operator.as_ref().map(types::RuleOperator::as_str), Some("a_b"));
    assert_eq!((rule.id, rule.tests), (None, None));
}

#[tokio::test]
async fn names_on_the_wire_are_the_vendors() {
    let (server, client) = serve(ResponseTemplate::new(200).set_body_json(json!({"results": []}))).await;
    client.rule_list().name_contains("a").type_(["RULE", "POLICY"]).send().await.unwrap();
    assert_eq!(sent(&server).await.url.query(), Some("name-contains=a&type=RULE&type=POLICY"));
}

#[tokio::test]
async fn an_error_of_another_form_is_read_as_such() {
    let body = json!({"message": "a test failed", "testResults": [{"name": "t", "passed": false}]});
    let (_server, client) = serve(ResponseTemplate::new(400).set_body_json(body)).await;
    let error = client.rule_create().body(rule()).send().await.unwrap_err();
    assert_eq!((error.is_bad_request(), error.message()), (true, Some("a test failed")));
    let read: types::RuleBadRequestTestsError = error.decode_body().unwrap();
    assert_eq!(read.test_results.unwrap()[0].passed, Some(false));
}

#[tokio::test]
async fn an_error_of_a_second_media_type_is_an_error_like_any() {
    let body = r#"{"name":"timeout","id":"i","message":"late","temporary":false,"timeout":true,"fault":false}"#;
    let response = ResponseTemplate::new(504).set_body_raw(body, "application/vnd.goa.error");
    let (_server, client) = serve(response).await;
    let body = types::PubSubModifySource::builder().type_("a");
    let options = specmill_pages::CallOptions::default();
    let error = client.pub_sub_source_put("s").body(body).with_options(options).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.message(), Some("late"));
}

#[test]
fn only_a_list_that_takes_a_cursor_is_paged() {
    fn pages<T: specmill_client::paging::Page>() {}
    pages::<types::RuleListResp>();
    pages::<types::PubSubListResp>();
    let client = specmill_pages::Client::builder().base_url("http://127.0.0.1:1").api_key("key").build().unwrap();
    drop(client.rule_list().stream());
    // `specmill_pages::operations::ApiTokenList` has no `stream`, which the test of the sources checks.
}
