//! Access tokens of a generated client and its mock server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, SystemTime};

use serde_json::json;
use specmill_client::ManualClock;
use specmill_client::credentials::OAuth2;
use specmill_oauth2::mock::MockServer as Mock;
use specmill_oauth2::{Client, Error};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock as Answer, MockServer, Request, ResponseTemplate};

/// A service whose token endpoint is on the origin of its API.
async fn service(body: &str) -> MockServer {
    let server = MockServer::start().await;
    let token = r#"{"access_token":"access","expires_in":60}"#;
    Answer::given(method("POST"))
        .and(path("/oauth/token"))
        .and(header("authorization", "Basic aWQ6c2VjcmV0"))
        .and(body_string(body))
        .respond_with(ResponseTemplate::new(200).set_body_raw(token, "application/json"))
        .expect(1)
        .mount(&server)
        .await;
    Answer::given(method("GET"))
        .and(path("/v1/things"))
        .and(header("authorization", "Bearer access"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(r#"{"name":"n"}"#, "application/json"))
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_grant_gives_tokens_from_the_endpoint_of_the_document() {
    let server = service("grant_type=client_credentials").await;
    let client = Client::builder()
        .base_url(format!("{}/v1", server.uri()))
        .oauth2(OAuth2::client_credentials("id", "secret"))
        .build()
        .unwrap();
    for _ in 0..2 {
        assert_eq!(client.get_thing().send().await.unwrap().name, "n");
    }
}

#[tokio::test]
async fn calls_share_a_token_that_is_renewed_once_after_a_401_and_when_it_expires() {
    let server = MockServer::start().await;
    let (tokens, is_revoked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (given, revoked) = (Arc::clone(&tokens), Arc::clone(&is_revoked));
    let token = move |_: &Request| {
        let token = format!("access-{}", given.fetch_add(1, SeqCst) + 1);
        let body = json!({"access_token": token, "expires_in": 60});
        // The other calls wait for the new token meanwhile.
        ResponseTemplate::new(200).set_body_json(body).set_delay(Duration::from_millis(30))
    };
    let thing = move |request: &Request| {
        if revoked.load(SeqCst) && request.headers["authorization"] == "Bearer access-1" {
            return ResponseTemplate::new(401);
        }
        ResponseTemplate::new(200).set_body_json(json!({"name": "n"}))
    };
    Answer::given(path("/oauth/token")).respond_with(token).mount(&server).await;
    Answer::given(path("/v1/things")).respond_with(thing).mount(&server).await;
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let client = Client::builder()
        .base_url(format!("{}/v1", server.uri()))
        .oauth2(OAuth2::client_credentials("id", "secret"))
        .clock(clock.clone())
        .build()
        .unwrap();
    let calls = async |fetched: usize| {
        let call = || client.get_thing().send();
        let results = tokio::join!(call(), call(), call());
        for result in [results.0, results.1, results.2] {
            assert_eq!(result.unwrap().name, "n");
        }
        assert_eq!(tokens.load(SeqCst), fetched);
    };
    calls(1).await;
    is_revoked.store(true, SeqCst);
    calls(2).await;
    clock.advance(Duration::from_secs(60));
    calls(3).await;
}

#[tokio::test]
async fn variables_give_a_grant_a_token_or_a_file() {
    let server = service("grant_type=client_credentials&scope=things%20more").await;
    let base = format!("{}/v1", server.uri());
    let made = |more: &[(&str, &str)]| -> Result<Client, Error> {
        let base = ("OAUTH2_BASE_URL", base.as_str());
        Client::from_variables([&[base], more].concat())
    };
    let client = made(&[
        ("OAUTH2_CLIENT_ID", "id"),
        ("OAUTH2_CLIENT_SECRET", "secret"),
        ("OAUTH2_SCOPES", "things more"),
    ]);
    client.unwrap().get_thing().send().await.unwrap();
    let token = made(&[("OAUTH2_BEARER_TOKEN", "access")]);
    token.unwrap().get_thing().send().await.unwrap();
    let file = made(&[("OAUTH2_BEARER_TOKEN_FILE", "/nowhere/token")]);
    let error = file.unwrap().get_thing().send().await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    let error = made(&[]).unwrap_err().to_string();
    assert!(error.contains("OAUTH2_BEARER_TOKEN"), "{error}");
}

#[tokio::test]
async fn the_mock_server_of_the_document_gives_tokens_and_responds_with_its_types() {
    let mock = Mock::start().await;
    let client = Client::builder()
        .base_url(mock.url())
        .oauth2(OAuth2::client_credentials("id", "secret"))
        .build()
        .unwrap();
    client.get_thing().send().await.unwrap();
    let mut thing = mock.expect().get_thing().sample().unwrap();
    thing.name = "another".to_owned();
    mock.expect().get_thing().respond(&thing);
    assert_eq!(client.get_thing().send().await.unwrap(), thing);
    let tokens = mock.received().into_iter().map(|request| request.headers()["authorization"].clone());
    assert_eq!(tokens.collect::<Vec<_>>(), ["Bearer mock-access-token"; 2]);
    mock.verify().unwrap();
}

mod several {
    use specmill_client::credentials::OAuth2;
    use specmill_oauth2_several::mock::MockServer;
    use specmill_oauth2_several::{Client, ClientBuilder};

    fn program() -> OAuth2 {
        OAuth2::client_credentials("id", "secret")
    }

    fn builder(mock: &MockServer) -> ClientBuilder {
        Client::builder().base_url(mock.url())
    }

    #[tokio::test]
    async fn a_token_goes_with_the_operations_that_ask_for_its_scheme_and_no_others() {
        let mock = MockServer::start().await;
        let client = builder(&mock).program_grant(program()).api_key("the-key").build().unwrap();
        client.get_key().send().await.unwrap();
        client.get_either().send().await.unwrap();
        client.get_program().send().await.unwrap();
        let error = client.get_partner().send().await.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("partner"), "{error}");
        let sent = mock.received().into_iter().map(|request| {
            let header = |name| request.headers().get(name).map(|value: &_| format!("{value:?}"));
            (request.path().to_owned(), header("authorization"), header("x-key"))
        });
        let sent: Vec<_> = sent.map(|(path, token, key)| (path, token.is_some(), key.is_some())).collect();
        assert_eq!(
            sent,
            [
                ("/key".to_owned(), false, true),
                ("/either".to_owned(), false, true),
                ("/program".to_owned(), true, false),
            ]
        );
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn no_secret_goes_to_another_origin_that_the_document_alone_names() {
        let mock = MockServer::start().await;
        let error = builder(&mock).partner_grant(OAuth2::refresh_token("id", "token")).build();
        assert_eq!(
            error.unwrap_err().to_string(),
            "invalid configuration: the token URL is not set: set it with OAuth2::token_url"
        );
        let base = ("OAUTH2_SEVERAL_BASE_URL", mock.url());
        let partner = |name: &str| format!("OAUTH2_SEVERAL_PARTNER_{name}");
        let mut variables = vec![
            (base.0.to_owned(), base.1.to_owned()),
            (partner("CLIENT_ID"), "id".to_owned()),
            (partner("REFRESH_TOKEN"), "token".to_owned()),
        ];
        let error = Client::from_variables(variables.clone()).unwrap_err().to_string();
        assert!(error.ends_with("set it with OAUTH2_SEVERAL_PARTNER_TOKEN_URL"), "{error}");
        variables.push((partner("TOKEN_URL"), format!("{}/token", mock.url())));
        Client::from_variables(variables).unwrap().get_partner().send().await.unwrap();
        assert_eq!(mock.received().len(), 1);
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn credentials_are_replaced_by_a_grant_with_the_endpoint_of_the_document() {
        let mock = MockServer::start().await;
        let client = builder(&mock).program("a-token").build().unwrap();
        client.set_program(program()).unwrap();
        client.get_program().send().await.unwrap();
        assert_eq!(mock.received()[0].headers()["authorization"], "Bearer mock-access-token");
        mock.verify().unwrap();
    }
}
