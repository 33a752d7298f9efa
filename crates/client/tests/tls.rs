//! Certificates are checked against those that the system trusts.
#![cfg(all(feature = "rustls", target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use specmill_client::operation::{Idempotency, Method, Operation};
use specmill_client::{Api, Authentication, CallOptions, Error, ManualClock, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

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
    idempotency: Idempotency::ByMethod,
};

/// A server whose certificate, for these names, is signed by an authority of its own.
struct Server {
    port: u16,
    authority: String,
    requests: Arc<AtomicUsize>,
}

async fn start(names: &[&str]) -> Server {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let configuration =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(configuration));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else {
                continue;
            };
            let mut bytes = [0; 4096];
            if socket.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                seen.fetch_add(1, SeqCst);
                socket
                    .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                    .await
                    .unwrap();
            }
        }
    });
    Server {
        port,
        authority: authority.pem(),
        requests,
    }
}

async fn ping(port: u16) -> Result<(), Error> {
    Settings::new(&API)
        .clock(ManualClock::new(std::time::SystemTime::UNIX_EPOCH))
        .build(
            &format!("https://localhost:{port}"),
            Authentication::bearer("token-not-to-leak"),
        )
        .unwrap()
        .call(&PING, CallOptions::default())
        .send_empty()
        .await
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent() {
    let server = start(&["localhost"]).await;
    let error = ping(server.port).await.unwrap_err();
    assert!(error.is_connect() && error.was_not_sent(), "{error:?}");
    assert!(!error.is_retryable() && error.attempts() == 1, "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("demo ping: could not connect: the certificate is not trusted"),
        "{error}"
    );
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(server.requests.load(SeqCst), 0);
}

/// The port of the server, in the environment of the process that this test begins anew with trust in its authority.
const PORT: &str = "SPECMILL_TEST_TLS_PORT";

/// Runs a test again in a process that trusts the server's authority: what a process trusts is settled when it begins.
async fn again_with_trust(server: &Server, test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, &server.authority).unwrap();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env("SSL_CERT_FILE", &file)
        .env_remove("SSL_CERT_DIR");
    command.env(PORT, server.port.to_string());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{output:?}"
    );
}

fn port_of_parent() -> Option<u16> {
    std::env::var(PORT).ok().map(|port| port.parse().unwrap())
}

#[tokio::test]
async fn a_certificate_that_the_system_trusts_is_taken() {
    if let Some(port) = port_of_parent() {
        return ping(port).await.unwrap();
    }
    let server = start(&["localhost"]).await;
    again_with_trust(&server, "a_certificate_that_the_system_trusts_is_taken").await;
    assert_eq!(server.requests.load(SeqCst), 1);
}

#[tokio::test]
async fn a_trusted_certificate_for_another_name_is_refused() {
    if let Some(port) = port_of_parent() {
        let error = ping(port).await.unwrap_err();
        assert!(
            error.is_connect() && error.to_string().contains("certificate"),
            "{error}"
        );
        return;
    }
    let server = start(&["elsewhere.test"]).await;
    again_with_trust(&server, "a_trusted_certificate_for_another_name_is_refused").await;
    assert_eq!(server.requests.load(SeqCst), 0);
}
