//! Access tokens from OAuth 2.0.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmill_client::credentials::OAuth2;
use specmill_client::{Authentication, CallOptions, ManualClock, Transport};

use crate::support::{
    Reply, Request, Server, USER_GET, User, json, midnight, ok, response, settings, status,
};

const SECRET: &str = "client&secret/not-to-be-seen";

fn grant() -> OAuth2 {
    OAuth2::client_credentials("the id", SECRET).token_url("/oauth/token/")
}

fn client(server: &Server, grant: OAuth2) -> (Transport, ManualClock) {
    let clock = ManualClock::new(midnight());
    let settings = settings().clock(clock.clone());
    let client = settings.build(&server.url(), Authentication::bearer(grant));
    (client.unwrap(), clock)
}

async fn get(client: &Transport) -> Result<User, specmill_client::Error> {
    let call = client.call(&USER_GET, CallOptions::default());
    call.parameter("id", Ok("u")).send().await
}

/// Starts a service that issues numbered tokens, and that accepts requests of the API.
async fn service(more: &'static str) -> Server {
    let issued = Mutex::new(0);
    Server::start(move |_, request| {
        if request.method != "POST" {
            return ok(r#"{"id":"u"}"#);
        }
        let mut issued = issued.lock().unwrap();
        *issued += 1;
        ok(&format!(
            r#"{{"access_token":"access-{issued}","token_type":"bearer"{more}}}"#
        ))
    })
    .await
}

fn token_requests(server: &Server) -> Vec<Request> {
    let mut requests = server.requests();
    requests.retain(|request| request.method == "POST");
    requests
}

fn tokens_sent(server: &Server) -> Vec<String> {
    let mut requests = server.requests();
    requests.retain(|request| request.method == "GET");
    let tokens = requests.iter().map(|one| one.header("authorization"));
    tokens.map(|one| one.unwrap().to_owned()).collect()
}

#[tokio::test]
async fn client_credentials_are_exchanged_for_a_token_that_calls_share() {
    let server = service("").await;
    let (client, _) = client(&server, grant().scopes(["users:read", "users:write"]));
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    let [request] = &token_requests(&server)[..] else {
        panic!("one request for a token")
    };
    assert_eq!(request.target, "/oauth/token/");
    assert_eq!(
        request.body,
        "grant_type=client_credentials&scope=users%3Aread%20users%3Awrite"
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    // `the%20id:client%26secret%2Fnot-to-be-seen`
    assert_eq!(
        request.header("authorization"),
        Some("Basic dGhlJTIwaWQ6Y2xpZW50JTI2c2VjcmV0JTJGbm90LXRvLWJlLXNlZW4=")
    );
    assert_eq!(tokens_sent(&server), ["Bearer access-1"; 3]);
}

#[tokio::test]
async fn credentials_are_sent_in_the_body_if_configured() {
    let server = service("").await;
    let grant = grant()
        .credentials_in_body()
        .parameter("audience", "https://a.test");
    let (client, _) = client(&server, grant);
    get(&client).await.unwrap();
    let request = &token_requests(&server)[0];
    assert_eq!(request.header("authorization"), None);
    assert_eq!(
        request.body,
        "grant_type=client_credentials&client_id=the%20id&client_secret=client%26secret%2Fnot-to-be-seen\
         &audience=https%3A%2F%2Fa.test"
    );
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    for more in [r#","expires_in":100"#, r#","expires_in":"100""#] {
        let server = service(more).await;
        let (client, clock) = client(&server, grant());
        get(&client).await.unwrap();
        clock.advance(Duration::from_secs(79));
        get(&client).await.unwrap();
        clock.advance(Duration::from_secs(2));
        get(&client).await.unwrap();
        assert_eq!(
            tokens_sent(&server),
            ["Bearer access-1", "Bearer access-1", "Bearer access-2"]
        );
    }
}

#[tokio::test]
async fn a_token_that_the_service_refuses_is_renewed_once() {
    let issued = Mutex::new(0);
    let server = Server::start(move |_, request| {
        if request.method == "POST" {
            let mut issued = issued.lock().unwrap();
            *issued += 1;
            return ok(&format!(r#"{{"access_token":"access-{issued}"}}"#));
        }
        match request.header("authorization") {
            Some("Bearer access-2") => ok(r#"{"id":"u"}"#),
            _ => status("401 Unauthorized"),
        }
    })
    .await;
    let (client, clock) = client(&server, grant());
    get(&client).await.unwrap();
    assert_eq!(tokens_sent(&server), ["Bearer access-1", "Bearer access-2"]);
    assert!(clock.delays().is_empty());
}

#[tokio::test]
async fn a_refresh_token_is_used_and_replaced_by_a_new_one() {
    let server = service(r#","expires_in":10,"refresh_token":"refresh-2""#).await;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&kept);
    let grant = OAuth2::refresh_token("public client", "refresh-1")
        .token_url("/token")
        .on_refresh_token(move |token| told.lock().unwrap().push(token.to_owned()));
    let (client, clock) = client(&server, grant);
    get(&client).await.unwrap();
    clock.advance(Duration::from_secs(10));
    get(&client).await.unwrap();
    let bodies: Vec<String> = token_requests(&server)
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(
        bodies,
        [
            "grant_type=refresh_token&refresh_token=refresh-1&client_id=public%20client",
            "grant_type=refresh_token&refresh_token=refresh-2&client_id=public%20client",
        ]
    );
    assert_eq!(*kept.lock().unwrap(), ["refresh-2"]);
}

#[tokio::test]
async fn an_error_of_the_token_endpoint_is_reported_without_secrets() {
    let server = Server::always(|| {
        json(
            "400 Bad Request",
            r#"{"error":"invalid_client","error_description":"no client the id with client&secret/not-to-be-seen"}"#,
        )
    })
    .await;
    let (client, _) = client(&server, grant());
    let error = get(&client).await.unwrap_err();
    assert!(error.is_credentials() && error.was_not_sent() && !error.is_retryable());
    let line = error.to_string();
    assert!(line.starts_with("demo user_get: no credentials: the token endpoint http://127.0.0.1"));
    assert!(line.contains("400 Bad Request"), "{line}");
    let shown = format!("{line} {error:?} {client:?} {:?}", grant());
    assert!(!shown.contains("not-to-be-seen"), "{shown}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_outage_of_the_token_endpoint_is_retried() {
    let server = Server::start(|number, request| match (number, request.method.as_str()) {
        (0, _) => status("503 Service Unavailable"),
        (_, "POST") => ok(r#"{"access_token":"access"}"#),
        _ => ok(r#"{"id":"u"}"#),
    })
    .await;
    let (client, clock) = client(&server, grant());
    get(&client).await.unwrap();
    assert_eq!(clock.delays().len(), 1);
    assert_eq!(tokens_sent(&server), ["Bearer access"]);
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_not_followed() {
    let elsewhere = service("").await;
    let location = format!("location: {}/oauth/token/\r\n", elsewhere.url());
    let server =
        Server::always(move || Reply::Bytes(response("307 Temporary Redirect", &location, "")))
            .await;
    let (client, _) = client(&server, grant());
    let error = get(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn a_response_without_a_bearer_token_is_an_error_that_does_not_quote_it() {
    for body in [
        r#"{"token":"hidden-value"}"#,
        r#"{"access_token":"hidden-value","token_type":"mac"}"#,
        r#"{"access_token":""}"#,
        "<html>hidden-value</html>",
    ] {
        let server = Server::always(move || ok(body)).await;
        let (client, _) = client(&server, grant());
        let error = get(&client).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
        assert!(!format!("{error} {error:?}").contains("hidden-value"));
        assert_eq!(server.count(), 1, "{body}");
    }
}

#[tokio::test]
async fn an_endless_response_of_the_token_endpoint_is_an_error() {
    let server = Server::always(|| {
        let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..2 {
            bytes.extend(format!("ffff\r\n{}\r\n", " ".repeat(0xffff)).into_bytes());
        }
        Reply::Stall(bytes)
    })
    .await;
    let (client, _) = client(&server, grant());
    let error = get(&client).await.unwrap_err();
    assert!(
        error.to_string().contains("larger than 65536 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn the_path_in_the_document_is_used_if_no_token_url_is_set() {
    let service = async |grant: OAuth2| {
        let server = service("").await;
        let authentication = Authentication::oauth2(grant, Some("/program"), Some("/user"));
        let client = settings().build(&format!("{}/v1", server.url()), authentication);
        get(&client.unwrap()).await.unwrap();
        token_requests(&server)[0].target.clone()
    };
    let program = OAuth2::client_credentials("id", SECRET);
    assert_eq!(service(program.clone()).await, "/program");
    assert_eq!(service(OAuth2::refresh_token("id", SECRET)).await, "/user");
    assert_eq!(service(program.token_url("/own")).await, "/own");
}

#[tokio::test]
async fn the_path_in_the_document_cannot_lead_to_another_origin() {
    for path in [
        "//evil.test/token",
        r"/\evil.test/token",
        "/\t/evil.test/token",
        "https://evil.test/token",
    ] {
        let grant = OAuth2::client_credentials("id", SECRET);
        let authentication = Authentication::oauth2(grant, Some(path), None);
        let error = settings().build("https://api.acme.test/v1", authentication);
        assert_eq!(
            error.map(drop).unwrap_err().to_string(),
            "invalid configuration: the token URL of the document is not on the origin of the base URL: set it with \
             OAuth2::token_url",
            "{path:?}"
        );
    }
}

#[tokio::test]
async fn credentials_go_to_a_token_url_that_was_set_and_is_encrypted() {
    let build = |grant: OAuth2| {
        settings()
            .build("https://api.acme.test/v1", Authentication::bearer(grant))
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let grant = OAuth2::client_credentials("id", "secret");
    assert_eq!(
        build(grant.clone()).unwrap_err(),
        "invalid configuration: the token URL is not set: set it with OAuth2::token_url"
    );
    for (url, problem) in [
        ("http://auth.acme.test/token", "is http://"),
        (
            "https://user:pw@auth.acme.test/token",
            "contains a user name",
        ),
        ("ftp://auth.acme.test/token", "must begin with https://"),
        ("https://", "is not a URL"),
    ] {
        let error = build(grant.clone().token_url(url)).unwrap_err();
        assert!(error.contains(problem), "{error}");
        assert!(!error.contains("pw"), "{error}");
    }
    build(
        grant
            .clone()
            .token_url("https://auth.acme.test/token?tenant=1"),
    )
    .unwrap();
    build(grant.clone().token_url("/oauth/token")).unwrap();
    let empty = OAuth2::client_credentials("id", "").token_url("/token");
    assert!(build(empty).unwrap_err().contains("is empty"));
}
