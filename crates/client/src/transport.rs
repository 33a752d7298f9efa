//! The shared state of a client.

use std::fmt;

use specmill_http::Authentication;
use specmill_http::error::Error;
use specmill_transport::transport::Parts;

/// A client's connections, credentials and settings. Clones share all of them.
#[derive(Clone)]
pub struct Transport(specmill_transport::Transport);

impl Transport {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(specmill_transport::Transport::new(parts))
    }

    /// Replaces the credentials of this client and all its clones. Attempts that start later use the new ones.
    ///
    /// # Errors
    /// The new credentials are invalid. The old ones are kept.
    pub fn set_authentication(&self, authentication: Authentication) -> Result<(), Error> {
        self.0.set_authentication(authentication)
    }

    /// Replaces the credentials of one of several schemes, like [`set_authentication`](Self::set_authentication).
    ///
    /// # Errors
    /// The new credentials are invalid. The old ones are kept.
    pub fn set_scheme(&self, scheme: &str, authentication: Authentication) -> Result<(), Error> {
        self.0.set_scheme(scheme, authentication)
    }

    /// The base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// The transport that sends the requests.
    pub(crate) fn inner(&self) -> &specmill_transport::Transport {
        &self.0
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
