//! State that all calls of a client share.

use std::fmt;

use specmill_http::Authentication;
use specmill_http::error::Error;
use specmill_transport::transport::Parts;

/// A client's connections, credentials and settings. Clones share all of it.
#[derive(Clone)]
pub struct Transport(specmill_transport::Transport);

impl Transport {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(specmill_transport::Transport::new(parts))
    }

    /// Replaces the credentials, for this and all clones. Attempts that begin after it use the new ones.
    ///
    /// # Errors
    /// The new credentials are invalid. The old ones are kept.
    pub fn set_authentication(&self, authentication: Authentication) -> Result<(), Error> {
        self.0.set_authentication(authentication)
    }

    /// Replaces the credentials of one of several schemes, as [`set_authentication`](Self::set_authentication) does.
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

    /// What sends the requests.
    pub(crate) fn inner(&self) -> &specmill_transport::Transport {
        &self.0
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
