//! Clients on an HTTP client of reqwest 0.13, for what [`HttpClientBuilder`](crate::HttpClientBuilder) has no
//! setting for: resolvers, connector layers, other proxies.
//!
//! The module and its feature `reqwest-0-13` carry reqwest's version, and stay when another one is added. Nothing else in
//! this crate's interface depends on reqwest.

pub use reqwest;

use crate::error::Error;
use crate::http_client::HttpClient;

/// Takes an HTTP client of reqwest's. TLS, proxies and connect timeout are as it was built.
///
/// Leave reqwest's `connection_verbose` off: it logs what is sent, with the credentials.
///
/// ```no_run
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
