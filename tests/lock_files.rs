//! The two lock files of the workspace contain the same versions.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;
use std::path::Path;

/// The packages of a lock file, by name and version.
fn packages(file: &str) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let value = |block: &str, name: &str| {
        let line = block
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} = ")));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    text.split("[[package]]")
        .filter_map(|block| Some((value(block, "name")?, value(block, "version")?)))
        .collect()
}

#[test]
fn cargo_xtask_uses_the_versions_of_the_workspace() {
    let workspace = packages("Cargo.lock");
    let xtask = packages("xtask/Cargo.lock");
    let other: Vec<_> = xtask
        .difference(&workspace)
        .filter(|(name, _)| name != "xtask")
        .collect();
    assert!(
        other.is_empty(),
        "copy Cargo.lock over xtask/Cargo.lock and run `cargo xtask regen`; other are {other:?}"
    );
}
