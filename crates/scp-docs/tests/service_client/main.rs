//! A service becomes a client that lists, pages, signs and pins its version: from printed pages of ten operations, with as many
//! steps by hand as the tool names, and from a document with the prepared overlay, with none.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop anywhere"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use specmill_scratch::{Run, Workspace};

const COMPUTE: &str = include_str!("../printed-pages/compute/compute.txt");
const MODELS: &str = include_str!("../printed-pages/compute/compute-models.txt");
const DRIVER: &str = include_str!("driver.rs");
const ARCHIVE: &str = include_str!("archive.yaml");
const OVERLAY_DRIVER: &str = include_str!("overlay_driver.rs");

/// This workspace.
fn project() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap().to_path_buf()
}

/// A workspace for the client alone, which is compiled as the project is, so that nothing is compiled twice.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    std::fs::remove_dir_all(workspace.root().join("specs")).unwrap();
    let read = |file: &str| std::fs::read_to_string(project().join(file)).unwrap();
    let manifest = read("Cargo.toml");
    let profiles = &manifest[manifest.find("\n[profile.").unwrap()..];
    let profiles = profiles.split("\n[workspace").next().unwrap();
    workspace.write(
        "Cargo.toml",
        &format!(
            "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n\n[workspace.metadata.specmill]\n\
             command = \"cargo xtask\"\nruntime = {{ path = '{}' }}\n{profiles}",
            project().join("crates/client").display()
        ),
    );
    workspace.write("Cargo.lock", &read("Cargo.lock"));
    workspace
}

fn xtask(workspace: &Workspace, arguments: &[&str]) -> Run {
    let run = workspace.run_program(env!("CARGO_BIN_EXE_scp-docs"), arguments, "");
    assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    run
}

/// The places that the tool names, each with a missing fact.
fn named(run: &Run) -> Vec<&str> {
    let lines = run.output.lines().chain(run.errors.lines());
    lines
        .map(str::trim)
        .filter_map(|line| line.strip_prefix("unknown at "))
        .collect()
}

#[test]
fn ten_operations_become_a_client_with_the_steps_that_the_tool_names() {
    let workspace = workspace();
    // Nobody tells on this page where the lists begin.
    let page = COMPUTE.replace("any of [integer, null]0", "any of [integer, null]None");
    assert_ne!(page, COMPUTE);
    workspace.write("compute.txt", &page);
    workspace.write("models.txt", MODELS);
    let draft = xtask(&workspace, &["draft", "compute.txt", "models.txt"]);
    workspace.write("draft.yaml", &draft.output);
    let arguments = ["--environment", "SCP", "--module", "scp::compute"];
    let new = xtask(
        &workspace,
        &[&["new", "scp-compute", "draft.yaml"][..], &arguments].concat(),
    );
    assert!(new.output.contains("10 operations"), "{new:?}");
    let steps = named(&new);
    assert_eq!(
        steps,
        [
            "#/paths/~1v1~1servers/get: x-paging",
            "#/paths/~1v1~1volumes/get: x-paging"
        ]
    );
    assert!(steps.len() <= 3);

    // The steps by hand.
    let mut spec = workspace.read("specs/scp-compute/spec.yaml");
    for items in ["servers", "volumes"] {
        let paging = format!(
            "x-paging: {{kind: page, parameter: page, first: 0, size: size, items: {items}}}"
        );
        spec = spec.replacen("x-unknown:\n      - x-paging", &paging, 1);
    }
    workspace.write("specs/scp-compute/spec.yaml", &spec);

    let regenerated = xtask(&workspace, &["regen"]);
    assert_eq!(named(&regenerated), [""; 0]);
    for list in ["list_servers", "list_volumes"] {
        let pages = format!("{list} pages by the page number `page` from 0");
        assert!(regenerated.output.contains(&pages), "{regenerated:?}");
    }
    workspace.write("crates/scp-compute/tests/driver.rs", DRIVER);
    compile_and_test(&workspace, "scp-compute");
}

#[test]
fn a_document_with_the_prepared_overlay_becomes_a_client_without_a_step_by_hand() {
    let workspace = workspace();
    workspace.write("archive.yaml", ARCHIVE);
    let arguments = ["--environment", "SCP", "--module", "scp::archive"];
    let new = ["new", "scp-archive", "archive.yaml", "--overlay", "scp"];
    let new = xtask(&workspace, &[&new[..], &arguments].concat());
    assert_eq!(named(&new), [""; 0]);
    let regenerated = xtask(&workspace, &["regen"]);
    assert_eq!(named(&regenerated), [""; 0]);
    workspace.write("crates/scp-archive/tests/driver.rs", OVERLAY_DRIVER);
    compile_and_test(&workspace, "scp-archive");
}

/// Compiles a client and runs its tests; there is no warning.
fn compile_and_test(workspace: &Workspace, package: &str) {
    for arguments in [
        &["check", "--quiet", "--all-targets", "--features", "dynamic"][..],
        &["test", "--quiet"],
    ] {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["-p", package])
            .current_dir(workspace.root())
            .env("CARGO_NET_OFFLINE", "true")
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
            )
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let tests = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{errors}\n{tests}");
        assert!(!errors.contains("warning"), "{errors}");
    }
}
