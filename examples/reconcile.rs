//! Compares the users of Identity Center with those of Panther, and makes Panther follow: lists in parallel, creates and
//! deletes users, and guards against incomplete lists.
//!
//! ```console
//! $ cargo run --example reconcile                                     # on a sandbox: no account needed
//! $ cargo run --example reconcile -- --live --domain your.domain      # on the services of the environment
//! $ cargo run --example reconcile -- --live --domain your.domain --apply
//! ```
//!
//! Nothing is changed without `--apply`. With it, missing users are created in Panther with read-only access, and users
//! that are not in Identity Center are deleted. Running it again only repeats what failed before.
//!
//! If more than 10 % of Panther's users would be deleted, nothing is changed, since an incomplete list is more likely than
//! this number of leavers. `--max-deletions 25` sets another limit in percent.

#[macro_use]
mod services;

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use services::Services;
use specmill::panther::types::{ModifyUser, User, UserRole};
use specmill::scp::identity_center::types::User as Person;

const USAGE: &str = "usage: reconcile [--live --domain DOMAIN] [--apply] [--max-deletions PERCENT]";

/// The default of `--max-deletions`.
const USUAL_PERCENT: usize = 10;

#[tokio::main]
async fn main() -> ExitCode {
    services::finish(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (mut live, mut apply, mut domain, mut most) = (false, false, None, USUAL_PERCENT);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--live" => live = true,
            "--apply" => apply = true,
            "--domain" => domain = arguments.next(),
            "--max-deletions" => most = percent(arguments.next())?,
            _ => return Err(USAGE.into()),
        }
    }
    let (services, domain) = if live {
        let domain = domain.ok_or("--live needs the --domain of your users' email addresses")?;
        (Services::from_env()?, domain)
    } else {
        let services = Services::on_a_sandbox().await?;
        add_a_leaver(&services).await?;
        (services, "acme.test".to_owned())
    };

    let (people, users) = tokio::try_join!(people(&services, &domain), users(&services))?;
    println!(
        "Identity Center has {} people, Panther {} users",
        people.len(),
        users.len()
    );
    let missing: Vec<_> = people
        .iter()
        .filter(|(email, _)| !users.contains_key(*email))
        .collect();
    let surplus: Vec<_> = users
        .iter()
        .filter(|(email, user)| user.enabled && !people.contains_key(*email))
        .collect();
    for (email, person) in &missing {
        println!("+ {email} ({})", person.name);
    }
    for (email, user) in &surplus {
        println!("- {email} ({} {})", user.given_name, user.family_name);
    }

    if !apply {
        println!("nothing was changed; --apply creates those with + and deletes those with -");
        return Ok(());
    }
    if people.is_empty() {
        return Err("Identity Center has nobody: that is no reason to delete everybody".into());
    }
    let enabled = users.values().filter(|user| user.enabled).count();
    if surplus.len() * 100 > enabled * most {
        let deletions = surplus.len();
        return Err(format!(
            "nothing was changed: {deletions} of {enabled} users would be deleted, which is more than {most} %; if \
             that is right, allow more with --max-deletions"
        )
        .into());
    }
    for (email, person) in &missing {
        create(&services, email, person).await?;
    }
    for (email, user) in &surplus {
        delete(&services, email, user).await?;
    }
    println!("created {}, deleted {}", missing.len(), surplus.len());
    Ok(())
}

/// Parses a percentage from 0 to 100.
fn percent(argument: Option<String>) -> Result<usize, &'static str> {
    let percent = argument.and_then(|text| text.parse().ok());
    percent
        .filter(|percent| *percent <= 100)
        .ok_or("--max-deletions needs a whole number from 0 to 100")
}

/// The people of Identity Center by email address. A list that ends before its total is an error.
async fn people(
    services: &Services,
    domain: &str,
) -> Result<BTreeMap<String, Person>, specmill::Error> {
    let mut people = BTreeMap::new();
    let mut stream = services
        .center
        .list_users()
        .instance_id(&services.instance_id)
        .size(100)
        .stream()
        .concurrency(4);
    while let Some(person) = stream.try_next().await? {
        let email = if person.user_id.contains('@') {
            person.user_id.to_lowercase()
        } else {
            format!("{}@{domain}", person.user_id).to_lowercase()
        };
        people.insert(email, person);
    }
    Ok(people)
}

/// The users of Panther by email address, including deactivated ones, which cannot be created again.
async fn users(services: &Services) -> Result<BTreeMap<String, User>, specmill::Error> {
    let mut users = BTreeMap::new();
    let mut stream = services
        .panther
        .user_list()
        .include_deactivated(true)
        .stream();
    while let Some(user) = stream.try_next().await? {
        users.insert(user.email.to_lowercase(), user);
    }
    Ok(users)
}

async fn create(services: &Services, email: &str, person: &Person) -> Result<(), specmill::Error> {
    let (given_name, family_name) = person.name.rsplit_once(' ').unwrap_or((&person.name, "-"));
    let user = ModifyUser::builder()
        .email(email)
        .given_name(given_name)
        .family_name(family_name)
        .role(UserRole::builder().name("AnalystReadOnly"));
    services.panther.user_create().body(user).send().await?;
    Ok(())
}

async fn delete(services: &Services, email: &str, user: &User) -> Result<(), Box<dyn Error>> {
    let id = user.id.as_deref();
    let id = id.ok_or_else(|| format!("Panther returned {email} without an id"))?;
    match services.panther.user_delete(id).send().await {
        Ok(()) => Ok(()),
        // The user has been deleted meanwhile.
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Adds a user who has left the company, so that the sandbox has a user to delete.
async fn add_a_leaver(services: &Services) -> Result<(), specmill::Error> {
    let user = ModifyUser::builder()
        .email("lea.left@acme.test")
        .given_name("Lea")
        .family_name("Left")
        .role(UserRole::builder().name("Analyst"));
    services.panther.user_create().body(user).send().await?;
    Ok(())
}
