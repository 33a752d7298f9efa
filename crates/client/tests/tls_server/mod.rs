//! Loopback servers with TLS, with certificates that are created at run time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto, version};

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        // OpenSSL treats a certificate with equal issuer and subject as self-signed.
        parameters
            .distinguished_name
            .push(DnType::CommonName, "authority");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate for a name. Returns it with its key.
    pub(crate) fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

pub(crate) struct Options<'a> {
    authority: &'a Authority,
    clients: Option<&'a Authority>,
    name: &'a str,
    only_tls_1_2: bool,
}

impl<'a> Options<'a> {
    /// A server for `localhost` that accepts all clients.
    pub(crate) fn new(authority: &'a Authority) -> Self {
        Self {
            authority,
            clients: None,
            name: "localhost",
            only_tls_1_2: false,
        }
    }

    pub(crate) fn name(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// Accepts only clients with a certificate of this authority.
    pub(crate) fn clients_of(mut self, clients: &'a Authority) -> Self {
        self.clients = Some(clients);
        self
    }

    pub(crate) fn only_tls_1_2(mut self) -> Self {
        self.only_tls_1_2 = true;
        self
    }

    pub(crate) fn configuration(self) -> ServerConfig {
        let provider = Arc::new(crypto::ring::default_provider());
        let versions: &[_] = if self.only_tls_1_2 {
            &[&version::TLS12]
        } else {
            &[&version::TLS13, &version::TLS12]
        };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap();
        let builder = match self.clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.0.der().clone()).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let (certificate, key) = self.authority.issue(self.name);
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        builder.with_single_cert(vec![certificate], key).unwrap()
    }
}

/// A server that sends 204 for every request, and counts the requests.
pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start(options: Options<'_>) -> Self {
        Self::listen(Some(TlsAcceptor::from(Arc::new(options.configuration())))).await
    }

    /// A server without TLS.
    pub(crate) async fn plain() -> Self {
        Self::listen(None).await
    }

    async fn listen(acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                match &acceptor {
                    None => respond(socket, &seen).await,
                    Some(acceptor) => {
                        if let Ok(socket) = acceptor.accept(socket).await {
                            respond(socket, &seen).await;
                        }
                    }
                }
            }
        });
        Self { port, requests }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(SeqCst)
    }
}

async fn respond(mut socket: impl AsyncRead + AsyncWrite + Unpin, seen: &AtomicUsize) {
    let mut bytes = [0; 4096];
    if socket.read(&mut bytes).await.is_ok_and(|count| count > 0) {
        seen.fetch_add(1, SeqCst);
        let response = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        let _ = socket.write_all(response).await;
        let _ = socket.shutdown().await;
    }
}
