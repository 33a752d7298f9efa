//! `cargo xtask draft`.

use std::process::ExitCode;

use clap::Args;

use crate::draft;
use crate::printed::read_source;
use crate::verify;
use specmill_openapi::diagnostic::Result;

/// Arguments of `cargo xtask draft`.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints OpenAPI 3.1 in YAML, the first version of a specs/NAME/spec.yaml.\n\
                        `x-unknown` marks what the pages do not tell: look it up, then remove the mark."
)]
pub struct Draft {
    /// Printed pages of Samsung's documentation, text or Markdown: files, or - for standard input
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<String>,
}

pub(super) fn run(arguments: &Draft) -> Result<ExitCode> {
    let sources = arguments
        .pages
        .iter()
        .map(|page| read_source(page))
        .collect::<Result<Vec<_>>>()?;
    let pages = verify::read_pages(&sources)?;
    print!("{}", draft::draft(&pages).to_yaml()?);
    Ok(ExitCode::SUCCESS)
}
