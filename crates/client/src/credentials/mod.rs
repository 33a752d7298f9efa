//! Credentials that are fetched when they are needed: from a file, a vault, a token endpoint.

mod endpoint;
mod file;
mod oauth2;
mod provider;
mod source;
mod surroundings;

pub(crate) use self::file::FromFile;
pub use self::oauth2::OAuth2;
pub use self::provider::{ProvidedSecret, SecretProvider};
pub(crate) use self::source::Source;
pub(crate) use self::surroundings::Surroundings;
