//! `cargo xtask progenitor`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::api::Api;
use specmill_codegen::stock_document;
use specmill_openapi::diagnostic::{Result, visible};
use specmill_openapi::document;
use specmill_openapi::layout::NORMALISED;
use specmill_openapi::names;

/// Arguments of `cargo xtask progenitor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints an OpenAPI 3.0 document in JSON for `progenitor::generate_api!`. Operations that progenitor\n\
                        cannot express are listed on standard error, with the reasons."
)]
pub struct Progenitor {
    /// The API, a folder in specs/
    #[arg(value_name = "NAME")]
    name: String,
}

pub(super) fn run(root: &Path, arguments: &Progenitor) -> Result<ExitCode> {
    let api = Api::read(root, &arguments.name)?;
    let file = api.file(NORMALISED);
    let normalised = document::read(&root.join(&file))?;
    let model = specmill_model::lower(&api.codegen_options().lowering(), &normalised)
        .map_err(|diagnostic| diagnostic.in_file(file))?;
    let error = api.settings.error_schema.as_deref().map(names::type_name);
    let error = error.filter(|name| model.types.iter().any(|one| one.name == *name));
    let stock = stock_document::build(&model, error.as_deref());
    for skipped in &stock.skipped {
        eprintln!(
            "{}: {}",
            visible(&skipped.operation),
            visible(&skipped.reason)
        );
    }
    super::print(&document::to_json(&stock.document));
    Ok(ExitCode::SUCCESS)
}
