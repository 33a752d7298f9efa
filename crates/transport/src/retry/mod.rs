//! When a failed attempt is retried, and after which delay.

mod budget;
mod policy;
mod statuses;

pub use self::budget::RetryBudget;
pub(crate) use self::budget::Tokens;
pub use self::policy::RetryPolicy;
