//! The example runs, and prints a client of its document.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::process::Command;

/// The program, which `cargo test` builds together with this test.
fn program() -> std::path::PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples")
        .join(format!("add_an_api{}", std::env::consts::EXE_SUFFIX))
}

#[test]
fn the_example_shows_the_files_and_the_lists_of_a_new_client() {
    let output = Command::new(program()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let printed = String::from_utf8(output.stdout).unwrap();
    for line in [
        "bookshop: 2 operations, ",
        "  list_books pages by the cursor `cursor`",
        "  crates/bookshop/src/operations/orders.rs",
        "  specs/bookshop/openapi.json",
        "use bookshop::Client;",
        "client.list_books()",
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
}

#[test]
fn a_document_that_cannot_be_read_is_an_error() {
    let output = Command::new(program())
        .arg("no-such.yaml")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such.yaml"));
}
