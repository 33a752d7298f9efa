//! The files that a document references.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document::{parse_json, parse_yaml, percent_decoded, read_text, without_mark};

/// The maximum number of files that are read.
const MOST_FILES: usize = 10_000;

/// The maximum size of all files together, in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A folder with the files that a document may reference, and the files that were read.
///
/// Nothing outside the folder is read, whatever the path or symbolic link.
#[derive(Debug)]
pub struct Folder {
    /// The folder, without symbolic links.
    root: PathBuf,
    /// The name of the folder in messages.
    shown: PathBuf,
    texts: BTreeMap<String, String>,
    bytes: usize,
}

impl Folder {
    /// Opens a folder; `shown` is its name in messages.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn new(folder: &Path, shown: impl Into<PathBuf>) -> Result<Self> {
        let shown = shown.into();
        // A file without a folder in its path is in the current folder.
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let root = folder.canonicalize().map_err(|error| {
            Diagnostic::new(format!("cannot read the folder: {error}"))
                .at(&shown, Place::Whole)
                .help("check the name and the permissions of the folder")
        })?;
        Ok(Self {
            root,
            shown,
            texts: BTreeMap::new(),
            bytes: 0,
        })
    }

    /// The path of a file relative to the folder, separated by `/`; `None` if the file is outside.
    pub fn relative(&self, file: &Path) -> Option<String> {
        let file = file.canonicalize().ok()?;
        let relative = file.strip_prefix(&self.root).ok()?;
        let parts = relative.iter().map(|part| part.to_str());
        Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
    }

    /// The files that were read, with their texts.
    pub fn into_texts(self) -> BTreeMap<String, String> {
        self.texts
    }

    /// The file that a path in another file refers to; `None` if it does not exist or is outside of the folder.
    pub(super) fn find(&self, from: &str, path: &str) -> Option<String> {
        // A space may be written as `%20`, but the name of a file may also contain `%20`.
        let decoded = percent_decoded(path);
        let candidates = [decoded.as_deref(), Some(path)].into_iter().flatten();
        candidates
            .filter_map(|path| joined(from, path))
            .find(|file| self.open(file).is_some())
    }

    /// The content of a file; `None` if it does not exist or is not in the folder.
    pub(super) fn read(&mut self, file: &str) -> Result<Option<Value>> {
        let Some(path) = self.open(file) else {
            return Ok(None);
        };
        let shown = self.shown.join(file);
        let text = read_text(&path).map_err(|diagnostic| diagnostic.in_place_of(&path, &shown))?;
        self.bytes += text.len();
        if self.texts.len() >= MOST_FILES || self.bytes > MOST_BYTES {
            return Err(Diagnostic::new(format!(
                "the document has more than {MOST_FILES} files, or {MOST_BYTES} bytes in all, which is the limit"
            ))
            .at(shown, Place::Whole)
            .help("split the document into several APIs"));
        }
        let parsed = if is_json(file, &text) {
            parse_json(&text)
        } else {
            parse_yaml(&text)
        };
        let value =
            parsed.map_err(|diagnostic| diagnostic.in_file(&shown).help("correct the file"))?;
        self.texts.insert(file.to_owned(), text);
        Ok(Some(value))
    }

    fn open(&self, file: &str) -> Option<PathBuf> {
        let path = self.root.join(file).canonicalize().ok()?;
        (path.starts_with(&self.root) && path.is_file()).then_some(path)
    }
}

/// Whether a file contains JSON, by its extension or else by its first character.
fn is_json(file: &str, text: &str) -> bool {
    let extension = file.rsplit_once('.').map(|(_, extension)| extension);
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => without_mark(text).trim_start().starts_with('{'),
    }
}

/// A path in a file, relative to the folder; `None` if it leaves the folder or is a URL.
pub(super) fn joined(from: &str, path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    let is_address = scheme.is_some_and(|scheme| {
        scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    if path.starts_with('/') || is_address {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
