//! Time and random numbers, which tests can control.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::platform::{self, Instant};

/// The source of a client's time, delays and random numbers.
///
/// The default is [`Clock::system`]. Timeouts of an attempt always use timers of the tokio runtime (on
/// `wasm32-unknown-unknown`, of the JavaScript host); everything else (the timestamp of a signature, dates in
/// `Retry-After`, delays between attempts, the deadline of a call) uses the clock.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(ManualClock),
}

pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Clock {
    /// The system's time, tokio's timer (on `wasm32-unknown-unknown`, the JavaScript host's), and a random number
    /// generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    #[doc(hidden)]
    /// The current time of day.
    pub fn now(&self) -> SystemTime {
        match &self.0 {
            Source::System => platform::system_time(),
            Source::Manual(manual) => manual.now(),
        }
    }

    #[doc(hidden)]
    /// A point in monotonic time.
    pub fn instant(&self) -> Instant {
        match &self.0 {
            Source::System => Instant::now(),
            Source::Manual(manual) => manual.instant(),
        }
    }

    #[doc(hidden)]
    pub fn sleep(&self, delay: Duration) -> Sleep {
        match &self.0 {
            Source::System => Box::pin(platform::sleep(delay)),
            Source::Manual(manual) => {
                manual.slept(delay);
                // Other tasks run, as they would during a real delay.
                Box::pin(tokio::task::yield_now())
            }
        }
    }

    #[doc(hidden)]
    /// A random number from 0 to 1.
    pub fn random(&self) -> f64 {
        match &self.0 {
            Source::System => fastrand::f64(),
            Source::Manual(manual) => manual.state().random,
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl From<ManualClock> for Clock {
    fn from(manual: ManualClock) -> Self {
        Self(Source::Manual(manual))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Source::System => "Clock::system",
            Source::Manual(_) => "Clock::manual",
        })
    }
}

/// A clock for tests. It only moves when the test advances it, and delays end immediately and advance it by their
/// length.
///
/// Clones share one time.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// # use std::time::{Duration, SystemTime};
/// use specmill_client::{Clock, ManualClock};
///
/// let manual = ManualClock::new(SystemTime::UNIX_EPOCH);
/// let clock = Clock::from(manual.clone());   // for the client's settings
/// manual.advance(Duration::from_secs(60));
/// assert!(manual.delays().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    start: SystemTime,
    origin: Instant,
    passed: Duration,
    random: f64,
    delays: Vec<Duration>,
}

impl ManualClock {
    /// A clock that starts at `start`. Its random number is always the largest one, so delays have their maximum
    /// length.
    pub fn new(start: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(State {
            start,
            origin: Instant::now(),
            passed: Duration::ZERO,
            random: 1.0,
            delays: Vec::new(),
        })))
    }

    /// Advances the time.
    pub fn advance(&self, by: Duration) {
        self.state().passed += by;
    }

    /// Sets the random number, from 0 to 1.
    pub fn set_random(&self, random: f64) {
        self.state().random = random;
    }

    /// All delays so far, in order.
    pub fn delays(&self) -> Vec<Duration> {
        self.state().delays.clone()
    }

    fn now(&self) -> SystemTime {
        let state = self.state();
        state.start + state.passed
    }

    fn instant(&self) -> Instant {
        let state = self.state();
        state.origin + state.passed
    }

    fn slept(&self, delay: Duration) {
        let mut state = self.state();
        state.passed += delay;
        state.delays.push(delay);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
