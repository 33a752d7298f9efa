//! Imports docs pages to `specs/<api>/published/`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{first_difference, indent_json, to_json};
use specmill_openapi::layout::{API_FILE, GIVEN, PUBLISHED, RECORD};
use specmill_openapi::rename::keeping_lines;

use crate::Options;
use crate::block::{self, Operation};
use crate::page::{Contents, Page};
use crate::published::{self, Published, Record, Source};

/// The plan of an import.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// A line for each operation: whether it is added, changed, moved, renamed or removed.
    pub report: Vec<String>,
    /// The files that the import writes, relative to the root of the workspace, and their content.
    pub files: BTreeMap<PathBuf, String>,
    /// The files that the import removes.
    pub removed: Vec<PathBuf>,
    /// The documents of the pages.
    pub published: Vec<Published>,
    /// The operations that recorded pages lose.
    pub losses: Vec<Loss>,
}

/// The operations that a page no longer contains.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// The page.
    pub page: String,
    /// The operations that it no longer contains.
    pub operations: Vec<String>,
    /// The number of operations that it contained before.
    pub held: usize,
}

impl Loss {
    /// Whether the page lost more than a third of its operations, in which case it was probably not saved completely.
    pub fn is_large(&self) -> bool {
        self.operations.len() * 3 > self.held
    }
}

/// A page with its operations.
struct Read<'a> {
    page: &'a Page,
    /// The name of the page in the record.
    name: String,
    contents: Contents,
}

/// Prepares the import of pages: each replaces the operations that it contained before.
///
/// `today` is the day of the import, `YYYY-MM-DD`. Nothing is written.
/// An error in any part of a page is an error of the whole import.
///
/// # Errors
/// A page is invalid, pages contradict each other or the record, or a file cannot be read.
pub fn import(root: &Path, options: &Options, pages: &[Page], today: &str) -> Result<Imported> {
    check_given(root, options)?;
    let before = Before::read(root, options)?;
    let mut report = Vec::new();
    let pages = read_pages(&before, pages, &mut report)?;
    check_names(&pages)?;
    let incoming = incoming(options, &pages, today)?;
    let mut losses = Vec::new();
    let record = next_record(
        options,
        &before,
        &incoming,
        &pages,
        &mut report,
        &mut losses,
    )?;
    report.extend(
        pages
            .iter()
            .flat_map(|page| page.contents.notes.iter().cloned()),
    );
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
        losses,
    })
}

/// Checks that the API is one whose documents come from pages.
fn check_given(root: &Path, options: &Options) -> Result<()> {
    let mut given = GIVEN.iter().map(|name| options.file(name));
    match given.find(|file| root.join(file).is_file()) {
        None => Ok(()),
        Some(given) => Err(Diagnostic::new(format!(
            "the API `{}` has its whole document in one file",
            options.name
        ))
        .at(given, Place::Whole)
        .help("change that file; pages are for an API whose operations are published one by one")),
    }
}

/// Checks that the names of the pages are distinct.
fn check_names(pages: &[Read<'_>]) -> Result<()> {
    let mut names = BTreeSet::new();
    match pages.iter().find(|page| !names.insert(&page.name)) {
        None => Ok(()),
        Some(page) => Err(Diagnostic::new(format!(
            "two pages would be recorded as `{}`",
            page.name
        ))
        .help("import the pages one by one, each with a name of its own (--page)")),
    }
}

/// Reads pages, and determines the recorded page that each of them corresponds to.
fn read_pages<'a>(
    before: &Before,
    pages: &'a [Page],
    report: &mut Vec<String>,
) -> Result<Vec<Read<'a>>> {
    let mut taken: BTreeSet<String> = pages.iter().map(|page| page.name().to_owned()).collect();
    let mut all = Vec::new();
    for page in pages {
        let contents = page.contents()?;
        let mut name = page.name().to_owned();
        if page.is_incidental()
            && let Some(recorded) = before
                .page_of(&name, &contents)
                .filter(|recorded| !taken.contains(*recorded))
        {
            report.push(format!(
                "note: {name}: imported as the page `{recorded}`, which has the same operations; to use another name, set --page"
            ));
            recorded.clone_into(&mut name);
            taken.insert(name.clone());
        }
        all.push(Read {
            page,
            name,
            contents,
        });
    }
    Ok(all)
}

/// An operation of an imported page.
struct Incoming {
    source: Source,
    method_and_path: String,
    /// The argument that names the page, and the line on which the document begins.
    given: String,
    line: usize,
    /// The stored form of the document.
    text: String,
    document: serde_json::Value,
}

impl Incoming {
    fn place(&self) -> String {
        format!("{}:{}", self.given, self.line)
    }
}

/// The operations of all pages, by file name.
fn incoming(
    options: &Options,
    pages: &[Read<'_>],
    today: &str,
) -> Result<BTreeMap<String, Incoming>> {
    let mut all: BTreeMap<String, Incoming> = BTreeMap::new();
    for page in pages {
        for found in &page.contents.operations {
            let Operation {
                id,
                method_and_path,
            } = found.operation.clone();
            let name = published::file_name(options, &id)
                .map_err(|diagnostic| diagnostic.in_block(page.page.name(), found.line))?;
            let text = indent_json(&found.block);
            let source = Source {
                operation: id,
                page: page.name.clone(),
                imported: today.to_owned(),
                sha256: published::digest(&found.block),
                stored_sha256: published::digest(&text),
            };
            let incoming = Incoming {
                source,
                method_and_path,
                given: page.page.name().to_owned(),
                line: found.line,
                text,
                document: found.document.clone(),
            };
            for (other_name, other) in &all {
                check_pair(*other_name == name, other, &incoming)?;
            }
            all.insert(name, incoming);
        }
    }
    Ok(all)
}

/// Checks that two operations of an import are different operations or have equal documents.
fn check_pair(same_name: bool, one: &Incoming, two: &Incoming) -> Result<()> {
    let (first, second) = (&one.source.operation, &two.source.operation);
    let mut member = None;
    let (message, help) = if first == second {
        member = first_difference(&one.document, &two.document);
        if member.is_none() {
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
    let error = Diagnostic::new(message)
        .at(&two.given, Place::Line(two.line))
        .note(format!("the other one is at {}", one.place()));
    Err(match member {
        Some(member) => error.note(format!("they differ at #{member}")),
        None => error,
    }
    .help(help))
}

/// The state after earlier imports.
struct Before {
    record: Record,
    /// Method and path of each stored document that can be parsed, by file name. A damaged document is not an error, since an
    /// import is its remedy.
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

    /// Counts an operation among the losses of its page.
    fn lose(&self, old: &Source, losses: &mut Vec<Loss>) {
        let index = losses
            .iter()
            .position(|loss| loss.page == old.page)
            .unwrap_or_else(|| {
                let held = self
                    .record
                    .values()
                    .filter(|source| source.page == old.page)
                    .count();
                losses.push(Loss {
                    page: old.page.clone(),
                    operations: Vec::new(),
                    held,
                });
                losses.len() - 1
            });
        losses[index].operations.push(old.operation.clone());
    }

    /// The recorded page that corresponds to a page with an unknown name: the one that contained all of its known operations,
    /// if those are more than half of the recorded ones.
    fn page_of(&self, name: &str, contents: &Contents) -> Option<&str> {
        if self.record.values().any(|source| source.page == name) {
            return None;
        }
        let known: BTreeMap<&str, &str> = self
            .record
            .iter()
            .filter(|(file, source)| {
                contents.operations.iter().any(|found| {
                    let Operation {
                        id,
                        method_and_path,
                    } = &found.operation;
                    source.operation == *id
                        || self.methods_and_paths.get(*file) == Some(method_and_path)
                })
            })
            .map(|(file, source)| (file.as_str(), source.page.as_str()))
            .collect();
        let page = *known.values().next()?;
        let held = self
            .record
            .values()
            .filter(|source| source.page == page)
            .count();
        (known.values().all(|other| *other == page) && known.len() * 2 > held).then_some(page)
    }

    /// The file names of the documents that an incoming one replaces: those with its operationId, or else those with its method
    /// and path.
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

/// The record after the import, and a line of the report for each affected operation.
fn next_record(
    options: &Options,
    before: &Before,
    incoming: &BTreeMap<String, Incoming>,
    pages: &[Read<'_>],
    report: &mut Vec<String>,
    losses: &mut Vec<Loss>,
) -> Result<Record> {
    let mut continued: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, new) in incoming {
        for old in before.continued_by(new) {
            // An operationId takes precedence over method and path.
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
        if pages.iter().any(|page| page.name == old.page) {
            report.push(format!("removed {}: gone from {}", old.operation, old.page));
            before.lose(old, losses);
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
            .at(&new.given, Place::Line(new.line))
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

/// Reports pages that contain none of their previous operations, since they may be other pages with the same name.
fn report_other_pages(
    before: &Before,
    continued: &BTreeMap<&str, &str>,
    pages: &[Read<'_>],
    report: &mut Vec<String>,
) {
    for page in pages {
        let mut held = before
            .record
            .iter()
            .filter(|(_, source)| source.page == page.name)
            .peekable();
        if held.peek().is_some() && held.all(|(name, _)| !continued.contains_key(name.as_str())) {
            let page = &page.name;
            report.push(format!(
                "note: {page}: nothing of what the page held is on it now; give another page a name of its own with --page"
            ));
        }
    }
}

/// The lines that keep the name of an operation in Rust, if the vendor's new name would change it.
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

/// Reports the change of one operation, and returns its source for the record.
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
    // Whitespace between tokens is not a change.
    if old.stored_sha256 != new.stored_sha256 {
        report.push(format!("changed {operation}"));
    }
    // The date stays that of the import that brought the content, and the digest stays that of its block.
    let same_content = old.stored_sha256 == new.stored_sha256;
    let same_day = Source {
        imported: old.imported.clone(),
        sha256: if same_content {
            &old.sha256
        } else {
            &new.sha256
        }
        .clone(),
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
