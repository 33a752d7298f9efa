//! What a registry gets: complete manifests, whole packages, and a minimum Rust version that holds.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What cargo prints, without a network.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The workspace's packages that may be published.
fn published() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().clone();
    packages.retain(|package| package["publish"].is_null());
    let names: Vec<&str> = packages.iter().map(name).collect();
    assert!(
        names.contains(&"specmill") && !names.contains(&"scp-docs"),
        "{names:?}"
    );
    packages
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

/// The texts in a member of a package's metadata.
fn texts<'a>(package: &'a Value, member: &str) -> Vec<&'a str> {
    let values = package[member].as_array().unwrap();
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

/// The files of a package, as cargo lists them.
fn files(package: &Value) -> Vec<String> {
    let list = cargo(&[
        "package",
        "--list",
        "--allow-dirty",
        "--quiet",
        "--package",
        name(package),
    ]);
    list.lines().map(|line| line.replace('\\', "/")).collect()
}

#[test]
fn a_manifest_says_what_people_find_a_package_by() {
    for package in published() {
        let name = name(&package);
        let description = package["description"].as_str().unwrap_or_default();
        assert!(!description.is_empty(), "{name} has no description");
        assert_eq!(package["readme"], "README.md", "{name}");
        for member in ["keywords", "categories"] {
            let count = texts(&package, member).len();
            assert!((1..=5).contains(&count), "{name} has {count} {member}");
        }
        for keyword in texts(&package, "keywords") {
            let fits = keyword.len() <= 20
                && keyword.starts_with(|c: char| c.is_ascii_alphanumeric())
                && keyword
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_+".contains(c));
            assert!(fits, "{name}: a registry refuses the keyword `{keyword}`");
        }
    }
}

#[test]
fn every_package_holds_the_licences_its_manifest_names() {
    for package in published() {
        let name = name(&package);
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        let files = files(&package);
        let folder = Path::new(package["manifest_path"].as_str().unwrap())
            .parent()
            .unwrap();
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(
                files.iter().any(|file| file == licence),
                "{name} lacks {licence}: copy it into the crate's folder"
            );
            let here = std::fs::read(folder.join(licence)).unwrap();
            let ours = std::fs::read(Path::new(ROOT).join(licence)).unwrap();
            assert!(here == ours, "{name}: {licence} is not the workspace's");
        }
    }
}

#[test]
fn a_package_holds_no_tests_and_nothing_of_the_workspace() {
    for package in published() {
        let files = files(&package);
        assert!(files.iter().any(|file| file == "README.md"));
        for file in files {
            let folder = file.split_once('/').map_or("", |(folder, _)| folder);
            let needed = match folder {
                "" => !file.starts_with('.') || file == ".cargo_vcs_info.json",
                "src" | "examples" => true,
                "docs" => Path::new(&file).extension().is_some_and(|end| end == "md"),
                "specs" => file.ends_with("/openapi.json") || file.ends_with("/api.toml"),
                _ => false,
            };
            assert!(
                needed,
                "{} holds {file}: name in `include` what it needs",
                name(&package)
            );
        }
    }
}

#[test]
fn the_facade_holds_the_document_of_every_api() {
    let package = published();
    let facade = package.iter().find(|package| name(package) == "specmill");
    let files = files(facade.unwrap());
    for api in specmill::catalog() {
        for file in ["api.toml", "openapi.json"] {
            let file = format!("specs/{}/{file}", api.name);
            assert!(files.contains(&file), "{file}");
        }
    }
}

/// Major and minor of a Rust version.
fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    (parts.next().unwrap(), parts.next().unwrap_or(0))
}

/// The packages that the tests are built with: cargo has them already. `.ci/packages` looks at all.
#[test]
fn no_dependency_asks_for_a_newer_rust_than_the_workspace() {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        host.unwrap(),
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let minimum = version(env!("CARGO_PKG_RUST_VERSION"));
    let packages = metadata["packages"].as_array().unwrap();
    let newer: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let asked = package["rust_version"].as_str()?;
            (version(asked) > minimum).then(|| format!("{} asks for {asked}", name(package)))
        })
        .collect();
    assert!(newer.is_empty(), "{}", newer.join("\n"));
    assert!(packages.len() > 100, "{} packages", packages.len());
}
