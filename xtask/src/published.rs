//! The published documents of an API: `specs/<api>/published/`, one file an operation, and
//! `specs/<api>/sources.json`, the record of where each came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document;
use crate::names;

/// The folder of published documents.
pub const FOLDER: &str = "published";

/// The record of where each published document came from.
pub const RECORD: &str = "sources.json";

/// Where a published document came from.
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
}

impl Source {
    /// A record of an import.
    pub fn new(operation: String, page: String, imported: String, sha256: String) -> Self {
        Self { operation, page, imported, sha256 }
    }
}

/// One published document: an `OpenAPI` fragment with one operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Published {
    /// Its file, relative to the root of the workspace.
    pub file: PathBuf,
    /// Its content.
    pub document: Value,
    /// Where it came from.
    pub source: Source,
}

/// The record of an API: file name to source.
pub type Record = BTreeMap<String, Source>;

/// The name of the file that holds an operation's published document.
pub fn file_name(operation: &str) -> String {
    format!("{}.json", names::operation_name(operation))
}

/// Reads the record of an API; empty where there is none.
pub fn read_record(root: &Path, api: &Api) -> Result<Record> {
    let file = api.file(RECORD);
    if !root.join(&file).exists() {
        return Ok(Record::new());
    }
    let value = document::read(&root.join(&file)).map_err(|e| e.in_place_of(root, &file))?;
    serde_json::from_value(value).map_err(|error| {
        Diagnostic::new(format!("the record of imports is not readable: {error}"))
            .at(&file, Place::Whole)
            .help("restore the file from version control, or import the pages again")
    })
}

/// Reads every published document of an API, by file name.
pub fn read_all(root: &Path, api: &Api) -> Result<Vec<Published>> {
    let record = read_record(root, api)?;
    let folder = api.file(FOLDER);
    let mut found = Vec::new();
    if let Ok(entries) = std::fs::read_dir(root.join(&folder)) {
        found.extend(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()));
    }
    if let Some(stray) = found.iter().find(|name| !record.contains_key(*name)) {
        return Err(Diagnostic::new("no import wrote this file: it is not in the record")
            .at(folder.join(stray), Place::Whole)
            .note(format!("the record is {}", api.file(RECORD).display()))
            .help("remove the file, and import the page that holds the operation"));
    }
    let mut all = Vec::new();
    for (name, source) in record {
        let file = folder.join(&name);
        if !found.contains(&name) {
            return Err(Diagnostic::new("the record names this file, but it is gone")
                .at(&file, Place::Whole)
                .help(format!("import the page `{}` again", source.page)));
        }
        let document = document::read(&root.join(&file)).map_err(|e| e.in_place_of(root, &file))?;
        all.push(Published { file, document, source });
    }
    Ok(all)
}
