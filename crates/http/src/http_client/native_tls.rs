//! TLS with the library of the operating system.

use reqwest::{Certificate, ClientBuilder, Identity, tls::Version};

use super::WithTls;
use super::tls::{Tls, TlsVersion};
use crate::error::Error;

/// Applies the settings.
///
/// # Errors
/// A certificate or a key is invalid or cannot be read.
pub(super) fn apply(builder: ClientBuilder, tls: &Tls) -> Result<WithTls, Error> {
    let mut builder = builder.tls_backend_native();
    let mut roots = Vec::new();
    for pem in &tls.roots {
        let what = "root certificates";
        let contents = pem.read(what)?;
        let certificates = Certificate::from_pem_bundle(contents.expose().as_bytes())
            .map_err(|_| pem.refuse(what, "are not certificates in PEM form"))?;
        if certificates.is_empty() {
            return Err(pem.refuse(what, "hold no certificate in PEM form"));
        }
        roots.extend(certificates);
    }
    builder = if tls.only_roots {
        builder.tls_certs_only(roots)
    } else {
        builder.tls_certs_merge(roots)
    };
    if let Some((chain, key)) = &tls.identity {
        let certificate = chain.read("client certificate")?;
        let private_key = key.read("client key")?;
        let identity = Identity::from_pkcs8_pem(
            certificate.expose().as_bytes(),
            private_key.expose().as_bytes(),
        )
        .map_err(|_| {
            chain.refuse(
                "client certificate",
                "cannot be used with its key: both must be in PEM form, the key in PKCS #8",
            )
        })?;
        builder = builder.identity(identity);
    }
    let version = match tls.min_version {
        Some(TlsVersion::V1_3) => Version::TLS_1_3,
        Some(TlsVersion::V1_2) | None => Version::TLS_1_2,
    };
    Ok((builder.tls_version_min(version), None))
}
