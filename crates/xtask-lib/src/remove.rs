//! Removes an API completely.

use std::path::{Path, PathBuf};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use crate::api::Api;
use crate::output::{Action, Plan};
use crate::regen::regenerate_without;

/// The lock file of the workspace.
const LOCK_FILE: &str = "Cargo.lock";

/// The plan for removing an API: its folder in `specs/`, its crate, its reference, and its entries in the facade, the manifest
/// and the lock file. Nothing is written until the plan is carried out.
///
/// # Errors
///
/// There is no such API, or the output for the remaining APIs cannot be generated.
pub fn prepare(root: &Path, name: &str) -> Result<Plan> {
    let api = Api::read(root, name)?;
    let mut plan = regenerate_without(root, name)?.output.plan(root)?;
    for file in files(root, &Path::new("specs").join(name))? {
        plan.remove(file);
    }
    let page = api.reference_page();
    if root.join(&page).is_file() && !plan.touched.iter().any(|(file, ..)| *file == page) {
        plan.remove(page);
    }
    let before = std::fs::read_to_string(root.join(LOCK_FILE)).unwrap_or_default();
    let after = without_package(&before, &api.package());
    if after != before {
        plan.touched
            .push((PathBuf::from(LOCK_FILE), Action::Change, before, after));
    }
    Ok(plan)
}

/// The files below a folder.
fn files(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let unreadable = |error: std::io::Error| {
            Diagnostic::new(format!("cannot read the folder: {error}")).at(&folder, Place::Whole)
        };
        for entry in std::fs::read_dir(root.join(&folder)).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let file = folder.join(entry.file_name());
            // A link is treated as a file, since its target does not belong to the generator.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(file);
            } else {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// The lock file without a package of the workspace, and without the lines of other packages that depend on it.
fn without_package(text: &str, package: &str) -> String {
    let own = format!("name = \"{package}\"");
    let dependency = format!(" \"{package}\",");
    let mut blocks = text.split("\n[[package]]\n");
    let mut kept = blocks.next().unwrap_or_default().to_owned();
    for block in blocks {
        if block.lines().next() == Some(&own) && !block.contains("\nsource = ") {
            continue;
        }
        kept.push_str("\n[[package]]\n");
        for line in block.split_inclusive('\n') {
            if line.trim_end_matches('\n') != dependency {
                kept.push_str(line);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_removed_from_the_lock_file_with_its_references() {
        let text = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"acme\",\n \"b\",\n]\n\n\
                    [[package]]\nname = \"acme\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n";
        let without = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b\",\n]\n\n\
                       [[package]]\nname = \"b\"\nversion = \"1.0.0\"\n";
        assert_eq!(without_package(text, "acme"), without);
        assert_eq!(without_package(without, "acme"), without);
        assert_eq!(without_package("", "acme"), "");
    }
}
