//! When a failed attempt is made again, and how long after.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, Method};

use crate::error::Error;

/// Which failed attempts are made again, how often, and how long after.
///
/// Attempts that failed with 408, 429, 502, 503, 504, a timeout or a broken connection are made again where the
/// operation is safe to repeat: GET, HEAD and OPTIONS always, PUT and DELETE unless this policy says otherwise, POST
/// and PATCH never. An attempt that never reached the service is made again whatever the operation.
///
/// The delay doubles from [`base_delay`](Self::base_delay) up to [`max_delay`](Self::max_delay), and a random part of
/// it is waited (full jitter). Where the service says `Retry-After`, at least that long is waited; if the call's
/// total timeout would pass meanwhile, the call fails at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    repeat_put: bool,
    repeat_delete: bool,
}

/// Five attempts, delays from 200 milliseconds to 20 seconds, PUT and DELETE repeated.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(20),
            repeat_put: true,
            repeat_delete: true,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever happens.
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Most attempts of a call, the first included. 0 is taken for 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Longest delay before the second attempt; it doubles for each one after it.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Longest delay between attempts, `Retry-After` aside.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Whether PUT operations are repeated.
    pub fn repeat_put(mut self, repeat: bool) -> Self {
        self.repeat_put = repeat;
        self
    }

    /// Whether DELETE operations are repeated. A repeated one may find that the first was carried out after all, and
    /// fail with 404.
    pub fn repeat_delete(mut self, repeat: bool) -> Self {
        self.repeat_delete = repeat;
        self
    }

    /// Whether another attempt may follow the failed one.
    pub(crate) fn allows(&self, method: &Method, error: &Error, attempts: u32) -> bool {
        attempts < self.max_attempts
            && error.is_retryable()
            && (error.was_not_sent() || self.repeats(method))
    }

    fn repeats(&self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => true,
            Method::PUT => self.repeat_put,
            Method::DELETE => self.repeat_delete,
            _ => false,
        }
    }

    /// Delay after the failed attempt of this number, counted from 1. `random` is from 0 to 1.
    pub(crate) fn delay(
        &self,
        attempts: u32,
        random: f64,
        retry_after: Option<Duration>,
    ) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let jittered = Duration::try_from_secs_f64(longest.as_secs_f64() * random.clamp(0.0, 1.0))
            .unwrap_or(longest);
        retry_after.map_or(jittered, |wait| wait.max(jittered))
    }
}

/// Most seconds that `Retry-After` is taken for: a century, so that no sum overflows.
const LONGEST_WAIT: u64 = 100 * 365 * 24 * 60 * 60;

/// How long an answer asks to wait: `Retry-After` in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds.min(LONGEST_WAIT)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// How many retries a client may make over all its calls, so that an outage is not made worse.
///
/// A retry takes one token; every call brings back a part of one. With the default of 50 tokens and a fifth per call,
/// a client in an outage makes 50 retries, and then one for every five calls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudget {
    tokens: Option<u32>,
    per_call: f64,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(50, 0.2)
    }
}

impl RetryBudget {
    /// At most `tokens` at a time, which is what a client starts with; `per_call`, from 0 to 1, come back with every
    /// call.
    pub fn new(tokens: u32, per_call: f64) -> Self {
        Self {
            tokens: Some(tokens),
            per_call: if per_call.is_finite() {
                per_call.clamp(0.0, 1.0)
            } else {
                0.0
            },
        }
    }

    /// No limit over calls, only that of each call's policy.
    pub fn unlimited() -> Self {
        Self {
            tokens: None,
            per_call: 0.0,
        }
    }
}

/// The tokens of one client.
#[derive(Debug)]
pub(crate) struct Tokens {
    budget: RetryBudget,
    left: Mutex<f64>,
}

impl Tokens {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self {
            budget,
            left: Mutex::new(f64::from(budget.tokens.unwrap_or(0))),
        }
    }

    /// A call begins.
    pub(crate) fn earn(&self) {
        if let Some(most) = self.budget.tokens {
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            *left = (*left + self.budget.per_call).min(f64::from(most));
        }
    }

    /// Takes the token for a retry, if there is one.
    pub(crate) fn take(&self) -> bool {
        if self.budget.tokens.is_none() {
            return true;
        }
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        // 1994-11-06 08:49:37 UTC, the date of the HTTP standard's examples.
        retry_after(
            &headers,
            SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777),
        )
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            after("Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(after("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        let century = Some(Duration::from_secs(3_153_600_000));
        assert_eq!(after("3153600001"), century);
        assert_eq!(after("18446744073709551615"), century);
        assert_eq!(after("99999999999999999999999"), century);
        assert_eq!(after("soon"), None);
        assert_eq!(after("-1"), None);
    }

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
    fn retry_after_is_a_least_delay() {
        let policy = RetryPolicy::default();
        assert_eq!(
            policy.delay(1, 0.0, Some(Duration::from_secs(9))),
            Duration::from_secs(9)
        );
        assert_eq!(policy.delay(1, 1.0, Some(Duration::MAX)), Duration::MAX);
        assert_eq!(
            policy.delay(1, 1.0, Some(Duration::ZERO)),
            Duration::from_millis(200)
        );
    }

    #[test]
    fn a_spent_budget_comes_back_with_calls() {
        let tokens = Tokens::new(RetryBudget::new(2, 0.5));
        assert!(tokens.take() && tokens.take() && !tokens.take());
        tokens.earn();
        assert!(!tokens.take());
        tokens.earn();
        assert!(tokens.take() && !tokens.take());
        let unlimited = Tokens::new(RetryBudget::unlimited());
        assert!((0..1_000).all(|_| unlimited.take()));
    }
}
