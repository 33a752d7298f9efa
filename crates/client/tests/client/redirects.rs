//! Redirects are never followed, and credentials never reach another origin.

use specmill_client::{CallOptions, Error, Settings};

use crate::support::{Reply, Server, USER_GET, key, ok, response, settings, status};

async fn called(settings: Settings, server: &Server) -> Error {
    let client = settings.build(&server.url(), key()).unwrap();
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err()
}

/// A server that redirects to another one with a status, and the other server.
async fn pair(code: &'static str) -> (Server, Server) {
    let thief = Server::always(|| ok("{}")).await;
    let location = format!("{}/stolen?token=abc", thief.url());
    let server = Server::always(move || {
        Reply::Bytes(response(code, &format!("location: {location}\r\n"), ""))
    })
    .await;
    (server, thief)
}

#[tokio::test]
async fn a_redirect_is_an_error_that_names_the_host_alone() {
    for code in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let (server, thief) = pair(code).await;
        let error = called(settings(), &server).await;
        assert!(error.is_redirect() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            format!("demo user_get: {code}: redirected to 127.0.0.1, which is not followed")
        );
        let shown = format!("{error:?}{error}");
        assert!(
            !shown.contains("stolen") && !shown.contains("abc"),
            "{shown}"
        );
        assert_eq!((server.count(), thief.count()), (1, 0));
    }
}

#[tokio::test]
async fn a_redirect_to_nowhere_or_to_the_same_host_is_an_error_too() {
    for (headers, end) in [
        ("", ": redirected, which is not followed"),
        (
            "location: /users/other\r\n",
            ": redirected to 127.0.0.1, which is not followed",
        ),
        (
            "location: //elsewhere.test/x\r\n",
            ": redirected to elsewhere.test, which is not followed",
        ),
        (
            "location: http://[\r\n",
            ": redirected, which is not followed",
        ),
        (
            "location: data:x\r\n",
            ": redirected, which is not followed",
        ),
    ] {
        let server = Server::always(move || Reply::Bytes(response("302 Found", headers, ""))).await;
        let error = called(settings(), &server).await;
        assert_eq!(error.to_string(), format!("demo user_get: 302 Found{end}"));
        assert_eq!(server.count(), 1);
    }
    let server = Server::always(|| status("304 Not Modified")).await;
    assert_eq!(
        called(settings(), &server).await.to_string(),
        "demo user_get: 304 Not Modified: an empty response"
    );
}

/// HTTP clients that the caller builds with reqwest.
#[cfg(feature = "reqwest-0-13")]
mod supplied {
    use specmill_client::reqwest_0_13::http_client;
    use specmill_client::reqwest_0_13::reqwest::redirect::Policy;
    use specmill_client::reqwest_0_13::reqwest::{Client, ClientBuilder};

    use super::{called, pair};
    use crate::support::{KEY, settings};

    /// A client for tests that do not connect to `https://`.
    fn own(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let builder = Client::builder().no_proxy();
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_preconfigured(
            rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
                rustls::crypto::ring::default_provider(),
            ))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
        );
        change(builder).build().unwrap()
    }

    #[test]
    fn a_client_that_may_follow_redirects_is_refused() {
        for client in [
            own(|builder| builder),
            own(|builder| builder.redirect(Policy::limited(1))),
        ] {
            let error = http_client(client).unwrap_err();
            assert!(error.is_configuration());
            assert!(error.to_string().contains("follows redirects"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_client_that_follows_none_is_used() {
        let (server, thief) = pair("302 Found").await;
        let client = http_client(own(|builder| builder.redirect(Policy::none()))).unwrap();
        let error = called(settings().http_client(client), &server).await;
        assert!(error.is_redirect());
        assert_eq!((server.count(), thief.count()), (1, 0));
        assert_eq!(server.requests()[0].header("x-api-key"), Some(KEY));
    }
}
