//! `cargo xtask regen` restores a missing generated crate, although cargo cannot load the workspace without it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The missing crate.
const MISSING: &str = "crates/panther";

/// Copies committed files. Unchanged files keep their modification time, so that cargo compiles them once; removed files
/// are deleted.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(to).unwrap() {
        let copied = entry.unwrap().path();
        if !from.join(copied.file_name().unwrap()).exists() {
            if copied.is_dir() {
                std::fs::remove_dir_all(copied).unwrap();
            } else {
                std::fs::remove_file(copied).unwrap();
            }
        }
    }
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let is_ours = name != "target" && !name.to_str().unwrap().starts_with('.');
        let to = to.join(name);
        if path.is_dir() && is_ours {
            std::fs::create_dir_all(&to).unwrap();
            copy(&path, &to);
        } else if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            if std::fs::read(&to).ok().as_ref() != Some(&content) {
                std::fs::write(&to, content).unwrap();
            }
        }
    }
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
        )
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap()
}

/// The files of a folder, with their content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let inner = self::files(&path).into_iter();
            let name = Path::new(path.file_name().unwrap()).to_path_buf();
            files.extend(inner.map(|(file, content)| (name.join(file), content)));
        } else {
            let content = std::fs::read(&path).unwrap();
            files.push((path.file_name().unwrap().into(), content));
        }
    }
    files.sort();
    files
}

#[test]
fn regen_restores_a_missing_generated_crate() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing-crate");
    std::fs::create_dir_all(&workspace).unwrap();
    copy(Path::new(ROOT), &workspace);
    std::fs::remove_dir_all(workspace.join(MISSING)).unwrap();

    let load = cargo(
        &workspace,
        &["metadata", "--format-version", "1", "--no-deps"],
    );
    let message = String::from_utf8_lossy(&load.stderr);
    assert!(message.contains(MISSING), "{message}");

    let manifest = [
        "run",
        "--quiet",
        "--locked",
        "--manifest-path",
        "xtask/Cargo.toml",
        "--",
        "regen",
    ];
    let regen = cargo(&workspace, &manifest);
    let message = String::from_utf8_lossy(&regen.stderr);
    assert!(regen.status.success(), "{message}");
    assert_eq!(
        files(&workspace.join(MISSING)),
        files(&Path::new(ROOT).join(MISSING))
    );
}
