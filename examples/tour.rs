//! Creates, reads, updates, lists and deletes a user of Panther, and lists the users of Identity Center.
//!
//! ```console
//! $ cargo run --example tour                              # on a sandbox: no account needed
//! $ cargo run --example tour -- --live ann@your.domain    # on the services of the environment
//! ```
//!
//! The user is deleted at the end, even if an earlier step fails.

#[macro_use]
mod services;

use std::error::Error;
use std::process::ExitCode;

use services::Services;
use specmill::panther::types::{ModifyUser, UserRole};
use specmill::{panther, scp::identity_center};

#[tokio::main]
async fn main() -> ExitCode {
    services::finish(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (services, email) = match arguments[..] {
        [] => (Services::on_a_sandbox().await?, "tour@acme.test"),
        ["--live", email] => (Services::from_env()?, email),
        _ => return Err("usage: tour [--live EMAIL]".into()),
    };
    let panther = &services.panther;

    let person = ModifyUser::builder()
        .email(email)
        .given_name("Ann")
        .family_name("Tour")
        .role(UserRole::builder().name("AnalystReadOnly"));
    let created = panther.user_create().body(person.clone()).send().await?;
    let id = created.id.ok_or("Panther returned a user without an id")?;
    println!("created {} {}", created.given_name, created.family_name);

    let outcome = use_user(panther, &id, person).await;
    panther.user_delete(&id).send().await?;
    println!("deleted the user");
    outcome?;

    match panther.user_get(&id).send().await {
        Ok(user) => println!("still there: {}", user.email),
        Err(error) if error.is_not_found() => println!("gone"),
        Err(error) => return Err(error.into()),
    }
    list(&services.center, &services.instance_id).await?;
    Ok(())
}

/// Reads, updates and lists.
async fn use_user(
    panther: &panther::Client,
    id: &str,
    person: panther::types::ModifyUserBuilder,
) -> Result<(), panther::Error> {
    let user = panther.user_get(id).send().await?;
    println!("read {}, enabled: {}", user.email, user.enabled);

    // An update replaces the whole user.
    let user = panther
        .user_update(id)
        .body(person.family_name("Tourist"))
        .send()
        .await?;
    println!("updated to {} {}", user.given_name, user.family_name);

    let mut users = panther.user_list().contains(&user.email).stream();
    while let Some(user) = users.try_next().await? {
        println!("listed {}", user.email);
    }
    Ok(())
}

/// Lists with four pages in flight.
async fn list(
    center: &identity_center::Client,
    instance_id: &str,
) -> Result<(), identity_center::Error> {
    let people: Vec<_> = center
        .list_users()
        .instance_id(instance_id)
        .stream()
        .concurrency(4)
        .try_collect()
        .await?;
    println!("{} people in Identity Center", people.len());
    for person in people.iter().take(3) {
        println!("  {} {}", person.user_id, person.name);
    }
    Ok(())
}
