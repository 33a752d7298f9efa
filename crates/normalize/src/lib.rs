//! Converts the documents that a vendor publishes to one document that any tool can read.
//!
//! ```
//! use specmill_normalize::{Input, Options, normalize};
//! use specmill_openapi::document;
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let given = document::parse_yaml(
//!     "openapi: 3.0.3
//! info: {title: Pets, version: '1'}
//! paths:
//!   /pets:
//!     get: {operationId: pet#list, responses: {'204': {description: Nothing}}}
//! ",
//! )?;
//! let input = Input::Document("specs/pets/spec.yaml".into(), given);
//! let normalized = normalize(&Options::new("pets"), input, None)?;
//! let operation = &normalized.document["paths"]["/pets"]["get"];
//! assert_eq!(operation["operationId"], "pet_list");
//! let change = &normalized.changes[0];
//! assert_eq!(change.transform, "rename_operations");
//! assert_eq!(change.pointer, "/paths/~1pets/get");
//! # Ok(())
//! # }
//! ```
//!
//! Each transform is a function in its own module, called by [`normalize`] in order. It records its changes and their
//! locations; `cargo xtask regen --explain` prints them.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod descriptions;
mod errors;
mod merge;
pub mod naming;
mod noise;
mod paging;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use specmill_openapi::changes::{Change, Changes};
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::layout::{NORMALISED, OVERLAY};
use specmill_openapi::rename::Rename;
use specmill_openapi::{order, overlay, prepare, prepare_partial, references, structure};

/// A normalised document, with the changes of the transforms.
#[derive(Debug)]
#[non_exhaustive]
pub struct Normalized {
    /// The `OpenAPI` 3.0 document.
    pub document: Value,
    /// The changes of each transform.
    pub changes: Vec<Change>,
}

/// A published document with one operation.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its file, relative to the root of the workspace.
    pub file: PathBuf,
    /// The published operationId.
    pub operation: String,
    /// The page that contains it.
    pub page: String,
    /// Its content.
    pub document: Value,
}

/// The input for an API's document.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input {
    /// Published documents with one operation each.
    Published(Vec<Source>),
    /// One document: its file, relative to the root of the workspace, and its content.
    Document(PathBuf, Value),
    /// One document as [`prepare`] or [`prepare_partial`] leaves it: its file, and its content.
    Prepared(PathBuf, Value),
}

/// The settings of an API for normalising, from its `api.toml`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The name of its folder in `specs/`.
    pub name: String,
    /// The component schema that describes an error no response declares.
    pub error_schema: Option<String>,
    /// Whether the document may contain unresolved references.
    pub partial: bool,
    /// The property names by which paged lists are recognised.
    pub paging: Option<Paging>,
    /// The paging of single lists, by operationId, in the form of `x-paging`; `false` if the operation is not a list.
    pub lists: BTreeMap<String, Value>,
    /// Names that are set by hand.
    pub rename: Rename,
    /// For published documents with contradictory definitions of a component schema: its published name, and the operationId
    /// whose document applies.
    pub prefer: BTreeMap<String, String>,
    /// The value of `x-specmill` in the document: title, module and feature of the API.
    pub note: Option<Value>,
}

impl Options {
    /// The options of an API without settings, by the name of its folder in `specs/`.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// A file of the API's folder, relative to the root of the workspace.
    pub fn file(&self, name: &str) -> PathBuf {
        Path::new("specs").join(&self.name).join(name)
    }
}

/// The property names that identify a list with cursors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Paging {
    /// The query parameter for the cursor.
    pub cursor: String,
    /// The property of the response with the next cursor.
    pub next: String,
    /// The property of the response with the items.
    pub items: String,
}

/// Normalises the documents of an API.
///
/// # Errors
/// The input, the overlay or a setting is invalid. The error names its location.
pub fn normalize(options: &Options, input: Input, overlay: Option<&Value>) -> Result<Normalized> {
    let mut changes = Changes::default();
    let (mut document, file, origins) = match input {
        Input::Published(mut all) => {
            for published in &mut all {
                prepare(&mut published.document, &mut changes)
                    .map_err(|diagnostic| diagnostic.in_file(&published.file))?;
            }
            let (document, origins) = merge::merge(options, all, &mut changes)?;
            (document, options.file(NORMALISED), origins)
        }
        Input::Document(file, mut document) => {
            let prepared = if options.partial {
                prepare_partial(&mut document, &mut changes).map(|_| ())
            } else {
                prepare(&mut document, &mut changes)
            };
            prepared.map_err(|diagnostic| diagnostic.in_file(&file))?;
            (document, file, merge::Origins::new())
        }
        Input::Prepared(file, document) => (document, file, merge::Origins::new()),
    };
    let in_file = |diagnostic: Box<Diagnostic>| diagnostic.in_file(&file);
    let origin = |pointer: &str| origins.get(pointer).unwrap_or(&file).clone();
    naming::rename(options, &mut document, &origin, &mut changes)?;
    if let Some(overlay) = overlay {
        overlay::apply(overlay, &mut document, &mut changes)
            .map_err(|diagnostic| diagnostic.in_file(options.file(OVERLAY)))?;
    }
    structure::check(&document)
        .and_then(|()| references::check(&document))
        .map_err(|diagnostic| {
            let diagnostic = in_file(diagnostic);
            match overlay {
                Some(_) => diagnostic.note(format!(
                    "seen after {} was applied",
                    options.file(OVERLAY).display()
                )),
                None => diagnostic,
            }
        })?;
    errors::unify_errors(options, &mut document, &mut changes).map_err(in_file)?;
    noise::drop_noise(&mut document, &mut changes);
    values::values_have_their_type(&mut document, &mut changes);
    descriptions::tidy_descriptions(&mut document, &mut changes);
    paging::recognise_paging(options, &mut document, &mut changes).map_err(in_file)?;
    describe(options, &mut document);
    order::sort(&mut document);
    Ok(Normalized {
        document,
        changes: changes.into_vec(),
    })
}

/// Records the name of the API, so that the document suffices for the catalogue of the facade.
fn describe(options: &Options, document: &mut Value) {
    if let (Some(members), Some(note)) = (document.as_object_mut(), &options.note) {
        members.insert("x-specmill".into(), note.clone());
    }
}
