//! Reading a hundred thousand users.

use tokio::runtime::{Builder, Runtime};

use crate::Outcome;
use crate::hand_written::HandWritten;
use crate::service::Service;
use crate::sides::{Sides, alternate};
use crate::users::Seen;

const USERS: usize = 100_000;
/// The largest page size that Panther permits.
pub(crate) const PANTHER_PAGE: usize = 60;
pub(crate) const CENTER_PAGE: usize = 100;
const ROUNDS: usize = 9;

pub(crate) fn run() -> Outcome {
    let mut service = Service::start(USERS)?;
    println!(
        "| {USERS} users | pages | runtime | CPU, generated | CPU, hand-written | ratio | wall, generated | wall, hand-written | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let runtimes = [
        ("multi-threaded", Runtime::new()?),
        (
            "one thread",
            Builder::new_current_thread().enable_all().build()?,
        ),
    ];
    for (name, runtime) in &runtimes {
        let by_hand = HandWritten::new(&service.addresses)?;
        let panther = service.panther()?;
        let before = service.requests()?;
        let sides = alternate(
            ROUNDS,
            || runtime.block_on(panther_users(&panther)),
            || runtime.block_on(by_hand.users(PANTHER_PAGE)),
        )?;
        let pages = USERS.div_ceil(PANTHER_PAGE);
        check(&mut service, before, pages)?;
        row("Panther, cursors", pages, name, &sides);
    }
    for (name, runtime) in &runtimes {
        let by_hand = HandWritten::new(&service.addresses)?;
        let center = service.identity_center()?;
        let instance = service.addresses.instance_id.clone();
        let before = service.requests()?;
        let sides = alternate(
            ROUNDS,
            || runtime.block_on(people(&center, &instance, CENTER_PAGE, 1)),
            || runtime.block_on(by_hand.people(CENTER_PAGE)),
        )?;
        // The last page is full, so the end is only visible from an empty page after it.
        let pages = USERS / CENTER_PAGE + 1;
        check(&mut service, before, pages)?;
        row("Identity Center, numbered pages", pages, name, &sides);
    }
    println!();
    Ok(())
}

pub(crate) async fn panther_users(panther: &specmill::panther::Client) -> Outcome<Seen> {
    let mut users = panther
        .user_list()
        .limit(i64::try_from(PANTHER_PAGE)?)
        .stream();
    let mut seen = Seen::default();
    while let Some(user) = users.try_next().await? {
        seen.add(user.id.as_deref().unwrap_or_default());
    }
    Ok(seen)
}

pub(crate) async fn people(
    center: &specmill::scp::identity_center::Client,
    instance: &str,
    size: usize,
    concurrency: usize,
) -> Outcome<Seen> {
    let mut people = center
        .list_users()
        .instance_id(instance)
        .size(i64::try_from(size)?)
        .stream()
        .concurrency(concurrency);
    let mut seen = Seen::default();
    while let Some(person) = people.try_next().await? {
        seen.add(&person.id);
    }
    Ok(seen)
}

/// Fails unless each round of each side requested every page once.
fn check(service: &mut Service, before: u64, pages: usize) -> Outcome {
    let made = service.requests()? - before;
    let wanted = 2 * (ROUNDS + 1) * pages;
    if made == u64::try_from(wanted)? {
        return Ok(());
    }
    Err(format!("{made} requests had a response, not {wanted}").into())
}

fn row(what: &str, pages: usize, runtime: &str, sides: &Sides) {
    println!(
        "| {what} | {pages} | {runtime} | {:.0} ms | {:.0} ms | **{:.2}** | {:.0} ms | {:.0} ms | **{:.2}** |",
        milliseconds(sides.generated.cpu),
        milliseconds(sides.hand_written.cpu),
        sides.cpu_ratio(),
        milliseconds(sides.generated.wall),
        milliseconds(sides.hand_written.wall),
        sides.wall_ratio(),
    );
}

fn milliseconds(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
