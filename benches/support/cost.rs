//! Measures the cost of work.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use crate::Outcome;

/// The time that work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// Processor time in user and kernel mode.
    pub(crate) cpu: Duration,
}

/// Measures work. The processor time is that of this process, or that of child processes that have ended.
pub(crate) fn measure<T>(who: UsageWho, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Cost)> {
    let (start, before) = (Instant::now(), processor_time(who)?);
    let result = work()?;
    let cost = Cost {
        wall: start.elapsed(),
        cpu: processor_time(who)?.saturating_sub(before),
    };
    Ok((result, cost))
}

/// The medians of the wall times and of the processor times.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |value: fn(&Cost) -> Duration| {
        let mut values: Vec<Duration> = costs.iter().map(value).collect();
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Cost {
        wall: middle(|cost| cost.wall),
        cpu: middle(|cost| cost.cpu),
    }
}

fn processor_time(who: UsageWho) -> Outcome<Duration> {
    let usage = getrusage(who)?;
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(microseconds)?))
}
