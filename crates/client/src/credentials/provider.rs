use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::secret::Secret;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Where a credential comes from while the client runs: a vault, a metadata service, a callback.
///
/// [`Secret::provided`] makes a credential of it, which every setting of a client takes in place of a value. It is asked
/// once for all calls that wait, and again when the lifetime of what it gave is nearly over, or when the service refused
/// it with 401.
///
/// ```
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
    /// Gives the credential that is valid now.
    ///
    /// # Errors
    /// There is none. The call that waits for it fails with what `Display` of the error says, so keep credentials out of
    /// it. It is retried where the error is an [`Error`](crate::Error) that is retryable.
    fn secret(&self) -> impl Future<Output = Result<ProvidedSecret, BoxError>> + Send;
}

impl<P: SecretProvider> SecretProvider for Arc<P> {
    async fn secret(&self) -> Result<ProvidedSecret, BoxError> {
        P::secret(self).await
    }
}

/// A credential that a [`SecretProvider`] gave, and how long it is valid.
#[derive(Debug, Clone)]
pub struct ProvidedSecret {
    pub(super) secret: Secret,
    pub(super) lifetime: Option<Duration>,
}

impl ProvidedSecret {
    /// A credential that is valid until the service refuses it.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self {
            secret: secret.into(),
            lifetime: None,
        }
    }

    /// How long it is valid from now on. The provider is asked again after four fifths of that time, and calls go on with
    /// what there is until the new one came.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

pub(super) type Fetched<'a> =
    Pin<Box<dyn Future<Output = Result<ProvidedSecret, BoxError>> + Send + 'a>>;

/// A [`SecretProvider`] whose type is not known.
pub(super) trait Erased: Send + Sync {
    fn secret(&self) -> Fetched<'_>;
}

impl<P: SecretProvider> Erased for P {
    fn secret(&self) -> Fetched<'_> {
        Box::pin(SecretProvider::secret(self))
    }
}
