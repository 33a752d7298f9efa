//! The document of an API, and the files that it references.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use specmill_docs::source::{Given, STANDARD_INPUT};
use specmill_openapi::bundle::{Folder, bundle, refers_to_files};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::references;

use super::input::{self, Kind};

/// The folder inside the API's folder for a document with several files.
const SOURCE: &str = "source";

/// The maximum number of unread files that are listed.
const MOST_UNREAD: usize = 20;

/// A document and the files that it refers to.
pub(super) struct Document {
    /// Its name in messages.
    pub(super) named: PathBuf,
    /// The document, combined with the files that it references.
    pub(super) content: Value,
    /// The files to write, relative to the root of the workspace, and their contents.
    pub(super) files: Vec<(PathBuf, String)>,
    /// Its file relative to the folder of the API, if it does not have the default name.
    pub(super) setting: Option<String>,
}

impl Document {
    /// Reads a document. `specs` is the folder of the new API, and `root` the folder whose files it may reference: by default
    /// its own.
    pub(super) fn read(
        given: &Given,
        kind: Kind,
        specs: &Path,
        root: Option<&Path>,
    ) -> Result<Self> {
        let (text, content) = input::document(given, kind)?;
        let named = PathBuf::from(&given.argument);
        if refers_to_files(&content)
            && let Some((own, mut folder)) = folder(&named, root)?
        {
            let content = bundle(content.clone(), &own, &mut folder)?;
            let texts = folder.into_texts();
            if !texts.is_empty() {
                let file = |name: &str| specs.join(SOURCE).join(name);
                let mut files = vec![(file(&own), text)];
                files.extend(texts.into_iter().map(|(name, text)| (file(&name), text)));
                return Ok(Self {
                    named,
                    content,
                    files,
                    setting: Some(format!("{SOURCE}/{own}")),
                });
            }
        }
        let name = if kind == Kind::Json {
            "spec.json"
        } else {
            "spec.yaml"
        };
        Ok(Self {
            named,
            content,
            files: vec![(specs.join(name), text)],
            setting: None,
        })
    }

    pub(super) fn describe(&self) -> String {
        let named = self.named.display();
        match self.files.len() {
            0 | 1 => named.to_string(),
            2 => format!("{named} and 1 referenced file"),
            count => format!("{named} and {} referenced files", count - 1),
        }
    }

    /// The references to files that were not read, one line each.
    pub(super) fn unread(&self) -> Vec<String> {
        let files: BTreeSet<String> = references(&self.content)
            .into_iter()
            .filter_map(|reference| reference.target)
            .filter(|target| !target.starts_with('#'))
            .map(|target| target.split('#').next().unwrap_or_default().to_owned())
            .collect();
        let lines = files.iter().take(MOST_UNREAD).map(|file| {
            let why = if file.contains("://") {
                "no address is fetched"
            } else if self.named == Path::new(STANDARD_INPUT) || !self.named.is_file() {
                "pass the document as a local file, in the same folder"
            } else if file.starts_with('/') || file.starts_with("..") {
                "it is outside the folder of the document; `--files FOLDER` permits another folder"
            } else {
                "there is no such file in the folder of the document"
            };
            format!("skipped {file}: {why}")
        });
        let mut lines: Vec<String> = lines.collect();
        if files.len() > MOST_UNREAD {
            lines.push(format!("skipped {} more files", files.len() - MOST_UNREAD));
        }
        lines
    }
}

/// The folder whose files a document may reference, and the path of the document in it; `None` if the document is not a file.
fn folder(document: &Path, root: Option<&Path>) -> Result<Option<(String, Folder)>> {
    if !document.is_file() {
        return Ok(None);
    }
    let beside = document.parent().unwrap_or(Path::new(""));
    let root = root.unwrap_or(beside);
    let folder = Folder::new(root, root)?;
    match folder.relative(document) {
        Some(own) => Ok(Some((own, folder))),
        None => Err(
            Diagnostic::new("the document is outside the folder in --files")
                .at(document, Place::Whole)
                .help("set --files to a folder that contains the document"),
        ),
    }
}
