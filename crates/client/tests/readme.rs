//! The tests in README's table of faults exist.
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut String) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push_str(&std::fs::read_to_string(entry).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_table_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut code = String::new();
    sources(&root.join("src"), &mut code);
    sources(&root.join("tests"), &mut code);
    let rows: Vec<Vec<&str>> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'))
        .map(|line| line.split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells.len() == 3 && !cells[2].is_empty() && cells[0] != "fault")
        .collect();
    assert!(rows.len() > 50, "{} rows", rows.len());
    for row in rows {
        for named in row[2].split(", ") {
            let named = named.trim_matches('`');
            let test = named.rsplit([':', ' ']).next().unwrap();
            // A file name stands for all of its tests.
            let known = if let Some(file) = test.strip_suffix(".rs") {
                root.join(format!("{file}.rs")).exists()
            } else {
                code.contains(&format!("fn {test}("))
            };
            // Tests of generated clients are elsewhere in the workspace, where another test checks their names.
            let elsewhere = named.starts_with("tests/") || named.starts_with("crates/");
            assert!(known || elsewhere, "{named} is not there");
        }
    }
}
