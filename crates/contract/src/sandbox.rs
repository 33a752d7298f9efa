//! Runs the sandbox on loopback ports during the checks.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use specmill_openapi::diagnostic::Result;

use super::driver::{Programs, SANDBOX};
use super::process::{Interrupt, Output, Running};

/// The time limit for the start of the sandbox.
const START: Duration = Duration::from_secs(30);

/// The settings for a service of the sandbox: `base_url`, and its credentials by name.
pub(super) type Service = BTreeMap<String, String>;

/// The sandbox while it runs.
pub(super) struct Served {
    services: BTreeMap<String, Service>,
    _running: Running,
}

impl Served {
    pub(super) fn start(
        programs: &Programs,
        output: &Output,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let mut command = Command::new(programs.get(SANDBOX)?);
        command.arg("--json").current_dir(&output.root);
        let mut running = Running::start("the sandbox", &mut command, output)?;
        let services = running.until(interrupt, START, |printed| {
            serde_json::from_str(printed.lines().next()?).ok()
        })?;
        Ok(Self {
            services,
            _running: running,
        })
    }

    /// The service of an API.
    pub(super) fn of(&self, api: &str) -> Option<&Service> {
        self.services.get(api)
    }
}
