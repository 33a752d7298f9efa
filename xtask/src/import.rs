//! From a docs page to `specs/<api>/published/`: the way of "the docs changed".

mod block;
mod page;

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document::{indent_json, to_json};
use crate::output::{Output, Plan};
use crate::published::{self, FOLDER, RECORD, Record, Source};

pub(crate) use page::LARGEST_PAGE;
pub use page::Page;

/// What an import does, before it is carried out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Import {
    /// What happens to each operation, a line each.
    pub report: Vec<String>,
    /// The files to touch.
    pub plan: Plan,
}

/// Prepares the import of pages: each replaces the operations that it held before.
///
/// `today` is the day of the import, `YYYY-MM-DD`. Nothing is written; carry out the plan for that.
/// An error in any part of a page is an error of the whole import.
pub fn import(root: &Path, api: &Api, pages: &[Page], today: &str) -> Result<Import> {
    let before = published::read_record(root, api)?;
    let mut documents: BTreeMap<String, (Source, String)> = BTreeMap::new();
    let mut report = Vec::new();
    for page in pages {
        for found in page.operations()? {
            let name = published::file_name(&found.operation);
            let digest = Sha256::digest(found.block.as_bytes());
            let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let source = Source::new(found.operation, page.name().to_owned(), today.to_owned(), sha256);
            if let Some((other, _)) = documents.get(&name) {
                check_same(page, found.line, other, &source)?;
            }
            documents.insert(name, (source, indent_json(&found.block)));
        }
        report.extend(page.empty_headings().map(|(line, heading)| {
            format!("note: {}:{line}: the heading `{heading}` is followed by no document", page.name())
        }));
    }
    let record = next_record(&before, &documents, pages, &mut report);
    let mut output = Output::default();
    for (name, (_, text)) in &documents {
        output.add(api.file(FOLDER).join(name), text);
    }
    let value = serde_json::to_value(&record).unwrap_or_default();
    output.add(api.file(RECORD), to_json(&value));
    let mut plan = output.plan(root)?;
    for name in before.keys().filter(|name| !record.contains_key(*name)) {
        plan.remove(api.file(FOLDER).join(name));
    }
    Ok(Import { report, plan })
}

/// The same operation twice in one import must be the same document.
fn check_same(page: &Page, line: usize, other: &Source, source: &Source) -> Result<()> {
    if other.sha256 == source.sha256 {
        return Ok(());
    }
    let (one, two) = (&other.operation, &source.operation);
    let message = if one == two {
        format!("the operation `{one}` stands twice, with different documents")
    } else {
        format!("the operations `{one}` and `{two}` would have one name")
    };
    Err(Diagnostic::new(message)
        .at(page.name(), Place::Line(line))
        .note(format!("the other one is on the page {}", other.page))
        .help("import the pages one by one, the one that is right last"))
}

/// The record after the import, and a line for each operation that it touches.
fn next_record(
    before: &Record,
    documents: &BTreeMap<String, (Source, String)>,
    pages: &[Page],
    report: &mut Vec<String>,
) -> Record {
    let mut record = before.clone();
    for (name, source) in before {
        if pages.iter().any(|page| page.name() == source.page) && !documents.contains_key(name) {
            report.push(format!("removed {}: gone from {}", source.operation, source.page));
            record.remove(name);
        }
    }
    for (name, (source, _)) in documents {
        let operation = &source.operation;
        match before.get(name) {
            None => report.push(format!("added {operation}")),
            Some(old) => {
                if old.page != source.page {
                    report.push(format!("moved {operation}: from {} to {}", old.page, source.page));
                }
                if old.operation != *operation {
                    report.push(format!("renamed {operation}: it was {}", old.operation));
                }
                if old.sha256 == source.sha256 && old.page == source.page {
                    report.push(format!("unchanged {operation}"));
                    // The day stays that of the import that brought the content.
                    continue;
                }
                if old.sha256 != source.sha256 {
                    report.push(format!("changed {operation}"));
                }
            }
        }
        record.insert(name.clone(), source.clone());
    }
    record
}
