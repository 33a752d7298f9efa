//! Credentials in memory.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::file::FromFile;
use super::oauth2::OAuth2;
use super::provider::SecretProvider;
use super::source::Source;
use super::surroundings::Surroundings;
use crate::error::Error;

/// A credential. It is never printed, and it is zeroed in memory when it is dropped.
///
/// It is created from a `String`, a `&str` or a [`secrecy::SecretString`], or fetched when it is needed: from a
/// [`file`](Self::file) that another process rotates, from a [provider](Self::provided) such as a vault, or with
/// [`OAuth2`].
#[derive(Clone)]
pub struct Secret(Inner);

#[derive(Clone)]
enum Inner {
    Value(SecretString),
    Provided(Arc<Source>),
    /// A grant that has not been connected to a client, whose connections it will use.
    OAuth2(Box<OAuth2>),
}

impl Secret {
    /// A credential from a provider, which is called on demand: see [`SecretProvider`]. Clones share the result.
    pub fn provided(provider: impl SecretProvider) -> Self {
        Self(Inner::Provided(Arc::new(Source::new(provider))))
    }

    /// A credential in a file, without surrounding white space. The file is read when the first call needs it, and
    /// again after a minute or when the service rejects the credential. Its size may be at most 64 KiB.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::provided(FromFile(path.into()))
    }

    #[doc(hidden)]
    /// The value; empty if the credential is fetched on demand.
    pub fn expose(&self) -> &str {
        match &self.0 {
            Inner::Value(value) => value.expose_secret(),
            Inner::Provided(_) | Inner::OAuth2(_) => "",
        }
    }

    #[doc(hidden)]
    /// Whether the credential is fetched on demand.
    pub fn is_provided(&self) -> bool {
        !matches!(self.0, Inner::Value(_))
    }

    pub(crate) fn source(&self) -> Option<&Source> {
        match &self.0 {
            Inner::Provided(source) => Some(source),
            Inner::Value(_) | Inner::OAuth2(_) => None,
        }
    }

    /// Sets the paths of the default token endpoints of a grant: see [`OAuth2::token_paths`].
    pub(crate) fn token_paths(
        self,
        of_program: Option<&'static str>,
        of_user: Option<&'static str>,
    ) -> Self {
        match self.0 {
            Inner::OAuth2(grant) => grant.token_paths(of_program, of_user).into(),
            _ => self,
        }
    }

    /// Connects the credential to a client, if it is a grant.
    ///
    /// # Errors
    /// The token endpoint cannot be used.
    pub(crate) fn connect(&mut self, surroundings: &Surroundings) -> Result<(), Error> {
        if let Inner::OAuth2(grant) = &self.0 {
            *self = Self::provided(grant.provider(surroundings)?);
        }
        Ok(())
    }
}

impl From<OAuth2> for Secret {
    fn from(grant: OAuth2) -> Self {
        Self(Inner::OAuth2(Box::new(grant)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(Inner::Value(SecretString::from(value)))
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(Inner::Value(SecretString::from(value)))
    }
}

impl From<SecretString> for Secret {
    fn from(value: SecretString) -> Self {
        Self(Inner::Value(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_a_secret_does_not_hold_it() {
        assert_eq!(format!("{:?}", Secret::from("hunter2")), "[redacted]");
    }
}
