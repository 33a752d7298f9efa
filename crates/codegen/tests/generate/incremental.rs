//! A new page only adds code: the code that was generated for other pages does not change.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use crate::pages;
use crate::project::Project;

/// The generated files that belong to operations and types.
fn generated(project: &Project) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for folder in ["src/operations", "src/types", "tests/calls", "src"] {
        let folder = format!("crates/pages/{folder}");
        for entry in std::fs::read_dir(project.root.join(&folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_file() && name != "lib.rs" {
                files.insert(
                    format!("{folder}/{name}"),
                    std::fs::read_to_string(&path).unwrap(),
                );
            }
        }
    }
    files
}

/// The lines of a file that are declarations. Documentation lists uses, which change, and an enumeration that another page
/// declares again becomes an alias of the same name.
fn compared(text: &str) -> String {
    let mut lines = String::new();
    for block in text.split("\n\n") {
        let alias = block
            .lines()
            .find_map(|line| line.strip_prefix("pub type "));
        let values = block
            .lines()
            .find_map(|line| line.trim().strip_prefix("pub enum "));
        match (alias, values.filter(|_| block.starts_with("open_enum!"))) {
            (Some(declared), _) | (_, Some(declared)) => {
                let name = declared.split([' ', '{']).next().unwrap();
                lines.push_str(&format!("{name} is declared\n"));
            }
            _ => {
                for line in block
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("///"))
                {
                    lines.push_str(line.trim_end_matches(','));
                    lines.push('\n');
                }
            }
        }
    }
    lines
}

#[test]
fn every_file_only_gains_lines_whatever_page_comes_next() {
    let all = pages::all();
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(folder.path());
        project.add_pages("pages", &all[order[0]..=order[0]]);
        // The overlay defines the error schema that the settings refer to.
        let overlay = Project::read_document("pages/overlay.yaml");
        let (without_token, _) = overlay
            .split_once("  - target: $.components.schemas.ApiToken")
            .unwrap();
        project.write("specs/pages/overlay.yaml", without_token);
        project.regenerate();
        for next in &order[1..] {
            let before = generated(&project);
            project.import("pages", &all[*next..=*next]);
            project.regenerate();
            let after = generated(&project);
            assert!(after.len() > before.len());
            for (file, text) in before {
                let (text, new) = (compared(&text), compared(&after[&file]));
                let diff = TextDiff::from_lines(&text, &new);
                let lost: Vec<&str> = diff
                    .iter_all_changes()
                    .filter(|change| change.tag() == ChangeTag::Delete)
                    .map(|change| change.value())
                    .collect();
                assert!(
                    lost.is_empty(),
                    "{file} lost, as {} came:\n{}",
                    all[*next].0,
                    lost.concat()
                );
            }
        }
    }
}
