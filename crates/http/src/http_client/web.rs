//! The HTTP client on a JavaScript host: `fetch`, with the connections, TLS and proxies of the host.

use reqwest::Client;

use super::{HttpClient, HttpClientBuilder, ProxySetting};
use crate::error::Error;

/// Builds the client. TLS, proxies and addresses of hosts cannot be set here, and are refused rather than ignored,
/// since they determine who can read a request.
pub(super) fn build(settings: &HttpClientBuilder) -> Result<HttpClient, Error> {
    let refuse = |what: &str| {
        Err(Error::configuration(format!(
            "{what} cannot be set on wasm32-unknown-unknown, where the JavaScript host makes the connections: remove \
             the setting"
        )))
    };
    if !settings.tls.is_default() {
        return refuse("TLS");
    }
    if !matches!(settings.proxy, ProxySetting::System) {
        return refuse("a proxy, or none,");
    }
    if !settings.addresses.is_empty() {
        return refuse("the address of a host");
    }
    Ok(HttpClient {
        client: Client::new(),
        without_tls: None,
    })
}
