//! Adding a page never changes what other pages generated, except for additions.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use crate::mill::Mill;
use crate::pages;

/// The generated files that belong to operations and types.
fn generated(mill: &Mill) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for folder in ["src/operations", "src/types", "tests/wire", "src"] {
        let folder = format!("crates/pages/{folder}");
        for entry in std::fs::read_dir(mill.root.join(&folder)).unwrap() {
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

#[test]
fn every_file_only_gains_lines_whatever_page_comes_next() {
    let all = pages::all();
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let folder = tempfile::tempdir().unwrap();
        let mill = Mill::new(folder.path());
        mill.add_pages("pages", &all[order[0]..=order[0]]);
        // The error schema that the settings name.
        let overlay = Mill::read_document("pages/overlay.yaml");
        let (without_token, _) = overlay
            .split_once("  - target: $.components.schemas.ApiToken")
            .unwrap();
        mill.write("specs/pages/overlay.yaml", without_token);
        mill.regenerate();
        for next in &order[1..] {
            let before = generated(&mill);
            mill.import("pages", &all[*next..=*next]);
            mill.regenerate();
            let after = generated(&mill);
            assert!(after.len() > before.len());
            for (file, text) in before {
                let diff = TextDiff::from_lines(&text, &after[&file]);
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
