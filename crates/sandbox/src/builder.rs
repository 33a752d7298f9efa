//! The settings of a sandbox.

use std::time::{Duration, SystemTime};

use crate::{clock::Clock, fault::Faults};

/// Builds a [`Sandbox`](crate::Sandbox). Every setting has a default.
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
    /// The number of Panther's active users. Default: 10.
    ///
    /// User *n* is the same person in both APIs: the Panther user with the email `ann.lee.0@acme.test` has the `user_id`
    /// `ann.lee.0` in Identity Center.
    pub fn panther_users(mut self, count: usize) -> Self {
        self.panther_users = count;
        self
    }

    /// The number of Panther's deactivated users, which follow the active ones. Default: 0.
    pub fn panther_deactivated_users(mut self, count: usize) -> Self {
        self.panther_deactivated_users = count;
        self
    }

    /// A prefix of all Panther paths, as in a self-hosted Panther: `/v1`. Default: none.
    pub fn panther_path_prefix(mut self, prefix: &str) -> Self {
        let prefix = prefix.trim_matches('/');
        self.panther_prefix = if prefix.is_empty() {
            String::new()
        } else {
            format!("/{prefix}")
        };
        self
    }

    /// Makes Panther's key read-only: create, update and delete respond with 403.
    pub fn panther_read_only(mut self) -> Self {
        self.panther_read_only = true;
        self
    }

    /// The number of Identity Center's users. Default: 10.
    pub fn identity_center_users(mut self, count: usize) -> Self {
        self.identity_center_users = count;
        self
    }

    /// Removes a version (`"1.0"`) from Identity Center: requests with it get a 406, and discovery does not list it. By default
    /// the sandbox serves all five documented versions, regardless of the date.
    pub fn retired_version(mut self, version: &str) -> Self {
        self.retired_versions.push(version.to_owned());
        self
    }

    /// The maximum difference between `Scp-Timestamp` and the clock of the sandbox, in either direction. Default: 5 minutes.
    /// The limit of the real service is not published.
    pub fn timestamp_skew(mut self, skew: Duration) -> Self {
        self.timestamp_skew = skew;
        self
    }

    /// The seed of all ids. Default: 0. The same seed creates the same users.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The port of Panther; Identity Center uses the next one. Default: 0, which selects two free ports.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The latency of every response. Default: none.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The initial faults. Default: none.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// The number of requests that the log stores. Default: 10,000. With 0 the log only counts requests, which suits
    /// benchmarks.
    pub fn log_capacity(mut self, requests: usize) -> Self {
        self.log_capacity = requests;
        self
    }

    /// The clock for timestamps, signatures and HTTP dates. Default: the system clock.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }
}
