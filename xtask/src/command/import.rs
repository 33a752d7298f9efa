//! `cargo xtask import`.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::import::{self, Page};

/// Arguments of `cargo xtask import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The API that the pages document: a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: String,
    /// The name the record keeps for the page, where one page is given [default: as given]
    #[arg(long, value_name = "PAGE-NAME")]
    page: Option<String>,
    /// Docs pages in Markdown: files, https addresses, or - for standard input
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<String>,
}

pub(super) fn run(root: &Path, arguments: &Import) -> Result<ExitCode> {
    let api = Api::read(root, &arguments.api)?;
    if arguments.page.is_some() && arguments.pages.len() > 1 {
        return Err(Diagnostic::new("one name cannot be that of several pages")
            .help("leave out --page, or import the pages one by one"));
    }
    let pages = arguments
        .pages
        .iter()
        .map(|page| read(page, arguments.page.as_deref()))
        .collect::<Result<Vec<_>>>()?;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let import = import::import(root, &api, &pages, &today)?;
    import.plan.carry_out(root)?;
    for line in &import.report {
        println!("{line}");
    }
    println!("\nNow run `cargo xtask regen`.");
    Ok(ExitCode::SUCCESS)
}

fn read(page: &str, name: Option<&str>) -> Result<Page> {
    if page == "-" {
        let mut bytes = Vec::new();
        let limit = import::LARGEST_PAGE as u64 + 1;
        std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(page, &error))?;
        return Page::new(name.unwrap_or("standard input"), bytes);
    }
    let file = Path::new(page);
    let size = std::fs::metadata(file).map_err(|error| unreadable(page, &error))?.len();
    if size > import::LARGEST_PAGE as u64 {
        return Err(Diagnostic::new(format!("the page has {size} bytes; {} is the limit", import::LARGEST_PAGE))
            .at(page, Place::Whole)
            .help("give the page of the operations, not an archive of the site"));
    }
    let bytes = std::fs::read(file).map_err(|error| unreadable(page, &error))?;
    Page::new(name.map_or_else(|| recorded_name(file), str::to_owned), bytes)
}

/// The name of a page: its file's, so that the record is the same wherever the file lay.
fn recorded_name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.to_string_lossy().into_owned(), |name| name.to_string_lossy().into_owned())
}

fn unreadable(page: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(format!("cannot read the page: {error}"))
        .at(page, Place::Whole)
        .help("give the name of a file, an https address, or - for standard input")
}
