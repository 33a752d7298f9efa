//! A program with the commands of this crate and those of the generator, for tests.

use std::path::Path;
use std::process::ExitCode;

use specmill_openapi::diagnostic::Result;
use specmill_xtask::Run;

/// The commands.
#[derive(clap::Subcommand)]
enum Command {
    #[command(flatten)]
    Specmill(specmill_xtask::Command),
    #[command(flatten)]
    ScpDocs(scp_docs::Command),
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Specmill(command) => command.run(root),
            Self::ScpDocs(command) => command.run(root),
        }
    }
}

fn main() -> ExitCode {
    specmill_xtask::run::<Command>(std::env::args_os())
}
