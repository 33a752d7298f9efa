//! TLS settings are applied. Each is tested with a server that is accepted and with one that must be refused.
#![cfg(all(any(feature = "rustls", feature = "native-tls"), target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

mod tls_server;

use specmill_client::environment::Variables;
use specmill_client::operation::{Idempotency, Method, Operation};
use specmill_client::{
    Api, Authentication, CallOptions, Error, HttpClient, ManualClock, Pem, RetryPolicy, Settings,
    Tls, TlsVersion,
};

use tls_server::{Authority, Options, Server};

static API: Api = Api {
    name: "demo",
    title: "Demo",
    version: "1.0.0",
    base_url_suffixes: &[],
};
static PING: Operation = Operation {
    api: "demo",
    id: "ping",
    method: Method::GET,
    path: "/ping",
    parameters: &[],
    body: None,
    paging: None,
    permission: None,
    authenticated: true,
    security: &[],
    server: None,
    accept: None,
    idempotency: Idempotency::ByMethod,
    stream_flag: None,
};

fn settings() -> Settings {
    Settings::new(&API).retry(RetryPolicy::none())
}

async fn ping_url(settings: Settings, url: &str) -> Result<(), Error> {
    settings
        .build(url, Authentication::bearer("token-not-to-leak"))?
        .call(&PING, CallOptions::default())
        .send_empty()
        .await
}

async fn ping(settings: Settings, port: u16) -> Result<(), Error> {
    ping_url(settings, &format!("https://localhost:{port}")).await
}

async fn ping_with(tls: Tls, server: &Server) -> Result<(), Error> {
    ping(settings().tls(tls), server.port).await
}

/// TLS settings that trust an authority.
fn trusting(authority: &Authority) -> Tls {
    Tls::new().add_root_certificates(Pem::bytes(authority.pem()))
}

fn assert_refused(result: Result<(), Error>, server: &Server) {
    let error = result.unwrap_err();
    assert!(error.is_connect() && error.was_not_sent(), "{error:?}");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent() {
    let server = Server::start(Options::new(&Authority::new())).await;
    let error = ping(settings(), server.port).await.unwrap_err();
    assert!(error.is_connect() && error.was_not_sent(), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("demo ping: could not connect: "),
        "{error}"
    );
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn an_added_root_certificate_is_trusted_from_bytes_and_from_a_file() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority)).await;
    ping_with(trusting(&authority), &server).await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), authority.pem()).unwrap();
    let tls = Tls::new().add_root_certificates(Pem::file(file.path()));
    ping_with(tls, &server).await.unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn an_added_root_certificate_of_another_authority_does_not_help() {
    let server = Server::start(Options::new(&Authority::new())).await;
    assert_refused(
        ping_with(trusting(&Authority::new()), &server).await,
        &server,
    );
}

#[tokio::test]
async fn a_trusted_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority).name("elsewhere.test")).await;
    assert_refused(ping_with(trusting(&authority), &server).await, &server);
}

#[tokio::test]
async fn the_only_root_certificates_are_trusted() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority)).await;
    let tls = Tls::new().only_root_certificates(Pem::bytes(authority.pem()));
    ping_with(tls, &server).await.unwrap();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_client_certificate_is_sent_if_the_server_requests_one() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = Server::start(Options::new(&authority).clients_of(&clients)).await;
    let (certificate, key) = clients.issue("client.test");
    let tls = trusting(&authority).client_certificate(Pem::bytes(&certificate), Pem::bytes(&key));
    ping_with(tls, &server).await.unwrap();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_client_certificate_that_is_missing_or_of_another_authority_is_refused() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = Server::start(Options::new(&authority).clients_of(&clients)).await;
    ping_with(trusting(&authority), &server).await.unwrap_err();
    let (certificate, key) = Authority::new().issue("client.test");
    let tls = trusting(&authority).client_certificate(Pem::bytes(&certificate), Pem::bytes(&key));
    ping_with(tls, &server).await.unwrap_err();
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_server_below_the_minimum_version_is_refused() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority).only_tls_1_2()).await;
    let tls = trusting(&authority).min_version(TlsVersion::V1_3);
    assert_refused(ping_with(tls, &server).await, &server);
    ping_with(trusting(&authority), &server).await.unwrap();
    ping_with(trusting(&authority).min_version(TlsVersion::V1_2), &server)
        .await
        .unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_server_at_the_minimum_version_is_accepted() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority)).await;
    let tls = trusting(&authority).min_version(TlsVersion::V1_3);
    ping_with(tls, &server).await.unwrap();
}

#[test]
fn settings_that_cannot_be_applied_are_errors_that_name_the_setting() {
    let authority = Authority::new();
    let (certificate, key) = authority.issue("client.test");
    let (_, other_key) = authority.issue("client.test");
    for (tls, expected) in [
        (
            Tls::new().add_root_certificates(Pem::bytes("no certificate")),
            "root certificates",
        ),
        (
            Tls::new().only_root_certificates(Pem::bytes("")),
            "root certificates",
        ),
        (
            Tls::new().add_root_certificates(Pem::file("no/such/file.pem")),
            "no/such/file.pem",
        ),
        (
            Tls::new().client_certificate(Pem::bytes(&certificate), Pem::bytes("no key")),
            "client",
        ),
        (
            Tls::new().client_certificate(Pem::bytes(&certificate), Pem::bytes(&other_key)),
            "client certificate",
        ),
        (
            Tls::new().client_certificate(Pem::bytes("no certificate"), Pem::bytes(&key)),
            "client certificate",
        ),
    ] {
        // With its own root, the client can be built on a machine without certificates.
        let tls = if expected.starts_with("client") {
            tls.only_root_certificates(Pem::bytes(authority.pem()))
        } else {
            tls
        };
        let error = settings()
            .tls(tls)
            .build("https://localhost", Authentication::none())
            .map(drop)
            .unwrap_err();
        assert!(error.is_configuration());
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.to_string().contains("PRIVATE KEY"), "{error}");
    }
}

#[test]
fn tls_settings_with_a_supplied_http_client_are_refused() {
    let shared = HttpClient::builder().build().unwrap();
    let error = settings()
        .http_client(shared)
        .tls(Tls::new().min_version(TlsVersion::V1_3))
        .build("https://localhost", Authentication::none())
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("make them there"), "{error}");
}

#[tokio::test]
async fn a_shared_http_client_applies_its_tls_settings() {
    let authority = Authority::new();
    let server = Server::start(Options::new(&authority)).await;
    let shared = HttpClient::builder()
        .no_proxy()
        .tls(trusting(&authority))
        .build()
        .unwrap();
    ping(settings().http_client(shared), server.port)
        .await
        .unwrap();
}

#[tokio::test]
async fn tls_settings_are_read_from_variables() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = Server::start(Options::new(&authority).clients_of(&clients)).await;
    let (certificate, key) = clients.issue("client.test");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, contents: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let variables = [
        ("DEMO_TLS_EXTRA_CA_FILE", file("ca.pem", &authority.pem())),
        (
            "DEMO_TLS_CLIENT_CERT_FILE",
            file("client.pem", &certificate),
        ),
        ("DEMO_TLS_CLIENT_KEY_FILE", file("client.key", &key)),
        ("DEMO_TLS_MIN_VERSION", "1.3".to_owned()),
    ];
    let read = settings().tls_from(&Variables::given(variables.clone()), "DEMO");
    ping(read.unwrap(), server.port).await.unwrap();

    let only = [(
        "DEMO_TLS_CA_FILE",
        file("other.pem", &Authority::new().pem()),
    )];
    let read = settings().tls_from(&Variables::given(only), "DEMO");
    ping(read.unwrap(), server.port).await.unwrap_err();
    assert_eq!(server.requests(), 1);
}

#[test]
fn invalid_variables_are_named() {
    for (name, value, expected) in [
        ("DEMO_TLS_MIN_VERSION", "1.1", "DEMO_TLS_MIN_VERSION"),
        (
            "DEMO_TLS_CLIENT_CERT_FILE",
            "c.pem",
            "DEMO_TLS_CLIENT_KEY_FILE",
        ),
        (
            "DEMO_TLS_CLIENT_KEY_FILE",
            "c.key",
            "DEMO_TLS_CLIENT_CERT_FILE",
        ),
    ] {
        let error = settings()
            .tls_from(&Variables::given([(name, value)]), "DEMO")
            .map(drop)
            .unwrap_err();
        assert!(error.is_configuration());
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// Tests that need another process, since the certificates of the operating system are read once per process.
mod system {
    use super::*;

    /// The variable with the port of the parent's server in the child process.
    const PORT: &str = "SPECMILL_TEST_TLS_PORT";

    fn port_of_parent() -> Option<u16> {
        std::env::var(PORT).ok().map(|port| port.parse().unwrap())
    }

    /// Runs a test again in a child process whose system trusts only `certificates`.
    async fn again(test: &str, port: u16, certificates: &str) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("system.pem");
        std::fs::write(&file, certificates).unwrap();
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", &format!("system::{test}"), "--nocapture"])
            .env("SSL_CERT_FILE", &file)
            .env("SSL_CERT_DIR", folder.path().join("no-such-folder"))
            .env(PORT, port.to_string());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && printed.contains("1 passed"),
            "{output:?}"
        );
    }

    #[tokio::test]
    async fn a_certificate_that_the_system_trusts_is_accepted() {
        if let Some(port) = port_of_parent() {
            return ping(settings(), port).await.unwrap();
        }
        let authority = Authority::new();
        let server = Server::start(Options::new(&authority)).await;
        let test = "a_certificate_that_the_system_trusts_is_accepted";
        again(test, server.port, &authority.pem()).await;
        assert_eq!(server.requests(), 1);
    }

    #[tokio::test]
    async fn a_certificate_that_the_system_trusts_is_refused_with_only_root_certificates() {
        if let Some(port) = port_of_parent() {
            let tls = Tls::new().only_root_certificates(Pem::bytes(Authority::new().pem()));
            let error = ping(settings().tls(tls), port).await.unwrap_err();
            assert!(error.is_connect(), "{error}");
            return;
        }
        let authority = Authority::new();
        let server = Server::start(Options::new(&authority)).await;
        let test = "a_certificate_that_the_system_trusts_is_refused_with_only_root_certificates";
        again(test, server.port, &authority.pem()).await;
        assert_eq!(server.requests(), 0);
    }

    #[tokio::test]
    async fn a_machine_without_certificates_has_clients_for_http_and_for_own_roots() {
        if let Some(port) = port_of_parent() {
            ping_url(settings(), &format!("http://127.0.0.1:{port}"))
                .await
                .unwrap();
            HttpClient::builder().build().unwrap();
            let own = Tls::new().only_root_certificates(Pem::bytes(Authority::new().pem()));
            settings()
                .tls(own)
                .build("https://localhost", Authentication::none())
                .unwrap();
            // OpenSSL reads certificates when it connects.
            if cfg!(feature = "rustls") {
                let error = ping(settings(), port).await.unwrap_err();
                assert!(error.is_configuration(), "{error}");
                assert!(error.to_string().contains("ca-certificates"), "{error}");
            }
            return;
        }
        let server = Server::plain().await;
        let test = "a_machine_without_certificates_has_clients_for_http_and_for_own_roots";
        again(test, server.port, "").await;
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn permanent_handshake_failures_are_not_retried() {
    let server = Server::start(Options::new(&Authority::new())).await;
    let patient = Settings::new(&API).clock(ManualClock::new(std::time::SystemTime::UNIX_EPOCH));
    let error = ping(patient, server.port).await.unwrap_err();
    assert!(!error.is_retryable() && error.attempts() == 1, "{error:?}");
    assert_eq!(
        error.to_string(),
        "demo ping: could not connect: the certificate is not trusted"
    );
}
