//! The input for an API's document, from its folder.

use std::path::Path;

use serde_json::Value;
use specmill_docs::published;
use specmill_normalize::{Input, Source};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::layout::{GIVEN, OVERLAY, PUBLISHED};
use specmill_openapi::{bundle, document};

use crate::api::Api;

/// Reads the input for an API's document, and its overlay.
///
/// # Errors
/// The document or the overlay is missing, cannot be read, or is invalid.
pub fn read(root: &Path, api: &Api) -> Result<(Input, Option<Value>)> {
    let named = api.settings.document.as_deref();
    let mut given = GIVEN
        .into_iter()
        .filter(|_| named.is_none())
        .chain(named)
        .map(|name| api.file(name))
        .filter(|file| named.is_some() || root.join(file).is_file());
    let (spec, second) = (given.next(), given.next());
    let published = published::read_all(root, &api.docs_options())?;
    let input = match (spec, published.is_empty()) {
        (Some(spec), true) if second.is_none() => {
            let document = read_with_files(root, api, &spec)?;
            Input::Document(spec, document)
        }
        (None, false) => Input::Published(sources(published)),
        (Some(spec), _) => {
            let other = second.unwrap_or_else(|| api.file(PUBLISHED));
            return Err(Diagnostic::new("the API has two documents")
                .at(&spec, Place::Whole)
                .note(format!("the other one is {}", other.display()))
                .help("remove one of them"));
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

/// Published documents, as they are normalised.
pub(crate) fn sources(published: Vec<published::Published>) -> Vec<Source> {
    let sources = published.into_iter().map(|published| Source {
        file: published.file,
        operation: published.source.operation,
        page: published.source.page,
        document: published.document,
    });
    sources.collect()
}

/// Reads a document, and the files of the API's folder that it refers to.
fn read_with_files(root: &Path, api: &Api, file: &Path) -> Result<Value> {
    let document = read_document(root, file)?;
    if !bundle::refers_to_files(&document) {
        return Ok(document);
    }
    let mut folder = bundle::Folder::new(&root.join(api.file("")), api.file(""))?;
    let own = folder.relative(&root.join(file)).unwrap_or_default();
    bundle::bundle(document, &own, &mut folder)
}

fn read_document(root: &Path, file: &Path) -> Result<Value> {
    document::read(&root.join(file)).map_err(|diagnostic| diagnostic.in_place_of(root, file))
}
