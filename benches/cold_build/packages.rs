//! The three packages, whose programs do the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, generators};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The dependency that all three share.
const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }"#;

/// A package with a program named `program`.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    folder: PathBuf,
}

impl Package {
    /// The target folder of its builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        // The cargo that runs this benchmark, if there is one.
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.target())
            // These variables belong to the build of this benchmark.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET_DIR");
        command
    }

    /// Downloads the dependencies in the versions of the given lock file. cargo only adds the program to it, and
    /// removes unneeded packages.
    pub(crate) fn fetch(&self) -> Outcome {
        if self.cargo(&["fetch"]).status()?.success() {
            return Ok(());
        }
        Err(format!("the dependencies of {} cannot be downloaded", self.name).into())
    }
}

/// Writes all packages, that of this project first.
pub(crate) fn write_all() -> Outcome<Vec<Package>> {
    let target = Path::new(ROOT).join("target");
    let folder = target.join("bench/cold-build");
    let document = Path::new(ROOT).join("specs/panther/openapi.json");

    let specmill = write(
        &folder,
        "specmill",
        &format!(
            r#"specmill = {{ path = {ROOT:?}, default-features = false, features = ["panther", "rustls"] }}"#
        ),
        include_str!("programs/specmill.rs"),
        include_str!("../../Cargo.lock"),
    )?;

    let other = write(
        &folder,
        "openapi-generator",
        r#"client = { path = "client", default-features = false, features = ["rustls"] }"#,
        include_str!("programs/openapi_generator.rs"),
        include_str!("programs/openapi_generator.lock"),
    )?;
    let jar = generators::openapi_generator(&target)?;
    let client = other.folder.join("client");
    generators::run(&mut generators::openapi_generator_command(
        &jar, &document, &client,
    ))?;

    let macro_made = write(
        &folder,
        "progenitor",
        r#"futures = "0.3"
progenitor = "=0.15.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
serde = { version = "1", features = ["derive"] }"#,
        include_str!("programs/progenitor.rs"),
        include_str!("programs/progenitor.lock"),
    )?;
    let document = serde_json::from_slice(&std::fs::read(document)?)?;
    let bent = serde_json::to_string(&generators::for_progenitor(document))?;
    std::fs::write(macro_made.folder.join("openapi.json"), bent)?;
    Ok(vec![specmill, other, macro_made])
}

fn write(
    folder: &Path,
    name: &'static str,
    dependencies: &str,
    program: &str,
    lock: &str,
) -> Outcome<Package> {
    let folder = folder.join(name);
    std::fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        r#"[package]
name = "program"
version = "0.1.0"
edition = "2024"

[dependencies]
{dependencies}
{TOKIO}

[workspace]
"#
    );
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("Cargo.lock"), lock)?;
    std::fs::write(folder.join("src/main.rs"), program)?;
    Ok(Package { name, folder })
}
