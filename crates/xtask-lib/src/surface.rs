//! The public surface of an API's crate at a revision, as this generator makes it.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::layout::API_FILE;
use specmill_review::Revision;
use specmill_surface::Surface;

use crate::api::Api;
use crate::workspace::{MANIFEST, Workspace};

/// Generates the crate of an API from its document and its settings at a revision, in memory.
pub(crate) fn at(
    root: &Path,
    revision: &Revision,
    name: &str,
    document: &Value,
) -> Result<Surface> {
    let file = |path: &str| {
        revision.read(root, path)?.ok_or_else(|| {
            Diagnostic::new(format!("{revision} has no such file")).at(path, Place::Whole)
        })
    };
    let workspace = Workspace::from_manifest(root, &file(MANIFEST)?)?;
    let settings = file(&format!("specs/{name}/{API_FILE}"))?;
    let api = Api::from_toml(&Arc::new(workspace), name, &settings)?;
    let options = api.codegen_options();
    let model = specmill_model::lower(&options.lowering(), document)?;
    Ok(specmill_codegen::generate(&options, document, &model, "")?.surface)
}
