//! The blocks of `docs/list-everything.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn list_everything() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let mut users = panther.user_list().stream();
    while let Some(user) = users.try_next().await? {
        println!("{}", user.email);
    }
    // docs: end
    Ok(())
}

#[tokio::test]
async fn complete_or_an_error() -> Outcome {
    use specmill_sandbox::{Fault, Faults, Sandbox};
    let sandbox = Sandbox::start().await?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;
    sandbox.faults(Faults::new().every(1, Fault::response().ignoring_page()));

    // docs: begin
    let people = center.list_users().instance_id("ssoins-12345").size(4);
    let error = people
        .clone()
        .stream()
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    assert!(error.is_paging());
    let first_page: Vec<_> = people.stream().ignore_total().try_collect().await?;
    assert_eq!(first_page.len(), 4);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn all_at_once() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let users: Vec<_> = panther.user_list().stream().try_collect().await?;
    assert_eq!(users.len(), 10);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn faster() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let people: Vec<_> = center
        .list_users()
        .instance_id("ssoins-12345")
        .size(100)
        .stream()
        .concurrency(8)
        .try_collect()
        .await?;
    assert_eq!(people.len(), 10);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn pages() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let center = specmill::scp::identity_center::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let mut pages = center
        .list_users()
        .instance_id("ssoins-12345")
        .size(4)
        .pages();
    while let Some(page) = pages.try_next().await? {
        println!("page {}: {} of {}", page.page, page.users.len(), page.count);
    }
    // docs: end
    Ok(())
}

#[tokio::test]
async fn after_a_failure() -> Outcome {
    use specmill_sandbox::Fault;

    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    let mut users = panther.user_list().limit(4).stream();
    let mut seen = Vec::new();
    // docs: end
    users.try_next().await?.map(|user| seen.push(user.email));
    sandbox.fail_next(Fault::status(500));
    // docs: more

    let failed = loop {
        match users.try_next().await {
            Ok(Some(user)) => seen.push(user.email),
            Ok(None) => break None,
            Err(error) => break Some((error, users.position().map(str::to_owned))),
        }
    };

    if let Some((error, position)) = failed {
        eprintln!("{error}");
        let mut rest = panther.user_list().limit(4).stream();
        // There is no cursor if the first page failed: start from the beginning.
        if let Some(cursor) = position {
            rest = rest.resume_from(cursor);
        }
        while let Some(user) = rest.try_next().await? {
            seen.push(user.email);
        }
    }
    assert_eq!(seen.len(), 10);
    // docs: end
    Ok(())
}
