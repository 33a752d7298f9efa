//! Clients that use an HTTP client of reqwest 0.13, for settings that [`HttpClientBuilder`](crate::HttpClientBuilder)
//! does not have: resolvers, connector layers, other proxies.
//!
//! The module and its feature `reqwest-0-13` are named after reqwest's version, and will remain when another version
//! is added. No other part of this crate's interface depends on reqwest.

pub use reqwest;

use crate::error::Error;
use crate::http_client::HttpClient;

/// Uses an HTTP client of reqwest, with its own TLS, proxy and connect timeout settings.
///
/// Leave reqwest's `connection_verbose` off: it logs requests with their credentials.
///
/// ```no_run
/// # extern crate specmill_http as specmill_client;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use specmill_client::reqwest_0_13::{self, reqwest};
///
/// let client = reqwest::Client::builder()
///     .redirect(reqwest::redirect::Policy::none())
///     .tcp_nodelay(false)
///     .build()?;
/// let shared = reqwest_0_13::http_client(client)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The client may follow redirects, which would send credentials to other hosts. Build it with
/// `redirect(reqwest::redirect::Policy::none())`.
pub fn http_client(client: reqwest::Client) -> Result<HttpClient, Error> {
    HttpClient::from_reqwest(client)
}
