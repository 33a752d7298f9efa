//! Memory: the number and size of the allocations of a call.
//!
//! Everything runs on one thread, including the work of the connection; the counts are the
//! same on every run.

use allocation_counter::{AllocationInfo, measure};
use tokio::runtime::Builder;

use crate::Outcome;
use crate::hand_written::HandWritten;
use crate::service::Service;

const CALLS: u64 = 1_000;

pub(crate) fn run() -> Outcome {
    let service = Service::start(1_000)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let id = &service.addresses.some_ids[0];
    let by_hand = HandWritten::new(&service.addresses)?;
    let panther = service.panther()?;
    let generated = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                panther.user_get(id).send().await?;
            }
            Outcome::Ok(())
        })
    };
    let hand_written = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                by_hand.user(id).await?;
            }
            Outcome::Ok(())
        })
    };
    // The first calls open the connections.
    generated()?;
    hand_written()?;
    println!("| get a user | allocations a call | bytes a call |");
    println!("|---|---|---|");
    row("hand-written", &counted(hand_written)?);
    row("generated", &counted(generated)?);
    println!();
    Ok(())
}

fn counted(work: impl FnOnce() -> Outcome) -> Outcome<AllocationInfo> {
    let mut outcome = Ok(());
    let info = measure(|| outcome = work());
    outcome.map(|()| info)
}

fn row(what: &str, info: &AllocationInfo) {
    println!(
        "| {what} | {} | {} |",
        info.count_total / CALLS,
        info.bytes_total / CALLS
    );
}
