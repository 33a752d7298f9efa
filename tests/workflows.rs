//! The workflows are valid, refer to existing scripts, and follow the security rules.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Every workflow, with its file name and content.
fn workflows() -> Vec<(String, Value)> {
    let folder = Path::new(ROOT).join(".github/workflows");
    let mut workflows: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let content =
                yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", path.display()));
            let content = content.unwrap();
            (path.file_name().unwrap().display().to_string(), content)
        })
        .collect();
    workflows.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(workflows.len() >= 4, "{} workflows", workflows.len());
    workflows
}

/// Every step, with its location.
fn steps() -> Vec<(String, Value)> {
    let mut steps = Vec::new();
    for (file, workflow) in workflows() {
        for (job, content) in workflow["jobs"].as_object().unwrap() {
            for (index, step) in content["steps"].as_array().unwrap().iter().enumerate() {
                steps.push((format!("{file}, {job}, step {}", index + 1), step.clone()));
            }
        }
    }
    steps
}

/// The shell scripts of the steps.
fn scripts() -> Vec<(String, String)> {
    let scripts = steps().into_iter();
    scripts
        .filter_map(|(place, step)| Some((place, step["run"].as_str()?.to_owned())))
        .collect()
}

/// `docs.yml` imports every recorded page of every API.
#[test]
fn every_page_that_is_imported_again_has_a_url() {
    let mut pages = 0;
    for entry in std::fs::read_dir(Path::new(ROOT).join("specs")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(record) = std::fs::read_to_string(folder.join("sources.json")) else {
            continue;
        };
        let record: serde_json::Map<String, Value> = serde_json::from_str(&record).unwrap();
        let settings = std::fs::read_to_string(folder.join("api.toml")).unwrap();
        let settings: toml::Table = settings.parse().unwrap();
        for source in record.values() {
            let page = source["page"].as_str().unwrap();
            let address = settings
                .get("pages")
                .and_then(|known| known.get(page)?.as_str());
            let address = address.unwrap_or(page);
            assert!(
                address.starts_with("https://"),
                "{page} has no address in [pages] of {}",
                folder.join("api.toml").display()
            );
            pages += 1;
        }
    }
    assert!(pages > 0, "no record was found");
}

#[test]
fn every_workflow_declares_its_triggers_and_permissions() {
    for (file, workflow) in workflows() {
        for member in ["name", "on", "permissions"] {
            assert!(!workflow[member].is_null(), "{file} has no `{member}`");
        }
        for (job, content) in workflow["jobs"].as_object().unwrap() {
            assert!(
                content["runs-on"].is_string(),
                "{file}: where does {job} run?"
            );
            let bounded = content["timeout-minutes"].as_u64();
            assert!(bounded.is_some(), "{file}: {job} has no `timeout-minutes`");
        }
    }
}

#[test]
fn every_step_runs_a_script_or_uses_an_action() {
    for (place, step) in steps() {
        let both = (step["run"].is_string(), step["uses"].is_string());
        assert!(both.0 != both.1, "{place}: {step}");
    }
}

#[test]
fn every_script_is_valid_bash() {
    for (place, script) in scripts() {
        let mut bash = Command::new("bash")
            .arg("-n")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = bash.stdin.take().unwrap();
        input.write_all(script.as_bytes()).unwrap();
        drop(input);
        let output = bash.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}: {errors}");
    }
}

#[test]
fn every_script_of_the_project_that_a_workflow_runs_exists() {
    let mut seen = 0;
    for (place, script) in scripts() {
        for word in script.split_whitespace() {
            if word.starts_with(".ci/") {
                assert!(Path::new(ROOT).join(word).is_file(), "{place}: {word}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn no_script_contains_a_value_that_others_control() {
    for (place, script) in scripts() {
        assert!(
            !script.contains("${{"),
            "{place}: hand the value over in `env`, where the shell does not read it as code"
        );
    }
}

#[test]
fn every_tool_is_installed_in_a_pinned_version() {
    for (place, script) in scripts() {
        for line in script.lines().filter(|line| line.contains("cargo install")) {
            let exact = line.split_whitespace().any(|word| word.contains('@'));
            assert!(exact && line.contains("--locked"), "{place}: {line}");
        }
    }
}
