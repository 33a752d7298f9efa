//! The blocks of `docs/test-your-code.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn test_your_code() -> Outcome {
    // docs: begin
    use specmill::panther::Client;
    use specmill_sandbox::Sandbox;

    /// The code under test.
    async fn email_addresses(panther: &Client) -> Result<Vec<String>, specmill::Error> {
        let users: Vec<_> = panther.user_list().stream().try_collect().await?;
        Ok(users.into_iter().map(|user| user.email).collect())
    }

    // In a #[tokio::test]:
    let sandbox = Sandbox::builder().panther_users(3).start().await?;
    let panther = Client::from_variables(sandbox.environment())?;
    assert_eq!(email_addresses(&panther).await?.len(), 3);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn say_what_comes_back() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill::panther::types::{User, UserRole};
    use specmill_sandbox::Operation;

    let grace = User::builder()
        .email("grace@acme.test")
        .enabled(false)
        .given_name("Grace")
        .family_name("Hopper")
        .role(UserRole::builder().name("Admiral"))
        .build()?;
    sandbox.respond_next(Operation::UserGet, &grace)?;

    let user = panther.user_get("u-1").send().await?;
    assert_eq!(user, grace);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn say_what_comes_back_2() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill::panther::types;
    use specmill_sandbox::Fault;

    let body = types::Error::builder().message("no seat is left").build()?;
    sandbox.fail_next(Fault::json(409, &body)?);

    let error = panther.user_get("u-1").send().await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(error.message(), Some("no seat is left"));
    // docs: end
    Ok(())
}

#[tokio::test]
async fn say_what_goes_wrong() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill_sandbox::{Fault, Faults, Operation};

    sandbox.fail_next(Fault::reset());
    sandbox.fail_next_n(2, Fault::status(503).on(Operation::UserList));
    panther.user_list().send().await?; // The fourth attempt.

    // From now on 5 % of the requests fail, the same ones in every run.
    sandbox.faults(Faults::seeded(7).rate(0.05, Fault::status(429)));
    // docs: end
    Ok(())
}

#[tokio::test]
async fn see_what_was_sent() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill_sandbox::Operation;

    panther.user_list().contains("ann").send().await?;
    let requests = sandbox.requests();
    assert_eq!(requests.count_of(Operation::UserList), 1);
    assert_eq!(requests.last().and_then(|last| last.status()), Some(200));
    // docs: end
    Ok(())
}

#[tokio::test]
async fn lose_no_time() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::time::SystemTime;

    use specmill::{ManualClock, panther::Client};
    use specmill_sandbox::Fault;

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .clock(ManualClock::new(SystemTime::now()))
        .build()?;
    sandbox.fail_next_n(4, Fault::status(503));
    panther.user_list().send().await?; // Returns at once, in spite of four delays.
    // docs: end
    Ok(())
}
