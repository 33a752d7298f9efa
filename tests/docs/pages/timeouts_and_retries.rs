//! The blocks of `docs/timeouts-and-retries.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn timeouts_and_retries() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::time::Duration;

    use specmill::{RetryBudget, RetryPolicy, panther::Client};

    let panther = Client::builder()
        // docs: end
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        // docs: more
        .attempt_timeout(Duration::from_secs(5))
        .total_timeout(Duration::from_secs(20))
        .retry(RetryPolicy::default().max_attempts(3).retry_delete(false))
        .retry_budget(RetryBudget::new(10, 0.1))
        .build()?;
    // docs: end
    panther.user_list().send().await?;
    Ok(())
}

#[test]
fn what_is_retried() -> Outcome {
    // docs: begin
    use specmill::{CallOptions, RetryPolicy};

    // Further statuses that this service sends for temporary failures.
    let policy = RetryPolicy::default()
        .statuses([409, 423, 425, 500])
        .statuses(520..=530);
    let options = CallOptions::new().retry(policy).idempotent(true);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn one_call() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use std::time::Duration;

    use specmill::CallOptions;

    let options = CallOptions::new().timeout(Duration::from_secs(300));
    panther.user_list().with_options(options).send().await?;
    // docs: end
    Ok(())
}
