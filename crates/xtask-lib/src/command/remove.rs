//! `cargo xtask remove`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use specmill_openapi::diagnostic::Result;

use crate::remove;

/// Arguments of `cargo xtask remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// The API, a folder in specs/
    #[arg(value_name = "NAME")]
    name: String,
}

pub(super) fn run(root: &Path, arguments: &Remove) -> Result<ExitCode> {
    let plan = remove::prepare(root, &arguments.name)?;
    plan.carry_out(root)?;
    super::say!("removed {}: {} files", arguments.name, plan.touched.len());
    super::say!("");
    super::say!("Now run `cargo check --workspace --all-targets` to find other uses of the API.");
    Ok(ExitCode::SUCCESS)
}
