//! The shared state of a client.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::HeaderMap;
use specmill_http::base_url::BaseUrl;
use specmill_http::clock::Clock;
use specmill_http::credentials::Authentication;
use specmill_http::credentials::Surroundings;
use specmill_http::error::Error;
use specmill_http::operation::Operation;
use specmill_http::servers::Servers;
use tokio::sync::Semaphore;

use crate::middleware::Stack;
use crate::retry::{RetryBudget, RetryPolicy, Tokens};

/// A client's connections, credentials and settings. Clones share all of them.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

pub struct Parts {
    pub http: reqwest::Client,
    pub base: BaseUrl,
    pub servers: Servers,
    pub max_concurrent_calls: Option<usize>,
    pub authentication: Authentication,
    pub surroundings: Surroundings,
    pub headers: HeaderMap,
    pub fixed_headers: HeaderMap,
    pub middleware: Stack,
    pub attempt_timeout: Duration,
    pub total_timeout: Duration,
    pub idle_timeout: Duration,
    pub retry: RetryPolicy,
    pub retry_budget: RetryBudget,
    pub max_response_bytes: u64,
    pub clock: Clock,
}

/// The state that all clones of a transport share.
pub struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    servers: Servers,
    /// A permit for each request that may be in flight, if their number is limited.
    pub(crate) permits: Option<Semaphore>,
    authentication: RwLock<Arc<Authentication>>,
    surroundings: Surroundings,
    pub headers: HeaderMap,
    pub fixed_headers: HeaderMap,
    pub(crate) middleware: Stack,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub idle_timeout: Duration,
    pub retry: RetryPolicy,
    pub(crate) tokens: Tokens,
    pub max_response_bytes: u64,
    pub clock: Clock,
}

impl Transport {
    #[doc(hidden)]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Shared {
            http: parts.http,
            base: parts.base,
            servers: parts.servers,
            permits: parts
                .max_concurrent_calls
                .map(|calls| Semaphore::new(calls.min(Semaphore::MAX_PERMITS))),
            authentication: RwLock::new(Arc::new(parts.authentication)),
            surroundings: parts.surroundings,
            headers: parts.headers,
            fixed_headers: parts.fixed_headers,
            middleware: parts.middleware,
            attempt_timeout: parts.attempt_timeout,
            total_timeout: parts.total_timeout,
            idle_timeout: parts.idle_timeout,
            retry: parts.retry,
            tokens: Tokens::new(parts.retry_budget),
            max_response_bytes: parts.max_response_bytes,
            clock: parts.clock,
        }))
    }

    /// Replaces the credentials of this client and all its clones. Attempts that start later use the new ones.
    ///
    /// # Errors
    /// The new credentials are invalid. The old ones are kept.
    pub fn set_authentication(&self, authentication: Authentication) -> Result<(), Error> {
        authentication.check()?;
        let authentication = authentication.connect(&self.0.surroundings)?;
        let mut current = self
            .0
            .authentication
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(authentication);
        Ok(())
    }

    /// Replaces the credentials of one of several schemes, like [`set_authentication`](Self::set_authentication).
    ///
    /// # Errors
    /// The new credentials are invalid. The old ones are kept.
    pub fn set_scheme(&self, scheme: &str, authentication: Authentication) -> Result<(), Error> {
        authentication.check()?;
        let authentication = authentication.connect(&self.0.surroundings)?;
        let mut current = self
            .0
            .authentication
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(current.with(scheme, authentication));
        Ok(())
    }

    #[doc(hidden)]
    /// The base URL of an operation.
    pub fn base_of(&self, operation: &Operation) -> Result<&BaseUrl, String> {
        match operation.server {
            None => Ok(&self.0.base),
            Some(declared) => self.0.servers.of(declared),
        }
    }

    /// The base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.0.base.as_str()
    }

    #[doc(hidden)]
    pub fn authentication(&self) -> Arc<Authentication> {
        Arc::clone(
            &self
                .0
                .authentication
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    #[doc(hidden)]
    pub fn shared(&self) -> &Shared {
        &self.0
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transport")
            .field("base_url", &self.base_url())
            .field("authentication", &self.authentication())
            .finish_non_exhaustive()
    }
}
