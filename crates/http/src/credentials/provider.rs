use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

type BoxError = Box<dyn StdError + Send + Sync>;

use super::secret::Secret;

/// A source of credentials while the client runs: a vault, a metadata service, a callback.
///
/// [`Secret::provided`] turns it into a credential, which every setting of a client accepts. It is called once for all
/// waiting calls, and again when the lifetime of the credential is nearly over or when the service has rejected it
/// with 401.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// use std::error::Error;
/// use std::time::Duration;
/// use specmill_client::Secret;
/// use specmill_client::credentials::{ProvidedSecret, SecretProvider};
///
/// struct Vault;
///
/// impl SecretProvider for Vault {
///     async fn secret(&self) -> Result<ProvidedSecret, Box<dyn Error + Send + Sync>> {
///         let (key, lifetime) = ("key from the vault", Duration::from_secs(900));
///         Ok(ProvidedSecret::new(key).expires_in(lifetime))
///     }
/// }
///
/// let key = Secret::provided(Vault); // client.api_key(key)
/// ```
pub trait SecretProvider: Send + Sync + 'static {
    /// Returns a credential that is currently valid.
    ///
    /// # Errors
    /// No credential is available. The waiting call fails with the `Display` output of the error, which must not
    /// contain credentials. The call is retried if the error is a retryable [`Error`](crate::Error).
    fn secret(&self) -> impl Future<Output = Result<ProvidedSecret, BoxError>> + Send;
}

impl<P: SecretProvider> SecretProvider for Arc<P> {
    async fn secret(&self) -> Result<ProvidedSecret, BoxError> {
        P::secret(self).await
    }
}

/// A credential from a [`SecretProvider`], and its lifetime.
#[derive(Debug, Clone)]
pub struct ProvidedSecret {
    pub(super) secret: Secret,
    pub(super) lifetime: Option<Duration>,
}

impl ProvidedSecret {
    /// A credential that is valid until the service rejects it.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self {
            secret: secret.into(),
            lifetime: None,
        }
    }

    /// Sets the lifetime, which starts now. The provider is called again after four fifths of it; calls use the
    /// current credential until the new one is available.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

pub(super) type Fetched<'a> =
    Pin<Box<dyn Future<Output = Result<ProvidedSecret, BoxError>> + Send + 'a>>;

/// An object-safe [`SecretProvider`].
pub(super) trait Erased: Send + Sync {
    fn secret(&self) -> Fetched<'_>;
}

impl<P: SecretProvider> Erased for P {
    fn secret(&self) -> Fetched<'_> {
        Box::pin(SecretProvider::secret(self))
    }
}
