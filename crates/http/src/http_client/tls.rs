//! TLS settings, independent of the backend that applies them.

#![cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    allow(dead_code, reason = "without TLS, settings are refused unread")
)]

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::credentials::Secret;
use crate::error::Error;

/// The maximum size of a PEM file, in bytes. The bundles of operating systems have about 300 KiB.
const MAX_PEM_BYTES: u64 = 4 * 1024 * 1024;

/// TLS settings of a client: which servers it trusts, and how it identifies itself.
///
/// By default, the operating system's certificates are trusted, TLS 1.2 is the minimum version, and no client
/// certificate is sent. Every setting is applied or causes the builder's `build` to fail; none is ignored.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use specmill_client::{Pem, Tls, TlsVersion};
///
/// let tls = Tls::new()
///     .add_root_certificates(Pem::file("/etc/acme/ca.pem"))
///     .client_certificate(Pem::file("/etc/acme/client.pem"), Pem::file("/etc/acme/client.key"))
///     .min_version(TlsVersion::V1_3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tls {
    pub(super) roots: Vec<Pem>,
    pub(super) only_roots: bool,
    pub(super) identity: Option<(Pem, Pem)>,
    pub(super) min_version: Option<TlsVersion>,
}

impl Tls {
    /// Creates the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these certificate authorities in addition to those of the operating system. Repeated calls add more.
    pub fn add_root_certificates(mut self, certificates: Pem) -> Self {
        self.roots.push(certificates);
        self
    }

    /// Trusts these certificate authorities, and those added by
    /// [`add_root_certificates`](Self::add_root_certificates), instead of those of the operating system.
    pub fn only_root_certificates(mut self, certificates: Pem) -> Self {
        self.roots.push(certificates);
        self.only_roots = true;
        self
    }

    /// Identifies this client by a certificate (mutual TLS): the certificate followed by its intermediates, and its
    /// private key in PKCS #8 form.
    pub fn client_certificate(mut self, certificates: Pem, private_key: Pem) -> Self {
        self.identity = Some((certificates, private_key));
        self
    }

    /// The minimum version of TLS. The default is 1.2.
    pub fn min_version(mut self, version: TlsVersion) -> Self {
        self.min_version = Some(version);
        self
    }

    /// Whether all settings have their defaults.
    pub(crate) fn is_default(&self) -> bool {
        self.roots.is_empty() && self.identity.is_none() && self.min_version.is_none()
    }
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2
    V1_2,
    /// TLS 1.3
    V1_3,
}

impl FromStr for TlsVersion {
    type Err = UnknownTlsVersion;

    fn from_str(text: &str) -> Result<Self, UnknownTlsVersion> {
        match text {
            "1.2" => Ok(Self::V1_2),
            "1.3" => Ok(Self::V1_3),
            _ => Err(UnknownTlsVersion),
        }
    }
}

/// The error of parsing a [`TlsVersion`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTlsVersion;

impl fmt::Display for UnknownTlsVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the TLS versions are 1.2 and 1.3")
    }
}

impl std::error::Error for UnknownTlsVersion {}

/// Certificates or a private key in PEM form: bytes, or a file that is read when the client is built.
///
/// `Debug` shows the path of a file, but not its contents.
#[derive(Clone)]
pub struct Pem(Source);

#[derive(Clone)]
enum Source {
    Bytes(Secret),
    File(PathBuf),
}

impl Pem {
    /// PEM data in memory. If it is not UTF-8, the builder's `build` fails.
    pub fn bytes(pem: impl AsRef<[u8]>) -> Self {
        Self(Source::Bytes(
            String::from_utf8_lossy(pem.as_ref()).into_owned().into(),
        ))
    }

    /// A file of at most 4 MiB, which is read when the client is built.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Source::File(path.as_ref().to_path_buf()))
    }

    /// Reads the contents. `what` names them in errors: `root certificates`.
    pub(super) fn read(&self, what: &str) -> Result<Secret, Error> {
        use std::io::Read;

        let path = match &self.0 {
            Source::Bytes(bytes) => return Ok(bytes.clone()),
            Source::File(path) => path,
        };
        let refuse = |problem: &str| {
            Error::configuration(format!(
                "the file of the {what}, {}, {problem}",
                path.display()
            ))
        };
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_PEM_BYTES + 1).read_to_string(&mut text))
            .map_err(|error| refuse(&format!("cannot be read: {error}")))?;
        if text.len() as u64 > MAX_PEM_BYTES {
            return Err(refuse("is larger than 4 MiB"));
        }
        Ok(text.into())
    }

    /// Creates an error about the contents.
    pub(super) fn refuse(&self, what: &str, problem: &str) -> Error {
        Error::configuration(match &self.0 {
            Source::Bytes(_) => format!("the {what} {problem}"),
            Source::File(path) => format!("the {what} in {} {problem}", path.display()),
        })
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Bytes(_) => formatter.write_str("Pem(..)"),
            Source::File(path) => formatter.debug_tuple("Pem").field(path).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_the_path_of_a_file_and_no_contents() {
        let tls =
            Tls::new().client_certificate(Pem::file("client.pem"), Pem::bytes("key-not-to-leak"));
        let shown = format!("{tls:?}");
        assert!(shown.contains("client.pem"), "{shown}");
        assert!(!shown.contains("key-not-to-leak"), "{shown}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = Pem::file("no/such/file.pem")
            .read("root certificates")
            .unwrap_err();
        assert!(error.is_configuration());
        assert!(
            error
                .to_string()
                .contains("the file of the root certificates, no/such/file.pem, cannot be read"),
            "{error}"
        );
    }

    #[test]
    fn a_version_is_read_by_its_number() {
        assert_eq!("1.3".parse(), Ok(TlsVersion::V1_3));
        assert_eq!("1.1".parse::<TlsVersion>(), Err(UnknownTlsVersion));
    }
}
