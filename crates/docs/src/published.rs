//! The published documents of an API: `specs/<api>/published/` with one file per operation, and
//! `specs/<api>/sources.json`, the record of their sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Options;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{self, indent_json};
use specmill_openapi::layout::{PUBLISHED, RECORD};
use specmill_openapi::names;

/// The source of a published document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// The published operationId.
    pub operation: String,
    /// The page, as it was named at the import.
    pub page: String,
    /// The day of the import, `YYYY-MM-DD` in UTC.
    pub imported: String,
    /// The SHA-256 of the block on the page, in hexadecimal.
    pub sha256: String,
    /// The SHA-256 of the stored document, in hexadecimal, which detects manual changes and interrupted imports.
    pub stored_sha256: String,
}

/// One published document: an `OpenAPI` fragment with one operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Published {
    /// Its file, relative to the root of the workspace.
    pub file: PathBuf,
    /// Its content.
    pub document: Value,
    /// Its source.
    pub source: Source,
}

/// The record of an API: file name to source.
pub type Record = BTreeMap<String, Source>;

/// The maximum length of an operation's name that is used as a file name, in bytes.
const LONGEST_NAME: usize = 200;

/// Names that are reserved on Windows, with any extension.
const RESERVED: [&str; 8] = ["aux", "con", "conin", "conout", "nul", "prn", "com", "lpt"];

/// The name of the file with an operation's published document.
///
/// It is derived from the name of the operation: lower-case words joined by underscores, so that no two names differ
/// only in case and none leaves its folder.
///
/// # Errors
/// The operation has a name without letters and digits.
pub fn file_name(options: &Options, operation: &str) -> Result<String> {
    let name = options
        .rename
        .operations
        .get(operation)
        .map_or(operation, String::as_str);
    let name = names::operation_name(name);
    if name.is_empty() || name.len() > LONGEST_NAME {
        let problem = if name.is_empty() {
            "gives no name"
        } else {
            "is too long for the name of a file"
        };
        return Err(Diagnostic::new(format!(
            "the operationId `{}` {problem}",
            operation.escape_debug()
        ))
        .at_place(Place::Pointer("/paths".into()))
        .help("name the operation in [rename.operations] of api.toml"));
    }
    let reserved = RESERVED.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit()));
    Ok(format!("{name}{}.json", if reserved { "_" } else { "" }))
}

/// The SHA-256 of a string, in hexadecimal.
pub fn digest(text: &str) -> String {
    hmac_sha256::Hash::hash(text.as_bytes())
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Reads the record of an API; empty if there is none.
///
/// # Errors
/// The record cannot be read.
pub fn read_record(root: &Path, options: &Options) -> Result<Record> {
    let file = options.file(RECORD);
    if !root.join(&file).exists() {
        return Ok(Record::new());
    }
    let value = document::read(&root.join(&file))
        .map_err(|diagnostic| diagnostic.in_place_of(root, &file))?;
    let remedy = "restore the file from version control; else remove it with the folder `published`, and import \
                  every page again";
    let record: Record = serde_json::from_value(value).map_err(|error| {
        Diagnostic::new(format!("the record of imports is not readable: {error}"))
            .at(&file, Place::Whole)
            .help(remedy)
    })?;
    let safe = |name: &String| {
        let stem = name.strip_suffix(".json").unwrap_or_default();
        !stem.is_empty() && stem.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    match record.keys().find(|name| !safe(name)) {
        None => Ok(record),
        Some(name) => Err(Diagnostic::new(format!(
            "`{}` is no name of a published document",
            name.escape_debug()
        ))
        .at(&file, Place::Pointer(document::child("", name)))
        .help(remedy)),
    }
}

/// Reads every published document of an API, by file name.
///
/// # Errors
/// A document or the record cannot be read, or a document differs from the record.
pub fn read_all(root: &Path, options: &Options) -> Result<Vec<Published>> {
    let record = read_record(root, options)?;
    let folder = options.file(PUBLISHED);
    let found = files(&root.join(&folder));
    if let Some(stray) = found.iter().find(|name| !record.contains_key(*name)) {
        return Err(
            Diagnostic::new("no import wrote this file: it is not in the record")
                .at(folder.join(stray), Place::Whole)
                .note(format!("the record is {}", options.file(RECORD).display()))
                .help("remove the file, and import the page that contains the operation"),
        );
    }
    let mut all = Vec::new();
    for (name, source) in record {
        let file = folder.join(&name);
        let again = format!("import the page `{}` again", source.page);
        if !found.contains(&name) {
            return Err(
                Diagnostic::new("the record names this file, but it is gone")
                    .at(&file, Place::Whole)
                    .help(again),
            );
        }
        let text = document::read_text(&root.join(&file))
            .map_err(|diagnostic| diagnostic.in_place_of(root, &file))?;
        let document = document::parse_json(&text)
            .map_err(|diagnostic| diagnostic.in_file(&file).help(&again))?;
        // Whitespace between tokens may differ, since version control may convert line ends.
        if digest(&indent_json(&text)) != source.stored_sha256 {
            return Err(Diagnostic::new("this file is not what the import wrote")
                .at(&file, Place::Whole)
                .note("it was changed by hand, or an import was interrupted")
                .help(format!(
                    "{again}; what the vendor got wrong belongs in the overlay"
                )));
        }
        all.push(Published {
            file,
            document,
            source,
        });
    }
    Ok(all)
}

/// The names of the files in the folder, except hidden ones, which belong to the system or to an interrupted write.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('.')).collect()
}
