//! One document in the form that every transform counts on.

use serde_json::Value;

use crate::changes::Changes;
use crate::diagnostic::Result;
use crate::{references, structure, version};

/// Brings a document into the form that every transform counts on: checked, with references that lead
/// to something, without references of path items, and in version 3.0.
pub fn prepare(document: &mut Value, changes: &mut Changes) -> Result<()> {
    structure::check(document)?;
    references::check(document)?;
    references::inline_path_items(document, changes)?;
    version::to_version_3_0(document, changes)
}

/// Checks a document on its own: its form, its version, and that its references point to something.
pub fn check(document: &Value) -> Result<()> {
    prepare(&mut document.clone(), &mut Changes::default())
}

/// Whether a document refers to what it does not hold.
pub fn is_partial(document: &Value) -> bool {
    let mut changes = Changes::default();
    references::loosen(&mut document.clone(), &mut changes);
    !changes.is_empty()
}

/// As [`prepare`], for a document that may refer to what it does not hold: that costs only what needs it.
pub fn prepared_partial(mut document: Value) -> Result<Value> {
    let mut changes = Changes::default();
    references::loosen(&mut document, &mut changes);
    prepare(&mut document, &mut changes)?;
    Ok(document)
}
