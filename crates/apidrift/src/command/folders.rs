//! Compares two folders of documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use apidrift::{Document, Error};

use super::source;

/// The maximum number of documents in a folder.
const MAX_DOCUMENTS: usize = 10_000;

/// A missing document: the document in the other folder was added or removed as a whole.
const NOTHING: &str = r#"{"openapi": "3.1.0"}"#;

/// The documents of two folders, by their paths. JSON and YAML files that are not OpenAPI documents are files that documents
/// reference.
pub(super) fn pairs(old: &Path, new: &Path) -> Result<Vec<(Document, Document)>, Error> {
    let mut names = BTreeSet::new();
    for folder in [old, new] {
        collect(folder, Path::new(""), &mut names)?;
    }
    let mut pairs = Vec::new();
    for name in names {
        let read = |folder: &Path| {
            let path = folder.join(&name);
            if !path.is_file() {
                return Ok(None);
            }
            let argument = path.display().to_string();
            if is_document(&source::file(&path)?) {
                source::read(&argument).map(Some)
            } else {
                Ok(None)
            }
        };
        let nothing =
            |folder: &Path| Document::parse(NOTHING, folder.join(&name).display().to_string());
        match (read(old)?, read(new)?) {
            (None, None) => {}
            (Some(before), None) => pairs.push((before, nothing(new)?)),
            (None, Some(after)) => pairs.push((nothing(old)?, after)),
            (Some(before), Some(after)) => pairs.push((before, after)),
        }
    }
    Ok(pairs)
}

/// Whether the text declares itself an OpenAPI document.
fn is_document(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    text.trim_start().starts_with('{') && text.contains("\"openapi\"")
        || lines.any(|line| line.starts_with("openapi:"))
}

fn collect(root: &Path, below: &Path, names: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    let folder = root.join(below);
    let error = |error: std::io::Error| {
        let name = folder.display().to_string();
        Error::new(
            name,
            error.to_string(),
            "check the path and the permissions",
        )
    };
    for entry in std::fs::read_dir(&folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type().map_err(error)?;
        let known = path
            .extension()
            .is_some_and(|kind| ["json", "yaml", "yml"].iter().any(|known| kind == *known));
        if kind.is_dir() {
            collect(root, &path, names)?;
        } else if known && names.len() < MAX_DOCUMENTS {
            names.insert(path);
        }
    }
    Ok(())
}
