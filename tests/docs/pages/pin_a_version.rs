//! The blocks of `docs/pin-a-version.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn pin_a_version() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::scp::identity_center::{ApiVersion, Client};

    let center = Client::builder()
        // docs: end
        .base_url(sandbox.identity_center_url())
        .credentials(sandbox.access_key(), sandbox.secret_key())
        // docs: more
        .api_version(ApiVersion::V1_4)
        .build()?;
    // docs: end
    center
        .list_users()
        .instance_id(sandbox.instance_id())
        .send()
        .await?;
    Ok(())
}

#[test]
fn what_there_is() -> Outcome {
    // docs: begin
    use specmill::scp::identity_center::ApiVersion;

    for version in ApiVersion::ALL {
        println!(
            "{version}: {:?}, guaranteed up to {:?}",
            version.state(),
            version.not_before()
        );
    }
    assert_eq!(ApiVersion::default(), ApiVersion::V1_4);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn what_there_is_2() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;

    // docs: begin
    for version in center.list_versions().send().await?.versions {
        println!("{}: {}", version.id, version.status);
    }
    // docs: end
    Ok(())
}
