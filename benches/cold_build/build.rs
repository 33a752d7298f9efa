//! Builds and runs a program.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::sys::resource::UsageWho;

use crate::Outcome;
use crate::cost::{Cost, measure};
use crate::packages::Package;

/// The cost and the size of a build.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build {
    /// The number of compiled libraries, macros and programs, without build scripts.
    pub(crate) crates: usize,
    /// The cost, including the compiler, the linker and everything else that cargo starts.
    pub(crate) cost: Cost,
    bytes: u64,
}

impl Build {
    pub(crate) fn megabytes(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let bytes = self.bytes as f64;
        bytes / 1e6
    }
}

/// The service that programs are run against.
pub(crate) struct Service<'a> {
    pub(crate) address: &'a str,
    pub(crate) api_key: &'a str,
}

/// Builds a program in an empty target folder, without a network.
pub(crate) fn cold(package: &Package, profile: &str) -> Outcome<Build> {
    let target = package.target();
    if target.exists() {
        std::fs::remove_dir_all(&target)?;
    }
    let (output, cost) = measure(UsageWho::RUSAGE_CHILDREN, || {
        let mut cargo = package.cargo(&["build", "--locked", "--offline", "--profile", profile]);
        cargo
            .args(["--message-format", "json"])
            .stderr(Stdio::inherit());
        Ok(cargo.output()?)
    })?;
    if !output.status.success() {
        return Err(format!("{} does not build", package.name).into());
    }
    Ok(Build {
        crates: crates(&output.stdout)?,
        cost,
        bytes: std::fs::metadata(program(package, profile))?.len(),
    })
}

/// Runs the program, and returns the number of users that it read.
pub(crate) fn run(package: &Package, profile: &str, service: &Service<'_>) -> Outcome<usize> {
    let output = Command::new(program(package, profile))
        .env("PANTHER_BASE_URL", service.address)
        .env("PANTHER_API_KEY", service.api_key)
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn program(package: &Package, profile: &str) -> PathBuf {
    let folder = if profile == "dev" { "debug" } else { profile };
    package.target().join(folder).join("program")
}

/// The number of packages of which cargo compiled more than a build script.
fn crates(messages: &[u8]) -> Outcome<usize> {
    let mut packages = BTreeSet::new();
    for line in std::str::from_utf8(messages)?.lines() {
        let message: serde_json::Value = serde_json::from_str(line)?;
        if message["reason"] == "compiler-artifact"
            && message["target"]["kind"][0] != "custom-build"
        {
            packages.insert(message["package_id"].to_string());
        }
    }
    Ok(packages.len())
}
