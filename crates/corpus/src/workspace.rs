//! The workspace in which the clients are generated.

use std::path::{Path, PathBuf};
use std::process::Command;

use specmill_openapi::diagnostic::Result;

use crate::documents::{trouble, write};

/// A workspace below `target/corpus/`.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The target folder of compilations.
    pub(crate) target: PathBuf,
    /// The folder for the output of programs.
    pub(crate) printed: PathBuf,
    /// The generator: this program.
    program: PathBuf,
}

impl Scratch {
    /// Opens or creates the workspace with this name.
    pub(crate) fn make(root: &Path, name: &str) -> Result<Self> {
        let corpus = root.join("target/corpus");
        let scratch = Self {
            folder: corpus.join(name),
            target: corpus.join("target"),
            printed: corpus.join("printed"),
            program: std::env::current_exe().map_err(trouble(root))?,
        };
        write(
            &scratch.folder.join("Cargo.toml"),
            &format!(
                "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n\n[workspace.metadata.specmill]\nruntime = {{ path \
                 = '{}' }}\n\n[profile.dev]\ndebug = false\nincremental = false\n",
                root.join("crates/client").display()
            ),
        )?;
        std::fs::create_dir_all(&scratch.printed).map_err(trouble(&scratch.printed))?;
        Ok(scratch)
    }

    /// Removes all clients, since cargo would parse the manifest of each.
    pub(crate) fn clear(&self) -> Result<()> {
        for folder in ["specs", "crates", "docs"] {
            let folder = self.folder.join(folder);
            if folder.exists() {
                std::fs::remove_dir_all(&folder).map_err(trouble(&folder))?;
            }
        }
        // The folder marks the root of a workspace for the generator; otherwise it would use the enclosing one.
        let specs = self.folder.join("specs");
        std::fs::create_dir_all(&specs).map_err(trouble(&specs))
    }

    /// A command of the generator.
    pub(crate) fn generator(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.folder);
        command
    }

    /// Compiles a client with warnings as errors.
    pub(crate) fn check(&self, package: &str) -> Command {
        let mut command = Command::new("cargo");
        command
            .args(["check", "--quiet", "-p", package])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("RUSTFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }
}
