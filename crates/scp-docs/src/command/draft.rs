//! `cargo xtask draft`.

use std::process::ExitCode;

use clap::Args;

use super::{printable, read_sources};
use crate::draft;
use crate::verify;
use specmill_openapi::diagnostic::{Diagnostic, Result};

/// Arguments of `cargo xtask draft`.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints OpenAPI 3.1 in YAML, a first version of specs/NAME/spec.yaml.\n\
                        `x-unknown` marks facts that the pages do not contain: fill them in, and remove the marks."
)]
pub struct Draft {
    /// Pages of Samsung's documentation as HTML, text or Markdown: files, or - for standard input
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<String>,
    /// If the pages describe several services, draft only this one
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Accept pages that look cut off, because they end like this on the site
    #[arg(long)]
    complete: bool,
}

pub(super) fn run(arguments: &Draft) -> Result<ExitCode> {
    let sources = read_sources(&arguments.pages, arguments.complete)?;
    let pages = verify::read_pages(&sources)?;
    for note in verify::unproven_ends(&pages) {
        eprintln!("{}", printable(&note));
    }
    let mut drafts = draft::drafts(&pages);
    let names: Vec<String> = drafts
        .iter()
        .filter_map(|draft| draft.service.clone())
        .collect();
    if let Some(wanted) = &arguments.service {
        drafts.retain(|draft| draft.service.as_ref() == Some(wanted));
        if drafts.is_empty() {
            return Err(
                Diagnostic::new(format!("no page documents the service `{wanted}`"))
                    .help(format!("the services are: {}", names.join(", "))),
            );
        }
    }
    // Several documents are a stream of YAML documents.
    let several = drafts.len() > 1;
    for draft in &drafts {
        print!("{}{}", if several { "---\n" } else { "" }, draft.to_yaml()?);
    }
    if several {
        eprintln!(
            "note: the pages document {} services, {}: a document for each was printed; --service prints one",
            names.len(),
            names.join(", ")
        );
    }
    Ok(ExitCode::SUCCESS)
}
