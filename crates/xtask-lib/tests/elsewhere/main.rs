//! Workspaces other than this one: empty except for an xtask of five lines, or completely empty.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop anywhere"
)]

#[path = "../program/mod.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::Program as _;
use specmill_scratch::Workspace;

/// The document of the API.
const LIBRARY: &str = include_str!("library.yaml");

/// The complete xtask.
const XTASK: &str = "\
//! The tasks of this workspace.

fn main() -> std::process::ExitCode {
    specmill_xtask::main()
}
";

/// The root of this workspace.
fn project() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap().to_path_buf()
}

/// The tables of the project's manifest that affect compilation: with them, existing build artefacts are reused.
fn profiles() -> String {
    let text = std::fs::read_to_string(project().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    let mut profiles = toml::Table::new();
    profiles.insert("profile".to_owned(), manifest["profile"].clone());
    profiles.to_string()
}

/// A workspace with these member patterns and without members.
fn empty(members: &str, settings: &str) -> Workspace {
    let workspace = Workspace::new();
    std::fs::remove_dir_all(workspace.root().join("specs")).unwrap();
    workspace.write(
        "Cargo.toml",
        &format!(
            "[workspace]\nmembers = [{members}]\nresolver = \"3\"\n\n[workspace.metadata.specmill]\n{settings}runtime = {{ \
             path = '{}' }}\n\n{}",
            project().join("crates/client").display(),
            profiles()
        ),
    );
    workspace.write("library.yaml", LIBRARY);
    // The lock file of the project, so that cargo does not query a registry.
    let lock = std::fs::read_to_string(project().join("Cargo.lock")).unwrap();
    workspace.write("Cargo.lock", &lock);
    workspace
}

/// Runs cargo in a workspace, with the target folder of the project.
fn cargo(workspace: &Workspace, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(workspace.root())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
        )
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {arguments:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The generated files.
fn generated(workspace: &Workspace) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = workspace.files();
    files.retain(|file, _| file.starts_with("crates") || file.starts_with("specs"));
    files
}

#[test]
fn an_xtask_of_five_lines_generates_a_client_that_compiles() {
    let workspace = empty("\"xtask\"", "");
    workspace.write("xtask/src/main.rs", XTASK);
    workspace.write(
        "xtask/Cargo.toml",
        &format!(
            "[package]\nname = \"xtask\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nspecmill-xtask = {{ \
             path = '{}', default-features = false }}\n",
            env!("CARGO_MANIFEST_DIR")
        ),
    );
    cargo(
        &workspace,
        &[
            "run",
            "--quiet",
            "-p",
            "xtask",
            "--",
            "new",
            "library",
            "library.yaml",
        ],
    );
    cargo(
        &workspace,
        &["run", "--quiet", "-p", "xtask", "--", "regen"],
    );
    let files = generated(&workspace);
    let manifest = workspace.read("Cargo.toml");
    workspace.write(
        "Cargo.toml",
        &manifest.replacen("\"xtask\"", "\"crates/*\", \"xtask\"", 1),
    );
    cargo(
        &workspace,
        &[
            "check",
            "--quiet",
            "-p",
            "library",
            "--all-targets",
            "--no-default-features",
            "--features",
            "dynamic",
        ],
    );

    // The separate program does the same in a workspace without an xtask.
    let other = empty("\"crates/*\"", "");
    for arguments in [
        &["specmill", "new", "library", "library.yaml"][..],
        &["specmill", "regen"],
    ] {
        let run = other.run(arguments);
        assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    }
    assert_eq!(generated(&other), files);
}

#[test]
fn the_example_of_crates_io_generates_its_client_and_passes_its_tests() {
    let example = project().join("examples/crates-io");
    let workspace = empty("", "");
    for file in [
        "Cargo.toml",
        "specs/crates-io/api.toml",
        "specs/crates-io/spec.yaml",
        "src/lib.rs",
        "src/main.rs",
        "tests/search.rs",
    ] {
        let text = std::fs::read_to_string(example.join(file)).unwrap();
        workspace.write(file, &text);
    }
    let runtime = project().join("crates/client");
    let manifest = workspace.read("Cargo.toml");
    assert!(manifest.contains("\"../../crates/client\""), "{manifest}");
    let manifest = manifest.replace("../../crates/client", runtime.to_str().unwrap());
    workspace.write("Cargo.toml", &format!("{manifest}\n{}", profiles()));

    let run = workspace.run(&["regen"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(
        run.output
            .contains("search_crates pages by the page number `page` from 1; items in `crates`"),
        "{}",
        run.output
    );
    cargo(&workspace, &["test", "--quiet", "--no-default-features"]);
}

#[test]
fn the_manifest_contains_the_settings() {
    let workspace = empty(
        "\"crates/*\"",
        "command = \"make clients\"\npackage-prefix = \"town-\"\npackage = { version = \"3.1.4\", publish = false }\n",
    );
    workspace.write("LICENSE", "All rights reserved.\n");
    let new = workspace.run(&["new", "library", "library.yaml"]);
    assert!(
        new.output.ends_with("Now run `make clients regen`.\n"),
        "{}",
        new.output
    );
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    let manifest: toml::Table = workspace.read("crates/library/Cargo.toml").parse().unwrap();
    assert_eq!(manifest["package"]["name"].as_str(), Some("town-library"));
    assert_eq!(manifest["package"]["version"].as_str(), Some("3.1.4"));
    assert_eq!(manifest["package"]["publish"].as_bool(), Some(false));
    let runtime = &manifest["dependencies"]["specmill-client"];
    assert_eq!(
        runtime["path"].as_str(),
        project().join("crates/client").to_str()
    );
    assert_eq!(runtime["default-features"].as_bool(), Some(false));
    assert!(
        workspace
            .read("crates/library/src/lib.rs")
            .starts_with("// Generated by `make clients regen`")
    );
    assert_eq!(
        workspace.read("crates/library/LICENSE"),
        "All rights reserved.\n"
    );
    for of_a_facade in ["docs", "src"] {
        assert!(!workspace.exists(of_a_facade), "{of_a_facade}");
    }
}

#[test]
fn new_refuses_the_same_settings_as_regen() {
    for (members, settings, message) in [
        (
            "\"crates/*\"",
            "facade = true\n",
            "`facade` is on, but the root manifest has no package",
        ),
        (
            "\"crates/*\"",
            "inherit = true\n",
            "`inherit` is on, but [workspace.package] has no `version`",
        ),
        (
            "\"crates/*\"",
            "facada = true\n",
            "the settings cannot be read: unknown field `facada`",
        ),
    ] {
        let workspace = empty(members, settings);
        let new = workspace.run(&["new", "library", "library.yaml"]);
        assert_eq!(new.code, Some(2), "{message}");
        assert!(new.errors.contains(message), "{}", new.errors);
        assert!(!workspace.exists("specs"));
        workspace.write("specs/library/spec.yaml", LIBRARY);
        workspace.write(
            "specs/library/api.toml",
            "title = \"Library\"\nmodule = \"library\"\nfeature = \"library\"\nenvironment = \"LIBRARY\"\n",
        );
        let regen = workspace.run(&["regen"]);
        assert_eq!(regen.code, Some(2), "{message}");
        assert!(regen.errors.contains(message), "{}", regen.errors);
    }
}

#[test]
fn a_crate_that_is_not_a_member_is_generated_and_reported() {
    let workspace = empty("", "");
    workspace.run(&["new", "library", "library.yaml"]);
    let run = workspace.run(&["regen"]);
    let note = "note: crates/library is not a member of the workspace: add \"crates/*\" to `members` in Cargo.toml\n";
    assert_eq!(run.code, Some(0));
    assert!(run.output.ends_with(note), "{}", run.output);
    assert!(workspace.exists("crates/library"));
}

#[test]
fn new_refuses_a_facade_without_markers_like_regen() {
    let workspace = empty("\"crates/*\"", "facade = true\n");
    let manifest = workspace.read("Cargo.toml");
    workspace.write(
        "Cargo.toml",
        &format!("{manifest}\n[package]\nname = \"town\"\n"),
    );
    let new = workspace.run(&["new", "library", "library.yaml"]);
    let message =
        "the line `# workspace-dependencies: Generated by `cargo specmill regen`` is missing";
    assert_eq!(new.code, Some(2));
    assert!(new.errors.contains(message), "{}", new.errors);
}

#[test]
fn a_package_with_the_name_of_a_dependency_is_refused() {
    let workspace = empty("\"crates/*\"", "");
    let run = workspace.run(&["new", "serde", "library.yaml"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.errors.contains("a package cannot be called `serde`"),
        "{}",
        run.errors
    );
}

#[test]
fn a_package_that_is_not_generated_is_kept() {
    let workspace = empty("\"crates/*\"", "");
    workspace.run(&["new", "library", "library.yaml"]);
    workspace.write(
        "crates/library/Cargo.toml",
        "[package]\nname = \"by-hand\"\n",
    );
    let run = workspace.run(&["regen"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.errors
            .contains("`crates/library` holds a package that is not generated"),
        "{}",
        run.errors
    );
}

#[test]
fn self_contained_manifests_have_the_versions_that_the_project_tests_with() {
    let text = std::fs::read_to_string(project().join("Cargo.toml")).unwrap();
    let project: toml::Table = toml::from_str(&text).unwrap();
    let workspace = empty("\"crates/*\"", "");
    workspace.run(&["new", "library", "library.yaml"]);
    workspace.run(&["regen"]);
    let manifest: toml::Table = workspace.read("crates/library/Cargo.toml").parse().unwrap();
    for section in ["dependencies", "dev-dependencies"] {
        for (name, carried) in manifest[section].as_table().unwrap() {
            if name == "specmill-client" {
                continue;
            }
            let own = &project["workspace"]["dependencies"][name];
            let own = own.get("version").unwrap_or(own);
            assert_eq!(&carried["version"], own, "{name}");
        }
    }
    assert_eq!(
        manifest["package"]["rust-version"],
        project["workspace"]["package"]["rust-version"]
    );
}
