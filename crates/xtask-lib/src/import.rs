//! An import of docs pages, as a plan of the files to write.

use std::path::Path;

use specmill_docs::published::Published;
use specmill_docs::{Loss, Page};
use specmill_openapi::diagnostic::Result;

use crate::api::Api;
use crate::output::{Output, Plan};

/// The plan of an import.
#[derive(Debug)]
#[non_exhaustive]
pub struct Import {
    /// A line for each operation: whether it is added, changed, moved, renamed or removed.
    pub report: Vec<String>,
    /// The files to touch.
    pub plan: Plan,
    /// The documents of the pages.
    pub published: Vec<Published>,
    /// The operations that recorded pages lose.
    pub losses: Vec<Loss>,
}

/// Prepares the import of pages into an API, as [`specmill_docs::import`] does.
///
/// Nothing is written; carry out the plan for that.
///
/// # Errors
/// A page is invalid, or the API has no published documents.
pub fn import(root: &Path, api: &Api, pages: &[Page], today: &str) -> Result<Import> {
    let imported = specmill_docs::import(root, &api.docs_options(), pages, today)?;
    let mut output = Output::default();
    for (file, text) in imported.files {
        output.add(file, text);
    }
    let mut plan = output.plan(root)?;
    for file in imported.removed {
        plan.remove(file);
    }
    Ok(Import {
        report: imported.report,
        plan,
        published: imported.published,
        losses: imported.losses,
    })
}
