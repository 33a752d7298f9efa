//! Credentials, in memory or fetched on demand, and how requests carry them.

mod authentication;
mod endpoint;
mod file;
mod oauth2;
mod provider;
mod secret;
mod sensitive_header;
#[cfg(feature = "signature")]
mod signature;
mod source;
mod surroundings;

pub use self::authentication::Authentication;
pub use self::oauth2::OAuth2;
pub use self::provider::{ProvidedSecret, SecretProvider};
pub use self::secret::Secret;
#[cfg(test)]
pub(crate) use self::sensitive_header::sensitive;
#[doc(hidden)]
pub use self::surroundings::Surroundings;
