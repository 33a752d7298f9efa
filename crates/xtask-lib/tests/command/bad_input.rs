//! Every bad input results in exit code 2 and one message with file, location and remedy, and no file is changed.

use serde_json::{Value, json};

use crate::program::Program as _;
use specmill_scratch::{SETTINGS, Workspace, document, page, published, published_with};

/// Runs a command that must fail, and returns its message.
fn refused(workspace: &Workspace, arguments: &[&str], input: &str) -> String {
    let before = workspace.files();
    let run = workspace.run_with_input(arguments, input);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(run.output, "");
    assert_eq!(workspace.files(), before);
    run.errors
}

/// The error of an import into an API that already has a page.
fn import_refused(text: &str) -> String {
    let workspace = Workspace::new();
    workspace
        .import(&[(
            "users.md",
            &page(&[published("user#list", "get", "/users")]),
        )])
        .unwrap();
    refused(
        &workspace,
        &["import", "--api", "acme", "--page", "users.md", "-"],
        text,
    )
}

/// The error of a regeneration from files in the folder of an API.
fn regen_refused(files: &[(&str, &str)]) -> String {
    let workspace = Workspace::new();
    for (name, text) in files {
        workspace.write(&format!("specs/acme/{name}"), text);
    }
    let plain = refused(&workspace, &["regen"], "");
    assert_eq!(refused(&workspace, &["regen", "--check"], ""), plain);
    plain
}

fn good() -> String {
    document(json!({"/users": {"get": {"operationId": "list", "responses": {"200": {"description": "OK"}}}}}), json!({})).to_string()
}

mod a_page {
    use super::*;

    #[test]
    fn without_operations() {
        insta::assert_snapshot!(import_refused("# Users\n"), @r"
        error: the page contains no operation
          --> users.md
          = help: give the Markdown of a page that contains OpenAPI documents in code blocks
        ");
    }

    #[test]
    fn with_a_broken_block() {
        insta::assert_snapshot!(import_refused("# Users\n\n```json\n{\"openapi\": \"3.0.3\",}\n```\n"), @r"
        error: this is not valid JSON: trailing comma
          --> users.md:4:21
          = help: copy the page again; if the vendor publishes it so, correct the block in a copy of the page
        ");
    }

    #[test]
    fn with_a_block_that_is_not_openapi() {
        insta::assert_snapshot!(import_refused("# Users\n\n```json\n{\"id\": \"u-1\"}\n```\n"), @r"
        error: the page contains no operation
          --> users.md
          = note: users.md:4: this JSON is no OpenAPI document; it is skipped
          = help: give the Markdown of a page that contains OpenAPI documents in code blocks
        ");
        insta::assert_snapshot!(import_refused("```json\n{\"openapi\": \"2.0\", \"paths\": {}}\n```\n"), @r"
        error: this is not a document of OpenAPI 3.0, 3.1 or 3.2: `openapi` is `2.0`
          --> users.md:2
          = note: in the document that begins here, at #/openapi
          = help: convert the document to OpenAPI 3.0 first
        ");
    }

    #[test]
    fn with_a_dangling_reference() {
        let mut document = published("user#get", "get", "/users/{id}");
        document["paths"]["/users/{id}"]["get"]["responses"]["204"] =
            json!({"$ref": "#/components/responses/User"});
        insta::assert_snapshot!(import_refused(&page(&[document])), @r"
        error: the reference `#/components/responses/User` has no target
          --> users.md:8
          = note: in the document that begins here, at #/paths/~1users~1{id}/get/responses/204/$ref
          = help: correct the reference, or add its target
        ");
    }

    #[test]
    fn with_a_duplicate_operation() {
        let mut other = published("user#get", "get", "/users/{id}");
        other["info"]["version"] = json!("2");
        insta::assert_snapshot!(import_refused(&page(&[published("user#get", "get", "/users/{id}"), other])), @r"
        error: the operation `user#get` stands twice, with different documents
          --> users.md:14
          = note: the other one is at users.md:8
          = note: they differ at #/info/version
          = help: import the pages one by one, the one that is right last; on one page, remove the wrong one
        ");
    }

    #[test]
    fn that_is_truncated() {
        let text = page(&[published("user#get", "get", "/users/{id}")]);
        insta::assert_snapshot!(import_refused(text.trim_end().trim_end_matches('`')), @r"
        error: the code block that begins here is never closed
          --> users.md:7
          = help: give the whole page; its end seems to be missing
        ");
    }

    #[test]
    fn that_is_not_utf_8() {
        let workspace = Workspace::new();
        std::fs::write(workspace.root().join("users.md"), b"# Users\n\xe9\n").unwrap();
        insta::assert_snapshot!(refused(&workspace, &["import", "--api", "acme", "users.md"], ""), @r"
        error: the page is not UTF-8
          --> users.md:2
          = help: save the page as UTF-8 text
        ");
    }

    #[test]
    fn that_does_not_exist() {
        let error = refused(
            &Workspace::new(),
            &["import", "--api", "acme", "docs/users.md"],
            "",
        );
        assert!(
            error.starts_with("error: cannot read the page: "),
            "{error}"
        );
        assert!(error.contains("\n  --> docs/users.md\n"), "{error}");
        assert!(
            error.contains(
                "help: give the name of a file, an https address, or - for standard input"
            ),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn that_never_ends() {
        insta::assert_snapshot!(refused(&Workspace::new(), &["import", "--api", "acme", "/dev/zero"], ""), @r"
        error: the page has more than 33554432 bytes, which is the limit
          --> /dev/zero
          = help: give the page of the operations, not an archive of the site
        ");
    }

    #[test]
    fn that_is_not_fetched_safely() {
        insta::assert_snapshot!(refused(&Workspace::new(), &["import", "--api", "acme", "http://acme.test/users.md"], ""), @r"
        error: pages are fetched over https only, not over http
          = help: give the https address
        ");
        insta::assert_snapshot!(refused(&Workspace::new(), &["import", "--api", "acme", "https://acme.test/users?key=s3cret"], ""), @r"
        error: the address has a query, which the record would keep
          --> https://acme.test/users
          = help: name the page with --page; a query may hold a token
        ");
    }

    #[test]
    fn that_has_the_name_of_another_page() {
        let workspace = Workspace::new();
        insta::assert_snapshot!(refused(&workspace, &["import", "--api", "acme", "--page", "x.md", "a.md", "b.md"], ""), @r"
        error: --page names one page, but several are given
          = help: omit --page, or import the pages one by one
        ");
        insta::assert_snapshot!(refused(&workspace, &["import", "--api", "acme", "-", "-"], ""), @r"
        error: standard input can only be read once
          = help: pass `-` once
        ");
    }

    #[test]
    fn of_an_api_that_does_not_exist() {
        for name in ["globex", "../acme", ""] {
            let error = refused(&Workspace::new(), &["import", "--api", name, "-"], "");
            let problem = format!("error: there is no API `{name}`\n");
            assert!(error.starts_with(&problem), "{error}");
            let help = "help: the APIs are: acme; `cargo xtask new` adds another";
            assert!(error.contains(help), "{error}");
        }
        let error = refused(&Workspace::new(), &["import", "--api", "acmee", "-"], "");
        assert!(error.contains("help: did you mean `acme`?"), "{error}");
    }
}

mod documents {
    use super::*;

    #[test]
    fn that_contradict_each_other() {
        let workspace = Workspace::new();
        let of = |kind: &str| json!({"type": "object", "properties": {"id": {"type": kind}}});
        let one = page(&[published_with(
            "user#get",
            "get",
            "/users/{id}",
            "UserAPI.User",
            of("string"),
        )]);
        let two = page(&[published_with(
            "role#get",
            "get",
            "/roles/{id}",
            "UserAPI.User",
            of("integer"),
        )]);
        workspace
            .import(&[("users.md", &one), ("roles.md", &two)])
            .unwrap();
        insta::assert_snapshot!(refused(&workspace, &["regen"], ""), @r"
        error: two published documents contradict each other about `UserAPI.User`
          --> specs/acme/published/user_get.json#/components/schemas/UserAPI.User
          = note: the other one is at specs/acme/published/role_get.json#/components/schemas/UserAPI.User
          = note: they differ at `properties/id/type`
          = help: import the older page again; if the vendor contradicts itself, name the correct operation in [prefer] of api.toml
        ");
    }

    #[test]
    fn with_a_dangling_reference() {
        let mut document: Value = serde_json::from_str(&good()).unwrap();
        document["components"]["schemas"]["User"] =
            json!({"properties": {"role": {"$ref": "#/components/schemas/Role"}}});
        insta::assert_snapshot!(regen_refused(&[("spec.json", &document.to_string())]), @r"
        error: the reference `#/components/schemas/Role` has no target
          --> specs/acme/spec.json#/components/schemas/User/properties/role/$ref
          = help: correct the reference, or add its target
        ");
    }

    #[test]
    fn that_are_not_yaml() {
        insta::assert_snapshot!(regen_refused(&[("spec.yaml", "openapi: 3.0.3\npaths: {}\ninfo:\n  title: A\n  title: B\n")]), @r"
        error: this is not valid YAML: info: the property `title` is duplicated in an object
          --> specs/acme/spec.yaml:4:3
          = help: correct the file
        ");
    }

    #[test]
    fn that_are_missing() {
        insta::assert_snapshot!(regen_refused(&[]), @r"
        error: the API has no document
          --> specs/acme/
          = help: import a page (`cargo xtask import --api acme PAGE`), or write spec.yaml
        ");
    }
}

mod an_overlay {
    use super::*;

    const HEAD: &str = "overlay: 1.0.0\ninfo: { title: Acme, version: 1.0.0 }\n";

    fn overlay_refused(text: &str) -> String {
        regen_refused(&[("spec.json", &good()), ("overlay.yaml", text)])
    }

    #[test]
    fn that_is_not_yaml() {
        let error = overlay_refused("overlay: 1.0.0\nactions: [\n");
        assert!(
            error.starts_with("error: this is not valid YAML: "),
            "{error}"
        );
        assert!(
            error.contains("\n  --> specs/acme/overlay.yaml:"),
            "{error}"
        );
        assert!(error.contains("\n  = help: correct the file\n"), "{error}");
    }

    #[test]
    fn that_is_not_an_overlay() {
        insta::assert_snapshot!(overlay_refused("openapi: 3.0.3\n"), @r"
        error: this is not an overlay: unknown field `openapi`, expected one of `overlay`, `info`, `extends`, `actions`
          --> specs/acme/overlay.yaml#
          = help: write `overlay: 1.0.0`, `info` with title and version, and `actions`
        ");
    }

    #[test]
    fn whose_action_matches_nothing() {
        let action =
            "actions:\n  - { target: \"$.paths['/roles']\", description: Gone., remove: true }\n";
        insta::assert_snapshot!(overlay_refused(&format!("{HEAD}{action}")), @r"
        error: `$.paths['/roles']` matches nothing
          --> specs/acme/overlay.yaml#/actions/0
          = help: correct the target, or remove the action if the vendor fixed its documents
        ");
    }

    #[test]
    fn whose_action_has_no_reason() {
        let action = "actions:\n  - { target: $.info, update: { version: '2' } }\n";
        insta::assert_snapshot!(overlay_refused(&format!("{HEAD}{action}")), @r"
        error: the action on `$.info` has no reason
          --> specs/acme/overlay.yaml#/actions/0
          = help: add `description` with the reason
        ");
    }
}

mod settings {
    use super::*;

    fn settings_refused(text: &str) -> String {
        regen_refused(&[("spec.json", &good()), ("api.toml", text)])
    }

    #[test]
    fn that_are_not_toml() {
        let error = settings_refused("title = \"Acme\nmodule = 1\n");
        assert!(error.starts_with("error: "), "{error}");
        assert!(error.contains("\n  --> specs/acme/api.toml:1\n"), "{error}");
        assert!(
            error.contains("\n  = help: the README of specmill-xtask lists the keys of api.toml\n"),
            "{error}"
        );
    }

    #[test]
    fn that_lack_a_key() {
        insta::assert_snapshot!(settings_refused("title = \"Acme\"\n"), @r"
        error: missing field `module`
          --> specs/acme/api.toml:1
          = help: the README of specmill-xtask lists the keys of api.toml
        ");
    }

    #[test]
    fn with_an_unknown_key() {
        let error = settings_refused(&format!("{SETTINGS}modul = \"x\"\n"));
        assert!(
            error.starts_with("error: unknown field `modul`, expected one of "),
            "{error}"
        );
        assert!(error.contains("\n  --> specs/acme/api.toml:6\n"), "{error}");
    }

    #[test]
    fn whose_module_is_invalid() {
        insta::assert_snapshot!(settings_refused(&SETTINGS.replace("\"acme\"", "\"acme::type\"")), @r"
        error: `type` cannot name a module: it is a keyword of Rust
          --> specs/acme/api.toml
          = help: use another word, such as `box_api` for `box`
        ");
    }

    #[test]
    fn whose_error_schema_is_missing() {
        insta::assert_snapshot!(settings_refused(&format!("{SETTINGS}error-schema = \"Problem\"\n")), @r"
        error: the error schema `Problem` is not a component
          --> specs/acme/api.toml
          = help: add it in the overlay, or correct `error-schema`
        ");
    }
}

#[test]
fn a_command_outside_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(crate::program::PROGRAM)
        .arg("regen")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.starts_with(
            "error: this is not a workspace: there is no Cargo.toml with [workspace]\n"
        ),
        "{errors}"
    );
    assert!(
        errors.ends_with("  = help: run the command in the root of the workspace\n"),
        "{errors}"
    );
}

#[test]
fn an_api_that_does_not_exist() {
    let workspace = Workspace::new();
    workspace.write("specs/acme/spec.json", &good());
    insta::assert_snapshot!(refused(&workspace, &["regen", "--api", "globex"], ""), @r"
    error: there is no API `globex`
      --> specs
      = help: the APIs are: acme; `cargo xtask new` adds another
    ");
}
