use std::sync::{Mutex, PoisonError};

/// A limit on the retries of all calls of a client, so that retries do not make an outage worse.
///
/// A retry takes one token. A successful retry returns its token, and every call adds a fraction of one. With the
/// default of 50 tokens and a fifth per call, a client in an outage makes 50 retries, and then one for every five
/// calls. If a call was not retried because no token was left, its error says so:
/// [`Error::is_retry_budget_exhausted`](specmill_http::Error::is_retry_budget_exhausted).
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
    /// Creates a budget with `tokens` as its initial number and its maximum; every call adds `per_call`, from 0 to 1.
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

    /// No common limit; only the policy of each call applies.
    pub fn unlimited() -> Self {
        Self {
            tokens: None,
            per_call: 0.0,
        }
    }
}

/// The tokens of a client.
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

    /// Adds the tokens for a new call.
    pub(crate) fn earn(&self) {
        self.add(self.budget.per_call);
    }

    /// Returns the token of a successful retry.
    pub(crate) fn give_back(&self) {
        self.add(1.0);
    }

    fn add(&self, tokens: f64) {
        if let Some(max) = self.budget.tokens {
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            *left = (*left + tokens).min(f64::from(max));
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

    #[test]
    fn calls_refill_a_spent_budget() {
        let tokens = Tokens::new(RetryBudget::new(2, 0.5));
        assert!(tokens.take() && tokens.take() && !tokens.take());
        tokens.earn();
        assert!(!tokens.take());
        tokens.earn();
        assert!(tokens.take() && !tokens.take());
        let unlimited = Tokens::new(RetryBudget::unlimited());
        assert!((0..1_000).all(|_| unlimited.take()));
    }

    #[test]
    fn returned_tokens_never_exceed_the_budget() {
        let tokens = Tokens::new(RetryBudget::new(1, 0.0));
        assert!(tokens.take() && !tokens.take());
        tokens.give_back();
        tokens.give_back();
        assert!(tokens.take() && !tokens.take());
    }
}
