//! The HTTP client below: TLS, redirects, connections.

use std::fmt;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::base_url::BaseUrl;
use crate::error::{Error, chain};

/// Connections unused for this long are closed: load balancers do so after a minute, and a request that crosses the
/// closing fails.
const POOL_IDLE: Duration = Duration::from_secs(30);

/// A caller's changes to the HTTP client.
pub(crate) type Configure = Box<dyn FnOnce(ClientBuilder) -> ClientBuilder + Send>;

/// Where a client's HTTP client comes from.
#[derive(Default)]
pub(crate) enum HttpClient {
    #[default]
    Own,
    Configured(Configure),
    Supplied(Client),
}

impl fmt::Debug for HttpClient {
    // A supplied client may show headers and proxies of its own.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Own => "own",
            Self::Configured(_) => "configured",
            Self::Supplied(_) => "supplied",
        })
    }
}

impl HttpClient {
    pub(crate) fn build(self, connect_timeout: Duration, base: &BaseUrl) -> Result<Client, Error> {
        let configure = match self {
            Self::Supplied(client) if follows_no_redirects(&client) => return Ok(client),
            Self::Supplied(_) => {
                return Err(Error::configuration(
                    "the supplied HTTP client follows redirects, which would send credentials elsewhere: build it \
                     with reqwest::redirect::Policy::none(), or use configure_http_client",
                ));
            }
            Self::Configured(configure) => Some(configure),
            Self::Own
                if base.is_https() && !cfg!(any(feature = "rustls", feature = "native-tls")) =>
            {
                return Err(Error::configuration(
                    "https needs TLS: enable the feature rustls or native-tls, or supply an HTTP client",
                ));
            }
            Self::Own => None,
        };
        let mut builder = http_client_builder()?.connect_timeout(connect_timeout);
        if base.is_loopback() {
            // Nobody's proxy leads back to this host; and it would see credentials that http:// leaves readable.
            builder = builder.no_proxy();
        }
        if let Some(configure) = configure {
            builder = configure(builder);
        }
        // Again, whatever was configured: reqwest does not know our credentials as such, and would carry them anywhere.
        builder
            .redirect(Policy::none())
            .referer(false)
            .build()
            .map_err(|error| {
                Error::configuration(format!(
                    "the HTTP client cannot be made: {}",
                    chain(&error.without_url())
                ))
            })
    }
}

/// Begins an HTTP client that several clients can share, as by [`Settings::http_client`](crate::Settings::http_client).
///
/// It follows no redirects, and TLS is set up as in a client of its own. `reqwest::Client::builder()` is not enough:
/// where none of reqwest's own TLS features is enabled, it panics for want of a provider.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shared = specmill_client::http_client_builder()?.tcp_nodelay(true).build()?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// TLS cannot be set up.
pub fn http_client_builder() -> Result<ClientBuilder, Error> {
    let builder = with_tls(Client::builder())?;
    Ok(builder
        .pool_idle_timeout(POOL_IDLE)
        .redirect(Policy::none())
        .referer(false))
}

/// Whether a client is known to follow no redirects.
///
/// reqwest tells of a client's policy in its `Debug` output only. What is not recognised there counts as following,
/// so that a change in it can refuse a client, but never leak credentials.
fn follows_no_redirects(client: &Client) -> bool {
    // Quotes within other fields are escaped: none of them can pose as this one.
    format!("{client:?}").contains(r#"redirect_policy: "Policy(None)""#)
}

/// rustls with a provider of its own, so that neither the process's default is needed nor changed.
#[cfg(feature = "rustls")]
pub(crate) fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    use std::sync::{Arc, OnceLock};

    use rustls::ClientConfig;
    use rustls_platform_verifier::BuilderVerifierExt;

    // To read the system's certificates takes tens of milliseconds: all clients of a process share them.
    static SHARED: OnceLock<ClientConfig> = OnceLock::new();

    if let Some(configuration) = SHARED.get() {
        return Ok(builder.tls_backend_preconfigured(configuration.clone()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_no_client_auth();
    if cfg!(feature = "http2") {
        configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(builder.tls_backend_preconfigured(SHARED.get_or_init(|| configuration).clone()))
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "setting up the other backend can fail"
)]
pub(crate) fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[expect(clippy::unnecessary_wraps, reason = "setting up a backend can fail")]
pub(crate) fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;

    // With `rustls-no-provider` alone reqwest cannot build a client with its own defaults.
    fn builder() -> ClientBuilder {
        with_tls(Client::builder()).unwrap()
    }

    #[test]
    fn a_client_that_may_follow_redirects_is_told_from_one_that_does_not() {
        assert!(follows_no_redirects(
            &builder().redirect(Policy::none()).build().unwrap()
        ));
        for policy in [
            Policy::default(),
            Policy::limited(1),
            Policy::limited(0),
            Policy::custom(|attempt| attempt.error("no")),
        ] {
            assert!(!follows_no_redirects(
                &builder().redirect(policy).build().unwrap()
            ));
        }
    }

    #[test]
    fn a_header_cannot_pose_as_the_policy() {
        let mut headers = http::HeaderMap::new();
        headers.insert("x", r#"redirect_policy: "Policy(None)""#.parse().unwrap());
        assert!(!follows_no_redirects(
            &builder().default_headers(headers).build().unwrap()
        ));
    }
}
