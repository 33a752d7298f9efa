//! Converts a document to the form that all transforms expect.

use serde_json::Value;

use crate::changes::Changes;
use crate::diagnostic::Result;
use crate::{infinite, lift, references, structure, swagger, version};

/// Converts a document to the form that every transform expects: valid, with resolvable references, without references
/// of path items, and in version 3.0.
///
/// # Errors
/// The document is not a valid OpenAPI document of a supported version, or a reference is invalid.
pub fn prepare(document: &mut Value, changes: &mut Changes) -> Result<()> {
    gather(document, changes);
    finish(document, changes)
}

/// Like [`prepare`], for a document that may contain unresolved references, which only affect the parts that need
/// them. Returns whether it contains any.
///
/// # Errors
/// The document is not a valid OpenAPI document of a supported version, or a reference is invalid.
pub fn prepare_partial(document: &mut Value, changes: &mut Changes) -> Result<bool> {
    gather(document, changes);
    let is_partial = references::loosen(document, changes);
    finish(document, changes)?;
    Ok(is_partial)
}

/// Validates a single document: its structure, its version, and that its references have targets.
///
/// # Errors
/// The document is not a valid OpenAPI document of a supported version, or a reference is invalid.
pub fn check(document: &Value) -> Result<()> {
    prepare(&mut document.clone(), &mut Changes::default())
}

/// Converts alternative notations to those of `OpenAPI` 3.
fn gather(document: &mut Value, changes: &mut Changes) {
    swagger::to_openapi_3(document, changes);
    references::point_to_components(document, changes);
    paths(document, changes);
    lift::lift_schemas(document, changes);
    infinite::ignore_infinite_bounds(document, changes);
}

/// A document of 3.1 needs no paths.
fn paths(document: &mut Value, changes: &mut Changes) {
    if let Some(members) = document.as_object_mut()
        && members.contains_key("openapi")
        && members.get("paths").is_none_or(Value::is_null)
    {
        members.insert("paths".into(), serde_json::json!({}));
        changes.add("prepare", "/paths", "added: the document has none");
    }
}

fn finish(document: &mut Value, changes: &mut Changes) -> Result<()> {
    structure::check(document)?;
    references::check(document)?;
    references::inline_path_items(document, changes)?;
    version::to_version_3_0(document, changes)
}
