//! `cargo xtask import`.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use specmill_docs::{Loss, Page, fetch as fetch_page, published, source};
use specmill_openapi::layout::API_FILE;

use crate::api::Api;
use crate::import;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result, visible};

/// Arguments of `cargo xtask import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The API that the pages describe, a folder in specs/
    #[arg(long, value_name = "NAME", required_unless_present = "again")]
    api: Option<String>,
    /// The name of the page in the record, if there is only one page [default: the file's name, or
    /// the URL]
    #[arg(long, value_name = "PAGE-NAME")]
    page: Option<String>,
    /// Import all recorded pages again, from their URLs in [pages] of api.toml
    #[arg(long, conflicts_with_all = ["page", "pages"])]
    again: bool,
    /// Remove operations that have disappeared from a page, even if they are more than a third of them; at a
    /// terminal, the command asks instead
    #[arg(long)]
    remove: bool,
    /// Docs pages in Markdown: files, https URLs, or - for standard input
    #[arg(required_unless_present = "again", value_name = "PAGE")]
    pages: Vec<String>,
}

pub(super) fn run(root: &Path, arguments: &Import) -> Result<ExitCode> {
    let apis = match &arguments.api {
        Some(name) => vec![Api::read(root, name)?],
        None => Api::read_all(root)?,
    };
    let name = arguments.page.as_deref();
    check_arguments(&arguments.pages, name)?;
    let mut imported = 0;
    for api in &apis {
        let mut pages = Vec::new();
        if arguments.again {
            for (name, address) in recorded_pages(root, api)? {
                pages.push(read(&address, Some(&name))?);
            }
        }
        for argument in &arguments.pages {
            pages.push(read(argument, name)?);
        }
        imported += pages.len();
        if !pages.is_empty() {
            import_pages(root, api, &pages, arguments)?;
        }
    }
    if imported == 0 {
        return Err(Diagnostic::new("no recorded page has a URL")
            .help("set the URL of its Markdown in [pages] of api.toml"));
    }
    super::say!("");
    super::say!("Now run `cargo xtask regen`.");
    Ok(ExitCode::SUCCESS)
}

/// Prints the page at an address, byte for byte.
pub(super) fn fetch(address: &str) -> Result<ExitCode> {
    let page = fetch_page(address)?;
    let mut output = std::io::stdout().lock();
    let written = output.write_all(&page).and_then(|()| output.flush());
    Ok(written.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
}

fn read(argument: &str, name: Option<&str>) -> Result<Page> {
    source::read(argument, name)?.into_page()
}

fn import_pages(root: &Path, api: &Api, pages: &[Page], arguments: &Import) -> Result<()> {
    let import = import::import(root, api, pages, &today())?;
    if !arguments.remove {
        let reads_input = arguments
            .pages
            .iter()
            .any(|page| page == source::STANDARD_INPUT);
        for loss in import.losses.iter().filter(|loss| loss.is_large()) {
            confirm(loss, reads_input)?;
        }
    }
    // Files that were written before the failure stay, and the record detects them.
    import.plan.carry_out(root).map_err(|diagnostic| {
        diagnostic
            .note("the import is incomplete; `cargo xtask regen` fails until it is complete: run it again")
    })?;
    for line in &import.report {
        super::say!("{line}");
    }
    Ok(())
}

/// Asks at a terminal whether the page may lose this many operations.
fn confirm(loss: &Loss, reads_input: bool) -> Result<()> {
    let message = format!(
        "{} of {} operations have disappeared from the page `{}`: {}",
        loss.operations.len(),
        loss.held,
        loss.page,
        loss.operations.join(", ")
    );
    if !reads_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        // If the prompt cannot be shown, the result is no.
        eprint!("{}\nRemove them? [y/N] ", visible(&message));
        let mut said = String::new();
        let _ = std::io::stdin().lock().read_line(&mut said);
        if matches!(said.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
    }
    Err(Diagnostic::new(message)
        .at(&loss.page, Place::Whole)
        .note("nothing was changed")
        .help(
            "check that the page is complete; if the vendor removed the operations, add --remove",
        ))
}

/// The recorded pages of an API that have a URL, each with its name. Pages without one are reported.
fn recorded_pages(root: &Path, api: &Api) -> Result<Vec<(String, String)>> {
    let record = published::read_record(root, &api.docs_options())?;
    let names: BTreeSet<&String> = record.values().map(|source| &source.page).collect();
    let mut pages = Vec::new();
    for name in names {
        let own = name.starts_with("https://").then_some(name);
        match api.settings.pages.get(name).or(own) {
            Some(address) => pages.push((name.clone(), address.clone())),
            None => super::say!(
                "note: {}: the page `{name}` has no URL; set it in [pages] of {}",
                api.name,
                api.file(API_FILE).display()
            ),
        }
    }
    Ok(pages)
}

/// Checks that a name applies to one page, and that standard input is read once.
pub(super) fn check_arguments(arguments: &[String], name: Option<&str>) -> Result<()> {
    if name.is_some() && arguments.len() > 1 {
        return Err(
            Diagnostic::new("--page names one page, but several are given")
                .help("omit --page, or import the pages one by one"),
        );
    }
    if arguments
        .iter()
        .filter(|argument| *argument == source::STANDARD_INPUT)
        .count()
        > 1
    {
        return Err(Diagnostic::new("standard input can only be read once").help("pass `-` once"));
    }
    Ok(())
}

/// The current date in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
