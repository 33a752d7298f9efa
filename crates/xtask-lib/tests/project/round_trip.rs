//! Regeneration reproduces all generated files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use specmill_xtask::output::is_generated;

use crate::program::Program as _;
use specmill_scratch::Workspace;

/// The root of the workspace of these tests.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

/// Copies the files of a folder to a workspace.
fn copy(workspace: &Workspace, folder: &str) {
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                workspace.write(&name, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}

/// A copy of this workspace's specs and of the files that are generated from them.
fn copied() -> Workspace {
    let workspace = Workspace::new();
    std::fs::remove_dir_all(workspace.root().join("specs")).unwrap();
    copy(&workspace, "specs");
    copy(&workspace, "src");
    copy(&workspace, "docs/reference");
    copy(&workspace, "tests/reference");
    for entry in std::fs::read_dir(root().join("crates")).unwrap().flatten() {
        let manifest = std::fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        if is_generated(&manifest) {
            copy(
                &workspace,
                &format!("crates/{}", entry.file_name().to_str().unwrap()),
            );
        }
    }
    workspace.write(
        "Cargo.toml",
        &std::fs::read_to_string(root().join("Cargo.toml")).unwrap(),
    );
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        workspace.write(
            licence,
            &std::fs::read_to_string(root().join(licence)).unwrap(),
        );
    }
    workspace
}

/// The files that differ before and after.
fn differing(workspace: &Workspace, before: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<PathBuf> {
    let after = workspace.files();
    let all = before.keys().chain(after.keys());
    let differing = all.filter(|file| before.get(*file) != after.get(*file));
    differing.cloned().collect()
}

#[test]
fn creating_and_removing_an_api_restores_all_files() {
    const DOCUMENT: &str = r#"{"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {"operationId": "list_pets", "responses": {"204": {"description": "Nothing"}}}}}}"#;
    let workspace = copied();
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    workspace.write("Cargo.lock", &lock);
    let before = workspace.files();
    workspace.write("pets.json", DOCUMENT);
    for arguments in [&["new", "pets", "pets.json"][..], &["regen"]] {
        let run = workspace.run(arguments);
        assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    }
    workspace.remove("pets.json");
    let manifest = workspace.read("Cargo.toml");
    assert!(
        manifest.contains("\nall-apis = [\"panther\", \"pets\", \"scp\"]\n"),
        "{manifest}"
    );
    // The new API is not in the default features.
    assert!(
        manifest.contains("\ndefault = [\"panther\", \"scp\", \"rustls\", \"tracing\"]\n"),
        "{manifest}"
    );
    // The entry that cargo writes.
    let noted = lock.replace(
        "\n[[package]]\nname = \"specmill-panther\"",
        "\n[[package]]\nname = \"specmill-pets\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"specmill-panther\"",
    );
    workspace.write("Cargo.lock", &noted);
    let run = workspace.run(&["remove", "pets"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert_eq!(differing(&workspace, &before), [] as [PathBuf; 0]);
    assert!(!workspace.exists("specs/pets") && !workspace.exists("crates/pets"));
    let run = workspace.run(&["remove", "pantherr"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.errors.contains("did you mean `panther`?"),
        "{}",
        run.errors
    );
}

#[test]
fn deleting_and_regenerating_all_generated_files_changes_nothing() {
    let workspace = copied();
    let before = workspace.files();
    assert!(
        before
            .keys()
            .any(|file| file.ends_with("crates/panther/src/client.rs"))
    );

    std::fs::remove_dir_all(workspace.root().join("crates")).unwrap();
    std::fs::remove_dir_all(workspace.root().join("docs/reference")).unwrap();
    std::fs::remove_dir_all(workspace.root().join("tests/reference")).unwrap();
    workspace.remove("src/apis.rs");
    workspace.remove("src/reference.rs");
    for api in ["panther", "scp-identity-center"] {
        workspace.remove(&format!("specs/{api}/openapi.json"));
    }
    let run = workspace.run(&["regen"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert_eq!(differing(&workspace, &before), [] as [PathBuf; 0]);
}
