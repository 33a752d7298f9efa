//! From a docs page to `specs/<api>/published/`: the way of "the docs changed".

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{indent_json, to_json};
use specmill_openapi::layout::{API_FILE, GIVEN, PUBLISHED, RECORD};
use specmill_openapi::rename::keeping_lines;

use crate::Options;
use crate::block::{self, Operation};
use crate::page::Page;
use crate::published::{self, Published, Record, Source};

/// What an import does, before it is carried out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// What happens to each operation, a line each.
    pub report: Vec<String>,
    /// The files that the import writes, relative to the root of the workspace, and their content.
    pub files: BTreeMap<PathBuf, String>,
    /// The files that the import removes.
    pub removed: Vec<PathBuf>,
    /// The documents that the pages hold.
    pub published: Vec<Published>,
}

/// Prepares the import of pages: each replaces the operations that it held before.
///
/// `today` is the day of the import, `YYYY-MM-DD`. Nothing is written.
/// An error in any part of a page is an error of the whole import.
pub fn import(root: &Path, options: &Options, pages: &[Page], today: &str) -> Result<Imported> {
    check_pages(root, options, pages)?;
    let incoming = read_pages(options, pages, today)?;
    let before = Before::read(root, options)?;
    let mut report = Vec::new();
    let record = next_record(options, &before, &incoming, pages, &mut report)?;
    for page in pages {
        for (line, heading) in page.empty_headings() {
            let page = page.name();
            report.push(format!(
                "note: {page}:{line}: the heading `{heading}` is followed by no document"
            ));
        }
    }
    let mut files = BTreeMap::new();
    for (name, incoming) in &incoming {
        files.insert(options.file(PUBLISHED).join(name), incoming.text.clone());
    }
    let text = serde_json::to_value(&record).map_err(|error| {
        Diagnostic::new(format!("the record of imports cannot be written: {error}"))
            .at(options.file(RECORD), Place::Whole)
            .help("this is a defect of the import; report it with the page")
    })?;
    files.insert(options.file(RECORD), to_json(&text));
    let removed = before
        .record
        .keys()
        .filter(|name| !record.contains_key(*name))
        .map(|name| options.file(PUBLISHED).join(name))
        .collect();
    let published = incoming.into_iter().map(|(name, incoming)| Published {
        file: options.file(PUBLISHED).join(name),
        document: incoming.document,
        source: incoming.source,
    });
    Ok(Imported {
        report,
        files,
        removed,
        published: published.collect(),
    })
}

/// Each page must have a name of its own, and the API must be one that has pages.
fn check_pages(root: &Path, options: &Options, pages: &[Page]) -> Result<()> {
    if let Some(given) = GIVEN
        .iter()
        .map(|name| options.file(name))
        .find(|file| root.join(file).is_file())
    {
        return Err(Diagnostic::new(format!(
            "the API `{}` has its whole document in one file",
            options.name
        ))
        .at(given, Place::Whole)
        .help("change that file; pages are for an API whose operations are published one by one"));
    }
    let mut names = BTreeSet::new();
    match pages.iter().find(|page| !names.insert(page.name())) {
        None => Ok(()),
        Some(page) => Err(Diagnostic::new(format!(
            "two pages would be recorded as `{}`",
            page.name()
        ))
        .help("import the pages one by one, each with a name of its own (--page)")),
    }
}

/// An operation of a page that is imported.
struct Incoming {
    source: Source,
    method_and_path: String,
    /// The page's line on which the document begins.
    line: usize,
    /// The document, as it is stored.
    text: String,
    document: serde_json::Value,
}

impl Incoming {
    fn place(&self) -> String {
        format!("{}:{}", self.source.page, self.line)
    }
}

/// The operations of all pages, by file name.
fn read_pages(
    options: &Options,
    pages: &[Page],
    today: &str,
) -> Result<BTreeMap<String, Incoming>> {
    let mut all: BTreeMap<String, Incoming> = BTreeMap::new();
    for page in pages {
        for found in page.operations()? {
            let Operation {
                id,
                method_and_path,
            } = found.operation;
            let name = published::file_name(options, &id)
                .map_err(|diagnostic| diagnostic.in_block(page.name(), found.line))?;
            let text = indent_json(&found.block);
            let source = Source {
                operation: id,
                page: page.name().to_owned(),
                imported: today.to_owned(),
                sha256: published::digest(&found.block),
                stored_sha256: published::digest(&text),
            };
            let incoming = Incoming {
                source,
                method_and_path,
                line: found.line,
                text,
                document: found.document,
            };
            for (other_name, other) in &all {
                check_pair(*other_name == name, other, &incoming)?;
            }
            all.insert(name, incoming);
        }
    }
    Ok(all)
}

/// Two operations of one import must be two operations, or twice the same document.
fn check_pair(same_name: bool, one: &Incoming, two: &Incoming) -> Result<()> {
    let (first, second) = (&one.source.operation, &two.source.operation);
    let (message, help) = if first == second {
        if one.text == two.text {
            return Ok(());
        }
        (
            format!("the operation `{first}` stands twice, with different documents"),
            "import the pages one by one, the one that is right last; on one page, remove the wrong one",
        )
    } else if one.method_and_path == two.method_and_path {
        (
            format!(
                "the operations `{first}` and `{second}` are both {}",
                one.method_and_path
            ),
            "remove the one that is wrong from a copy of the page",
        )
    } else if same_name {
        (
            format!("the operations `{first}` and `{second}` would have one name"),
            "name one of them in [rename.operations] of api.toml",
        )
    } else {
        return Ok(());
    };
    Err(Diagnostic::new(message)
        .at(&two.source.page, Place::Line(two.line))
        .note(format!("the other one is at {}", one.place()))
        .help(help))
}

/// What earlier imports left.
struct Before {
    record: Record,
    /// Method and path of each stored document, by file name, as far as they can be read: an import
    /// is the remedy for a document that cannot.
    methods_and_paths: BTreeMap<String, String>,
}

impl Before {
    fn read(root: &Path, options: &Options) -> Result<Self> {
        let record = published::read_record(root, options)?;
        let mut methods_and_paths = BTreeMap::new();
        for name in record.keys() {
            let document =
                specmill_openapi::document::read(&root.join(options.file(PUBLISHED)).join(name));
            if let Ok(document) = document
                && let Some((_, method_and_path, _)) =
                    block::operations_of(&document).into_iter().next()
            {
                methods_and_paths.insert(name.clone(), method_and_path);
            }
        }
        Ok(Self {
            record,
            methods_and_paths,
        })
    }

    /// The file names of the documents that an incoming one stands for: those of its operationId, else
    /// those of its method and path.
    fn continued_by(&self, incoming: &Incoming) -> Vec<&str> {
        let names = |test: &dyn Fn(&str, &Source) -> bool| -> Vec<&str> {
            self.record
                .iter()
                .filter(|(name, source)| test(name, source))
                .map(|(name, _)| name.as_str())
                .collect()
        };
        let same_id = names(&|_, source| source.operation == incoming.source.operation);
        if same_id.is_empty() {
            names(&|name, _| self.methods_and_paths.get(name) == Some(&incoming.method_and_path))
        } else {
            same_id
        }
    }
}

/// The record after the import, and a line for each operation that it touches.
fn next_record(
    options: &Options,
    before: &Before,
    incoming: &BTreeMap<String, Incoming>,
    pages: &[Page],
    report: &mut Vec<String>,
) -> Result<Record> {
    let mut continued: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, new) in incoming {
        for old in before.continued_by(new) {
            // An operationId says more than a path.
            let same_id = before.record[old].operation == new.source.operation;
            if same_id || !continued.contains_key(old) {
                continued.insert(old, name);
            }
        }
    }
    let mut record = Record::new();
    for (name, old) in &before.record {
        if continued.contains_key(name.as_str()) {
            continue;
        }
        let taken_by = incoming
            .values()
            .find(|new| before.methods_and_paths.get(name) == Some(&new.method_and_path));
        if pages.iter().any(|page| page.name() == old.page) {
            report.push(format!("removed {}: gone from {}", old.operation, old.page));
        } else if let Some(new) = taken_by {
            let new_name = &new.source.operation;
            report.push(format!(
                "removed {}: {} is {new_name} now",
                old.operation, new.method_and_path
            ));
        } else if let Some(new) = incoming
            .get(name)
            .filter(|_| before.methods_and_paths.contains_key(name))
        {
            let (one, two) = (&old.operation, &new.source.operation);
            return Err(Diagnostic::new(format!(
                "the operations `{one}` and `{two}` would have one name"
            ))
            .at(&new.source.page, Place::Line(new.line))
            .note(format!(
                "the other one is in {}",
                options.file(PUBLISHED).join(name).display()
            ))
            .help("name one of them in [rename.operations] of api.toml"));
        } else if !incoming.contains_key(name) {
            record.insert(name.clone(), old.clone());
        }
    }
    report_other_pages(before, &continued, pages, report);
    for (name, new) in incoming {
        let old = continued
            .iter()
            .find(|(_, continuing)| *continuing == name)
            .map(|(old, _)| *old);
        let source = report_one(
            old.map(|old| (old, &before.record[old])),
            name,
            &new.source,
            report,
        );
        if let Some(old) = old {
            let old = &before.record[old].operation;
            let lines = name_to_keep(options, &new.method_and_path, old, &new.source.operation);
            report.extend(lines.into_iter().flatten());
        }
        record.insert(name.clone(), source);
    }
    Ok(record)
}

/// A page that holds nothing of what it held is perhaps another page of the same name.
fn report_other_pages(
    before: &Before,
    continued: &BTreeMap<&str, &str>,
    pages: &[Page],
    report: &mut Vec<String>,
) {
    for page in pages {
        let mut held = before
            .record
            .iter()
            .filter(|(_, source)| source.page == page.name())
            .peekable();
        if held.peek().is_some() && held.all(|(name, _)| !continued.contains_key(name.as_str())) {
            let page = page.name();
            report.push(format!(
                "note: {page}: nothing of what the page held is on it now; give another page a name of its own with --page"
            ));
        }
    }
}

/// How to keep the name of an operation in Rust, if the vendor's new name changes it.
fn name_to_keep(
    options: &Options,
    method_and_path: &str,
    old: &str,
    new: &str,
) -> Option<[String; 3]> {
    let name = |published| options.rename.operation(method_and_path, published);
    let before = name(old);
    let file = options.file(API_FILE).display().to_string();
    (before != name(new)).then(|| keeping_lines(&file, method_and_path, &before))
}

/// Reports what became of one operation; the source to record for it.
fn report_one(
    old: Option<(&str, &Source)>,
    name: &str,
    new: &Source,
    report: &mut Vec<String>,
) -> Source {
    let operation = &new.operation;
    let Some((old_name, old)) = old else {
        report.push(format!("added {operation}"));
        return new.clone();
    };
    if old.page != new.page {
        report.push(format!(
            "moved {operation}: from {} to {}",
            old.page, new.page
        ));
    }
    if old.operation != *operation {
        report.push(format!("renamed {operation}: it was {}", old.operation));
    }
    if old.sha256 != new.sha256 {
        report.push(format!("changed {operation}"));
    }
    // The day stays that of the import that brought the content.
    let same_day = Source {
        imported: old.imported.clone(),
        ..new.clone()
    };
    if same_day != *old {
        return new.clone();
    }
    if old_name == name {
        report.push(format!("unchanged {operation}"));
    }
    same_day
}
