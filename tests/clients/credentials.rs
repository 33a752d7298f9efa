//! Destinations of credentials.

use std::error::Error as _;

use specmill::credentials::{ProvidedSecret, SecretProvider};
use specmill::{CallOptions, Secret};
use specmill_sandbox::{ErrorBody, Fault, Operation};

use crate::support::{
    brisk, center, center_builder, newcomer, panther, panther_builder, people, sandbox,
};
use crate::traces;

#[tokio::test]
async fn panther_gets_its_key_in_one_header() {
    let sandbox = sandbox().await;
    panther(&sandbox).user_list().send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    assert_eq!(request.header("x-api-key"), Some(sandbox.panther_api_key()));
    assert!(request.header("authorization").is_none());
    assert!(request.query().is_none());
}

#[tokio::test]
async fn identity_center_gets_its_six_headers() {
    let sandbox = sandbox().await;
    let center = center(&sandbox);
    people(&sandbox, &center).send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    let names: Vec<_> = request
        .headers()
        .keys()
        .map(http_name)
        .filter(|name| name.starts_with("scp-") || name == "accept-language")
        .collect();
    for name in [
        "scp-accesskey",
        "scp-signature",
        "scp-timestamp",
        "scp-clienttype",
        "scp-api-version",
        "accept-language",
    ] {
        assert!(names.iter().any(|sent| sent == name), "{name}: {names:?}");
    }
    assert_eq!(names.len(), 6, "{names:?}");
    assert_eq!(request.header("scp-clienttype"), Some("Openapi"));
    assert_eq!(request.header("accept-language"), Some("en-US"));
    assert_eq!(
        request.header("scp-api-version"),
        Some("iam-identity-center 1.4")
    );
}

fn http_name(name: &impl ToString) -> String {
    name.to_string()
}

#[tokio::test]
async fn the_signature_holds_for_every_way_an_address_can_be_written() {
    // The sandbox verifies the signature over the URL as received: a byte that is encoded twice, or
    // a sorted query, results in a 401.
    let sandbox = sandbox().await;
    let center = center(&sandbox);
    for login in [
        "ann.lee.0",
        "홍길동",
        "a b+c",
        "100%",
        "%2F",
        "a&b=c",
        "a/b?c#d",
        "~*'()!,;:@$",
        "é\u{301}",
    ] {
        let list = people(&sandbox, &center).sort("user_id:desc").size(3);
        list.user_id(login).send().await.unwrap();
        let request = sandbox.requests().last().unwrap();
        assert_eq!(request.query_values("user_id"), [login]);
    }
}

#[tokio::test]
async fn every_attempt_is_signed_afresh() {
    let sandbox = sandbox().await;
    let clock = crate::support::clock();
    let center = center_builder(&sandbox)
        .clock(clock)
        .retry(brisk().base_delay(std::time::Duration::from_secs(10)))
        .build()
        .unwrap();
    sandbox.fail_next(Fault::status(503));
    people(&sandbox, &center).send().await.unwrap();
    let requests = sandbox.requests().all();
    let sent = |name| {
        let values = requests.iter().map(|request| request.header(name).unwrap());
        values.collect::<Vec<_>>()
    };
    assert_eq!(requests.len(), 2);
    let (times, signatures) = (sent("scp-timestamp"), sent("scp-signature"));
    assert!(times[1] > times[0], "{times:?}");
    assert_ne!(signatures[0], signatures[1]);
}

#[tokio::test]
async fn version_discovery_is_sent_without_credentials() {
    let sandbox = sandbox().await;
    let versions = center(&sandbox).list_versions().send().await.unwrap();
    assert_eq!(versions.versions.len(), 5);
    let request = sandbox.requests().last().unwrap();
    assert_eq!(request.path(), "/");
    assert!(!request.has_credentials());
    assert!(request.header("scp-api-version").is_none());
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_secret_are_unauthorized() {
    let sandbox = sandbox().await;
    let stranger = panther_builder(&sandbox).api_key("other").build().unwrap();
    let error = stranger.user_list().send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    let stranger = center_builder(&sandbox)
        .credentials(sandbox.access_key(), "other")
        .build()
        .unwrap();
    let error = people(&sandbox, &stranger).send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    // Neither is retried.
    assert_eq!(sandbox.requests().count(), 2);
}

#[tokio::test]
async fn credentials_can_be_replaced_while_the_client_runs() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .api_key("expired")
        .build()
        .unwrap();
    let clone = panther.clone();
    assert!(
        clone
            .user_list()
            .send()
            .await
            .unwrap_err()
            .is_unauthorized()
    );
    panther.set_api_key(sandbox.panther_api_key()).unwrap();
    clone.user_list().send().await.unwrap();

    let center = center_builder(&sandbox)
        .credentials("expired", "expired")
        .build()
        .unwrap();
    let list = people(&sandbox, &center);
    assert!(list.clone().send().await.unwrap_err().is_unauthorized());
    center
        .set_credentials(sandbox.access_key(), sandbox.secret_key())
        .unwrap();
    list.send().await.unwrap();
}

#[tokio::test]
async fn a_stream_goes_on_with_replaced_credentials() {
    let sandbox = specmill_sandbox::Sandbox::builder()
        .panther_users(30)
        .start()
        .await
        .unwrap();
    let panther = panther(&sandbox);
    let mut users = panther.user_list().limit(10).stream();
    for _ in 0..10 {
        users.try_next().await.unwrap().unwrap();
    }
    // The second page is in flight with the old key; the third is not.
    sandbox
        .requests()
        .wait_for(Operation::UserList, 2, crate::support::PATIENCE)
        .await
        .unwrap();
    panther.set_api_key("revoked").unwrap();
    let mut taken = 10;
    let error = loop {
        match users.try_next().await {
            Ok(Some(_)) => taken += 1,
            Ok(None) => panic!("the listing ended"),
            Err(error) => break error,
        }
    };
    assert!(error.is_unauthorized() && taken == 20, "{taken}: {error}");
}

#[tokio::test]
async fn credentials_that_no_header_can_carry_are_refused_without_being_shown() {
    let sandbox = sandbox().await;
    for key in ["hunter2\n", "hunter2\r\nx: y", ""] {
        let error = panther_builder(&sandbox).api_key(key).build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let panther = panther(&sandbox);
    assert!(panther.set_api_key("hunter2\0").is_err());
    panther.user_list().send().await.unwrap();
}

#[tokio::test]
async fn no_debug_output_error_or_log_line_holds_a_credential() {
    traces::listen();
    let sandbox = sandbox().await;
    let (key, secret) = (sandbox.panther_api_key(), sandbox.secret_key());
    let tenant = "tenant-token-1";
    let mut shown = Vec::new();
    let mut show = |what: &dyn std::fmt::Debug| shown.push(format!("{what:?} {what:#?}"));

    let builder = panther_builder(&sandbox).header("X-Tenant", tenant);
    show(&builder);
    let panther = builder.build().unwrap();
    let builder = center_builder(&sandbox);
    show(&builder);
    let center = builder.build().unwrap();
    show(&panther);
    show(&center);
    let options = CallOptions::new().header("X-Other", tenant);
    show(&options);
    let list = panther.user_list().with_options(options);
    show(&list);
    show(&list.clone().stream());
    show(&people(&sandbox, &center));
    show(&panther.user_create().body(newcomer()));

    let signature = {
        people(&sandbox, &center).send().await.unwrap();
        let request = sandbox.requests().last().unwrap();
        request.header("scp-signature").unwrap().to_owned()
    };
    let echo = format!(r#"{{"message":"no {key}, {tenant}"}}"#);
    let faults = || {
        [
            Fault::custom(500, "application/json", echo.clone()).header("x-echo", key),
            Fault::custom(200, "application/json", format!(r#"{{"results":"{key}"}}"#)),
            Fault::html(503),
            Fault::error(401, ErrorBody::Rejected),
            Fault::redirect(302),
            Fault::reset(),
            Fault::response().truncated(),
        ]
    };
    let cookies = Fault::response().header("set-cookie", &format!("session={tenant}"));
    sandbox.fail_next(cookies.header("x-echo", key));
    show(&list.clone().send_response().await.unwrap());
    for fault in faults() {
        sandbox.fail_next_n(5, fault);
        let error = list.clone().send().await.unwrap_err();
        show(&error);
        show(&error.to_string());
        show(&error.source().map(ToString::to_string));
        show(&error.headers());
        show(&error.body());
        sandbox.faults(specmill_sandbox::Faults::new());
    }
    let request = panther_builder(&sandbox)
        .api_key(key)
        .base_url("https://h/?k");
    show(&request.build().unwrap_err());

    let shown = shown.concat();
    let logged = traces::everything();
    assert!(logged.contains("user_list"), "{logged}");
    for credential in [key, secret, &signature, tenant] {
        assert!(!shown.contains(credential), "{credential}: {shown}");
        assert!(!logged.contains(credential), "{credential}: {logged}");
    }
}

#[tokio::test]
async fn no_cookie_is_kept() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    sandbox.fail_next(Fault::response().header("set-cookie", "session=1; Path=/"));
    panther.user_list().send().await.unwrap();
    panther.user_list().send().await.unwrap();
    assert_eq!(sandbox.requests().last().unwrap().header("cookie"), None);
}

#[tokio::test]
async fn a_credential_that_the_service_sends_back_is_redacted() {
    let sandbox = sandbox().await;
    let key = sandbox.panther_api_key();
    sandbox.fail_next(Fault::custom(
        403,
        "application/json",
        format!(r#"{{"message":"the key {key} may not"}}"#),
    ));
    let error = panther(&sandbox).user_list().send().await.unwrap_err();
    assert_eq!(error.message(), Some("the key [redacted] may not"));
    assert!(!String::from_utf8_lossy(error.body()).contains(key));
}

#[tokio::test]
async fn a_key_in_a_file_is_used_and_read_again_when_the_service_refuses_it() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, sandbox.panther_api_key()).unwrap();
    let panther = panther_builder(&sandbox)
        .api_key(Secret::file(&path))
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();

    // The key was rotated, but the file still contains the old one.
    std::fs::write(&path, "an older key").unwrap();
    let panther = panther_builder(&sandbox)
        .api_key(Secret::file(&path))
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap_err();
    std::fs::write(&path, sandbox.panther_api_key()).unwrap();
    panther.user_create().body(newcomer()).send().await.unwrap();
}

#[tokio::test]
async fn the_keys_of_a_signature_come_from_a_provider() {
    struct Vault(String);
    impl SecretProvider for Vault {
        async fn secret(&self) -> Result<ProvidedSecret, Box<dyn std::error::Error + Send + Sync>> {
            Ok(ProvidedSecret::new(self.0.as_str()))
        }
    }
    let sandbox = sandbox().await;
    let vault = |key: &str| Secret::provided(Vault(key.to_owned()));
    let center = center_builder(&sandbox)
        .credentials(vault(sandbox.access_key()), vault(sandbox.secret_key()))
        .build()
        .unwrap();
    people(&sandbox, &center).send().await.unwrap();
    let shown = format!("{center:?}");
    assert!(!shown.contains(sandbox.secret_key()), "{shown}");
}
