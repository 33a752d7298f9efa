//! Every command of this workspace.

use std::path::Path;
use std::process::ExitCode;

use specmill_openapi::diagnostic::Result;
use specmill_xtask::Run;

#[derive(clap::Subcommand)]
enum Xtask {
    #[command(flatten)]
    Specmill(specmill_xtask::Command),
    #[command(flatten)]
    ScpDocs(scp_docs::Command),
    #[command(flatten)]
    Contract(specmill_contract::Command),
    #[command(flatten)]
    Corpus(specmill_corpus::Command),
}

impl Run for Xtask {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Specmill(command) => command.run(root),
            Self::ScpDocs(command) => command.run(root),
            Self::Contract(command) => command.run(root),
            Self::Corpus(command) => command.run(root),
        }
    }
}

pub(crate) fn run() -> ExitCode {
    specmill_xtask::run::<Xtask>(std::env::args_os())
}
