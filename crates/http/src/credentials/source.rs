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

/// How long a credential is used on after its renewal failed, while it is still valid, before it is retried.
const PAUSE: Duration = Duration::from_secs(5);

/// What a provider gave, kept until it has to be renewed.
pub(crate) struct Source {
    provider: Box<dyn Erased>,
    kept: RwLock<Option<Kept>>,
    /// Held while the provider is asked: others wait for what comes.
    asking: Mutex<Option<Failure>>,
    /// How often the provider was asked.
    asked: AtomicU64,
}

#[derive(Clone)]
struct Kept {
    secret: Secret,
    /// From when on it is renewed.
    renew: Option<Instant>,
    expires: Option<Instant>,
}

/// What the provider failed with when it was asked for this time.
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
            kept: RwLock::new(None),
            asking: Mutex::new(None),
            asked: AtomicU64::new(0),
        }
    }

    /// The credential that is valid now.
    pub(crate) async fn secret(&self, clock: &Clock) -> Result<Secret, Error> {
        let now = clock.instant();
        let kept = self.kept();
        let valid = kept.filter(|kept| kept.expires.is_none_or(|end| now < end));
        if let Some(kept) = valid {
            let fresh = kept.renew.is_none_or(|renew| now < renew);
            if fresh {
                return Ok(kept.secret);
            }
            // It is still valid: one call renews it while the others use it.
            let Ok(guard) = self.asking.try_lock() else {
                return Ok(kept.secret);
            };
            if let Ok(secret) = self.ask(guard, clock).await {
                return Ok(secret);
            }
            self.keep(Kept {
                renew: Some(now + PAUSE),
                ..kept.clone()
            });
            return Ok(kept.secret);
        }
        match self.asking.try_lock() {
            Ok(guard) => self.ask(guard, clock).await,
            Err(_) => self.wait(clock).await,
        }
    }

    /// Waits for what another call asks the provider for.
    async fn wait(&self, clock: &Clock) -> Result<Secret, Error> {
        let number = self.asked.load(Ordering::SeqCst);
        let guard = self.asking.lock().await;
        let now = clock.instant();
        if let Some(kept) = self.kept()
            && kept.expires.is_none_or(|end| now < end)
        {
            return Ok(kept.secret);
        }
        match &*guard {
            Some(failure) if failure.number >= number => Err(failure.error()),
            // The call that requested it was dropped.
            _ => self.ask(guard, clock).await,
        }
    }

    async fn ask(
        &self,
        mut guard: MutexGuard<'_, Option<Failure>>,
        clock: &Clock,
    ) -> Result<Secret, Error> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
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
                self.keep(Kept {
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

    /// Has the provider asked again, since the service refused what it gave.
    pub(crate) fn forget(&self, refused: &Secret) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // Another call may have renewed it already.
        if kept
            .as_ref()
            .is_some_and(|kept| kept.secret.expose() == refused.expose())
        {
            *kept = None;
        }
    }

    fn kept(&self) -> Option<Kept> {
        self.kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, kept: Kept) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }
}

/// What a provider failed with, as one line, and whether it may succeed when it is asked again.
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
