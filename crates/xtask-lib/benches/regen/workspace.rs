//! Workspaces without generated files.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, generators};

/// The program behind `cargo xtask`.
pub(crate) const XTASK: &str = env!("CARGO_BIN_EXE_cargo-specmill");

/// A workspace, and the documents of its clients.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) documents: Vec<PathBuf>,
}

/// A workspace with the APIs of this project.
pub(crate) fn of_this_project(root: &Path) -> Outcome<Workspace> {
    begin(root)?;
    let specs = project().join("specs");
    copy(&specs, &root.join("specs"))?;
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(&specs)? {
        documents.push(entry?.path().join("openapi.json"));
    }
    documents.sort();
    Ok(Workspace {
        root: root.to_path_buf(),
        documents,
    })
}

/// A workspace with one API, from a document.
pub(crate) fn of_document(root: &Path, document: &str) -> Outcome<Workspace> {
    begin(root)?;
    std::fs::create_dir_all(root.join("specs"))?;
    let file = root.join("large.json");
    std::fs::write(&file, document)?;
    generators::run(
        Command::new(XTASK)
            .args(["new", "large"])
            .arg(&file)
            .current_dir(root),
    )?;
    Ok(Workspace {
        root: root.to_path_buf(),
        documents: vec![file],
    })
}

fn begin(root: &Path) -> Outcome {
    std::fs::create_dir_all(root)?;
    std::fs::copy(project().join("Cargo.toml"), root.join("Cargo.toml"))?;
    Ok(())
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn copy(from: &Path, to: &Path) -> Outcome {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
