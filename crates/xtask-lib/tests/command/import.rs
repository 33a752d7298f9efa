//! `cargo xtask import` as a process.

use crate::program::Program as _;
use specmill_scratch::{Workspace, page, published};

fn text() -> String {
    page(&[
        published("user#list", "get", "/users"),
        published("user#create", "post", "/users"),
    ])
}

#[test]
fn a_page_is_imported_from_a_file() {
    let workspace = Workspace::new();
    workspace.write("docs/users.md", &text());
    let run = workspace.run(&["import", "--api", "acme", "docs/users.md"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.output, @r"
    added user#create
    added user#list

    Now run `cargo xtask regen`.
    ");
    assert!(
        workspace
            .read("specs/acme/sources.json")
            .contains(r#""page": "users.md""#)
    );
}

#[test]
fn a_page_is_imported_from_standard_input() {
    let workspace = Workspace::new();
    let run = workspace.run_with_input(
        &["import", "--api", "acme", "--page", "users.md", "-"],
        &text(),
    );
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(
        workspace
            .read("specs/acme/sources.json")
            .contains(r#""page": "users.md""#)
    );
}

#[test]
fn it_runs_in_any_folder_of_the_workspace() {
    let workspace = Workspace::new();
    workspace.write("docs/users.md", &text());
    let output = std::process::Command::new(crate::program::PROGRAM)
        .args(["import", "--api", "acme", "users.md"])
        .current_dir(workspace.root().join("docs"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(workspace.exists("specs/acme/published/user_list.json"));
}

#[test]
fn the_record_contains_the_date_of_the_import() {
    let workspace = Workspace::new();
    workspace.run_with_input(&["import", "--api", "acme", "-"], &text());
    let record: serde_json::Value =
        serde_json::from_str(&workspace.read("specs/acme/sources.json")).unwrap();
    let day = record["user_list.json"]["imported"].as_str().unwrap();
    assert!(
        day.len() == 10 && day.split('-').count() == 3 && day.starts_with('2'),
        "{day}"
    );
}

#[cfg(unix)]
#[test]
fn an_import_that_cannot_be_written_has_a_remedy() {
    use std::os::unix::fs::PermissionsExt as _;

    let workspace = Workspace::new();
    workspace.write("specs/acme/published", "a file where a folder must be");
    let run = workspace.run_with_input(&["import", "--api", "acme", "-"], &text());
    assert_eq!(run.code, Some(2));
    assert!(run.errors.starts_with("error: cannot "), "{}", run.errors);
    assert!(
        run.errors
            .contains("--> specs/acme/published/user_create.json"),
        "{}",
        run.errors
    );
    // A folder without write permission, if the permissions apply to the user of the test.
    let workspace = Workspace::new();
    let folder = workspace.root().join("specs/acme");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let held = std::fs::write(folder.join("probe"), "").is_err();
    let run = workspace.run_with_input(&["import", "--api", "acme", "-"], &text());
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    if held {
        assert_eq!(run.code, Some(2));
        assert!(
            run.errors.contains("note: the import is incomplete"),
            "{}",
            run.errors
        );
    }
}

#[test]
fn a_page_that_loses_more_than_a_third_needs_confirmation() {
    let workspace = Workspace::new();
    let (list, create) = (
        published("user#list", "get", "/users"),
        published("user#create", "post", "/users"),
    );
    workspace.write("users.md", &page(&[list.clone(), create]));
    workspace.run(&["import", "--api", "acme", "users.md"]);
    let before = workspace.files();
    workspace.write("users.md", &page(&[list]));
    let run = workspace.run(&["import", "--api", "acme", "users.md"]);
    assert_eq!((run.code, run.output.as_str()), (Some(2), ""));
    insta::assert_snapshot!(run.errors, @r"
    error: 1 of 2 operations have disappeared from the page `users.md`: user#create
      --> users.md
      = note: nothing was changed
      = help: check that the page is complete; if the vendor removed the operations, add --remove
    ");
    workspace.write(
        "users.md",
        &String::from_utf8(before[std::path::Path::new("users.md")].clone()).unwrap(),
    );
    assert_eq!(workspace.files(), before);
    workspace.write(
        "users.md",
        &page(&[published("user#list", "get", "/users")]),
    );
    let run = workspace.run(&["import", "--api", "acme", "--remove", "users.md"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    assert!(
        run.output
            .starts_with("removed user#create: gone from users.md\n"),
        "{}",
        run.output
    );
}

#[test]
fn a_file_with_another_name_updates_the_page_with_its_operations() {
    let workspace = Workspace::new();
    workspace.import(&[("users.md", &text())]).unwrap();
    workspace.write("users (1).md", &text());
    let run = workspace.run(&["import", "--api", "acme", "users (1).md"]);
    assert!(
        run.output.contains("imported as the page `users.md`"),
        "{}",
        run.output
    );
    let run = workspace.run(&[
        "import",
        "--api",
        "acme",
        "--page",
        "people.md",
        "users (1).md",
    ]);
    assert!(
        run.output
            .contains("moved user#list: from users.md to people.md"),
        "{}",
        run.output
    );
}

#[test]
fn recorded_pages_without_a_url_are_reported_by_import_again() {
    let workspace = Workspace::new();
    workspace.import(&[("users.md", &text())]).unwrap();
    let run = workspace.run(&["import", "--again"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.output, @"note: acme: the page `users.md` has no URL; set it in [pages] of specs/acme/api.toml");
    insta::assert_snapshot!(run.errors, @r"
    error: no recorded page has a URL
      = help: set the URL of its Markdown in [pages] of api.toml
    ");
}

#[test]
fn a_recorded_page_is_imported_again_from_its_url() {
    let workspace =
        Workspace::with_settings("[pages]\n\"users.md\" = \"http://127.0.0.1/users.md\"\n");
    workspace.import(&[("users.md", &text())]).unwrap();
    let run = workspace.run(&["import", "--again", "--api", "acme"]);
    // The recorded URL is used, and refused because it is not https.
    assert_eq!(run.code, Some(2));
    assert!(run.errors.contains("over https only"), "{}", run.errors);
}
