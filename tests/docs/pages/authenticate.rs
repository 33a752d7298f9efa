//! The blocks of `docs/authenticate.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn in_code() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::panther;
    use specmill::scp::identity_center::{self, Environment, Region};
    // docs: end
    let (key, access_key, secret_key) = ("key", "access key", "secret key");
    // docs: more

    let panther = panther::Client::builder()
        .base_url("https://api.acme.runpanther.net")
        .api_key(key)
        .build()?;

    let center = identity_center::Client::builder()
        .region(Region::KrWest1)
        .environment(Environment::Enterprise)
        .credentials(access_key, secret_key)
        .build()?;
    // docs: end
    Ok(())
}

/// Compiled only: a test does not change the environment of its process.
fn from_the_environment() -> Outcome {
    // docs: begin
    use specmill::{panther, scp::identity_center};

    let panther = panther::Client::from_env()?;
    let center = identity_center::Client::from_env()?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn from_somewhere_else() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::panther::Client;

    let from_the_vault = [
        ("PANTHER_BASE_URL", "https://api.acme.runpanther.net"),
        ("PANTHER_API_KEY", "…"),
    ];
    let panther = Client::from_variables(from_the_vault)?;
    assert_eq!(panther.base_url(), "https://api.acme.runpanther.net");
    // docs: end
    Ok(())
}

#[tokio::test]
async fn rotate() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;
    let (key, access_key, secret_key) = (
        sandbox.panther_api_key(),
        sandbox.access_key(),
        sandbox.secret_key(),
    );

    // docs: begin
    panther.set_api_key(key)?;
    center.set_credentials(access_key, secret_key)?;
    // docs: end
    panther.user_list().send().await?;
    Ok(())
}

#[tokio::test]
async fn rotate_2() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("panther-key");
    std::fs::write(&path, sandbox.panther_api_key())?;

    // docs: begin
    use specmill::{Secret, panther::Client};

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(Secret::file(path)) // such as /var/run/secrets/panther-key
        .build()?;
    panther.user_list().send().await?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn rotate_3() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::error::Error;
    use std::time::Duration;

    use specmill::credentials::{ProvidedSecret, SecretProvider};
    use specmill::{Secret, panther::Client};

    struct Vault {
        key: String, // In a real program: a client of the vault.
    }

    impl SecretProvider for Vault {
        async fn secret(&self) -> Result<ProvidedSecret, Box<dyn Error + Send + Sync>> {
            let key = self.key.clone(); // In a real program: a request to the vault.
            Ok(ProvidedSecret::new(key).expires_in(Duration::from_secs(900)))
        }
    }

    let vault = Vault {
        key: sandbox.panther_api_key().to_owned(),
    };
    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(Secret::provided(vault))
        .build()?;
    panther.user_list().send().await?;
    // docs: end
    Ok(())
}

#[test]
fn oauth_2_0() -> Outcome {
    // docs: begin
    use specmill::Secret;
    use specmill::credentials::OAuth2;
    // docs: end
    let (id, secret, refresh_token) = ("id", "not-to-be-seen", "token");
    // docs: more

    let service_token = OAuth2::client_credentials(id, secret)
        .token_url("/oauth2/token") // A path, or the https URL of another host.
        .scopes(["users:read"]);
    let user_token = OAuth2::refresh_token(id, refresh_token)
        .client_secret(secret)
        .token_url("https://login.example.com/token");
    let token: Secret = service_token.into(); // client.bearer_token(token)
    // docs: end
    assert!(!format!("{token:?} {user_token:?}").contains(secret));
    Ok(())
}
