//! The documents of the corpus, which cargo downloads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

/// The package with the documents, and its version.
const PACKAGE: (&str, &str) = ("openapi-to-rust", "0.4.0");

/// The documents by name: the file name without extension.
pub(crate) fn of_package(root: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let folder = root.join("target/corpus/documents");
    if !folder.is_dir() {
        copy(&download(root)?, &folder)?;
    }
    let mut documents = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).map_err(trouble(&folder))? {
        let path = entry.map_err(trouble(&folder))?.path();
        if let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) {
            documents.insert(name.to_owned(), path);
        }
    }
    Ok(documents)
}

/// Lets cargo download the package, and returns its folder of documents.
fn download(root: &Path) -> Result<PathBuf> {
    let (name, version) = PACKAGE;
    let folder = root.join("target/corpus/download");
    write(&folder.join("lib.rs"), "")?;
    write(
        &folder.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"download\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lib]\npath = \
             \"lib.rs\"\n\n[dependencies]\n{name} = {{ version = \"={version}\", default-features = false }}\n"
        ),
    )?;
    // `cargo metadata` downloads the packages that it lists.
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1"])
        .current_dir(&folder)
        .output()
        .map_err(trouble(&folder))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let packages = metadata["packages"].as_array();
    let package = packages
        .into_iter()
        .flatten()
        .find(|package| package["name"] == name);
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let found = manifest.and_then(|manifest| Path::new(manifest).parent());
    found.map(|folder| folder.join("specs")).ok_or_else(|| {
        let message = String::from_utf8_lossy(&output.stderr);
        Diagnostic::new(format!("cargo cannot download {name} {version}"))
            .note(message.trim().to_owned())
            .help("the command needs a registry")
    })
}

/// Copies the documents of a folder atomically.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let half = to.with_extension("half");
    let _ = std::fs::remove_dir_all(&half);
    std::fs::create_dir_all(&half).map_err(trouble(&half))?;
    for entry in std::fs::read_dir(from).map_err(trouble(from))? {
        let path = entry.map_err(trouble(from))?.path();
        let is_document = path
            .extension()
            .is_some_and(|extension| extension == "json" || extension == "yaml");
        if let Some(name) = path.file_name().filter(|_| is_document) {
            std::fs::copy(&path, half.join(name)).map_err(trouble(&path))?;
        }
    }
    std::fs::rename(&half, to).map_err(trouble(to))
}

/// Writes a file, and creates its parent folders.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(trouble(folder))?;
    }
    std::fs::write(file, text).map_err(trouble(file))
}

pub(crate) fn trouble(path: &Path) -> impl Fn(std::io::Error) -> Box<Diagnostic> {
    move |error| Diagnostic::new(format!("cannot use: {error}")).at(path, Place::Whole)
}
