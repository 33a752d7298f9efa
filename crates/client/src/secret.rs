//! Credentials in memory.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A credential: shown by nothing, wiped from memory when dropped.
///
/// Made from a `String`, a `&str` or a [`secrecy::SecretString`].
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(SecretString::from(value))
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(SecretString::from(value))
    }
}

impl From<SecretString> for Secret {
    fn from(value: SecretString) -> Self {
        Self(value)
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
