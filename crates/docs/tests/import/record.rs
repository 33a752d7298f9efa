//! The record of imports, and the documents stored with it.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use specmill_scratch::{Workspace, page, published};

const RECORD: &str = "specs/acme/sources.json";
const STORED: &str = "specs/acme/published/user_list.json";

fn text() -> String {
    page(&[published("user#list", "get", "/users")])
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.import(&[("users.md", &text())]).unwrap();
    workspace
}

fn record(workspace: &Workspace) -> Value {
    serde_json::from_str(&workspace.read(RECORD)).unwrap()
}

fn digest(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn the_record_contains_the_source_of_each_document() {
    let workspace = workspace();
    let block = published("user#list", "get", "/users").to_string();
    let expected = json!({"user_list.json": {
        "operation": "user#list",
        "page": "users.md",
        "imported": "2026-01-02",
        "sha256": digest(&block),
        "stored_sha256": digest(&workspace.read(STORED))
    }});
    assert_eq!(record(&workspace), expected);
}

#[test]
fn a_manual_change_is_detected() {
    let workspace = workspace();
    workspace.write(STORED, &workspace.read(STORED).replace("/users", "/people"));
    insta::assert_snapshot!(workspace.normalise().unwrap_err(), @r"
    error: this file is not what the import wrote
      --> specs/acme/published/user_list.json
      = note: it was changed by hand, or an import was interrupted
      = help: import the page `users.md` again; what the vendor got wrong belongs in the overlay
    ");
    workspace.import(&[("users.md", &text())]).unwrap();
    workspace.normalise().unwrap();
}

#[test]
fn converted_line_ends_are_not_a_change() {
    let workspace = workspace();
    workspace.write(STORED, &workspace.read(STORED).replace('\n', "\r\n"));
    workspace.normalise().unwrap();
}

#[test]
fn a_broken_stored_document_is_refused_with_its_place() {
    let workspace = workspace();
    workspace.write(STORED, "{\n  \"a\": }\n");
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(
        error.contains("--> specs/acme/published/user_list.json:2:"),
        "{error}"
    );
    assert!(
        error.contains("help: import the page `users.md` again"),
        "{error}"
    );
}

#[test]
fn a_missing_stored_document_is_reported() {
    let workspace = workspace();
    workspace.remove(STORED);
    insta::assert_snapshot!(workspace.normalise().unwrap_err(), @r"
    error: the record names this file, but it is gone
      --> specs/acme/published/user_list.json
      = help: import the page `users.md` again
    ");
    workspace.import(&[("users.md", &text())]).unwrap();
    workspace.normalise().unwrap();
}

#[test]
fn a_document_that_no_import_wrote_is_reported() {
    let workspace = workspace();
    workspace.write("specs/acme/published/stray.json", "{}");
    let error = workspace.normalise().unwrap_err().to_string();
    assert!(error.starts_with("error: no import wrote this file: it is not in the record\n  --> specs/acme/published/stray.json"), "{error}");
}

#[test]
fn hidden_files_are_ignored() {
    let workspace = workspace();
    workspace.write("specs/acme/published/.xtask-a1b2", "{");
    workspace.normalise().unwrap();
}

/// An import writes many files: an interruption between any two of them must be detected, and the next import must fix it.
#[test]
fn an_interrupted_import_is_detected_and_fixed() {
    let mut changed = published("user#list", "get", "/users");
    changed["paths"]["/users"]["get"]["summary"] = json!("List users");
    let next = page(&[changed, published("user#get", "get", "/users/{id}")]);
    let more = page(&[
        published("user#list", "get", "/users"),
        published("user#create", "post", "/users"),
    ]);
    let prepared = |workspace: &Workspace| {
        workspace.import(&[("users.md", &more)]).unwrap();
        let page = specmill_docs::Page::new("users.md", next.clone().into_bytes()).unwrap();
        workspace.prepare(&[page]).unwrap().plan
    };
    let steps = prepared(&Workspace::new()).touched.len();
    assert_eq!(steps, 4, "two documents, the record, and a removal");
    for done in 1..steps {
        let workspace = Workspace::new();
        let mut plan = prepared(&workspace);
        plan.touched.truncate(done);
        plan.carry_out(workspace.root()).unwrap();
        let error = workspace.normalise().unwrap_err().to_string();
        assert!(
            error.contains("specs/acme/published/"),
            "after {done}: {error}"
        );
        workspace.import(&[("users.md", &next)]).unwrap();
        if let Err(error) = workspace.normalise() {
            // The only remaining step for the user: a file that the record does not contain.
            assert!(
                error.message().starts_with("no import wrote this file"),
                "after {done}: {error}"
            );
            workspace.remove("specs/acme/published/user_create.json");
        }
        workspace.normalise().unwrap();
    }
}

#[test]
fn a_record_with_a_path_outside_its_folder_is_refused() {
    for name in [
        "../../../outside.json",
        "..\\outside.json",
        "a/b.json",
        "/etc/passwd.json",
        ".json",
        "user_list",
        "c:a.json",
    ] {
        let workspace = workspace();
        workspace.write("outside.json", "{}");
        let mut record = record(&workspace);
        let source = record["user_list.json"].clone();
        record
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), source);
        workspace.write(RECORD, &record.to_string());
        let before = workspace.files();
        for error in [
            workspace.normalise().map(drop),
            workspace.import(&[("users.md", &text())]).map(drop),
        ] {
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains("is no name of a published document"),
                "{error}"
            );
            assert!(error.contains("--> specs/acme/sources.json#/"), "{error}");
        }
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn an_unreadable_record_is_refused() {
    for text in ["", "[]", "{\"user_list.json\": {}}", "{\"a\": 1, \"a\": 2}"] {
        let workspace = workspace();
        workspace.write(RECORD, text);
        let error = workspace.normalise().unwrap_err().to_string();
        assert!(error.contains("--> specs/acme/sources.json"), "{error}");
    }
}

#[test]
fn no_operation_id_results_in_a_path_outside_the_folder() {
    for (id, file) in [
        ("../../evil", "evil.json"),
        ("/etc/passwd", "etc_passwd.json"),
        ("..\\..\\evil", "evil.json"),
        ("a\0b", "a_b.json"),
        ("CON", "con_.json"),
        ("com1", "com1_.json"),
        ("사용자#목록", "사용자_목록.json"),
    ] {
        let workspace = Workspace::new();
        workspace
            .import(&[("users.md", &page(&[published(id, "get", "/users")]))])
            .unwrap();
        let expected = [
            "Cargo.toml",
            "specs/acme/api.toml",
            &format!("specs/acme/published/{file}"),
            RECORD,
        ];
        let files: Vec<String> = workspace
            .files()
            .into_keys()
            .map(|file| file.to_str().unwrap().to_owned())
            .collect();
        assert_eq!(files, expected);
        workspace.normalise().unwrap();
    }
}

#[test]
fn an_operation_id_without_a_valid_file_name_is_refused() {
    for (id, problem) in [
        ("../..", "gives no name"),
        (&*"a".repeat(300), "is too long for the name of a file"),
    ] {
        let workspace = Workspace::new();
        let error = workspace
            .import(&[("users.md", &page(&[published(id, "get", "/users")]))])
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!(
                "error: the operationId `{id}` {problem}\n  --> users.md:8"
            )),
            "{error}"
        );
        assert!(
            error.contains("help: name the operation in [rename.operations] of api.toml"),
            "{error}"
        );
    }
}
