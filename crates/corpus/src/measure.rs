//! What becomes of one document.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use specmill_openapi::diagnostic::Result;
use specmill_openapi::document;

use crate::peers;
use crate::process::{Ran, run};
use crate::report::{Check, Row};
use crate::workspace::Scratch;

/// The longest that a document may take to be made.
const MAKING: Duration = Duration::from_secs(1200);

/// The longest that a client may take to be compiled.
const COMPILING: Duration = Duration::from_secs(3600);

/// Makes the client of a document, and compiles it where `check` asks for that.
pub(crate) fn document(scratch: &Scratch, name: &str, file: &Path, check: bool) -> Result<Row> {
    scratch.clear()?;
    // Names of APIs have no underscores, and names in Rust no hyphens.
    let name_here = name.to_lowercase().replace(['_', '.'], "-");
    let mut row = Row {
        name: name.to_owned(),
        operations: operations_of(file),
        ..Row::default()
    };
    let printed = |what: &str| scratch.printed.join(format!("{name}.{what}.txt"));
    let given = file.to_string_lossy();
    // Words that Rust keeps are no names of features.
    let feature = format!("{}_api", name_here.replace('-', "_"));
    let mut new = scratch.generator(&["new", &name_here, &given, "--module", &feature]);
    let made = run(&mut new, &printed("new"), MAKING)?;
    if !made.success {
        row.problem = Some(made.problem());
        return Ok(row);
    }
    let regenerated = run(
        &mut scratch.generator(&["regen"]),
        &printed("regen"),
        MAKING,
    )?;
    row.seconds = Some((made.time + regenerated.time).as_secs_f64());
    row.megabytes = made
        .memory
        .max(regenerated.memory)
        .map(|bytes| bytes / 1_000_000);
    if !regenerated.success {
        row.problem = Some(regenerated.problem());
        return Ok(row);
    }
    told(&regenerated, &mut row);
    let sources = scratch.folder.join("crates").join(&name_here).join("src");
    count(&sources, &mut row);
    if check {
        let package = package_of(&scratch.folder.join("crates").join(&name_here), &name_here);
        let ran = run(&mut scratch.check(&package), &printed("check"), COMPILING)?;
        row.check = Some(Check::of(ran.success, ran.late, &ran.output, ran.time));
    }
    row.peers = peers::beside(scratch, name, file)?;
    Ok(row)
}

/// How many operations a document has, as it is given.
fn operations_of(file: &Path) -> Option<usize> {
    let document = document::read(file).ok()?;
    let paths = document.get("paths")?.as_object()?;
    let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let items = paths.values().filter_map(Value::as_object);
    Some(
        items
            .flat_map(|item| item.keys().filter(|key| methods.contains(&key.as_str())))
            .count(),
    )
}

/// What `regen` says of the client.
fn told(regenerated: &Ran, row: &mut Row) {
    for line in regenerated.output.lines() {
        let Some(line) = line.strip_prefix("  ") else {
            continue;
        };
        if line.starts_with("skipped the ") {
            row.skipped_parameters += 1;
        } else if let Some(skipped) = line.strip_prefix("skipped ") {
            let reason = skipped.split_once(": ");
            let reason = reason.map_or(skipped, |(_, reason)| reason);
            *row.left_out.entry(general(reason)).or_default() += 1;
        } else if line.contains(" pages by ") {
            row.lists += 1;
        } else if line.starts_with("falls back to serde_json::Value at ") {
            row.widened += 1;
        }
    }
}

/// A reason without the names in it, so that equal ones are counted together.
fn general(reason: &str) -> String {
    let mut general = String::new();
    for (index, part) in reason.split('`').enumerate() {
        general.push_str(if index % 2 == 0 { part } else { "…" });
    }
    general
}

/// Counts lines, operations and members in the sources of a client.
fn count(folder: &Path, row: &mut Row) {
    for file in files(folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        row.lines += text.lines().count();
        let in_types = file.components().any(|part| part.as_os_str() == "types");
        let in_operations = file
            .components()
            .any(|part| part.as_os_str() == "operations");
        for line in text.lines().map(str::trim_start) {
            if in_operations && line == "operation! {" {
                row.generated += 1;
            }
            if in_types
                && let Some((_, kind)) = line
                    .strip_prefix("pub ")
                    .and_then(|rest| rest.split_once(": "))
                && !line.contains('(')
            {
                row.members += 1;
                row.untyped += usize::from(kind.contains("serde_json::Value"));
            }
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The name of the package of a client.
pub(crate) fn package_of(folder: &Path, usual: &str) -> String {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let name = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = \""));
    name.map_or(usual, |name| name.trim_end_matches('"'))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_regen_says_is_counted_and_equal_reasons_are_one() {
        let output = "\
box: 2 operations, 1 schemas; files: 3 written
  get_a pages by the cursor `cursor`, the next one in `next`; items in `data`
  skipped get_b: its path holds `#`, which ends a path
  skipped get_c: its path holds `?`, which ends a path
  skipped the query parameter `x` of get_d: its style, `form`, cannot write lists
  falls back to serde_json::Value at #/paths/~1a: the reason
the rest: files: 0 written
";
        let ran = Ran {
            success: true,
            late: false,
            time: Duration::ZERO,
            memory: None,
            output: output.to_owned(),
        };
        let mut row = Row::default();
        told(&ran, &mut row);
        assert_eq!((row.lists, row.skipped_parameters, row.widened), (1, 1, 1));
        assert_eq!(
            row.left_out.into_iter().collect::<Vec<_>>(),
            [("its path holds …, which ends a path".to_owned(), 2)]
        );
    }

    #[test]
    fn members_and_operations_are_counted_in_the_sources() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            crate::documents::write(&folder.path().join(file), text).unwrap();
        };
        write(
            "types/user.rs",
            "object! {\n    pub struct User {\n        pub id: required String,\n        pub extra: additional \
             serde_json::Value,\n    }\n}\n",
        );
        write("operations/user.rs", "operation! {\n}\n\noperation! {\n}\n");
        let mut row = Row::default();
        count(folder.path(), &mut row);
        assert_eq!(
            (row.lines, row.generated, row.members, row.untyped),
            (11, 2, 2, 1)
        );
    }
}
