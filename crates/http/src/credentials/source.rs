use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

use super::provider::{Erased, SecretProvider};
use super::secret::Secret;
use crate::clock::Clock;
use crate::error::{Error, Kind};
use crate::platform::Instant;
use crate::text::{LIMIT as TEXT_LIMIT, one_line};

/// The delay after a failed renewal of a credential that is still valid, before the next attempt.
const RENEWAL_DELAY: Duration = Duration::from_secs(5);

/// A provider with its cached credential.
pub(crate) struct Source {
    provider: Box<dyn Erased>,
    cached: RwLock<Option<Cached>>,
    /// The last failure. Locked while the provider is called: other calls wait for the result.
    last_failure: Mutex<Option<Failure>>,
    /// The number of calls of the provider.
    calls: AtomicU64,
}

#[derive(Clone)]
struct Cached {
    secret: Secret,
    /// The time from which on the credential is renewed.
    renew: Option<Instant>,
    expires: Option<Instant>,
}

/// The failure of a call of the provider, with the number of the call.
struct Failure {
    number: u64,
    problem: String,
    transient: bool,
}

impl Failure {
    fn error(&self) -> Error {
        Error::new(Kind::Credentials {
            problem: self.problem.clone(),
            transient: self.transient,
        })
    }
}

impl Source {
    pub(crate) fn new(provider: impl SecretProvider) -> Self {
        Self {
            provider: Box::new(provider),
            cached: RwLock::new(None),
            last_failure: Mutex::new(None),
            calls: AtomicU64::new(0),
        }
    }

    /// Returns the credential that is currently valid.
    pub(crate) async fn secret(&self, clock: &Clock) -> Result<Secret, Error> {
        let now = clock.instant();
        let cached = self.cached();
        let valid = cached.filter(|cached| cached.expires.is_none_or(|end| now < end));
        if let Some(cached) = valid {
            let fresh = cached.renew.is_none_or(|renew| now < renew);
            if fresh {
                return Ok(cached.secret);
            }
            // It is still valid: one call renews it while the others use it.
            let Ok(guard) = self.last_failure.try_lock() else {
                return Ok(cached.secret);
            };
            if let Ok(secret) = self.call_provider(guard, clock).await {
                return Ok(secret);
            }
            self.store(Cached {
                renew: Some(now + RENEWAL_DELAY),
                ..cached.clone()
            });
            return Ok(cached.secret);
        }
        match self.last_failure.try_lock() {
            Ok(guard) => self.call_provider(guard, clock).await,
            Err(_) => self.wait(clock).await,
        }
    }

    /// Waits for the result of another call of the provider.
    async fn wait(&self, clock: &Clock) -> Result<Secret, Error> {
        let number = self.calls.load(Ordering::SeqCst);
        let guard = self.last_failure.lock().await;
        let now = clock.instant();
        if let Some(cached) = self.cached()
            && cached.expires.is_none_or(|end| now < end)
        {
            return Ok(cached.secret);
        }
        match &*guard {
            Some(failure) if failure.number >= number => Err(failure.error()),
            // The call that requested it was dropped.
            _ => self.call_provider(guard, clock).await,
        }
    }

    async fn call_provider(
        &self,
        mut guard: MutexGuard<'_, Option<Failure>>,
        clock: &Clock,
    ) -> Result<Secret, Error> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let result = self.provider.secret().await;
        let problem = match result {
            Ok(provided) if provided.secret.is_provided() => {
                ("the provider gave no value".to_owned(), false)
            }
            Ok(provided) if provided.secret.expose().is_empty() => {
                ("the provider gave an empty value".to_owned(), false)
            }
            Ok(provided) => {
                let now = clock.instant();
                let after = |time: Duration| now.checked_add(time);
                self.store(Cached {
                    secret: provided.secret.clone(),
                    renew: provided.lifetime.and_then(|time| after(time * 4 / 5)),
                    expires: provided.lifetime.and_then(after),
                });
                *guard = None;
                return Ok(provided.secret);
            }
            Err(error) => reason(&*error),
        };
        let failure = Failure {
            number,
            problem: problem.0,
            transient: problem.1,
        };
        let error = failure.error();
        *guard = Some(failure);
        Err(error)
    }

    /// Discards the cached credential that the service rejected, so that the provider is called again.
    pub(crate) fn forget(&self, refused: &Secret) {
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        // Another call may have renewed it already.
        if cached
            .as_ref()
            .is_some_and(|cached| cached.secret.expose() == refused.expose())
        {
            *cached = None;
        }
    }

    fn cached(&self) -> Option<Cached> {
        self.cached
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn store(&self, cached: Cached) {
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
    }
}

/// The error of a provider as one line, and whether it is transient.
fn reason(error: &(dyn StdError + Send + Sync + 'static)) -> (String, bool) {
    let (text, transient) = match error.downcast_ref::<Error>() {
        Some(own) => match own.kind_ref() {
            Kind::Credentials { problem, transient } => (problem.clone(), *transient),
            _ => (own.with_causes().to_string(), own.is_retryable()),
        },
        None => (error.to_string(), false),
    };
    let line = one_line(&text, TEXT_LIMIT);
    (
        line.unwrap_or_else(|| "no reason is known".to_owned()),
        transient,
    )
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[provided]")
    }
}
