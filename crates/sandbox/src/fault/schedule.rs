//! Selects the requests that faults apply to: scripted, or at random from a seed.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Fault;
use crate::operation::Operation;

/// A schedule of faults.
///
/// At most one fault applies to a request. Faults for the next requests take precedence, then faults for every nth request,
/// then random ones.
///
/// ```
/// # use specmill_sandbox::{Fault, Faults};
/// let outage = Faults::new().next(3, Fault::status(503));
/// let weather = Faults::seeded(7)
///     .rate(0.05, Fault::status(429))
///     .rate(0.05, Fault::status(503))
///     .rate(0.02, Fault::reset());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    seed: u64,
    next: VecDeque<(u64, Fault)>,
    every: Vec<Every>,
    rates: Vec<(f64, Fault)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Every {
    nth: u64,
    seen: u64,
    fault: Fault,
}

impl Faults {
    /// Creates a schedule without faults. Random faults use the seed 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a schedule without faults. Random faults use this seed: the same seed and rates affect the same requests, in
    /// order of arrival.
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Sets the seed of the random faults.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Applies the fault to the next `count` matching requests, after faults that were added before.
    pub fn next(mut self, count: u64, fault: Fault) -> Self {
        self.next.push_back((count, fault));
        self
    }

    /// Applies the fault to every nth matching request. With 1 it applies to each, with 0 to none.
    pub fn every(mut self, nth: u64, fault: Fault) -> Self {
        self.every.push(Every {
            nth,
            seen: 0,
            fault,
        });
        self
    }

    /// Applies the fault to this share of all requests, from 0.0 to 1.0, if they match. The shares are added; beyond 1.0, the
    /// last faults apply less often.
    pub fn rate(mut self, share: f64, fault: Fault) -> Self {
        self.rates.push((share, fault));
        self
    }
}

/// The state of a schedule.
#[derive(Debug)]
pub(crate) struct Schedule(Mutex<State>);

#[derive(Debug)]
struct State {
    faults: Faults,
    random: fastrand::Rng,
}

impl Schedule {
    pub(crate) fn new(faults: Faults) -> Self {
        let random = fastrand::Rng::with_seed(faults.seed);
        Self(Mutex::new(State { faults, random }))
    }

    /// Replaces the schedule.
    pub(crate) fn replace(&self, faults: Faults) {
        let random = fastrand::Rng::with_seed(faults.seed);
        *self.state() = State { faults, random };
    }

    /// Adds a fault for the next requests.
    pub(crate) fn push_next(&self, count: u64, fault: Fault) {
        self.state().faults.next.push_back((count, fault));
    }

    /// Selects the fault for a request.
    pub(crate) fn choose(&self, operation: Option<Operation>) -> Option<Fault> {
        let mut state = self.state();
        // A random number is drawn for every request, so that scripted faults do not shift the random ones.
        let drawn = if state.faults.rates.is_empty() {
            1.0
        } else {
            state.random.f64()
        };
        let counted = state.faults.count(operation);
        let scripted = state.faults.take_next(operation).or(counted);
        scripted.or_else(|| state.faults.by_rate(drawn, operation))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The code that holds the lock does not panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Faults {
    fn take_next(&mut self, operation: Option<Operation>) -> Option<Fault> {
        self.next.retain(|(left, _)| *left > 0);
        let (left, fault) = self
            .next
            .iter_mut()
            .find(|(_, fault)| fault.concerns(operation))?;
        *left -= 1;
        Some(fault.clone())
    }

    fn count(&mut self, operation: Option<Operation>) -> Option<Fault> {
        let mut struck = None;
        for every in self
            .every
            .iter_mut()
            .filter(|every| every.fault.concerns(operation))
        {
            every.seen += 1;
            if every.nth > 0 && every.seen.is_multiple_of(every.nth) && struck.is_none() {
                struck = Some(every.fault.clone());
            }
        }
        struck
    }

    fn by_rate(&self, drawn: f64, operation: Option<Operation>) -> Option<Fault> {
        let mut below = 0.0;
        for (share, fault) in &self.rates {
            below += share.max(0.0);
            if drawn < below {
                return fault.concerns(operation).then(|| fault.clone());
            }
        }
        None
    }
}
