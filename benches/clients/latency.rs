//! Numbered pages from a service with latency.

use std::time::Duration;

use crate::Outcome;
use crate::hand_written::HandWritten;
use crate::listing::people;
use crate::service::Service;
use crate::sides::alternate;

const USERS: usize = 10_000;
const PAGE: usize = 100;
const CONCURRENCY: usize = 8;
const LATENCY: Duration = Duration::from_millis(20);
const ROUNDS: usize = 5;

pub(crate) fn run() -> Outcome {
    let mut service = Service::start(USERS)?;
    service.set_latency(LATENCY)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let by_hand = HandWritten::new(&service.addresses)?;
    let center = service.identity_center()?;
    let sides = alternate(
        ROUNDS,
        || {
            let instance = &service.addresses.instance_id;
            runtime.block_on(people(&center, instance, PAGE, CONCURRENCY))
        },
        || runtime.block_on(by_hand.people(PAGE)),
    )?;
    println!(
        "| {USERS} users in {} pages, {LATENCY:?} each | wall | |",
        USERS / PAGE
    );
    println!("|---|---|---|");
    println!(
        "| hand-written, one page after the other | {:.2} s | |",
        sides.hand_written.wall.as_secs_f64()
    );
    println!(
        "| generated, `concurrency({CONCURRENCY})` | {:.2} s | **{:.1} times faster** |\n",
        sides.generated.wall.as_secs_f64(),
        1.0 / sides.wall_ratio()
    );
    Ok(())
}
