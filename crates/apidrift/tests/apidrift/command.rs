//! The command line.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{request, response};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("old.yaml", &request("{type: integer, maximum: 20}"));
        folder.write("new.yaml", &request("{type: integer, maximum: 10}"));
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apidrift"));
        command.args(arguments).current_dir(self.path());
        for name in ["CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "NO_COLOR"] {
            command.env_remove(name);
        }
        without_git_settings(&mut command);
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        told(
            &self
                .command(arguments)
                .stdin(Stdio::null())
                .output()
                .unwrap(),
        )
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        without_git_settings(&mut git);
        let status = git
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.test",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(arguments)
            .current_dir(self.path())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }
}

/// Removes the settings that git reads from outside the folder: those of the user, and those of a git hook that runs
/// the tests.
fn without_git_settings(command: &mut Command) {
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn findings_without_fail_on_exit_with_zero() {
    let (code, out, err) = Folder::new().run(&["old.yaml", "new.yaml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("request-body-max-decreased"), "{out}");
}

#[test]
fn findings_at_the_requested_level_exit_with_one() {
    let folder = Folder::new();
    let code = |level: &str, old: &str, new: &str| folder.run(&["--fail-on", level, old, new]).0;
    assert_eq!(code("breaking", "old.yaml", "new.yaml"), Some(1));
    assert_eq!(code("rust", "old.yaml", "new.yaml"), Some(0));
    assert_eq!(code("breaking", "new.yaml", "old.yaml"), Some(0));
    assert_eq!(code("warning", "new.yaml", "old.yaml"), Some(0));
    assert_eq!(code("any", "new.yaml", "old.yaml"), Some(1));
    assert_eq!(code("any", "new.yaml", "new.yaml"), Some(0));
    assert_eq!(code("rust,breaking", "old.yaml", "new.yaml"), Some(1));
}

#[test]
fn wrong_usage_exits_with_two() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["old.yaml"]).0, Some(2));
    assert_eq!(
        folder
            .run(&["--fail-on", "everything", "old.yaml", "new.yaml"])
            .0,
        Some(2)
    );
    assert_eq!(
        folder.run(&["--format", "pdf", "old.yaml", "new.yaml"]).0,
        Some(2)
    );
}

#[test]
fn unreadable_input_exits_with_three_and_a_remedy() {
    let folder = Folder::new();
    folder.write("broken.yaml", "openapi: 3.0.0\npaths: [\n");
    std::fs::write(folder.path().join("latin.yaml"), b"openapi: \xff").unwrap();
    for (input, words) in [
        ("missing.yaml", "pass a readable file"),
        ("broken.yaml", "correct the JSON or YAML at this place"),
        ("latin.yaml", "save it as UTF-8"),
        (
            "main:old.yaml",
            "use a revision and a path of the repository",
        ),
        ("-v:old.yaml", "error"),
    ] {
        let (code, out, err) = folder.run(&["old.yaml", "--", input]);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{input}: {err}");
        assert!(err.starts_with("apidrift: ") || words == "error", "{err}");
        assert!(err.contains(words) || words == "error", "{input}: {err}");
    }
}

#[test]
fn a_dash_is_standard_input() {
    let folder = Folder::new();
    let mut command = folder.command(&["-", "new.yaml", "--fail-on", "breaking"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = request("{type: integer, maximum: 20}");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let (code, out, _) = told(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(1));
    assert!(out.contains("20 → 10"), "{out}");
}

#[test]
fn a_revision_and_a_path_are_a_file_of_git() {
    let folder = Folder::new();
    folder.git(&["init", "-q"]);
    folder.git(&["add", "old.yaml"]);
    folder.git(&["commit", "-q", "-m", "first"]);
    let (code, out, err) = folder.run(&["HEAD:old.yaml", "new.yaml", "--fail-on", "breaking"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert!(out.contains("20 → 10"), "{out}");
    let (code, _, err) = folder.run(&["HEAD:gone.yaml", "new.yaml"]);
    assert_eq!(code, Some(3));
    assert!(err.contains("HEAD:gone.yaml"), "{err}");
}

#[test]
fn accepted_changes_do_not_fail_and_stale_ones_are_reported() {
    let folder = Folder::new();
    let (_, out, _) = folder.run(&["old.yaml", "new.yaml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let fingerprint = report["changes"][0]["fingerprint"].as_str().unwrap();
    folder.write(
        "accepted.yaml",
        &format!(
            "accepted: [{{fingerprint: {fingerprint}, reason: agreed, expires: 2030-06-01}}]\n"
        ),
    );
    let accepted = [
        "old.yaml",
        "new.yaml",
        "--fail-on",
        "breaking",
        "--accept",
        "accepted.yaml",
        "--today",
    ];
    let on = |day: &str| folder.run(&[&accepted[..], &[day]].concat());
    let (code, out, _) = on("2030-06-01");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("1 accepted."), "{out}");
    let (code, out, _) = on("2030-06-02");
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("expired on 2030-06-01"), "{out}");
}

#[test]
fn a_levels_file_overrides_verdicts() {
    let folder = Folder::new();
    folder.write(
        "levels.yaml",
        "levels: {request-body-max-decreased: {wire: warning}}\n",
    );
    let (code, _, _) = folder.run(&[
        "old.yaml",
        "new.yaml",
        "--fail-on",
        "breaking",
        "--levels",
        "levels.yaml",
    ]);
    assert_eq!(code, Some(0));
    folder.write("levels.yaml", "levels: {no-such-rule: ignore}\n");
    let (code, _, err) = folder.run(&["old.yaml", "new.yaml", "--levels", "levels.yaml"]);
    assert_eq!(code, Some(3));
    assert!(
        err.contains("levels.yaml: `no-such-rule` is no rule"),
        "{err}"
    );
}

#[test]
fn every_format_shows_the_change() {
    let folder = Folder::new();
    for format in ["text", "markdown", "json", "github", "html"] {
        let (code, out, err) = folder.run(&["--format", format, "old.yaml", "new.yaml"]);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        assert!(
            out.contains("request-body-max-decreased"),
            "{format}: {out}"
        );
    }
}

#[test]
fn colour_is_used_on_terminals_and_on_request() {
    let folder = Folder::new();
    assert!(!folder.run(&["old.yaml", "new.yaml"]).1.contains('\u{1b}'));
    assert!(
        folder
            .run(&["old.yaml", "new.yaml", "--color", "always"])
            .1
            .contains("\u{1b}[31m")
    );
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let folder = Folder::new();
    folder.write("other.yaml", &response("{type: string}"));
    let mut command = folder.command(&["old.yaml", "other.yaml", "--format", "html"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let (code, _, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""));
}

#[test]
fn help_names_inputs_and_exit_codes() {
    let (code, out, _) = Folder::new().run(&["--help"]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(out);
}

#[test]
fn an_error_names_the_input_the_problem_and_the_remedy() {
    let folder = Folder::new();
    let refusal = |input: &str| folder.run(&["old.yaml", "--", input]).2;
    assert_eq!(
        refusal("missing.yaml"),
        "apidrift: missing.yaml: No such file or directory (os error 2); pass a readable file, `-` or `REV:path`\n"
    );
    for input in [":new.yaml", "-v:new.yaml"] {
        assert_eq!(
            refusal(input),
            format!(
                "apidrift: {input}: this is not a git revision; use a revision and a path of the repository in this \
                 folder, such as `main:openapi.json`\n"
            )
        );
    }
}

#[test]
fn a_file_with_a_colon_in_its_name_is_a_file() {
    let folder = Folder::new();
    folder.write("HEAD:new.yaml", &request("{type: integer, maximum: 5}"));
    let (code, out, err) = folder.run(&["old.yaml", "HEAD:new.yaml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("20 → 5"), "{out}");
}

#[test]
fn standard_input_has_a_name_of_its_own() {
    let folder = Folder::new();
    let (code, _, err) = folder.run(&["-", "new.yaml"]);
    assert_eq!(code, Some(3));
    assert!(err.starts_with("apidrift: standard input"), "{err}");
}

#[test]
fn the_rules_page_is_printed_and_nothing_else() {
    let (code, out, err) = Folder::new().run(&["--rules"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, apidrift::rules::page());
    assert_eq!(Folder::new().run(&["--rules", "old.yaml"]).0, Some(2));
}

#[test]
fn a_levels_file_may_require_notice() {
    let folder = Folder::new();
    let operation = |extra: &str| format!("openapi: 3.0.0\npaths: {{/a: {{get: {{{extra}}}}}}}\n");
    folder.write("used.yaml", &operation(""));
    folder.write("deprecated.yaml", &operation("deprecated: true"));
    folder.write("levels.yaml", "sunset_days: {stable: 30}\n");
    let run = |levels: &[&str]| {
        let documents = ["used.yaml", "deprecated.yaml", "--fail-on", "breaking"];
        folder.run(&[&documents[..], levels].concat()).0
    };
    assert_eq!(run(&[]), Some(0));
    assert_eq!(run(&["--levels", "levels.yaml"]), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new();
    let mut command = folder.command(&["old.yaml", "new.yaml"]);
    command.stdout(std::fs::File::create("/dev/full").unwrap());
    let (code, _, err) = told(
        &command
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap(),
    );
    assert_eq!(code, Some(3));
    assert!(
        err.starts_with("apidrift: the output cannot be written: "),
        "{err}"
    );
}

/// A document whose only body is described in another file.
fn with_file(reference: &str) -> String {
    request(&format!("{{$ref: '{reference}'}}"))
}

#[test]
fn files_beside_the_document_are_read() {
    let folder = Folder::new();
    for (name, kind) in [("before", "integer"), ("after", "string")] {
        std::fs::create_dir_all(folder.path().join(name).join("schemas")).unwrap();
        folder.write(
            &format!("{name}/api.yaml"),
            &with_file("schemas/pet.yaml#/Pet"),
        );
        folder.write(
            &format!("{name}/schemas/pet.yaml"),
            "Pet: {type: object, properties: {id: {$ref: '../common.yaml'}}}\n",
        );
        folder.write(&format!("{name}/common.yaml"), &format!("type: {kind}\n"));
    }
    let (code, out, errors) =
        folder.run(&["before/api.yaml", "after/api.yaml", "--format", "json"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        report["changes"][0]["rule"],
        "request-property-type-changed"
    );
    assert_eq!(report["changes"][0]["pointer"]["new"], "common.yaml#");
    assert_eq!(report["changes"].as_array().unwrap().len(), 1);
}

#[test]
fn files_outside_the_folder_of_the_document_are_not_read() {
    let folder = Folder::new();
    folder.write("secret.yaml", "{type: integer}\n");
    std::fs::create_dir(folder.path().join("api")).unwrap();
    folder.write("api/old.yaml", &with_file("../secret.yaml"));
    folder.write("api/new.yaml", &with_file("../secret.yaml"));
    let (_, out, _) = folder.run(&["api/old.yaml", "api/new.yaml"]);
    assert!(out.contains("cannot be compared"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_that_leaves_the_folder_is_not_followed() {
    let folder = Folder::new();
    folder.write("secret.yaml", "{type: integer}\n");
    std::fs::create_dir(folder.path().join("api")).unwrap();
    std::os::unix::fs::symlink("../secret.yaml", folder.path().join("api/pet.yaml")).unwrap();
    folder.write("api/old.yaml", &with_file("pet.yaml"));
    let (_, out, _) = folder.run(&["api/old.yaml", "api/old.yaml"]);
    assert!(out.contains("cannot be compared"), "{out}");
}

#[test]
fn files_beside_a_document_at_a_revision_are_read_at_that_revision() {
    let folder = Folder::new();
    folder.write("api.yaml", &with_file("pet.yaml"));
    folder.write("pet.yaml", "{type: integer, maximum: 20}\n");
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", "m"]);
    folder.write("pet.yaml", "{type: integer, maximum: 10}\n");
    let (_, out, _) = folder.run(&["HEAD:api.yaml", "api.yaml"]);
    assert!(out.contains("`maximum` was decreased: 20 → 10"), "{out}");
}

#[test]
fn documents_of_two_folders_are_compared_by_their_names() {
    let folder = Folder::new();
    for name in ["before", "after"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        folder.write(&format!("{name}/same.yaml"), &request("{type: string}"));
    }
    folder.write("before/a.yaml", &request("{type: integer}"));
    folder.write("after/a.yaml", &request("{type: string}"));
    folder.write("after/b.yaml", &request("{type: string}"));
    let (code, out, _) = folder.run(&["before", "after", "--fail-on", "breaking"]);
    assert_eq!(code, Some(1));
    assert!(
        out.contains("after/a.yaml") && out.contains("after/b.yaml"),
        "{out}"
    );
    assert!(!out.contains("same.yaml"), "{out}");
    let (_, out, _) = folder.run(&["before", "after", "--format", "json"]);
    let reports: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(reports["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn path_prefixes_may_be_given_as_arguments() {
    let folder = Folder::new();
    let paths = |prefix: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  {prefix}/a:\n    get: {{}}\n  {prefix}/b:\n    get: {{}}\n"
        )
    };
    folder.write("one.yaml", &paths("/api/v1"));
    folder.write("two.yaml", &paths("/v2"));
    let (_, out, _) = folder.run(&["one.yaml", "two.yaml"]);
    assert!(out.contains("path was removed"), "{out}");
    let prefixes = ["--old-prefix", "/api/v1", "--new-prefix", "/v2"];
    let (_, out, _) = folder.run(&[&["one.yaml", "two.yaml"][..], &prefixes[..]].concat());
    assert_eq!(out, "No change.\n");
}

#[test]
fn a_url_without_tls_is_refused() {
    let folder = Folder::new();
    let (code, _, errors) = folder.run(&["http://127.0.0.1:1/a?token=x", "new.yaml"]);
    assert_eq!(code, Some(3));
    assert!(
        errors.contains("http://127.0.0.1:1/a") && !errors.contains("token"),
        "{errors}"
    );
}

#[test]
fn annotations_and_results_refer_to_lines_of_the_newer_document() {
    let folder = Folder::new();
    let (_, out, _) = folder.run(&["old.yaml", "new.yaml", "--format", "github"]);
    assert!(out.contains("file=new.yaml,line=9,"), "{out}");
    let (_, out, _) = folder.run(&["old.yaml", "new.yaml", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&out).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 9);
    assert_eq!(place["artifactLocation"]["uri"], "new.yaml");
}

#[test]
fn junit_tests_fail_for_changes_that_break_the_wire() {
    let folder = Folder::new();
    let (_, out, _) = folder.run(&["old.yaml", "new.yaml", "--format", "junit"]);
    assert!(out.contains("tests=\"1\" failures=\"1\""), "{out}");
    assert!(
        out.contains("classname=\"request-body-max-decreased\""),
        "{out}"
    );
}
