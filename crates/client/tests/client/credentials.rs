//! Credentials reach only the configured origin, and no output.

use std::error::Error as _;

use specmill_client::{Authentication, CallOptions, RetryPolicy, Secret, Transport};

use crate::support::{
    KEY, Reply, Server, USER_GET, User, client, closed_port, json, key, ok, response, settings,
    status,
};

async fn get(client: &Transport) -> Result<User, specmill_client::Error> {
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
        .send()
        .await
}

async fn server() -> Server {
    Server::always(|| ok(r#"{"id":"u"}"#)).await
}

#[tokio::test]
async fn each_kind_of_credential_is_sent_its_own_way() {
    let cases = [
        (Authentication::none(), None, "/users/u"),
        (
            Authentication::bearer("t-1"),
            Some("Bearer t-1"),
            "/users/u",
        ),
        (
            Authentication::basic("ann", "pass:word"),
            Some("Basic YW5uOnBhc3M6d29yZA=="),
            "/users/u",
        ),
        (
            Authentication::api_key_query("key", "a&b c"),
            None,
            "/users/u?key=a%26b%20c",
        ),
    ];
    for (authentication, header, target) in cases {
        let server = server().await;
        get(&settings().build(&server.url(), authentication).unwrap())
            .await
            .unwrap();
        let request = &server.requests()[0];
        assert_eq!(
            (request.header("authorization"), request.target.as_str()),
            (header, target)
        );
    }
}

#[tokio::test]
async fn replaced_credentials_are_used_by_every_clone() {
    let server = server().await;
    let client = client(&server);
    let clone = client.clone();
    let begun = client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"));
    get(&clone).await.unwrap();
    client
        .set_authentication(Authentication::api_key("X-API-Key", "key-after"))
        .unwrap();
    get(&clone).await.unwrap();
    begun.send_empty().await.unwrap();
    assert!(
        client
            .set_authentication(Authentication::api_key("X-API-Key", ""))
            .is_err()
    );
    get(&clone).await.unwrap();
    let sent: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.header("x-api-key").unwrap().to_owned())
        .collect();
    assert_eq!(sent, [KEY, "key-after", "key-after", "key-after"]);
}

#[tokio::test]
async fn a_retry_uses_credentials_replaced_meanwhile() {
    let replaced: std::sync::Arc<std::sync::OnceLock<Transport>> = std::sync::Arc::default();
    let client_of_server = std::sync::Arc::clone(&replaced);
    let server = Server::start(move |number, _| {
        if number == 0 {
            let client = client_of_server.get().unwrap();
            client
                .set_authentication(Authentication::api_key("X-API-Key", "key-after"))
                .unwrap();
            status("503 No")
        } else {
            ok(r#"{"id":"u"}"#)
        }
    })
    .await;
    let (client, _) = crate::support::patient_client(&server);
    replaced.set(client.clone()).unwrap();
    get(&client).await.unwrap();
    assert_eq!(server.requests()[1].header("x-api-key"), Some("key-after"));
}

#[tokio::test]
async fn no_printable_value_contains_a_credential() {
    const HEADER: &str = "extra-header-secret";
    let server = Server::always(|| status("500 No")).await;
    let kinds = [
        key(),
        Authentication::bearer(KEY),
        Authentication::basic("user", KEY),
        Authentication::api_key_query("key", KEY),
        #[cfg(feature = "signature")]
        Authentication::signature(KEY, KEY),
    ];
    for authentication in kinds {
        let mut shown = vec![
            format!("{authentication:?}"),
            format!("{:?}", Secret::from(KEY)),
        ];
        for base in [server.url(), closed_port().await] {
            let settings = settings()
                .header("X-Extra", HEADER)
                .fixed_header("Demo-Version", "1")
                .retry(RetryPolicy::none());
            shown.push(format!("{settings:?}"));
            let client = settings.build(&base, authentication.clone()).unwrap();
            let options = CallOptions::new().header("X-More", HEADER);
            shown.push(format!("{client:?} {options:?}"));
            let call = client.call(&USER_GET, options).parameter("id", Ok("u"));
            shown.push(format!("{call:?}"));
            let error = call.send_empty().await.unwrap_err();
            shown.push(format!("{error} {error:?} {error:#?}"));
            shown.extend(error.source().map(|source| format!("{source} {source:?}")));
        }
        let shown = shown.join("\n");
        assert!(!shown.contains(KEY) && !shown.contains(HEADER), "{shown}");
        // Nor in base64, as basic authentication sends it.
        assert!(!shown.contains("dXNlcjprZXkt"), "{shown}");
    }
}

#[tokio::test]
async fn a_credential_that_the_service_sends_back_is_redacted() {
    let body =
        format!(r#"{{"message":"key {KEY} is not known","code":"{KEY}","requestId":"{KEY}"}}"#);
    let bytes = response(
        "403 Forbidden",
        &format!("x-echo: {KEY}\r\nlocation: https://{KEY}.test\r\n"),
        &body,
    );
    let server = Server::always(move || Reply::Bytes(bytes.clone())).await;
    let error = get(&client(&server)).await.unwrap_err();
    assert_eq!(error.message(), Some("key [redacted] is not known"));
    let shown = format!(
        "{error}{error:?}{:?}{}",
        error.headers(),
        String::from_utf8_lossy(error.body())
    );
    assert!(!shown.contains(KEY), "{shown}");
}

#[tokio::test]
async fn a_credential_in_an_invalid_success_response_is_redacted() {
    let server = Server::always(|| {
        json(
            "200 OK",
            &format!(r#"{{"{KEY}":"x","id":{{"{KEY}":"{KEY}"}}}}"#),
        )
    })
    .await;
    let error = get(&client(&server)).await.unwrap_err();
    assert!(error.is_decode());
    let call = client(&server)
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"));
    let named = call
        .send::<std::collections::BTreeMap<String, u8>>()
        .await
        .unwrap_err();
    assert!(
        named.to_string().contains("at id") || named.to_string().contains("at [redacted]"),
        "{named}"
    );
    for error in [error, named] {
        let shown = format!("{error}{error:?}{}", String::from_utf8_lossy(error.body()));
        assert!(!shown.contains(KEY), "{shown}");
    }
}

#[tokio::test]
async fn a_credential_that_comes_back_escaped_is_redacted() {
    let secret = "a/key+that/is=long";
    let server = Server::always(|| {
        json(
            "401 No",
            r#"{"message":"bad a\/key\u002Bthat\/is\u003dlong"}"#,
        )
    })
    .await;
    let client = settings()
        .build(&server.url(), Authentication::bearer(secret))
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.message(), Some("bad [redacted]"));
    assert_eq!(error.body().as_ref(), br#"{"message":"bad [redacted]"}"#);
}
