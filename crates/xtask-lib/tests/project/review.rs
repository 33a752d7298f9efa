//! A changed page, from the import to the review.

use std::process::Command;

use serde_json::{Value, json};

use crate::program::Program as _;
use crate::{widgets, workspace};
use specmill_scratch::{Workspace, page, without_settings};

/// A repository with the committed widgets, and then a page with a new required request field, a new enum value, and one
/// operation less.
fn changed() -> Workspace {
    let workspace = workspace();
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace, "The widgets");
    git(&workspace, &["checkout", "--quiet", "-b", "docs"]);
    let mut documents = widgets();
    documents.pop();
    let schema = &mut documents[0]["components"]["schemas"]["WidgetAPI.NewWidget"];
    schema["properties"]["size"] = json!({"type": "string"});
    schema["required"] = json!(["name", "size"]);
    schema["properties"]["colour"]["enum"] = json!(["red", "blue", "green"]);
    // The normaliser removes this change.
    documents[1]["paths"]["/widgets/{id}"]["get"]["parameters"][0]["allowEmptyValue"] = json!(true);
    workspace.write("widgets.md", &page(&documents));
    assert_eq!(
        workspace
            .run(&["import", "--api", "acme", "widgets.md"])
            .code,
        Some(0)
    );
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    workspace
}

fn git(workspace: &Workspace, arguments: &[&str]) {
    let mut git = Command::new("git");
    without_settings(&mut git);
    let status = git
        .args([
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@acme.test",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(arguments)
        .current_dir(workspace.root())
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn commit(workspace: &Workspace, message: &str) {
    git(workspace, &["add", "--all"]);
    git(workspace, &["commit", "--quiet", "--message", message]);
}

#[test]
fn every_change_is_found_with_its_verdicts_and_the_version_step() {
    let run = changed().run(&["diff", "--format", "json"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    let review: Value = serde_json::from_str(&run.output).unwrap();
    let api = &review["apis"][0];
    assert_eq!(api["name"], "acme");
    assert_eq!(api["step"], "major");
    assert_eq!(
        api["version"],
        json!({"current": "0.1.0", "suggested": "0.2.0"})
    );
    let changes = api["report"]["changes"].as_array().unwrap();
    let verdicts = |rule: &str| {
        let change = changes.iter().find(|change| change["rule"] == rule);
        let change = change.unwrap_or_else(|| panic!("{rule} in {changes:#?}"));
        (
            change["wire"].as_str().unwrap().to_owned(),
            change["rust"].as_str().unwrap().to_owned(),
        )
    };
    let both = ("breaking".to_owned(), "breaking".to_owned());
    assert_eq!(verdicts("new-required-request-property"), both);
    assert_eq!(verdicts("api-removed-without-deprecation"), both);
    assert_eq!(
        verdicts("request-property-enum-value-added").0,
        "compatible"
    );
    assert_eq!(changes.len(), 3, "{changes:#?}");
}

#[test]
fn every_format_shows_all_three() {
    let workspace = changed();
    for format in ["text", "markdown", "json", "github", "html"] {
        let run = workspace.run(&["diff", "--format", format]);
        assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{format}");
        for word in ["size", "green", "/widgets/{id}"] {
            assert!(
                run.output.contains(word),
                "{format} without {word}:\n{}",
                run.output
            );
        }
    }
}

#[test]
fn verdicts_from_both_crates_are_not_marked_as_estimates() {
    let run = changed().run(&["diff"]);
    assert!(run.output.contains("breaking for Rust"), "{}", run.output);
    assert!(!run.output.contains("estimate"), "{}", run.output);
}

#[test]
fn the_exit_code_depends_on_the_level() {
    let workspace = changed();
    for level in ["breaking", "warning", "any", "rust"] {
        assert_eq!(
            workspace.run(&["diff", "--fail-on", level]).code,
            Some(1),
            "{level}"
        );
    }
    assert_eq!(workspace.run(&["diff"]).code, Some(0));
    commit(&workspace, "The page changed");
    assert_eq!(
        workspace.run(&["diff", "HEAD", "--fail-on", "any"]).code,
        Some(0)
    );
    assert_eq!(
        workspace
            .run(&["diff", "main", "docs", "--fail-on", "breaking"])
            .code,
        Some(1)
    );
}

#[test]
fn a_levels_file_sets_verdicts_and_the_sunset_period() {
    let workspace = workspace();
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace, "The widgets");
    let mut documents = widgets();
    documents[1]["paths"]["/widgets/{id}"]["get"]["deprecated"] = json!(true);
    workspace.write("widgets.md", &page(&documents));
    let import = ["import", "--api", "acme", "widgets.md"];
    assert_eq!(workspace.run(&import).code, Some(0));
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    let code = |levels: &str| {
        workspace.write("levels.yaml", levels);
        let diff = ["diff", "--levels", "levels.yaml", "--fail-on", "breaking"];
        workspace.run(&diff).code
    };
    assert_eq!(code("{}"), Some(0));
    assert_eq!(code("sunset_days: {stable: 30}"), Some(1));
    let ignored = "{sunset_days: {stable: 30}, levels: {api-deprecated-sunset-missing: ignore}}";
    assert_eq!(code(ignored), Some(0));
}

#[test]
fn a_change_accepted_by_rule_and_path_is_hidden_with_its_effect_on_the_crate() {
    let workspace = changed();
    let diff = |accepted: &str, fail_on: &str| {
        let accepted = format!("accepted:\n{accepted}");
        workspace.write("accept.yaml", &accepted);
        workspace.run(&["diff", "--accept", "accept.yaml", "--fail-on", fail_on])
    };
    let entry = |what: &str| format!("  - {{{what}, reason: agreed, expires: 2999-12-31}}\n");
    let all = diff(&entry("path: '/**'"), "breaking");
    assert_eq!(all.code, Some(0), "{all:?}");
    let other = diff(&entry("path: /bolts/**"), "breaking");
    assert_eq!(other.code, Some(1), "{other:?}");
    let rule = diff(&entry("rule: new-required-request-property"), "breaking");
    assert_eq!(rule.code, Some(1), "{rule:?}");
    assert!(!rule.output.contains("`size`"), "{rule:?}");
}

/// A repository with the committed widgets, of which one operation has been removed.
fn without_an_operation() -> Workspace {
    let workspace = workspace();
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace, "The widgets");
    let mut documents = widgets();
    documents.pop();
    workspace.write("widgets.md", &page(&documents));
    let import = ["import", "--api", "acme", "widgets.md"];
    assert_eq!(workspace.run(&import).code, Some(0));
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    workspace
}

/// The APIs of a review in JSON.
fn apis(workspace: &Workspace, options: &[&str]) -> Value {
    let run = workspace.run(&[&["diff", "--format", "json"], options].concat());
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    let review: Value = serde_json::from_str(&run.output).unwrap();
    review["apis"].clone()
}

#[test]
fn a_lowered_verdict_for_rust_lowers_the_version_step() {
    let workspace = without_an_operation();
    let version = |options: &[&str]| {
        let api = &apis(&workspace, options)[0];
        (api["step"].clone(), api["version"]["suggested"].clone())
    };
    assert_eq!(version(&[]), (json!("major"), json!("0.2.0")));
    let rule = "api-removed-without-deprecation";
    let levels = format!("levels: {{{rule}: {{wire: warning, rust: warning}}}}");
    workspace.write("levels.yaml", &levels);
    let lowered = version(&["--levels", "levels.yaml"]);
    assert_eq!(lowered, (json!("minor"), json!("0.1.1")));
}

#[test]
fn an_api_with_only_accepted_changes_is_counted_and_not_listed() {
    let workspace = without_an_operation();
    let entry = "accepted: [{path: '/**', reason: agreed, expires: 2999-12-31}]";
    workspace.write("accept.yaml", entry);
    workspace.write(
        "levels.yaml",
        "levels: {api-removed-without-deprecation: ignore}",
    );
    for options in [["--accept", "accept.yaml"], ["--levels", "levels.yaml"]] {
        assert_eq!(apis(&workspace, &options), json!([]), "{options:?}");
        let run = workspace.run(&["diff", options[0], options[1], "--fail-on", "any"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(
            run.output.contains("but for accepted changes of 1 API"),
            "{run:?}"
        );
    }
}

#[test]
fn a_template_renders_the_review() {
    let workspace = changed();
    workspace.write(
        "comment.md",
        "{% for api in apis %}\n{{ api.name }}: {{ api.step }}, {{ api.lines[0].wire }}\n{% endfor %}\n",
    );
    let run = workspace.run(&["diff", "--template", "comment.md"]);
    assert_eq!(
        (run.code, &*run.output),
        (Some(0), "acme: major, breaking\n")
    );
    workspace.write("comment.md", "{{ nothing }}");
    let run = workspace.run(&["diff", "--template", "comment.md"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.errors.contains("comment.md:1:1"), "{run:?}");
}

#[test]
fn changes_that_the_normaliser_removes_are_reported() {
    let run = changed().run(&["diff"]);
    let line = "changed as published, not in the normalised document: \
                specs/acme/published/widget_get.json#/paths/~1widgets~1{id}/get/parameters/0/allowEmptyValue";
    assert!(run.output.contains(line), "{}", run.output);
}

#[test]
fn an_added_and_a_removed_api_are_reported() {
    let workspace = changed();
    workspace.write(
        "specs/bolts/api.toml",
        &workspace
            .read("specs/acme/api.toml")
            .replace("acme", "bolts"),
    );
    let bolts =
        json!({"openapi": "3.0.3", "info": {"title": "Bolts", "version": "1"}, "paths": {}});
    workspace.write("specs/bolts/spec.json", &bolts.to_string());
    std::fs::remove_dir_all(workspace.root().join("specs/acme")).unwrap();
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    let run = workspace.run(&["diff", "--fail-on", "breaking"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.output.contains("acme: removed, 0.1.0 to 0.2.0"),
        "{}",
        run.output
    );
    assert!(run.output.contains("bolts: a new API\n"), "{}", run.output);
}

#[test]
fn changed_versions_are_reported() {
    let workspace = Workspace::new();
    workspace.write("Cargo.toml", crate::MANIFEST);
    let spec = |rows: Value| {
        json!({"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {}, "x-api-versions": rows})
            .to_string()
    };
    workspace.write(
        "specs/acme/spec.json",
        &spec(json!([{"version": "1.0", "state": "CURRENT"}])),
    );
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace, "One version");
    let rows = json!([
        {"version": "1.1", "state": "CURRENT"},
        {"version": "1.0", "state": "DEPRECATED", "not_before": "2020-01-31"}
    ]);
    workspace.write("specs/acme/spec.json", &spec(rows));
    assert_eq!(workspace.run(&["regen"]).code, Some(0));
    let run = workspace.run(&["diff"]);
    for line in [
        "API version 1.1 is new: CURRENT",
        "API version 1.0 was CURRENT, and is DEPRECATED, guaranteed up to 2020-01-31",
        "API version 1.0 was guaranteed up to 2020-01-31,",
    ] {
        assert!(run.output.contains(line), "{line}\n{}", run.output);
    }
}

#[test]
fn a_loss_in_the_crate_only_is_reported_with_its_items() {
    let workspace = Workspace::new();
    workspace.write("Cargo.toml", crate::MANIFEST);
    let spec = |regions: Value, paging: Value| {
        let list = json!({"type": "object", "required": ["ids"], "properties": {
            "ids": {"type": "array", "items": {"type": "string"}}, "next": {"type": "string"}
        }});
        let mut list = json!({
            "operationId": "id_list", "parameters": [
                {"name": "cursor", "in": "query", "schema": {"type": "string"}},
                {"name": "page", "in": "query", "schema": {"type": "integer"}}
            ],
            "responses": {"200": specmill_scratch::response(list)}
        });
        list["x-paging"] = paging;
        json!({
            "openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/ids": {"get": list}},
            "servers": [{"url": "https://{region}.acme.test", "variables": {"region": {"default": "eu", "enum": regions}}}]
        })
        .to_string()
    };
    let paging = json!({"kind": "cursor", "parameter": "cursor", "next": "next", "items": "ids"});
    workspace.write("specs/acme/spec.json", &spec(json!(["eu", "us"]), paging));
    let run = workspace.run(&["regen"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace, "Two regions");
    let by_page = json!({"kind": "page", "parameter": "page", "first": 0, "items": "ids"});
    workspace.write("specs/acme/spec.json", &spec(json!(["eu"]), by_page));
    let run = workspace.run(&["regen"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    let run = workspace.run(&["diff", "--fail-on", "rust"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(1), ""));
    for line in [
        "acme: breaking ",
        "for Rust, 0.1.0 to 0.2.0",
        "`Region::Us` is gone",
        "breaking for Rust: `operations::IdList::stream` returns `paging::NumberedItems<",
    ] {
        assert!(run.output.contains(line), "{line}\n{}", run.output);
    }
    assert!(!run.output.contains("No change"), "{}", run.output);
    assert!(
        workspace
            .read("crates/acme/surface.txt")
            .contains("\nvariant Region::Eu  # \"eu\"\n")
    );
}

#[test]
fn settings_of_the_crate_are_compared_with_the_document() {
    let workspace = changed();
    commit(&workspace, "The page changed");
    let settings = workspace.read("specs/acme/api.toml");
    workspace.write(
        "specs/acme/api.toml",
        &settings.replace("\"ACME\"", "\"WIDGETS\""),
    );
    let run = workspace.run(&["diff", "HEAD"]);
    assert!(
        run.output
            .contains("the environment variable `ACME_BASE_URL` is no longer read"),
        "{}",
        run.output
    );
}

#[test]
fn the_changelog_is_drafted_from_the_changes() {
    let run = changed().run(&["changelog"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(
        run.output.starts_with(
            "## Unreleased\n\n### acme: breaking on the wire and for Rust, 0.1.0 to 0.2.0\n\n- `"
        ),
        "{}",
        run.output
    );
}

#[test]
fn a_revision_that_git_does_not_know_is_an_error() {
    let run = changed().run(&["diff", "--", "--output=x"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.errors
            .starts_with("error: git knows no revision `--output=x`"),
        "{}",
        run.errors
    );
}
