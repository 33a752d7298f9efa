//! The reference of every test document: its pages are well-formed for any document, and its examples
//! compile.

use std::fmt::Write as _;

use specmill_xtask::api::Api;

use crate::project::{Project, compiled};

/// The code blocks of a page.
fn blocks(page: &str) -> Vec<&str> {
    let parts = page.split("\n```rust\n").skip(1);
    parts
        .map(|part| part.split_once("```\n").unwrap().0)
        .collect()
}

/// The examples of every page as modules of the test program, which is compiled with warnings denied.
pub(crate) fn programs(project: &Project, apis: &[String]) -> String {
    let mut text = String::from("//! The examples of every reference.\n");
    for name in apis {
        let api = Api::read(&project.root, name).unwrap();
        let programs = project.read(api.reference_programs().to_str().unwrap());
        let (_, functions) = programs.split_once(".md`.\n").unwrap();
        let module = format!("specmill::{}::", api.settings.module);
        let functions = functions.replace(&module, &format!("{}::", api.crate_name()));
        let name = name.replace('-', "_");
        let _ = writeln!(
            text,
            "\n#[allow(dead_code, deprecated)]\nmod {name} {{{functions}}}"
        );
    }
    text
}

#[test]
fn every_operation_has_an_example_that_compiles() {
    let compiled = compiled();
    assert!(!compiled.tests.is_empty(), "{}", compiled.output);
    for report in &compiled.reports {
        let page = compiled
            .project
            .read(&format!("docs/reference/{}.md", report.name));
        let (_, lowered) = compiled.project.lowered(&report.name);
        let operations = lowered.operations.len();
        assert_eq!(blocks(&page).len(), operations, "{}", report.name);
        let api = Api::read(&compiled.project.root, &report.name).unwrap();
        let programs = compiled
            .project
            .read(api.reference_programs().to_str().unwrap());
        for block in blocks(&page) {
            let lines = block.lines().filter(|line| !line.is_empty());
            let shown: String = lines.map(|line| format!("    {line}\n")).collect();
            let compiled = programs.replace("\n\n", "\n");
            assert!(compiled.contains(&shown), "{}: {block}", report.name);
        }
    }
}

#[test]
fn every_table_row_has_as_many_cells_as_the_header() {
    for report in &compiled().reports {
        let page = compiled()
            .project
            .read(&format!("docs/reference/{}.md", report.name));
        let mut columns = None;
        let mut in_code = false;
        for line in page.lines() {
            in_code ^= line.starts_with("```");
            if in_code || !line.starts_with('|') {
                columns = None;
                continue;
            }
            let cells = cells(line);
            let expected = *columns.get_or_insert(cells);
            assert_eq!(cells, expected, "{}: {line}", report.name);
        }
    }
}

/// The number of cells of a row, which are separated by unescaped `|` characters.
fn cells(row: &str) -> usize {
    let mut ends = 0;
    let mut escaped = false;
    for character in row.chars() {
        ends += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    ends - 1
}

#[test]
fn the_index_lists_every_api_and_the_facade_shows_every_page() {
    let index = compiled().project.read("docs/reference/README.md");
    let modules = compiled().project.read("src/reference.rs");
    for report in &compiled().reports {
        let name = &report.name;
        assert!(index.contains(&format!("({name}.md)")), "{name}");
        let included = format!("include_str!(\"../docs/reference/{name}.md\")");
        assert!(modules.contains(&included), "{name}");
    }
}
