//! The tests in the table of `crates/client/README.md` exist.

use std::fs;
use std::path::{Path, PathBuf};

/// The possible files of a test, and its name, from a cell of the table.
fn named(test: &str) -> (Vec<PathBuf>, &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let client = root.join("crates/client");
    let test = test.trim().trim_matches('`');
    if let Some((file, name)) = test.split_once(": ") {
        let file = match file {
            _ if file.starts_with("tests/") || file.starts_with("crates/") => root.join(file),
            _ if file.starts_with("src/") => client.join(file),
            _ => client.join("tests").join(file).with_extension("rs"),
        };
        return (files(file), name);
    }
    let (module, name) = test
        .split_once("::")
        .unwrap_or_else(|| panic!("{test} names no test"));
    let module = client.join("tests/client").join(module);
    (vec![module.with_extension("rs")], name)
}

/// The file itself, or the files of the folder.
fn files(path: PathBuf) -> Vec<PathBuf> {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    } else {
        vec![path]
    }
}

/// Whether the file contains a test with this name.
fn has_test(file: &Path, name: &str) -> bool {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // A generated table of calls has a test for each entry.
    let entry = format!("{name}: \"");
    if lines.iter().any(|line| line.starts_with(&entry)) {
        return true;
    }
    lines.iter().enumerate().any(|(number, line)| {
        let declared = line.strip_prefix("async ").unwrap_or(line);
        let declared = declared
            .strip_prefix("fn ")
            .and_then(|rest| rest.strip_prefix(name));
        let attributes = lines[..number]
            .iter()
            .rev()
            .take_while(|line| line.starts_with("#["));
        let mut attributes = attributes.filter(|line| line.contains("test"));
        declared.is_some_and(|rest| rest.starts_with('(')) && attributes.next().is_some()
    })
}

#[test]
fn every_fault_has_a_test_and_every_test_exists() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/client/README.md");
    let text = fs::read_to_string(readme).unwrap();
    let table = text.split("| fault |").nth(1).expect("a table of faults");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let mut faults = 0;
    for row in rows {
        let [fault, seen, tests] = row[..] else {
            assert!(row[0].starts_with("**"), "{row:?}");
            continue;
        };
        if fault.starts_with("**") {
            continue;
        }
        assert!(!fault.is_empty() && !seen.is_empty(), "{row:?}");
        for test in tests.split(", ") {
            let (files, name) = named(test);
            assert!(
                files.iter().any(|file| has_test(file, name)),
                "there is no test {test}"
            );
        }
        faults += 1;
    }
    assert!(faults > 80, "{faults} faults");
}

#[test]
fn every_feature_has_a_test_that_drives_a_generated_client() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/client/README.md");
    let text = fs::read_to_string(readme).unwrap();
    let table = text
        .split("| feature | the tests |")
        .nth(1)
        .expect("a table of features");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = rows
        .filter_map(|row| row.trim_matches('|').trim().split_once(" | "))
        .collect();
    for (feature, tests) in &rows {
        for test in tests.split(", ") {
            let is_of_a_client = ["`tests/", "`crates/cli/", "`crates/codegen/"];
            assert!(
                is_of_a_client.iter().any(|start| test.starts_with(start)),
                "{feature}: {test}"
            );
            let (files, name) = named(test);
            assert!(
                files.iter().any(|file| has_test(file, name)),
                "there is no test {test}"
            );
        }
    }
    assert!(rows.len() > 15, "{} features", rows.len());
}

#[test]
fn a_name_that_is_no_test_is_found_out() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file!());
    assert!(has_test(&file, "a_name_that_is_no_test_is_found_out"));
    assert!(!has_test(&file, "a_name_that_is_no_test"));
    assert!(!has_test(&file, "has_test"));
}
