//! The proxy setting.

use std::fmt;

use crate::credentials::Secret;
#[cfg(not(target_arch = "wasm32"))]
use crate::error::Error;

/// A proxy for all requests of a client. It replaces those of the environment and the system.
///
/// `Debug` shows no credentials.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// use specmill_client::Proxy;
///
/// let proxy = Proxy::new("http://proxy.acme.test:3128").basic_auth("ann", "password");
/// ```
#[derive(Clone)]
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "a proxy is refused there")
)]
pub struct Proxy {
    url: Secret,
    credentials: Option<(String, Secret)>,
}

impl Proxy {
    /// The proxy at an `http://` or `https://` URL. If the URL is invalid, the builder's `build` fails.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into().into(),
            credentials: None,
        }
    }

    /// Authenticates at the proxy with a user name and a password.
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn build(&self) -> Result<reqwest::Proxy, Error> {
        let url = reqwest::Url::parse(self.url.expose()).ok();
        let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return Err(Error::configuration(
                "the proxy is not an http:// or https:// URL such as http://proxy.example.com:3128",
            ));
        };
        // reqwest's error shows the URL, which may contain a password.
        let proxy = reqwest::Proxy::all(url)
            .map_err(|_| Error::configuration("the proxy's URL cannot be used"))?;
        Ok(match &self.credentials {
            Some((user, password)) => proxy.basic_auth(user, password.expose()),
            None => proxy,
        })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Proxy(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_proxy_is_refused_without_being_shown() {
        for url in [
            "proxy-not-to-leak",
            "socks5://ann:proxy-not-to-leak@proxy.test",
            "http://",
        ] {
            let error = Proxy::new(url).build().unwrap_err();
            assert!(error.is_configuration());
            assert!(!error.to_string().contains("not-to-leak"), "{error}");
        }
    }

    #[test]
    fn debug_output_shows_no_credentials() {
        let proxy = Proxy::new("http://ann:one-not-to-leak@proxy.test")
            .basic_auth("ann", "two-not-to-leak");
        assert!(!format!("{proxy:?}").contains("not-to-leak"));
    }
}
