//! How a sandbox is set up.

use std::time::{Duration, SystemTime};

use crate::{clock::Clock, fault::Faults};

/// Sets up a [`Sandbox`](crate::Sandbox). Every setting has a default.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) panther_users: usize,
    pub(crate) panther_deactivated_users: usize,
    pub(crate) panther_prefix: String,
    pub(crate) panther_read_only: bool,
    pub(crate) identity_center_users: usize,
    pub(crate) retired_versions: Vec<String>,
    pub(crate) timestamp_skew: Duration,
    pub(crate) seed: u64,
    pub(crate) port: u16,
    pub(crate) latency: Duration,
    pub(crate) faults: Faults,
    pub(crate) log_capacity: usize,
    pub(crate) clock: Clock,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            panther_users: 10,
            panther_deactivated_users: 0,
            panther_prefix: String::new(),
            panther_read_only: false,
            identity_center_users: 10,
            retired_versions: Vec::new(),
            timestamp_skew: Duration::from_secs(5 * 60),
            seed: 0,
            port: 0,
            latency: Duration::ZERO,
            faults: Faults::new(),
            log_capacity: 10_000,
            clock: Clock::default(),
        }
    }
}

impl Builder {
    /// Panther's active users at the start. Default 10.
    ///
    /// User *n* is the same person in both APIs: Panther's email `ann.lee.0@acme.test` goes with
    /// Identity Center's `user_id` `ann.lee.0`.
    pub fn panther_users(mut self, count: usize) -> Self {
        self.panther_users = count;
        self
    }

    /// Panther's deactivated users at the start, after the active ones. Default 0.
    pub fn panther_deactivated_users(mut self, count: usize) -> Self {
        self.panther_deactivated_users = count;
        self
    }

    /// A path in front of all of Panther's, as a self-hosted Panther may have: `/v1`. Default none.
    pub fn panther_path_prefix(mut self, prefix: &str) -> Self {
        let prefix = prefix.trim_matches('/');
        self.panther_prefix = if prefix.is_empty() {
            String::new()
        } else {
            format!("/{prefix}")
        };
        self
    }

    /// Panther's key may read users and not change them: create, update and delete respond with 403.
    pub fn panther_read_only(mut self) -> Self {
        self.panther_read_only = true;
        self
    }

    /// Identity Center's users. Default 10.
    pub fn identity_center_users(mut self, count: usize) -> Self {
        self.identity_center_users = count;
        self
    }

    /// A version (`"1.0"`) that Identity Center no longer serves: it responds with 406 and is not
    /// discovered. By default all five of the documentation are served, whatever their date.
    pub fn retired_version(mut self, version: &str) -> Self {
        self.retired_versions.push(version.to_owned());
        self
    }

    /// How far `Scp-Timestamp` may be from the sandbox's clock, either way. Default 5 minutes;
    /// what the real service allows is not published.
    pub fn timestamp_skew(mut self, skew: Duration) -> Self {
        self.timestamp_skew = skew;
        self
    }

    /// The seed of all ids. Default 0. The same seed gives the same users.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Panther's port; Identity Center's is the next one. Default 0: any two that are free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How long every response waits. Default none.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The faults to begin with. Default none.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// How many requests the log keeps. Default 10,000. With 0 it only counts, which is what
    /// benchmarks want.
    pub fn log_capacity(mut self, requests: usize) -> Self {
        self.log_capacity = requests;
        self
    }

    /// The clock for timestamps, the skew of signatures and HTTP dates. Default: the system's.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }
}
