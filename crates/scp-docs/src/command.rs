//! The commands: `verify` and `draft`.

mod draft;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use specmill_openapi::diagnostic::Result;
use specmill_xtask::Run;

/// The commands on printed pages.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare printed pages with the hand-written spec of an API
    Verify(verify::Verify),
    /// Draft a spec from printed pages
    Draft(draft::Draft),
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Verify(command) => verify::run(root, &command),
            Self::Draft(command) => draft::run(&command),
        }
    }
}
