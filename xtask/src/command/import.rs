//! `cargo xtask import`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Result};
use crate::import::{self, Import as Imported, Page, source};

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
    let pages = read_pages(&arguments.pages, arguments.page.as_deref())?;
    let import = import::import(root, &api, &pages, &today())?;
    carry_out(root, &import)?;
    for line in &import.report {
        println!("{line}");
    }
    println!("\nNow run `cargo xtask regen`.");
    Ok(ExitCode::SUCCESS)
}

/// Writes what an import prepared; an error on the way says what to do about the rest.
pub(super) fn carry_out(root: &Path, import: &Imported) -> Result<()> {
    import.plan.carry_out(root).map_err(|diagnostic| {
        diagnostic.note("files before this one are written; `cargo xtask regen` refuses until the import is done again")
    })
}

/// Reads the pages that arguments name; `name` is the one to record, where one page is given.
pub(super) fn read_pages(arguments: &[String], name: Option<&str>) -> Result<Vec<Page>> {
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
    let pages = arguments.iter().map(|argument| {
        let given = source::read(argument, name)?;
        Page::new(given.name, given.bytes)
    });
    pages.collect()
}

/// The day, in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
