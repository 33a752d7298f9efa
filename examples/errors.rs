//! Shows the message and the predicates of each kind of failure.
//!
//! ```console
//! $ cargo run --example errors              # on a sandbox: no account needed
//! $ cargo run --example errors -- --live    # the harmless ones, on the Panther of the environment
//! ```

#[macro_use]
mod services;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use specmill::panther::{CallOptions, Client, RetryPolicy};
use specmill::scp::identity_center;
use specmill_sandbox::{Fault, Sandbox};

#[tokio::main]
async fn main() -> ExitCode {
    services::finish(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => {
            let sandbox = Sandbox::start().await?;
            let panther = Client::builder()
                .base_url(sandbox.panther_url())
                .api_key(sandbox.panther_api_key())
                .retry(
                    RetryPolicy::default()
                        .max_attempts(3)
                        .base_delay(Duration::from_millis(10)),
                )
                .build()?;
            anywhere(&panther).await?;
            on_panther(&sandbox, &panther).await;
            on_identity_center(&sandbox).await
        }
        ["--live"] => anywhere(&Client::from_env()?).await,
        _ => Err("usage: errors [--live]".into()),
    }
}

/// Failures that need no faulty service.
async fn anywhere(panther: &Client) -> Result<(), Box<dyn Error>> {
    let nobody = panther.user_get("u-404");
    show("no such user", nobody.send().await);

    let elsewhere = panther.user_get("../api-tokens");
    show("an id that would lead elsewhere", elsewhere.send().await);

    let too_many = panther.user_list().limit(61);
    show("an argument out of bounds", too_many.send().await);

    let stranger = Client::builder()
        .base_url(panther.base_url())
        .api_key("not-a-key")
        .build()?;
    show("a wrong key", stranger.user_list().send().await);

    // Port 9 is the discard service, which hardly any host runs.
    let unreachable = Client::builder()
        .base_url("https://127.0.0.1:9")
        .api_key("a-key")
        .retry(RetryPolicy::none())
        .build()?;
    show("nobody listens", unreachable.user_list().send().await);
    Ok(())
}

/// Failures of Panther, and of gateways in front of it.
async fn on_panther(sandbox: &Sandbox, panther: &Client) {
    let unreadable = r#"{"results":[{"email":["ann@acme.test"]}]}"#;
    let faults = [
        ("a permission is missing", Fault::status(403)),
        (
            "too many requests, and a long time to wait",
            Fault::status(429).retry_after(Duration::from_secs(600)),
        ),
        ("a load balancer's page", Fault::html(500)),
        ("a redirect", Fault::redirect(307)),
        (
            "a response of another form",
            Fault::custom(200, "application/json", unreadable),
        ),
    ];
    for (what, fault) in faults {
        sandbox.fail_next(fault);
        show(what, panther.user_list().send().await);
    }
    for (what, fault) in [
        ("an outage", Fault::status(503)),
        ("responses that break off", Fault::response().truncated()),
    ] {
        sandbox.fail_next_n(3, fault);
        show(what, panther.user_list().send().await);
    }
    sandbox.fail_next(Fault::hang());
    let hurried = CallOptions::new()
        .timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none());
    let hurried = panther.user_list().with_options(hurried);
    show("no response in time", hurried.send().await);

    sandbox.fail_next_n(2, Fault::response().repeating_cursor());
    let listing = panther.user_list().limit(5).stream();
    show(
        "a list that leads back to itself",
        listing.try_collect::<Vec<_>>().await,
    );
}

/// Failures of Identity Center.
async fn on_identity_center(sandbox: &Sandbox) -> Result<(), Box<dyn Error>> {
    let center = identity_center::Client::builder()
        .base_url(sandbox.identity_center_url())
        .credentials(sandbox.access_key(), sandbox.secret_key())
        .build()?;
    let unknown = center.list_users().instance_id("ssoins-404");
    show("no such instance", unknown.send().await);

    center.set_credentials(sandbox.access_key(), "not-the-secret")?;
    let forged = center.list_users().instance_id(sandbox.instance_id());
    show("a wrong signature", forged.send().await);
    Ok(())
}

/// Prints the result of a call.
fn show<T>(what: &str, result: Result<T, specmill::Error>) {
    println!("{what}");
    let Err(error) = result else {
        println!("    no error\n");
        return;
    };
    let predicates = [
        ("is_timeout", error.is_timeout()),
        ("is_connect", error.is_connect()),
        ("is_interrupted", error.is_interrupted()),
        ("is_unauthorized", error.is_unauthorized()),
        ("is_forbidden", error.is_forbidden()),
        ("is_not_found", error.is_not_found()),
        ("is_throttled", error.is_throttled()),
        ("is_server_error", error.is_server_error()),
        ("is_redirect", error.is_redirect()),
        ("is_decode", error.is_decode()),
        ("is_paging", error.is_paging()),
        ("is_invalid_request", error.is_invalid_request()),
        ("is_retryable", error.is_retryable()),
        ("was_not_sent", error.was_not_sent()),
    ];
    let holding: Vec<_> = predicates
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(name, _)| name)
        .collect();
    println!("    {error}");
    println!("    {}\n", holding.join(", "));
}
