//! TLS with rustls and a fixed crypto provider; the default provider of the process is neither used nor changed.

use std::sync::{Arc, OnceLock};

use reqwest::ClientBuilder;
use rustls::client::WantsClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, SupportedProtocolVersion, version};
use rustls_platform_verifier::Verifier;

use super::WithTls;
use super::tls::{Pem, Tls, TlsVersion};
use crate::error::Error;

/// The error on a machine without certificates, with remedies.
const NO_ROOTS: &str = "https needs the certificates of the operating system, and there are none: install them (on \
                        Debian and Alpine the package ca-certificates), set SSL_CERT_FILE, or set root certificates \
                        in the TLS settings";

/// Applies the settings. With the default settings on an operating system without certificates, no server is trusted,
/// and `https://` cannot be used.
///
/// # Errors
/// A certificate or a key is invalid or cannot be read, or the settings need the certificates of the operating system
/// and there are none.
pub(super) fn apply(builder: ClientBuilder, tls: &Tls) -> Result<WithTls, Error> {
    // Reading the system's certificates takes tens of milliseconds, so all clients of a process share them.
    static DEFAULT: OnceLock<ClientConfig> = OnceLock::new();

    if !tls.is_default() {
        let configuration = configuration(tls)?.ok_or_else(|| Error::configuration(NO_ROOTS))?;
        return Ok((builder.tls_backend_preconfigured(configuration), None));
    }
    let (configuration, problem) = match DEFAULT.get() {
        Some(shared) => (shared.clone(), None),
        None => match configuration(tls)? {
            Some(configuration) => (DEFAULT.get_or_init(|| configuration).clone(), None),
            None => (trusting_no_server()?, Some(NO_ROOTS)),
        },
    };
    Ok((builder.tls_backend_preconfigured(configuration), problem))
}

/// The configuration, or `None` if it needs the certificates of the operating system and there are none.
fn configuration(tls: &Tls) -> Result<Option<ClientConfig>, Error> {
    let provider = provider();
    let builder = versions(tls, &provider)?;
    let mut roots = Vec::new();
    for pem in &tls.roots {
        roots.extend(certificates(pem, "root certificates")?);
    }
    let builder = if tls.only_roots {
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(root).map_err(invalid_root)?;
        }
        builder.with_root_certificates(store)
    } else {
        let verifier = match Verifier::new_with_extra_roots(roots, Arc::clone(&provider)) {
            Ok(verifier) => verifier,
            Err(rustls::Error::General(_)) => return Ok(None),
            Err(error) => return Err(invalid_root(error)),
        };
        // This is the platform's verifier; rustls requires `dangerous()` for any verifier but its default one.
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    };
    Ok(Some(with_protocols(identified(builder, tls)?)))
}

fn trusting_no_server() -> Result<ClientConfig, Error> {
    let configuration = versions(&Tls::new(), &provider())?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(with_protocols(configuration))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn versions(
    tls: &Tls,
    provider: &Arc<CryptoProvider>,
) -> Result<ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Error> {
    const FROM_1_2: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];
    const FROM_1_3: &[&SupportedProtocolVersion] = &[&version::TLS13];

    let versions = match tls.min_version {
        Some(TlsVersion::V1_3) => FROM_1_3,
        Some(TlsVersion::V1_2) | None => FROM_1_2,
    };
    ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_protocol_versions(versions)
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))
}

fn identified(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    tls: &Tls,
) -> Result<ClientConfig, Error> {
    let Some((chain, key)) = &tls.identity else {
        return Ok(builder.with_no_client_auth());
    };
    let certificates = certificates(chain, "client certificate")?;
    let private_key = PrivateKeyDer::from_pem_slice(key.read("client key")?.expose().as_bytes())
        .map_err(|_| key.refuse("client key", "is not a private key in PEM form"))?;
    builder
        .with_client_auth_cert(certificates, private_key)
        .map_err(|error| {
            chain.refuse(
                "client certificate",
                &format!("cannot be used with its key: {error}"),
            )
        })
}

fn certificates(pem: &Pem, what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let contents = pem.read(what)?;
    let read: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(contents.expose().as_bytes()).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(pem.refuse(what, "hold no certificate in PEM form")),
        Err(_) => Err(pem.refuse(what, "are not certificates in PEM form")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn invalid_root(error: rustls::Error) -> Error {
    Error::configuration(format!("a root certificate cannot be used: {error}"))
}

fn with_protocols(mut configuration: ClientConfig) -> ClientConfig {
    if cfg!(feature = "http2") {
        configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    configuration
}
