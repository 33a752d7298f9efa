//! Client certificates as credentials: the sandbox behind a proxy that only accepts clients of one
//! authority.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use specmill::panther::{Client, ClientBuilder};
use specmill::{Pem, RetryPolicy, Tls};
use specmill_sandbox::Sandbox;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto, version};

use crate::support::{panther_builder, sandbox};

/// A certificate authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        // OpenSSL treats a certificate as self-signed if its subject equals its issuer, so the authority
        // has another name.
        let name = &mut parameters.distinguished_name;
        name.push(DnType::CommonName, "authority");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate for a name, and its private key, as PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// A proxy that terminates TLS for Panther's sandbox and requires a client certificate.
struct Proxy {
    url: String,
    services: Authority,
    clients: Authority,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    async fn start(sandbox: &Sandbox) -> Self {
        let (services, clients) = (Authority::new(), Authority::new());
        let acceptor = TlsAcceptor::from(Arc::new(configuration(&services, &clients)));
        let backend = sandbox.panther_url().strip_prefix("http://").unwrap();
        let backend: SocketAddr = backend.parse().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!(
            "https://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                // The proxy rejects a client that the test expects to fail.
                let Ok(mut socket) = acceptor.accept(socket).await else {
                    continue;
                };
                tokio::spawn(async move {
                    let mut backend = TcpStream::connect(backend).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut socket, &mut backend).await;
                });
            }
        });
        Self {
            url,
            services,
            clients,
            task,
        }
    }

    fn client(&self, sandbox: &Sandbox) -> ClientBuilder {
        panther_builder(sandbox)
            .base_url(&self.url)
            .retry(RetryPolicy::none())
    }

    /// The TLS settings of a client that trusts the proxy.
    fn trusted(&self) -> Tls {
        Tls::new().only_root_certificates(Pem::bytes(self.services.0.pem()))
    }
}

fn configuration(services: &Authority, clients: &Authority) -> ServerConfig {
    let provider = Arc::new(crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(clients.0.der().clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
    let (certificate, key) = services.issue("localhost");
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

#[tokio::test]
async fn a_certificate_is_sent_beside_the_other_credentials() {
    let sandbox = sandbox().await;
    let proxy = Proxy::start(&sandbox).await;
    let (certificate, key) = proxy.clients.issue("client.test");
    let tls = proxy
        .trusted()
        .client_certificate(Pem::bytes(certificate), Pem::bytes(key));
    let panther = proxy.client(&sandbox).tls(tls).build().unwrap();
    panther.user_list().send().await.unwrap();
    let sent = sandbox.requests().last().unwrap();
    assert_eq!(sent.header("x-api-key"), Some(sandbox.panther_api_key()));
}

#[tokio::test]
async fn no_certificate_or_one_of_another_authority_is_refused_before_anything_is_sent() {
    let sandbox = sandbox().await;
    let proxy = Proxy::start(&sandbox).await;
    let (certificate, key) = Authority::new().issue("client.test");
    let other = proxy
        .trusted()
        .client_certificate(Pem::bytes(certificate), Pem::bytes(key));
    for tls in [proxy.trusted(), other] {
        let panther = proxy.client(&sandbox).tls(tls).build().unwrap();
        panther.user_list().send().await.unwrap_err();
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_certificate_is_read_from_the_files_that_variables_name() {
    let sandbox = sandbox().await;
    let proxy = Proxy::start(&sandbox).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (certificate, key) = proxy.clients.issue("client.test");
    let panther = Client::from_variables([
        ("PANTHER_BASE_URL", proxy.url.clone()),
        ("PANTHER_API_KEY", sandbox.panther_api_key().to_owned()),
        ("PANTHER_TLS_CA_FILE", file("ca", proxy.services.0.pem())),
        ("PANTHER_TLS_CLIENT_CERT_FILE", file("cert", certificate)),
        ("PANTHER_TLS_CLIENT_KEY_FILE", file("key", key)),
    ])
    .unwrap();
    panther.user_list().send().await.unwrap();
    assert_eq!(sandbox.requests().count(), 1);
}
