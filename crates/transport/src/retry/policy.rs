use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use specmill_http::error::Error;
use specmill_http::transient::is_transient;

use super::statuses::Statuses;

/// Which failed attempts are retried, how often, and with which delay.
///
/// The client retries 408, 429, 502, 503, 504, a 403 with `Retry-After`, timeouts and failed connections, if the
/// operation is idempotent: GET, HEAD and OPTIONS always, PUT and DELETE unless this policy says otherwise, POST and
/// PATCH only if the API's document or the caller says so
/// ([`CallOptions::idempotent`](crate::CallOptions::idempotent)). An attempt that never reached the service is retried
/// for every operation.
///
/// Failures that another attempt cannot fix are never retried: a certificate of an unknown authority, an unknown host
/// name, a proxy that rejects the credentials or is not supported.
///
/// The delay doubles from [`base_delay`](Self::base_delay) up to [`max_delay`](Self::max_delay), and the client waits
/// for a random part of it (full jitter). If the service asks for a delay (`Retry-After`, `Retry-After-Ms`,
/// `RateLimit`, `RateLimit-Reset`, `X-RateLimit-Reset`), the client waits 10 to 20 % longer than that, so that clients
/// do not return all at once. If the delay exceeds the rest of the call's total timeout, the call fails immediately.
#[derive(Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    max_retry_after: Option<Duration>,
    statuses: Statuses,
    retry_put: bool,
    retry_delete: bool,
    predicate: Option<Predicate>,
}

#[derive(Clone)]
struct Predicate(Arc<dyn Fn(&Error) -> bool + Send + Sync>);

/// Five attempts, delays of up to 200 milliseconds to 20 seconds, and retries of PUT and DELETE.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(20),
            max_retry_after: None,
            statuses: Statuses::default(),
            retry_put: true,
            retry_delete: true,
            predicate: None,
        }
    }
}

impl RetryPolicy {
    /// A single attempt.
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// The maximum number of attempts of a call, including the first. The default is 5; 0 means 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The maximum delay before the second attempt. It doubles with each further attempt. The default is 200
    /// milliseconds.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The maximum delay between attempts, if the service does not request one. The default is 20 seconds.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The maximum delay that a service may request, for example with `Retry-After`. By default, only the call's total
    /// timeout limits it. If the service requests more, the call fails immediately, and [`Error::retry_after`] returns
    /// the delay.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = Some(wait);
        self
    }

    /// Adds statuses that are retried, in addition to 408, 429, 502, 503 and 504. Common ones are 409, 423, 425, 500,
    /// and 520 to 530 of Cloudflare. 407 is never retried, since repeated attempts with a wrong proxy password lock
    /// accounts.
    ///
    /// ```
    /// # extern crate specmill_transport as specmill_client;
    /// use specmill_client::RetryPolicy;
    ///
    /// let policy = RetryPolicy::default().statuses([409, 425, 500]).statuses(520..=530);
    /// ```
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        for status in statuses {
            self.statuses.insert(status);
        }
        self
    }

    /// Retries further failures, such as those with a certain [`code`](Error::code). The rules for operations that are
    /// not idempotent and the limits of this policy apply to them too.
    ///
    /// The predicate is not called for failures that another attempt cannot fix.
    ///
    /// ```
    /// # extern crate specmill_transport as specmill_client;
    /// use specmill_client::RetryPolicy;
    ///
    /// let policy = RetryPolicy::default().retry_if(|error| error.code() == Some("TryAgainLater"));
    /// ```
    pub fn retry_if(mut self, predicate: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Predicate(Arc::new(predicate)));
        self
    }

    /// Whether PUT operations are retried. The default is `true`.
    pub fn retry_put(mut self, retry: bool) -> Self {
        self.retry_put = retry;
        self
    }

    /// Whether DELETE operations are retried. The default is `true`. If the first request was carried out although its
    /// attempt failed, the retry fails with 404.
    pub fn retry_delete(mut self, retry: bool) -> Self {
        self.retry_delete = retry;
        self
    }

    #[doc(hidden)]
    /// Whether the failure is transient according to this policy.
    pub fn is_transient(&self, error: &Error) -> bool {
        if error.is_permanent() {
            return false;
        }
        let status = error.response_status();
        error.is_retryable()
            || status.is_some_and(|status| self.statuses.contains(status) || is_transient(status))
            || self
                .predicate
                .as_ref()
                .is_some_and(|Predicate(predicate)| predicate(error))
    }

    #[doc(hidden)]
    /// Whether the failed attempt may be retried. `idempotent` is the statement of the document or the caller.
    pub fn allows(&self, method: &Method, idempotent: bool, error: &Error, attempts: u32) -> bool {
        attempts < self.max_attempts
            && self.is_transient(error)
            && (idempotent || error.was_not_sent() || self.retries(method))
            && !self.exceeds_max_retry_after(error)
    }

    fn exceeds_max_retry_after(&self, error: &Error) -> bool {
        let longest = self.max_retry_after.unwrap_or(Duration::MAX);
        error.retry_after().is_some_and(|wait| wait > longest)
    }

    fn retries(&self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => true,
            Method::PUT => self.retry_put,
            Method::DELETE => self.retry_delete,
            _ => false,
        }
    }

    #[doc(hidden)]
    /// Whether the policy allows another attempt after this number of attempts.
    pub fn has_attempts_after(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    #[doc(hidden)]
    /// The delay after a failed attempt with this number, counted from 1. `random` is from 0 to 1; `requested` is the
    /// delay that the service requested.
    pub fn delay(&self, attempts: u32, random: f64, requested: Option<Duration>) -> Duration {
        let random = random.clamp(0.0, 1.0);
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let own = scaled(longest, random);
        requested.map_or(own, |wait| {
            wait.saturating_add(scaled(wait, 0.1 + 0.1 * random))
                .max(own)
        })
    }
}

/// A part of a duration; the whole duration on overflow.
fn scaled(time: Duration, part: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * part).unwrap_or(time)
}

/// Predicates are equal if they are the same object.
impl PartialEq for RetryPolicy {
    fn eq(&self, other: &Self) -> bool {
        let same_predicate = match (&self.predicate, &other.predicate) {
            (None, None) => true,
            (Some(Predicate(own)), Some(Predicate(others))) => Arc::ptr_eq(own, others),
            _ => false,
        };
        same_predicate
            && self.max_attempts == other.max_attempts
            && self.base_delay == other.base_delay
            && self.max_delay == other.max_delay
            && self.max_retry_after == other.max_retry_after
            && self.statuses == other.statuses
            && self.retry_put == other.retry_put
            && self.retry_delete == other.retry_delete
    }
}

impl Eq for RetryPolicy {}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("base_delay", &self.base_delay)
            .field("max_delay", &self.max_delay)
            .field("max_retry_after", &self.max_retry_after)
            .field("statuses", &self.statuses)
            .field("retry_put", &self.retry_put)
            .field("retry_delete", &self.retry_delete)
            .field("retry_if", &self.predicate.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_its_limit_and_jitter_covers_all_of_it() {
        let policy = RetryPolicy::default()
            .base_delay(Duration::from_millis(100))
            .max_delay(Duration::from_secs(1));
        let longest: Vec<u128> = (1..=6)
            .map(|n| policy.delay(n, 1.0, None).as_millis())
            .collect();
        assert_eq!(longest, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(policy.delay(3, 0.0, None), Duration::ZERO);
        assert_eq!(policy.delay(3, 0.5, None), Duration::from_millis(200));
        assert_eq!(policy.delay(u32::MAX, 1.0, None), Duration::from_secs(1));
        let endless = RetryPolicy::default()
            .base_delay(Duration::MAX)
            .max_delay(Duration::MAX);
        assert_eq!(endless.delay(9, 1.0, None), Duration::MAX);
    }

    #[test]
    fn a_requested_wait_is_kept_and_10_to_20_percent_are_added() {
        let policy = RetryPolicy::default();
        let nine = Some(Duration::from_secs(9));
        let milliseconds = |random| policy.delay(1, random, nine).as_millis();
        assert_eq!(
            [milliseconds(0.0), milliseconds(0.5), milliseconds(1.0)],
            [9_900, 10_350, 10_800]
        );
        assert_eq!(policy.delay(1, 1.0, Some(Duration::MAX)), Duration::MAX);
        assert_eq!(
            policy.delay(1, 1.0, Some(Duration::ZERO)),
            Duration::from_millis(200)
        );
    }

    #[test]
    fn policies_are_equal_if_all_of_their_settings_are() {
        let policy = RetryPolicy::default().statuses([500]).retry_if(|_| true);
        assert_eq!(policy, policy.clone());
        assert_ne!(policy, RetryPolicy::default().statuses([500]));
        assert_ne!(
            RetryPolicy::default(),
            RetryPolicy::default().max_retry_after(Duration::ZERO)
        );
        assert!(format!("{policy:?}").contains("statuses: {500}"));
    }
}
