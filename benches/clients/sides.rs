//! Measures two sides in turns.

use std::fmt::Debug;
use std::time::Duration;

use nix::sys::resource::UsageWho;

use crate::Outcome;
use crate::cost::{Cost, measure, median};

/// The medians of the generated client's rounds, and of the other's.
#[derive(Debug)]
pub(crate) struct Sides {
    pub(crate) generated: Cost,
    pub(crate) hand_written: Cost,
}

impl Sides {
    pub(crate) fn wall_ratio(&self) -> f64 {
        ratio(self.generated.wall, self.hand_written.wall)
    }

    pub(crate) fn cpu_ratio(&self) -> f64 {
        ratio(self.generated.cpu, self.hand_written.cpu)
    }
}

/// Runs two sides in turns, after an uncounted round of each.
///
/// # Errors
/// A side fails, or the results of the sides differ.
pub(crate) fn alternate<T: PartialEq + Debug>(
    rounds: usize,
    mut generated: impl FnMut() -> Outcome<T>,
    mut hand_written: impl FnMut() -> Outcome<T>,
) -> Outcome<Sides> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let (our_result, our_cost) = measure(UsageWho::RUSAGE_SELF, &mut generated)?;
        let (their_result, their_cost) = measure(UsageWho::RUSAGE_SELF, &mut hand_written)?;
        if our_result != their_result {
            return Err(format!(
                "the sides differ: {our_result:?} generated, {their_result:?} by hand"
            )
            .into());
        }
        if round > 0 {
            ours.push(our_cost);
            theirs.push(their_cost);
        }
    }
    Ok(Sides {
        generated: median(&ours),
        hand_written: median(&theirs),
    })
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}
