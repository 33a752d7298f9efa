//! The blocks of `README.md`, in their order.

use specmill_sandbox::Sandbox;

use crate::Outcome;

#[tokio::test]
async fn first_screen() -> Outcome {
    let sandbox = Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let mut users = panther.user_list().contains("lee").stream();
    while let Some(user) = users.try_next().await? {
        println!("{} {}", user.email, user.enabled);
    }

    match panther.user_get("u-404").send().await {
        Ok(user) => println!("{}", user.email),
        Err(error) if error.is_not_found() => println!("no such user"),
        Err(error) => return Err(error.into()), // After the retries that are safe.
    }
    // docs: end
    Ok(())
}

mod a_program {
    // docs: begin
    use specmill::panther::Client;
    use specmill::panther::types::{ModifyUser, UserRole};

    #[tokio::main]
    async fn main() -> Result<(), specmill::Error> {
        let panther = Client::from_env()?; // PANTHER_BASE_URL and PANTHER_API_KEY

        let ann = ModifyUser::builder()
            .email("ann@acme.test")
            .given_name("Ann")
            .family_name("Lee")
            .role(UserRole::builder().name("Analyst"));
        let user = panther.user_create().body(ann).send().await?;
        println!("invited {}", user.email);
        Ok(())
    }
    // docs: end

    /// The program reads the environment of its process, which a test does not change.
    #[test]
    fn names_the_variable_that_is_missing() {
        if std::env::var_os("PANTHER_BASE_URL").is_none() {
            let error = main().unwrap_err().to_string();
            assert!(error.contains("PANTHER_BASE_URL"), "{error}");
        }
    }
}

#[tokio::test]
async fn numbered_pages() -> Outcome {
    let sandbox = Sandbox::start().await?;
    let (access_key, secret_key) = (sandbox.access_key(), sandbox.secret_key());

    // docs: begin
    use specmill::scp::identity_center::{ApiVersion, Client, Environment, Region};

    let center = Client::builder()
        .region(Region::KrWest1)
        .environment(Environment::Enterprise)
        .credentials(access_key, secret_key)
        .api_version(ApiVersion::V1_4)
        .build()?;
    // docs: end
    let center = Client::from_variables(sandbox.environment())?;

    // docs: more

    let people = center.list_users().instance_id("ssoins-12345");
    for person in people
        .stream()
        .concurrency(8)
        .try_collect::<Vec<_>>()
        .await?
    {
        println!("{} {}", person.user_id, person.name);
    }
    // docs: end
    Ok(())
}

#[tokio::test]
async fn in_a_test() -> Outcome {
    // docs: begin
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;
    sandbox.fail_next(specmill_sandbox::Fault::status(503));
    assert_eq!(panther.user_list().send().await?.results.len(), 10); // The second attempt.
    // docs: end
    Ok(())
}
