//! `cargo xtask import`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Result};
use crate::import::{self, Page, source};

/// Arguments of `cargo xtask import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The API that the pages document: a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: String,
    /// The name the record keeps for the page, where one page is given [default: the file's name, or
    /// the address]
    #[arg(long, value_name = "PAGE-NAME")]
    page: Option<String>,
    /// Docs pages in Markdown: files, https addresses, or - for standard input
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<String>,
}

pub(super) fn run(root: &Path, arguments: &Import) -> Result<ExitCode> {
    let api = Api::read(root, &arguments.api)?;
    let name = arguments.page.as_deref();
    check_arguments(&arguments.pages, name)?;
    let mut pages = Vec::new();
    for argument in &arguments.pages {
        let given = source::read(argument, name)?;
        pages.push(Page::new(given.name, given.bytes)?);
    }
    let import = import::import(root, &api, &pages, &today())?;
    // Files before the one that cannot be written are written: the record tells.
    import.plan.carry_out(root).map_err(|diagnostic| {
        diagnostic
            .note("the import is half done; `cargo xtask regen` refuses until it is done again")
    })?;
    for line in &import.report {
        println!("{line}");
    }
    println!("\nNow run `cargo xtask regen`.");
    Ok(ExitCode::SUCCESS)
}

/// Checks that one name is of one page, and that standard input is read once.
pub(super) fn check_arguments(arguments: &[String], name: Option<&str>) -> Result<()> {
    if name.is_some() && arguments.len() > 1 {
        return Err(Diagnostic::new("one name cannot be that of several pages")
            .help("leave out --page, or import the pages one by one"));
    }
    if arguments
        .iter()
        .filter(|argument| *argument == source::STANDARD_INPUT)
        .count()
        > 1
    {
        return Err(Diagnostic::new("standard input can be read once").help("give `-` once"));
    }
    Ok(())
}

/// The day, in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
