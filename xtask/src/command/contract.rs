//! `cargo xtask contract`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::contract::{self, Interrupt, Verdict};
use crate::diagnostic::Result;

/// Arguments of `cargo xtask contract`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 every check passed, 1 a check failed, 2 the checks could not be made.\n\
                  Node.js 20.19 and Python 3.11 or later must be there; the tools are installed in target/contract/,\n\
                  once, in the versions that xtask/contract/ pins."
)]
pub(super) struct Contract {}

pub(super) fn run(root: &Path, _arguments: &Contract) -> Result<ExitCode> {
    let interrupt = Interrupt::listen()?;
    let checks = contract::run(
        root,
        &interrupt,
        &mut |what| eprintln!("{what} …"),
        &mut |check| {
            for line in check.to_string().lines() {
                super::say!("{line}");
            }
        },
    )?;
    super::say!("{}", contract::summary(&checks));
    let failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed { .. });
    Ok(if checks.iter().any(|check| failed(&check.verdict)) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
