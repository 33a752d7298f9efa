//! When a failed attempt is retried, and after which delay.

mod budget;
mod idempotency;
mod policy;
mod statuses;
mod wait;

pub use self::budget::RetryBudget;
pub(crate) use self::budget::Tokens;
pub(crate) use self::idempotency::{add_key, is_idempotent};
pub use self::policy::RetryPolicy;
pub(crate) use self::wait::requested;
