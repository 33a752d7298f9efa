//! The reason why an attempt failed without a response.

use std::error::Error as StdError;
use std::io;

use super::transport::causes;

/// Why an attempt failed without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A certificate that is not trusted, for another name, or out of date.
    Certificate,
    /// The two sides agree on no version or cipher, or the other does not speak TLS.
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
    /// Whether another attempt would meet it again.
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

    /// What follows "could not connect: ".
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

    /// The first cause that gives a reason; errors of the operating system, which wrap others, come last.
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

/// The reason that one error of the chain gives. Types that their crates keep to themselves are told by their words.
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

/// Whether a failed resolution says that there is no such name or no address for it. What a name server could not say
/// at the moment (`EAI_AGAIN`) may be known later.
fn of_resolution(error: &(dyn StdError + 'static)) -> Reason {
    /// `EAI_NONAME`, `EAI_NODATA` and `EAI_FAIL` in the words of glibc, musl, the BSDs and macOS, and Windows.
    const LASTING: [&str; 9] = [
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
    let lasting = causes(error).any(|cause| {
        let words = cause.to_string();
        LASTING.iter().any(|lasting| words.contains(lasting))
    });
    if lasting {
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

    /// Responds to  with the same failure.
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
    async fn a_host_that_does_not_exist_is_told_from_one_that_cannot_be_resolved_now() {
        for lasting in [
            "Name or service not known",
            "nodename nor servname provided, or not known",
            "Name does not resolve",
        ] {
            assert_eq!(resolved(lasting).await, Reason::NoSuchHost, "{lasting}");
        }
        for passing in ["Temporary failure in name resolution", "Try again"] {
            assert_eq!(resolved(passing).await, Reason::NotResolved, "{passing}");
        }
        assert!(Reason::NoSuchHost.is_permanent() && !Reason::NotResolved.is_permanent());
    }
}
