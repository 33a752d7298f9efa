//! `cargo xtask contract`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use specmill_xtask::{Run, print_line};

use crate::{Interrupt, Verdict};
use specmill_openapi::diagnostic::Result;

/// Arguments of `cargo xtask contract`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 every check passed, 1 a check failed, 2 the checks could not run.\n\
                  Requires Node.js 20.19 and Python 3.11, or later. The first run installs the tools in\n\
                  target/contract/, in the versions that crates/contract/tools/ pins."
)]
pub struct Contract {}

fn run(root: &Path) -> Result<ExitCode> {
    let interrupt = Interrupt::listen()?;
    let checks = crate::run(
        root,
        &interrupt,
        &mut |what| eprintln!("{what} …"),
        &mut |check| {
            for line in check.to_string().lines() {
                print_line(line);
            }
        },
    )?;
    print_line(&crate::summary(&checks));
    let failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed { .. });
    Ok(if checks.iter().any(|check| failed(&check.verdict)) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The only command of this crate.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Test the specs, the clients and the sandbox with Redocly, Prism and schemathesis
    Contract(Contract),
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Contract(Contract {}) => run(root),
        }
    }
}
