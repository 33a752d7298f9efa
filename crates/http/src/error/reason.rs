//! The reason why an attempt failed without a response.

use std::error::Error as StdError;
use std::io;

use super::transport::causes;

/// Why an attempt failed without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A certificate that is not trusted, is for another name, or is outside its validity period.
    Certificate,
    /// No common version or cipher, or the server does not support TLS.
    Tls,
    NoSuchHost,
    NotResolved,
    ProxyAuthentication,
    UnsupportedProxy,
    NoTunnel,
    Refused,
    Reset,
    Closed,
    NotHttp,
    TimedOut,
    Unknown,
}

impl Reason {
    /// Whether another attempt would fail for the same reason.
    pub(crate) fn is_permanent(self) -> bool {
        matches!(
            self,
            Self::Certificate
                | Self::Tls
                | Self::NoSuchHost
                | Self::ProxyAuthentication
                | Self::UnsupportedProxy
        )
    }

    /// The text after "could not connect: ".
    pub(super) fn words(self) -> Option<&'static str> {
        match self {
            Self::Certificate => Some("the certificate is not trusted"),
            Self::Tls => Some("TLS could not be negotiated"),
            Self::NoSuchHost => Some("the host does not exist"),
            Self::NotResolved => Some("the host could not be resolved"),
            Self::ProxyAuthentication => Some("the proxy refused the credentials (407)"),
            Self::UnsupportedProxy => Some("the kind of proxy is not supported"),
            Self::NoTunnel => Some("the proxy did not open a tunnel"),
            Self::Refused => Some("connection refused"),
            Self::Reset => Some("connection reset"),
            Self::Closed => Some("connection closed"),
            Self::NotHttp => Some("the response is not HTTP"),
            Self::TimedOut => Some("timed out"),
            Self::Unknown => None,
        }
    }

    /// The reason of the first cause that has one. Errors of the operating system are checked last, since they wrap
    /// others.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        causes(error)
            .find_map(of_cause)
            .or_else(|| causes(error).find_map(|cause| of_io(cause.downcast_ref()?)))
            .unwrap_or(if error.is_timeout() {
                Self::TimedOut
            } else {
                Self::Unknown
            })
    }
}

/// The reason of one error in the chain. Private error types of other crates are recognised by their messages.
fn of_cause(error: &(dyn StdError + 'static)) -> Option<Reason> {
    #[cfg(feature = "rustls")]
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return of_rustls(error);
    }
    let words = error.to_string();
    match &*words {
        "tunnel error: proxy authorization required" => Some(Reason::ProxyAuthentication),
        "tunnel error: unsuccessful" => Some(Reason::NoTunnel),
        "dns error" => Some(of_resolution(error)),
        // The base URL's scheme was checked before, so this is the proxy's.
        "invalid URL, scheme is not http" => Some(Reason::UnsupportedProxy),
        _ if words.starts_with("unsupported scheme") => Some(Reason::UnsupportedProxy),
        "connection closed before message completed" => Some(Reason::Closed),
        _ if words.starts_with("invalid HTTP") || words.starts_with("invalid content-length") => {
            Some(Reason::NotHttp)
        }
        // OpenSSL, used by native-tls. Connections lost during its handshake give errors of the system instead.
        _ if words.contains("certificate verify failed") => Some(Reason::Certificate),
        _ if words.contains("SSL routines") => Some(Reason::Tls),
        _ => None,
    }
}

fn of_io(error: &io::Error) -> Option<Reason> {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => Some(Reason::Refused),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Some(Reason::Reset),
        Kind::UnexpectedEof => Some(Reason::Closed),
        Kind::TimedOut => Some(Reason::TimedOut),
        _ => None,
    }
}

/// Whether a name resolution failed permanently: the name does not exist, or it has no address. A temporary failure of
/// a name server (`EAI_AGAIN`) is not permanent.
fn of_resolution(error: &(dyn StdError + 'static)) -> Reason {
    /// The messages of `EAI_NONAME`, `EAI_NODATA` and `EAI_FAIL` on glibc, musl, the BSDs and macOS, and Windows.
    const PERMANENT: [&str; 9] = [
        "Name or service not known",
        "No address associated with",
        "Non-recoverable failure in name resolution",
        "Name does not resolve",
        "Name has no usable address",
        "nodename nor servname provided",
        "Non-recoverable error",
        "No such host is known",
        "requested name is valid, but no data",
    ];
    let permanent = causes(error).any(|cause| {
        let words = cause.to_string();
        PERMANENT.iter().any(|permanent| words.contains(permanent))
    });
    if permanent {
        Reason::NoSuchHost
    } else {
        Reason::NotResolved
    }
}

#[cfg(feature = "rustls")]
fn of_rustls(error: &rustls::Error) -> Option<Reason> {
    use rustls::{AlertDescription as Alert, Error};
    match error {
        Error::InvalidCertificate(_)
        | Error::NoCertificatesPresented
        | Error::InvalidCertRevocationList(_) => Some(Reason::Certificate),
        // An alert is permanent unless it reports an internal failure of the peer.
        Error::AlertReceived(Alert::InternalError | Alert::UserCanceled | Alert::CloseNotify) => {
            None
        }
        Error::AlertReceived(_)
        | Error::PeerIncompatible(_)
        | Error::InvalidMessage(_)
        | Error::UnsupportedNameType
        | Error::NoApplicationProtocol => Some(Reason::Tls),
        _ => None,
    }
}

#[cfg(test)]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tests {
    use std::sync::Arc;

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;

    /// A resolver that always fails with the same message.
    struct Failing(&'static str);

    impl Resolve for Failing {
        fn resolve(&self, _: Name) -> Resolving {
            let error =
                io::Error::other(format!("failed to lookup address information: {}", self.0));
            Box::pin(async move { Err(error.into()) })
        }
    }

    async fn resolved(words: &'static str) -> Reason {
        let client = crate::http_client::reqwest_builder()
            .dns_resolver(Arc::new(Failing(words)))
            .build()
            .unwrap();
        let error = client.get("http://api.acme.test").send().await.unwrap_err();
        Reason::of(&error)
    }

    #[tokio::test]
    async fn an_unknown_host_is_distinguished_from_a_temporary_failure_of_resolution() {
        for permanent in [
            "Name or service not known",
            "nodename nor servname provided, or not known",
            "Name does not resolve",
        ] {
            assert_eq!(resolved(permanent).await, Reason::NoSuchHost, "{permanent}");
        }
        for temporary in ["Temporary failure in name resolution", "Try again"] {
            assert_eq!(
                resolved(temporary).await,
                Reason::NotResolved,
                "{temporary}"
            );
        }
        assert!(Reason::NoSuchHost.is_permanent() && !Reason::NotResolved.is_permanent());
    }
}
