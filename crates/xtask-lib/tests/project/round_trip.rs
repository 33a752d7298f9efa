//! Everything that is generated comes back as it was.

use std::path::Path;

use specmill_xtask::output::is_generated;

use crate::program::Program as _;
use specmill_scratch::Workspace;

/// The workspace that these tests stand in.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

/// A copy of a folder's files in a workspace.
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

#[test]
fn deleting_all_that_is_generated_and_regenerating_changes_nothing() {
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
    let after = workspace.files();
    let differing: Vec<_> = before
        .keys()
        .chain(after.keys())
        .filter(|file| before.get(*file) != after.get(*file))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}
