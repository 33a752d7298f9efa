//! Complete runs of the command, with small programs in place of the tools.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

use specmill_scratch::{Workspace, document, response};

/// Prints the output of Redocly and Prism; `FOUND` is the violation that Prism reports.
const NODE: &str = r#"
case "$*" in
  --version) echo v22.12.0 ;;
  *" lint "*) echo '{"totals":{"errors":0,"warnings":0},"problems":[]}' ;;
  *" mock "*)
    echo $$ >> running
    echo "[1:00:00 PM] › [CLI] ▶  start     Prism is listening on http://127.0.0.1:9"
    echo "[1:00:00 PM] › [HTTP SERVER] get /users ℹ  info      Request received"
    if [ -n "$FOUND" ]; then echo "[1:00:00 PM] ›     [VALIDATOR] ✖  error     Violation: $FOUND"; fi
    exec sleep 600 ;;
esac
"#;

const NPM: &str = r#"
if [ "$1" = --version ]; then echo 10.8.2; else echo npm >> "$INSTALLED"; fi
"#;

const PYTHON: &str = r#"
case "$*" in
  --version) echo Python 3.12.1 ;;
  "-m venv --clear "*) mkdir -p "$4/bin"; printf '#!/bin/sh\necho pip >> "$INSTALLED"\n' > "$4/bin/python"; chmod +x "$4/bin/python" ;;
esac
"#;

/// Reports that it has built the program of the API and the sandbox.
const CARGO: &str = r#"
echo "{\"executable\":\"$PWD/bin/calls\",\"package_id\":\"path+file:///crates/acme#specmill-acme@0.1.0\"}"
echo "{\"executable\":\"$PWD/bin/sandbox\",\"package_id\":\"path+file:///crates/sandbox#specmill-sandbox@0.1.0\"}"
"#;

const SANDBOX: &str = "echo $$ >> running\necho '{}'\nexec sleep 600\n";

const CALLS: &str = "echo \"${CALL:-passed GET /users (required)}\"\nexit ${CODE:-0}\n";

fn program(workspace: &Workspace, name: &str, script: &str) {
    let file = format!("bin/{name}");
    workspace.write(&file, &format!("#!/bin/sh\n{script}"));
    let path = workspace.root().join(file);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A workspace with one API, and programs for all prerequisites.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let users = json!({"get": {"operationId": "list", "tags": ["user"], "responses": {"200": response(json!({"type": "string"}))}}});
    let document = document(json!({ "/users": users }), json!({}));
    workspace.write("specs/acme/openapi.json", &document.to_string());
    for pinned in ["package.json", "package-lock.json", "requirements.txt"] {
        workspace.write(&format!("crates/contract/tools/{pinned}"), "pinned\n");
    }
    for (name, script) in [
        ("node", NODE),
        ("npm", NPM),
        ("python3", PYTHON),
        ("cargo", CARGO),
        ("sandbox", SANDBOX),
        ("calls", CALLS),
    ] {
        program(&workspace, name, script);
    }
    workspace
}

/// Runs the command with these programs first in `PATH`.
fn run(workspace: &Workspace, variables: &[(&str, &str)]) -> Output {
    let programs = workspace.root().join("bin");
    Command::new(env!("CARGO_BIN_EXE_specmill-contract"))
        .arg("contract")
        .current_dir(workspace.root())
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .env("CARGO", programs.join("cargo"))
        .env("INSTALLED", workspace.root().join("installed"))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Whether a process exists.
fn is_running(id: &str) -> bool {
    let status = Command::new("sh")
        .args(["-c", &format!("kill -0 {id} 2>/dev/null")])
        .status();
    status.unwrap().success()
}

fn assert_nothing_runs(workspace: &Workspace) {
    let started = workspace.read("running");
    assert!(!started.is_empty());
    for id in started.lines() {
        assert!(!is_running(id), "{id}");
    }
}

#[test]
fn a_run_without_findings_exits_with_0_and_lists_the_checks() {
    let workspace = workspace();
    let output = run(&workspace, &[]);
    assert_eq!(
        printed(&output),
        "acme: Redocly: passed: no error, no warning\n\
         acme: Prism: passed: 1 call of 1 operation, no violation\n\
         acme: Prism, random responses: passed: 1 call of 1 operation, no violation\n\
         acme: schemathesis: skipped: there is no sandbox of it\n\
         4 checks: 3 passed, 1 skipped\n"
    );
    assert_eq!(output.status.code(), Some(0));
    assert_nothing_runs(&workspace);
}

#[test]
fn a_finding_of_a_tool_is_reported_and_exits_with_1() {
    let workspace = workspace();
    let output = run(
        &workspace,
        &[("FOUND", "request.query.limit must be <= 60")],
    );
    let printed = printed(&output);
    assert!(
        printed.contains(
            "acme: Prism: FAILED: 1 problem\n  GET /users: request.query.limit must be <= 60\n  \
             --> target/contract/printed/acme-prism.txt\n"
        ),
        "{printed}"
    );
    assert_eq!(output.status.code(), Some(1));
    let file = workspace.read("target/contract/printed/acme-prism.txt");
    assert!(file.contains("Violation"), "{file}");
    assert_nothing_runs(&workspace);
}

#[test]
fn a_call_that_fails_exits_with_1() {
    let failed = [("CALL", "failed GET /users (required): no"), ("CODE", "1")];
    assert_eq!(run(&workspace(), &failed).status.code(), Some(1));
}

#[test]
fn interrupted_calls_have_no_verdict_and_exit_with_2() {
    let workspace = workspace();
    let output = run(&workspace, &[("CODE", "101")]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("target/contract/printed/acme-prism-calls.txt"),
        "{errors}"
    );
    assert_nothing_runs(&workspace);
}

#[test]
fn a_second_run_installs_nothing_and_another_pin_is_installed() {
    let workspace = workspace();
    for _ in 0..2 {
        assert_eq!(run(&workspace, &[]).status.code(), Some(0));
    }
    assert_eq!(workspace.read("installed"), "npm\npip\n");
    workspace.write("crates/contract/tools/requirements.txt", "another\n");
    assert_eq!(run(&workspace, &[]).status.code(), Some(0));
    assert_eq!(workspace.read("installed"), "npm\npip\npip\n");
}

#[test]
fn an_installation_that_failed_is_retried() {
    let workspace = workspace();
    let npm = workspace.read("bin/npm");
    program(
        &workspace,
        "npm",
        "[ \"$1\" = --version ] && echo 10.8.2 && exit\nexit 1\n",
    );
    let output = run(&workspace, &[]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("npm could not install the tools"),
        "{errors}"
    );
    assert!(!workspace.exists("installed"));
    workspace.write("bin/npm", &npm);
    assert_eq!(run(&workspace, &[]).status.code(), Some(0));
}

#[test]
fn a_run_without_node_names_the_package_and_exits_with_2() {
    let workspace = workspace();
    program(&workspace, "node", "exit 127\n");
    let output = run(&workspace, &[]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        errors,
        "error: there is no node\n  = help: install Node.js 20.19 or later\n"
    );
    assert!(!Path::new(&workspace.root().join("target")).exists());
}

#[test]
fn termination_ends_the_child_processes() {
    let workspace = workspace();
    // This Prism never listens, so the command waits for it.
    program(
        &workspace,
        "node",
        &NODE.replace("Prism is listening", "Prism waits"),
    );
    let programs = workspace.root().join("bin");
    let mut child = Command::new(env!("CARGO_BIN_EXE_specmill-contract"))
        .arg("contract")
        .current_dir(workspace.root())
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .env("CARGO", programs.join("cargo"))
        .env("INSTALLED", workspace.root().join("installed"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Waits for the sandbox and Prism.
    while !workspace.exists("running") || workspace.read("running").lines().count() < 2 {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let id = child.id().to_string();
    let told = Command::new("sh")
        .args(["-c", &format!("kill {id}")])
        .status();
    assert!(told.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_nothing_runs(&workspace);
}
