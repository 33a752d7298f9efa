//! The README lists every transform with its module.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of the crates.
fn crates() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    folder.to_path_buf()
}

/// The rows of the table: the transforms, and the path of their module below the folder of the crates.
fn rows() -> Vec<(Vec<String>, String)> {
    let readme = std::fs::read_to_string(crates().join("normalize/README.md")).unwrap();
    let (_, table) = readme.split_once("| transform | module |").unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with("| "));
    let names = |cell: &str| {
        let names = cell.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        (names(cells[0]), names(cells[1]).remove(0))
    })
    .collect()
}

/// The Rust files of a folder.
fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

#[test]
fn every_listed_transform_is_in_its_module() {
    let rows = rows();
    assert!(rows.len() > 10, "{rows:?}");
    for (transforms, module) in rows {
        let text = std::fs::read_to_string(crates().join(&module)).unwrap();
        for transform in transforms {
            assert!(
                text.contains(&format!("\"{transform}\"")),
                "{transform} is not in {module}"
            );
        }
    }
}

#[test]
fn every_recorded_transform_is_listed() {
    let listed: BTreeSet<String> = rows().into_iter().flat_map(|(names, _)| names).collect();
    let mut files = Vec::new();
    sources(&crates().join("openapi/src"), &mut files);
    sources(&crates().join("normalize/src"), &mut files);
    let mut recorded = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in text.split(".add(").skip(1) {
            let name = call.trim_start().strip_prefix('"');
            recorded.extend(
                name.and_then(|name| name.split('"').next())
                    .map(str::to_owned),
            );
        }
    }
    let missing: Vec<&String> = recorded.difference(&listed).collect();
    assert!(recorded.len() > 10, "{recorded:?}");
    assert!(missing.is_empty(), "{missing:?}");
}
