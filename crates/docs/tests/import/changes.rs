//! Changed pages: operations that an import replaces, removes, moves and renames.

use serde_json::{Value, json};

use specmill_scratch::{Workspace, page, published};

fn list() -> Value {
    published("user#list", "get", "/users")
}

fn create() -> Value {
    published("user#create", "post", "/users")
}

fn changed(mut document: Value) -> Value {
    document["info"]["version"] = json!("2");
    document
}

/// A workspace with `user#list` and `user#create` from `users.md`.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace
        .import(&[("users.md", &page(&[list(), create()]))])
        .unwrap();
    workspace
}

fn record(workspace: &Workspace) -> Value {
    serde_json::from_str(&workspace.read("specs/acme/sources.json")).unwrap()
}

#[test]
fn the_same_page_again_changes_nothing() {
    let workspace = workspace();
    let before = workspace.files();
    let report = workspace
        .import(&[("users.md", &page(&[list(), create()]))])
        .unwrap();
    assert_eq!(report, ["unchanged user#create", "unchanged user#list"]);
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_changed_operation_is_replaced() {
    let workspace = workspace();
    let report = workspace
        .import(&[("users.md", &page(&[changed(list()), create()]))])
        .unwrap();
    assert_eq!(report, ["unchanged user#create", "changed user#list"]);
    assert!(
        workspace
            .read("specs/acme/published/user_list.json")
            .contains(r#""version": "2""#)
    );
}

#[test]
fn the_date_is_that_of_the_import_that_changed_the_content() {
    let workspace = workspace();
    let pages =
        [
            specmill_docs::Page::new("users.md", page(&[changed(list()), create()]).into_bytes())
                .unwrap(),
        ];
    let import = specmill_xtask::import::import(
        workspace.root(),
        &workspace.api().unwrap(),
        &pages,
        "2026-03-04",
    )
    .unwrap();
    import.plan.carry_out(workspace.root()).unwrap();
    let record = record(&workspace);
    assert_eq!(record["user_list.json"]["imported"], "2026-03-04");
    assert_eq!(record["user_create.json"]["imported"], "2026-01-02");
}

#[test]
fn an_operation_that_its_page_no_longer_contains_is_removed() {
    let workspace = workspace();
    let report = workspace.import(&[("users.md", &page(&[list()]))]).unwrap();
    assert_eq!(
        report,
        [
            "removed user#create: gone from users.md",
            "unchanged user#list"
        ]
    );
    assert!(!workspace.exists("specs/acme/published/user_create.json"));
    assert!(record(&workspace).get("user_create.json").is_none());
}

#[test]
fn operations_of_other_pages_are_kept() {
    let workspace = workspace();
    let report = workspace
        .import(&[(
            "roles.md",
            &page(&[published("role#list", "get", "/roles")]),
        )])
        .unwrap();
    assert_eq!(report, ["added role#list"]);
    assert_eq!(
        workspace.normalise().unwrap().document["paths"]
            .as_object()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn an_operation_from_another_page_moves() {
    let workspace = workspace();
    let report = workspace
        .import(&[("people.md", &page(&[list(), changed(create())]))])
        .unwrap();
    assert_eq!(
        report,
        [
            "moved user#create: from users.md to people.md",
            "changed user#create",
            "moved user#list: from users.md to people.md",
        ]
    );
    assert_eq!(record(&workspace)["user_list.json"]["page"], "people.md");
    // Another import of the old page moves them back.
    let report = workspace
        .import(&[("users.md", &page(&[list(), create()]))])
        .unwrap();
    assert!(report.contains(&"moved user#list: from people.md to users.md".to_owned()));
}

#[test]
fn an_operation_that_moves_between_pages_of_one_import_moves() {
    let workspace = workspace();
    let (users, roles) = (page(&[list()]), page(&[create()]));
    let report = workspace
        .import(&[("users.md", &users), ("roles.md", &roles)])
        .unwrap();
    assert_eq!(
        report,
        [
            "moved user#create: from users.md to roles.md",
            "unchanged user#list"
        ]
    );
}

#[test]
fn a_renamed_operation_is_recognised_by_method_and_path() {
    let workspace = workspace();
    let renamed = published("people#list", "get", "/users");
    let report = workspace
        .import(&[("users.md", &page(&[renamed, create()]))])
        .unwrap();
    assert_eq!(
        report,
        [
            "renamed people#list: it was user#list",
            "changed people#list",
            "to keep `user_list` in Rust, add to specs/acme/api.toml:",
            "  [rename.operations]",
            "  \"GET /users\" = \"user_list\"",
            "unchanged user#create"
        ]
    );
    assert!(!workspace.exists("specs/acme/published/user_list.json"));
    assert!(workspace.exists("specs/acme/published/people_list.json"));
    workspace.normalise().unwrap();
}

#[test]
fn an_operation_whose_case_changes_keeps_its_file() {
    let workspace = workspace();
    let renamed = published("User#List", "get", "/users");
    let report = workspace
        .import(&[("people.md", &page(&[renamed]))])
        .unwrap();
    assert_eq!(
        report,
        [
            "moved User#List: from users.md to people.md",
            "renamed User#List: it was user#list",
            "changed User#List"
        ]
    );
    assert_eq!(
        record(&workspace)["user_list.json"]["operation"],
        "User#List"
    );
}

#[test]
fn an_operation_whose_path_belongs_to_another_one_now_is_removed() {
    let workspace = workspace();
    let moved = published("user#create", "get", "/users");
    let report = workspace.import(&[("people.md", &page(&[moved]))]).unwrap();
    assert_eq!(
        report,
        [
            "removed user#list: GET /users is user#create now",
            "moved user#create: from users.md to people.md",
            "changed user#create",
        ]
    );
    workspace.normalise().unwrap();
}

#[test]
fn a_page_without_any_of_its_previous_operations_is_noted() {
    let workspace = workspace();
    let report = workspace
        .import(&[(
            "users.md",
            &page(&[published("role#list", "get", "/roles")]),
        )])
        .unwrap();
    assert_eq!(
        report,
        [
            "removed user#create: gone from users.md",
            "removed user#list: gone from users.md",
            "note: users.md: nothing of what the page held is on it now; give another page a name of its own with --page",
            "added role#list",
        ]
    );
}

#[test]
fn an_identical_duplicate_of_an_operation_is_stored_once() {
    let workspace = Workspace::new();
    let report = workspace
        .import(&[
            ("a.md", &page(&[list(), list()])),
            ("b.md", &page(&[list()])),
        ])
        .unwrap();
    assert_eq!(report, ["added user#list"]);
}

#[test]
fn a_different_duplicate_of_an_operation_is_refused_with_both_locations() {
    let error = Workspace::new()
        .import(&[
            ("a.md", &page(&[list()])),
            ("b.md", &page(&[changed(list())])),
        ])
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: the operation `user#list` stands twice, with different documents
      --> b.md:8
      = note: the other one is at a.md:8
      = note: they differ at #/info/version
      = help: import the pages one by one, the one that is right last; on one page, remove the wrong one
    ");
}

#[test]
fn two_operations_of_one_method_and_path_are_refused() {
    let error = Workspace::new()
        .import(&[(
            "a.md",
            &page(&[list(), published("user#find", "get", "/users")]),
        )])
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: the operations `user#list` and `user#find` are both GET /users
      --> a.md:14
      = note: the other one is at a.md:8
      = help: remove the one that is wrong from a copy of the page
    ");
}

#[test]
fn two_operations_of_one_name_are_refused_until_one_is_renamed() {
    let documents = [
        published("user#list", "get", "/users"),
        published("USER list", "get", "/v2/users"),
    ];
    let workspace = Workspace::new();
    insta::assert_snapshot!(workspace.import(&[("a.md", &page(&documents))]).unwrap_err(), @r"
    error: the operations `user#list` and `USER list` would have one name
      --> a.md:14
      = note: the other one is at a.md:8
      = help: name one of them in [rename.operations] of api.toml
    ");
    let workspace =
        Workspace::with_settings("[rename.operations]\n\"USER list\" = \"user_list_v2\"\n");
    workspace.import(&[("a.md", &page(&documents))]).unwrap();
    assert!(workspace.exists("specs/acme/published/user_list_v2.json"));
    workspace.normalise().unwrap();
}

#[test]
fn an_operation_does_not_displace_another_one_of_its_name() {
    let workspace = workspace();
    let before = workspace.files();
    let other = published("User list", "get", "/v2/users");
    insta::assert_snapshot!(workspace.import(&[("v2.md", &page(&[other]))]).unwrap_err(), @r"
    error: the operations `user#list` and `User list` would have one name
      --> v2.md:8
      = note: the other one is in specs/acme/published/user_list.json
      = help: name one of them in [rename.operations] of api.toml
    ");
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_rename_moves_the_file_at_the_next_import() {
    let workspace = workspace();
    workspace.write(
        "specs/acme/api.toml",
        &format!(
            "{}[rename.operations]\n\"user#list\" = \"people\"\n",
            specmill_scratch::SETTINGS
        ),
    );
    workspace
        .import(&[("users.md", &page(&[list(), create()]))])
        .unwrap();
    assert!(!workspace.exists("specs/acme/published/user_list.json"));
    assert!(workspace.exists("specs/acme/published/people.json"));
    workspace.normalise().unwrap();
}

#[test]
fn two_pages_of_one_name_are_refused() {
    let error = Workspace::new()
        .import(&[("a.md", &page(&[list()])), ("a.md", &page(&[create()]))])
        .unwrap_err();
    assert_eq!(error.message(), "two pages would be recorded as `a.md`");
}

#[test]
fn nothing_is_written_when_any_part_is_bad() {
    let workspace = workspace();
    let before = workspace.files();
    let good = page(&[changed(list()), published("user#get", "get", "/users/{id}")]);
    for bad in [
        "no operation",
        "```json\n{\n```\n",
        "```json\n{\"openapi\": \"3.0.3\"}\n```\n",
        "```json\n",
    ] {
        workspace
            .import(&[("users.md", &format!("{good}\n{bad}")), ("b.md", bad)])
            .unwrap_err();
        workspace
            .import(&[("b.md", &good), ("users.md", bad)])
            .unwrap_err();
        assert_eq!(workspace.files(), before, "{bad}");
    }
}

#[test]
fn pages_are_refused_for_an_api_with_a_single_document() {
    let workspace = Workspace::new();
    workspace.write("specs/acme/spec.yaml", "openapi: 3.0.3\n");
    insta::assert_snapshot!(workspace.import(&[("users.md", &page(&[list()]))]).unwrap_err(), @r"
    error: the API `acme` has its whole document in one file
      --> specs/acme/spec.yaml
      = help: change that file; pages are for an API whose operations are published one by one
    ");
}

#[test]
fn documents_that_differ_only_in_whitespace_are_unchanged() {
    let workspace = workspace();
    let before = workspace.files();
    let indented: Vec<String> = [list(), create()]
        .iter()
        .map(|document| format!("```json\n{document:#}\n```\n"))
        .collect();
    let report = workspace
        .import(&[("users.md", &indented.concat())])
        .unwrap();
    assert_eq!(report, ["unchanged user#create", "unchanged user#list"]);
    assert_eq!(workspace.files(), before);
}

/// Imports a page from a saved file with the given name.
fn import_file(workspace: &Workspace, name: &str, text: &str) -> specmill_xtask::import::Import {
    let page = specmill_docs::Page::from_file(name, text.as_bytes().to_vec()).unwrap();
    let import = workspace.prepare(&[page]).unwrap();
    import.plan.carry_out(workspace.root()).unwrap();
    import
}

#[test]
fn a_page_saved_under_another_name_is_recognised_by_its_operations() {
    let workspace = workspace();
    let report = import_file(
        &workspace,
        "users (1).md",
        &page(&[changed(list()), create()]),
    )
    .report;
    assert_eq!(
        report,
        [
            "note: users (1).md: imported as the page `users.md`, which has the same operations; to use another name, set --page",
            "unchanged user#create",
            "changed user#list",
        ]
    );
    assert_eq!(record(&workspace)["user_list.json"]["page"], "users.md");
    // A page with half of the operations is not recognised.
    let report = import_file(&workspace, "people.md", &page(&[create()])).report;
    assert_eq!(report, ["moved user#create: from users.md to people.md"]);
}

#[test]
fn lost_operations_of_a_page_are_counted() {
    let pages = [
        list(),
        create(),
        published("user#get", "get", "/users/{id}"),
    ];
    let workspace = Workspace::new();
    workspace.import(&[("users.md", &page(&pages))]).unwrap();
    let two = import_file(&workspace, "users.md", &page(&pages[..2]));
    assert_eq!(two.losses[0].operations, ["user#get"]);
    assert!(!two.losses[0].is_large(), "a third");
    let one = import_file(&workspace, "users.md", &page(&pages[..1]));
    assert!(one.losses[0].is_large(), "a half");
    let none = import_file(&workspace, "users.md", &page(&pages[..1]));
    assert_eq!(none.losses, []);
}
