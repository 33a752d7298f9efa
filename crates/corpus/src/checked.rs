//! Results of compilations, kept so that a crate with the same contents is not compiled again.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use specmill_openapi::diagnostic::Result;

use crate::documents::write;
use crate::report::Check;

/// The results of earlier runs.
#[derive(Debug)]
pub(crate) struct Checked {
    folder: PathBuf,
    /// The digested compiler and runtime, which all results depend on.
    common: Vec<u8>,
}

impl Checked {
    /// The results in a folder, for crates with the runtime in the folder of this workspace's crates.
    pub(crate) fn new(folder: PathBuf, crates: &Path) -> Self {
        let compiler = Command::new("rustc").arg("-vV").output();
        let mut common = compiler.map_or(Vec::new(), |output| output.stdout);
        for package in runtime(crates) {
            common.extend(digest(&package, &[]));
        }
        Self { folder, common }
    }

    /// The stored result for the crate of a document, if the crate has not changed since.
    pub(crate) fn get(&self, document: &str, package: &Path) -> Option<Check> {
        let text = std::fs::read_to_string(self.file(document)).ok()?;
        let kept: Value = serde_json::from_str(&text).ok()?;
        if kept["digest"] != hex(&digest(package, &self.common)) {
            return None;
        }
        Some(Check::Passed {
            seconds: kept["seconds"].as_f64()?,
            megabytes: kept["megabytes"].as_u64(),
        })
    }

    /// Stores a result if the crate compiles. Failures are not stored, since they may have other
    /// causes than the crate.
    pub(crate) fn insert(&self, document: &str, package: &Path, check: &Check) -> Result<()> {
        let Check::Passed { seconds, megabytes } = check else {
            return Ok(());
        };
        let digest = hex(&digest(package, &self.common));
        let kept = json!({ "digest": digest, "seconds": seconds, "megabytes": megabytes });
        write(&self.file(document), &kept.to_string())
    }

    fn file(&self, document: &str) -> PathBuf {
        self.folder.join(format!("{document}.json"))
    }
}

/// The crate `client`, and its dependencies in the same folder.
fn runtime(crates: &Path) -> Vec<PathBuf> {
    let client = crates.join("client");
    let manifest = std::fs::read_to_string(client.join("Cargo.toml")).unwrap_or_default();
    let entries = std::fs::read_dir(crates).into_iter().flatten().flatten();
    let mut packages: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name();
            manifest.contains(&format!("\nspecmill-{} ", name.to_string_lossy()))
        })
        .map(|entry| entry.path())
        .collect();
    packages.push(client);
    packages.sort();
    packages
}

/// The digest of a crate: its manifest and its sources, with their names.
fn digest(package: &Path, common: &[u8]) -> [u8; 32] {
    let mut hash = hmac_sha256::Hash::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(common);
    let mut files = all_files(&package.join("src"));
    files.push(package.join("Cargo.toml"));
    for file in files {
        let name = file.strip_prefix(package).unwrap_or(&file);
        add(name.to_string_lossy().as_bytes());
        add(&std::fs::read(&file).unwrap_or_default());
    }
    hash.finalize()
}

/// All files below a folder, in order.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: Check = Check::Passed {
        seconds: 1.5,
        megabytes: Some(20),
    };

    #[test]
    fn a_result_is_kept_until_the_crate_or_the_runtime_changes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(
            &at("crates/client/Cargo.toml"),
            "[dependencies]\nspecmill-http = { workspace = true }\n",
        )
        .unwrap();
        write(&at("crates/http/src/lib.rs"), "").unwrap();
        write(&at("box/src/lib.rs"), "//! A").unwrap();
        let checked = || Checked::new(at("checked"), &at("crates"));
        assert_eq!(checked().get("box", &at("box")), None);
        checked().insert("box", &at("box"), &PASSED).unwrap();
        assert_eq!(checked().get("box", &at("box")), Some(PASSED));
        assert_eq!(checked().get("asana", &at("box")), None);

        write(&at("box/src/lib.rs"), "//! B").unwrap();
        assert_eq!(checked().get("box", &at("box")), None);

        write(&at("box/src/lib.rs"), "//! A").unwrap();
        write(&at("crates/http/src/lib.rs"), "mod a;").unwrap();
        assert_eq!(checked().get("box", &at("box")), None);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let checked = Checked::new(folder.path().join("checked"), folder.path());
        checked
            .insert("box", folder.path(), &Check::Failed(2))
            .unwrap();
        assert_eq!(checked.get("box", folder.path()), None);
    }
}
