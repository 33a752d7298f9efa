//! The HTTP client: TLS, proxies, connections.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
mod native_tls;
mod proxy;
#[cfg(feature = "rustls")]
mod rustls;
mod tls;
#[cfg(target_arch = "wasm32")]
mod web;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Client;
#[cfg(not(target_arch = "wasm32"))]
use reqwest::ClientBuilder;

pub use self::proxy::Proxy;
pub use self::tls::{Pem, Tls, TlsVersion, UnknownTlsVersion};

#[cfg(not(target_arch = "wasm32"))]
use self::native as imp;
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
use self::native_tls as backend;
#[cfg(feature = "rustls")]
use self::rustls as backend;
#[cfg(target_arch = "wasm32")]
use self::web as imp;
use crate::base_url::BaseUrl;
use crate::error::Error;

/// An HTTP client: a connection pool with TLS and proxy settings. Clones share the connections.
///
/// A client of an API creates its own, unless `Settings::http_client` sets one.
/// Clients of several APIs can share connections that way.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// # fn main() -> Result<(), specmill_client::Error> {
/// use std::time::Duration;
/// use specmill_client::HttpClient;
///
/// let shared = HttpClient::builder().connect_timeout(Duration::from_secs(3)).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HttpClient {
    client: Client,
    /// The reason why the client cannot be used for `https://`, if it cannot.
    without_tls: Option<&'static str>,
}

impl HttpClient {
    /// Creates a builder for an HTTP client.
    pub fn builder() -> HttpClientBuilder {
        HttpClientBuilder::default()
    }

    #[doc(hidden)]
    /// The client for a base URL.
    ///
    /// # Errors
    /// The base URL is `https://`, and TLS could not be set up.
    pub fn for_base(self, base: &BaseUrl) -> Result<Client, Error> {
        match self.without_tls {
            Some(problem) if base.is_https() => Err(Error::configuration(problem)),
            _ => Ok(self.client),
        }
    }

    /// Wraps a client of reqwest.
    ///
    /// # Errors
    /// The client may follow redirects.
    #[cfg(feature = "reqwest-0-13")]
    pub(crate) fn from_reqwest(client: Client) -> Result<Self, Error> {
        if !follows_no_redirects(&client) {
            return Err(Error::configuration(
                "the HTTP client follows redirects, which would send credentials elsewhere: build it with \
                 reqwest::redirect::Policy::none()",
            ));
        }
        Ok(Self {
            client,
            without_tls: None,
        })
    }
}

impl fmt::Debug for HttpClient {
    // reqwest's `Debug` output shows headers and proxies.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HttpClient(..)")
    }
}

/// Builds an [`HttpClient`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing before `build`"]
pub struct HttpClientBuilder {
    tls: Tls,
    proxy: ProxySetting,
    connect_timeout: Duration,
    pool_idle_timeout: Duration,
    keep_alive_interval: Duration,
    keep_alive_timeout: Duration,
    addresses: Vec<(String, SocketAddr)>,
}

#[derive(Debug, Clone, Default)]
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "a proxy is refused there")
)]
enum ProxySetting {
    /// The proxies of the environment or the system.
    #[default]
    System,
    None,
    Own(Proxy),
}

impl Default for HttpClientBuilder {
    fn default() -> Self {
        Self {
            tls: Tls::default(),
            proxy: ProxySetting::default(),
            connect_timeout: Duration::from_secs(10),
            // Load balancers close idle connections after a minute, and a request sent at that moment fails.
            pool_idle_timeout: Duration::from_secs(30),
            keep_alive_interval: Duration::from_secs(10),
            keep_alive_timeout: Duration::from_secs(5),
            addresses: Vec::new(),
        }
    }
}

impl HttpClientBuilder {
    /// TLS settings: see [`Tls`].
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Sets a proxy that replaces those of the environment and the system.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = ProxySetting::Own(proxy);
        self
    }

    /// Uses no proxy, even if the environment or the system configures one.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxySetting::None;
        self
    }

    /// The maximum time to connect, including TLS. The default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The time after which an idle connection is closed. The default is 30 seconds.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// Sends a ping on each HTTP/2 connection every `interval` (default 10 seconds), and closes the connection if
    /// there is no reply within `timeout` (default 5 seconds). Its calls then fail, and are retried on another
    /// connection if that is safe. Without the feature `http2` this has no effect.
    pub fn http2_keep_alive(mut self, interval: Duration, timeout: Duration) -> Self {
        self.keep_alive_interval = interval;
        self.keep_alive_timeout = timeout;
        self
    }

    /// Connects to `address` for `host`, instead of resolving it with the system. Port 0 means the port of the URL.
    pub fn resolve(mut self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.addresses.push((host.into(), address));
        self
    }

    /// Builds the HTTP client.
    ///
    /// If the operating system has no certificates, the HTTP client can still be used for `http://`; building a client
    /// with an `https://` base URL then fails.
    ///
    /// On `wasm32-unknown-unknown` the JavaScript host makes the connections, and the settings for timeouts and pings
    /// of connections have no effect.
    ///
    /// # Errors
    /// A TLS setting or the proxy is invalid. On `wasm32-unknown-unknown`: TLS, a proxy or the address of a host is
    /// set.
    pub fn build(self) -> Result<HttpClient, Error> {
        imp::build(&self)
    }

    #[doc(hidden)]
    /// Builds the HTTP client for the base URL `base`. `foremost` determines whether TLS is required.
    pub fn build_for(mut self, base: &BaseUrl, foremost: &BaseUrl) -> Result<Client, Error> {
        if cfg!(not(target_arch = "wasm32"))
            && base.is_loopback()
            && matches!(self.proxy, ProxySetting::System)
        {
            // A proxy on another host cannot reach this host's loopback address, and would see the credentials.
            self.proxy = ProxySetting::None;
        }
        self.build()?.for_base(foremost)
    }

    #[doc(hidden)]
    /// Whether TLS or the proxy was set, which a supplied HTTP client would ignore.
    pub fn has_tls_or_proxy(&self) -> bool {
        !self.tls.is_default() || !matches!(self.proxy, ProxySetting::System)
    }
}

#[cfg(not(target_arch = "wasm32"))]
/// A builder with TLS, and the reason why it cannot be used for `https://`, if it cannot.
type WithTls = (ClientBuilder, Option<&'static str>);

#[cfg(not(any(feature = "rustls", feature = "native-tls", target_arch = "wasm32")))]
mod backend {
    //! No TLS.

    use super::{ClientBuilder, Error, Tls, WithTls};

    pub(super) fn apply(builder: ClientBuilder, tls: &Tls) -> Result<WithTls, Error> {
        let problem = "https and TLS settings need TLS: enable the feature rustls or native-tls, or supply an HTTP client";
        if tls.is_default() {
            Ok((builder, Some(problem)))
        } else {
            Err(Error::configuration(problem))
        }
    }
}

/// A reqwest builder with the TLS of this crate and the default redirect policy, for tests of clients that no setting
/// allows.
#[cfg(test)]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(crate) fn reqwest_builder() -> ClientBuilder {
    let (builder, _) = backend::apply(Client::builder().no_proxy(), &Tls::default()).unwrap();
    builder
}

/// Whether a client is known not to follow redirects.
///
/// Only the `Debug` output of a reqwest client shows its policy. Any other output counts as following redirects, so
/// that a change of the format can cause a client to be refused, but cannot leak credentials.
#[cfg(feature = "reqwest-0-13")]
fn follows_no_redirects(client: &Client) -> bool {
    // Quotes within other fields are escaped, so no other field can contain this text.
    format!("{client:?}").contains(r#"redirect_policy: "Policy(None)""#)
}

#[cfg(all(
    test,
    feature = "reqwest-0-13",
    any(feature = "rustls", feature = "native-tls")
))]
mod tests {
    use reqwest::redirect::Policy;

    use super::*;

    #[test]
    fn a_client_that_may_follow_redirects_is_distinguished_from_one_that_does_not() {
        assert!(follows_no_redirects(
            &reqwest_builder().redirect(Policy::none()).build().unwrap()
        ));
        for policy in [
            Policy::default(),
            Policy::limited(1),
            Policy::limited(0),
            Policy::custom(|attempt| attempt.error("no")),
        ] {
            assert!(!follows_no_redirects(
                &reqwest_builder().redirect(policy).build().unwrap()
            ));
        }
    }

    #[test]
    fn a_header_cannot_pose_as_the_policy() {
        let mut headers = http::HeaderMap::new();
        headers.insert("x", r#"redirect_policy: "Policy(None)""#.parse().unwrap());
        assert!(!follows_no_redirects(
            &reqwest_builder().default_headers(headers).build().unwrap()
        ));
    }
}
