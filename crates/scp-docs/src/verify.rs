//! Compares printed pages with the document of an API, so that the hand-written spec stays correct.
//!
//! A fact that a page does not contain is unknown, which is not a difference. The document is normalised as `cargo xtask regen`
//! normalises it, and JSON pointers refer to the normalised document.

mod body;
mod coverage;
mod examples;
mod fit;
mod headers;
mod models;
mod operation;
mod parameters;
mod report;
mod responses;
mod schemas;
mod service;
mod spec;
mod values;
mod versions;

use std::path::PathBuf;

use scp_pages::{Fault, Kind, Page, Source};
use serde_json::Value;
use specmill_normalize::{Input, Options, normalize};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

pub use report::{Difference, Report, Unknown};
pub use spec::Spec;

/// Compares pages with the document that an API's input is normalised to.
///
/// A page without operations and models is noted; where no page has any, that is an error.
///
/// # Errors
/// A page or the document of the API is invalid.
pub fn verify(
    options: &Options,
    input: Input,
    overlay: Option<&Value>,
    sources: &[Source],
) -> Result<Report> {
    let written: Option<(PathBuf, Value)> = match &input {
        Input::Document(file, document) => Some((file.clone(), document.clone())),
        _ => None,
    };
    let normalised = normalize(options, input, overlay)?;
    let pages = read_pages(sources)?;
    let mut report = compare(
        &Spec::new(options.clone(), normalised.document, written),
        &pages,
    );
    report.notes = unproven_ends(&pages);
    Ok(report)
}

/// Reads pages by their names; it is an error if none of them holds an operation or a model.
///
/// # Errors
/// A page is invalid, or none contains an operation or a model.
pub fn read_pages(sources: &[Source]) -> Result<Vec<(String, Page)>> {
    let mut pages: Vec<(String, Page)> = sources
        .iter()
        .map(|source| (source.name.clone(), scp_pages::read(&source.text)))
        .collect();
    scp_pages::compare_pages(&mut pages);
    for (source, (name, page)) in sources.iter().zip(&pages) {
        let is_accepted = |fault: &Fault| source.is_complete && *fault == Fault::CutOff;
        let fault = page.faults.iter().find(|fault| !is_accepted(&fault.value));
        if let Some(fault) = fault {
            return Err(faulty(fault.value, page).at(name, Place::Line(fault.line)));
        }
    }
    match pages.iter().find(|(_, page)| page.kind != Kind::Reference) {
        Some((name, page)) if pages.iter().all(|(_, page)| page.kind != Kind::Reference) => {
            Err(Diagnostic::new(why_nothing(page.kind)).at(name, Place::Whole).help(
                "give the page of an operation, with a line such as `get /v1/users`, or of a model, with the table \
                 of its properties",
            ))
        }
        _ => Ok(pages),
    }
}

/// The error about a page that cannot be compared.
fn faulty(fault: Fault, page: &Page) -> Box<Diagnostic> {
    match fault {
        Fault::CutOff => {
            let error = Diagnostic::new("the page is cut off: its end is missing");
            let missing = page.end.missing.iter();
            missing.fold(error, Diagnostic::note).help(
                "save the whole page; docs/samsung-cloud-platform.md says how. If the page ends like this on the site, add \
                 --complete",
            )
        }
        Fault::UnreadableRows => {
            Diagnostic::new("the rows of the table that begins here cannot be read")
                .help("save the page in another way; docs/samsung-cloud-platform.md says how")
        }
    }
}

/// A note for each page that does not prove its own end, with the last section that was read.
///
/// Text and Markdown can be cut off between two sections without a trace, so a person must compare the note with the site.
pub fn unproven_ends(pages: &[(String, Page)]) -> Vec<String> {
    let unproven = pages
        .iter()
        .filter(|(_, page)| page.kind == Kind::Reference && !page.end.is_proven);
    let note = |(name, page): &(String, Page)| {
        let scp_pages::End { line, section, .. } = &page.end;
        format!(
            "note: {name}: the last section is {section}, up to line {line}; check that the page on the site ends with it"
        )
    };
    unproven.map(note).collect()
}

/// Why a page has nothing to compare.
pub fn why_nothing(kind: Kind) -> &'static str {
    match kind {
        Kind::TableOfContents => {
            "the page is a table of contents: it holds no operation and no model"
        }
        Kind::CommandLine => {
            "the page documents a command line: it holds no operation and no model"
        }
        _ => "the page contains no operation and no model",
    }
}

/// Compares pages that were read with a document.
pub fn compare(spec: &Spec, pages: &[(String, Page)]) -> Report {
    let mut report = Report::default();
    for (name, page) in pages {
        report.page(name);
        if page.kind != Kind::Reference {
            report.unknown(None, why_nothing(page.kind), "");
        }
        for section in &page.operations {
            operation::compare(spec, section, &mut report);
        }
        for section in &page.models {
            models::compare(spec, section, &mut report);
        }
        report.subject(String::new());
        service::compare(spec, &page.service, &mut report);
    }
    coverage::compare(spec, pages, &mut report);
    versions::compare_all(spec, pages, &mut report);
    for difference in &mut report.differences {
        difference.file = spec.file_of(&difference.pointer);
    }
    report
}
