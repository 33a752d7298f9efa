//! The blocks of `docs/tour.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn a_client() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::panther::Client;
    // docs: end
    let key = "secret";
    // docs: more

    let panther = Client::builder()
        .base_url("https://api.acme.runpanther.net")
        .api_key(key)
        .build()?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn a_call() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill::panther::types::{ModifyUser, UserRole};

    let ann = ModifyUser::builder()
        .email("ann@acme.test")
        .given_name("Ann")
        .family_name("Lee")
        .role(UserRole::builder().name("Analyst"));
    let user = panther.user_create().body(ann).send().await?;
    assert!(user.enabled);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn errors() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let error = panther.user_get("u-404").send().await.unwrap_err();
    assert!(error.is_not_found());
    let message = error.to_string();
    assert!(message.starts_with("panther user_get: 404 Not Found"));
    // docs: end
    Ok(())
}

#[tokio::test]
async fn lists() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let mut users = panther.user_list().contains("lee").stream();
    while let Some(user) = users.try_next().await? {
        println!("{}", user.email);
    }
    // docs: end
    Ok(())
}

#[tokio::test]
async fn time_and_retries() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use std::time::Duration;

    use specmill::{CallOptions, RetryPolicy};

    let options = CallOptions::new()
        .timeout(Duration::from_secs(2))
        .retry(RetryPolicy::none());
    let page = panther
        .user_list()
        .limit(5)
        .with_options(options)
        .send()
        .await?;
    assert_eq!(page.results.len(), 5);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn versions() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill::scp::identity_center::{ApiVersion, Client};

    let center = Client::builder()
        .region("kr-west1")
        .environment("e")
        .credentials("access key", "secret key")
        .api_version(ApiVersion::V1_4)
        .build()?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn tests() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::panther::Client;
    use specmill_sandbox::{Fault, Sandbox};

    let sandbox = Sandbox::start().await?;
    let panther = Client::from_variables(sandbox.environment())?;
    sandbox.fail_next(Fault::status(503));
    assert_eq!(panther.user_list().send().await?.results.len(), 10); // The second attempt.
    // docs: end
    Ok(())
}
