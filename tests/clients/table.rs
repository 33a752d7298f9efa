//! The table in `crates/client/README.md` names tests that there are.

use std::fs;
use std::path::{Path, PathBuf};

/// The links of a cell: text and target.
fn links(cell: &str) -> Vec<(&str, &str)> {
    let links = cell.split("<br>").map(|link| {
        let link = link
            .trim()
            .strip_prefix('[')
            .and_then(|link| link.strip_suffix(')'));
        let link = link.and_then(|link| link.split_once("]("));
        link.unwrap_or_else(|| panic!("no link: {cell}"))
    });
    links.collect()
}

/// Whether the file holds a test of this name.
fn has_test(file: &Path, name: &str) -> bool {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
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

fn readme() -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/client");
    let text = fs::read_to_string(folder.join("README.md")).unwrap();
    (folder, text)
}

#[test]
fn every_fault_has_a_test_and_every_test_exists() {
    let (folder, text) = readme();
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
        for (name, file) in links(tests) {
            assert!(
                has_test(&folder.join(file), name),
                "{file} has no test {name}"
            );
        }
        faults += 1;
    }
    assert!(faults > 80, "{faults} faults");
}

#[test]
fn a_name_that_is_no_test_is_found_out() {
    let (folder, _) = readme();
    let file = folder.join("../../tests/clients/table.rs");
    assert!(has_test(&file, "a_name_that_is_no_test_is_found_out"));
    assert!(!has_test(&file, "a_name_that_is_no_test"));
    assert!(!has_test(&file, "has_test"));
}
