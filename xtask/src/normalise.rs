//! From what the vendor published to one document that is true for any tool.
//!
//! Every transform is a function of its own module here, in the order of [`normalise`]. Each records
//! what it changed and where; `cargo xtask regen --explain` prints that.

mod descriptions;
pub(crate) mod errors;
mod merge;
pub(crate) mod naming;
mod noise;
mod order;
mod overlay;
mod paging;
mod references;
mod structure;
mod version;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document;
use crate::published::{self, Published};

pub(crate) use references::UNRESOLVED;

/// The normalised document of an API.
pub const NORMALISED: &str = "openapi.json";

/// The files that may hold the one document of an API: written by hand where the vendor publishes
/// none, or given to `cargo xtask new`.
pub const GIVEN: [&str; 2] = ["spec.yaml", "spec.json"];

/// The overlay of an API.
pub const OVERLAY: &str = "overlay.yaml";

/// What one transform changed at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The transform, by the name of its function.
    pub transform: &'static str,
    /// The place in the normalised document, as a JSON pointer.
    pub pointer: String,
    /// What changed.
    pub what: String,
}

/// The changes of a run, in their order.
#[derive(Debug, Default)]
pub struct Changes(Vec<Change>);

impl Changes {
    fn add(
        &mut self,
        transform: &'static str,
        pointer: impl Into<String>,
        what: impl Into<String>,
    ) {
        self.0.push(Change {
            transform,
            pointer: pointer.into(),
            what: what.into(),
        });
    }
}

/// A normalised document, and how it came about.
#[derive(Debug)]
#[non_exhaustive]
pub struct Normalised {
    /// The `OpenAPI` 3.0 document.
    pub document: Value,
    /// What each transform changed.
    pub changes: Vec<Change>,
}

/// What an API's document is made of.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input {
    /// Published documents of one operation each.
    Published(Vec<Published>),
    /// One document: its file, relative to the root of the workspace, and its content.
    Document(PathBuf, Value),
}

/// Reads what an API's document is made of.
pub fn read(root: &Path, api: &Api) -> Result<(Input, Option<Value>)> {
    let mut given = GIVEN
        .iter()
        .map(|name| api.file(name))
        .filter(|file| root.join(file).is_file());
    let (spec, second) = (given.next(), given.next());
    let published = published::read_all(root, api)?;
    let input = match (spec, published.is_empty()) {
        (Some(spec), true) if second.is_none() => {
            let document = read_document(root, &spec)?;
            Input::Document(spec, document)
        }
        (None, false) => Input::Published(published),
        (Some(spec), _) => {
            let other = second.unwrap_or_else(|| api.file(published::FOLDER));
            return Err(
                Diagnostic::new("the API has two documents: only one can be right")
                    .at(&spec, Place::Whole)
                    .note(format!("the other one is {}", other.display()))
                    .help("keep one of them"),
            );
        }
        (None, true) => {
            let import = format!(
                "import a page (`cargo xtask import --api {} PAGE`)",
                api.name
            );
            return Err(Diagnostic::new("the API has no document")
                .at(api.file(""), Place::Whole)
                .help(format!("{import}, or write {}", GIVEN[0])));
        }
    };
    let overlay = api.file(OVERLAY);
    let overlay = if root.join(&overlay).is_file() {
        Some(read_document(root, &overlay)?)
    } else {
        None
    };
    Ok((input, overlay))
}

/// Makes the normalised document of an API.
pub fn normalise(api: &Api, input: Input, overlay: Option<&Value>) -> Result<Normalised> {
    let mut changes = Changes::default();
    let (mut document, file, origins) = match input {
        Input::Published(mut all) => {
            for published in &mut all {
                prepare(&mut published.document, &mut changes)
                    .map_err(|diagnostic| diagnostic.in_file(&published.file))?;
            }
            let (document, origins) = merge::merge(api, all, &mut changes)?;
            (document, api.file(NORMALISED), origins)
        }
        Input::Document(file, mut document) => {
            if api.settings.partial {
                references::loosen(&mut document, &mut changes);
            }
            prepare(&mut document, &mut changes).map_err(|diagnostic| diagnostic.in_file(&file))?;
            (document, file, merge::Origins::new())
        }
    };
    let in_file = |diagnostic: Box<Diagnostic>| diagnostic.in_file(&file);
    let origin = |pointer: &str| origins.get(pointer).unwrap_or(&file).clone();
    naming::rename(api, &mut document, &origin, &mut changes)?;
    if let Some(overlay) = overlay {
        overlay::apply(overlay, &mut document, &mut changes)
            .map_err(|diagnostic| diagnostic.in_file(api.file(OVERLAY)))?;
    }
    structure::check(&document)
        .and_then(|()| references::check(&document))
        .map_err(|diagnostic| {
            let diagnostic = in_file(diagnostic);
            match overlay {
                Some(_) => diagnostic.note(format!(
                    "seen after {} was applied",
                    api.file(OVERLAY).display()
                )),
                None => diagnostic,
            }
        })?;
    errors::unify_errors(api, &mut document, &mut changes).map_err(in_file)?;
    noise::drop_noise(&mut document, &mut changes);
    descriptions::tidy_descriptions(&mut document, &mut changes);
    paging::recognise_paging(api, &mut document, &mut changes).map_err(in_file)?;
    order::sort(&mut document);
    Ok(Normalised {
        document,
        changes: changes.0,
    })
}

/// Checks a published document on its own: its form, its version, and that its references point to
/// something.
pub fn check_published(document: &Value) -> Result<()> {
    prepared(document.clone()).map(drop)
}

/// A document in the form that every transform counts on.
fn prepared(mut document: Value) -> Result<Value> {
    prepare(&mut document, &mut Changes::default())?;
    Ok(document)
}

/// Whether a given document refers to what it does not hold.
pub(crate) fn is_partial(document: &Value) -> bool {
    let mut copy = document.clone();
    let mut changes = Changes::default();
    references::loosen(&mut copy, &mut changes);
    !changes.0.is_empty()
}

/// As [`prepared`], for a given document: what its references do not lead to costs only what needs it.
pub(crate) fn prepared_given(mut document: Value) -> Result<Value> {
    references::loosen(&mut document, &mut Changes::default());
    prepared(document)
}

/// Brings one document into the form that every transform counts on.
fn prepare(document: &mut Value, changes: &mut Changes) -> Result<()> {
    structure::check(document)?;
    references::check(document)?;
    references::inline_path_items(document, changes)?;
    version::to_version_3_0(document, changes)
}

fn read_document(root: &Path, file: &Path) -> Result<Value> {
    document::read(&root.join(file)).map_err(|diagnostic| diagnostic.in_place_of(root, file))
}

/// The operations of a document: pointer, path, method and the operation itself.
pub(crate) fn operations(
    document: &Value,
) -> impl Iterator<Item = (String, &str, &'static str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        document::METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?;
            let pointer = document::child(&document::child("/paths", path), method);
            Some((pointer, path.as_str(), method, operation))
        })
    })
}
