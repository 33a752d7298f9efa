//! Generates a client from an OpenAPI document of a public API, as `cargo xtask new` and `cargo xtask regen` do, and
//! shows the result.
//!
//! ```console
//! $ cargo run -p specmill-xtask --example add_an_api                  # examples/bookshop.yaml, in a temporary folder
//! $ cargo run -p specmill-xtask --example add_an_api -- other.yaml    # another document
//! ```

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use specmill_openapi::diagnostic::Result;
use specmill_xtask::{new, regen};

fn main() -> ExitCode {
    let bookshop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bookshop.yaml");
    let document = std::env::args_os().nth(1).map_or(bookshop, PathBuf::from);
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("cannot create a temporary folder: {error}");
            return ExitCode::FAILURE;
        }
    };
    match add(folder.path(), &document) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Adds the API to a new workspace at `root`.
fn add(root: &Path, document: &Path) -> Result<()> {
    let manifest = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n";
    std::fs::write(root.join("Cargo.toml"), manifest).map_err(|error| {
        specmill_openapi::diagnostic::Diagnostic::new(format!("cannot write Cargo.toml: {error}"))
    })?;

    // `cargo xtask new bookshop bookshop.yaml` writes the settings and a copy of the document.
    let input = specmill_docs::source::read(&document.to_string_lossy(), None)?;
    let options = new::Options::default();
    let prepared = new::prepare(root, "bookshop", &options, vec![input], "2026-01-02")?;
    prepared.plan.carry_out(root)?;

    // `cargo xtask regen` generates everything else.
    let regenerated = regen::regenerate(root, None)?;
    for api in &regenerated.apis {
        println!("{}", api.summary());
        for list in &api.lists {
            println!("  {list}");
        }
    }
    let plan = regenerated.output.plan(root)?;
    plan.carry_out(root)?;

    println!("\nGenerated files:");
    for (file, ..) in &plan.touched {
        println!("  {}", file.display());
    }

    // The first lines that a user of the crate sees in its documentation.
    println!("\ncrates/bookshop/src/lib.rs begins with:");
    for (.., text) in plan
        .touched
        .iter()
        .filter(|(file, ..)| file.ends_with("crates/bookshop/src/lib.rs"))
    {
        let docs = text.lines().filter_map(|line| line.strip_prefix("//!"));
        for line in docs.take_while(|line| !line.contains("Build a")) {
            println!("  {}", line.strip_prefix(' ').unwrap_or(line));
        }
    }
    Ok(())
}
