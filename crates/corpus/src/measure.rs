//! Measures the client of one document.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use specmill_openapi::diagnostic::Result;
use specmill_openapi::document;

use crate::checked::Checked;
use crate::process::{Limits, Ran, run};
use crate::report::{Check, Row};
use crate::sources::{self, files};
use crate::typing::Typing;
use crate::workspace::Scratch;

/// The time limit of generation.
const GENERATION: Duration = Duration::from_secs(1200);

/// Generates the client of a document, and compiles it if `check` is set and if it was not compiled before.
pub(crate) fn document(
    scratch: &Scratch,
    checked: &Checked,
    name: &str,
    file: &Path,
    check: bool,
) -> Result<Row> {
    scratch.clear()?;
    let api = api_name(name);
    let document = document::read(file).ok();
    let mut row = Row {
        name: name.to_owned(),
        operations: document.as_ref().and_then(operations_of),
        ..Row::default()
    };
    let printed = |what: &str| scratch.printed.join(format!("{name}.{what}.txt"));
    let given = file.to_string_lossy();
    let module = module_name(&api);
    let mut new = scratch.generator(&["new", &api, &given, "--module", &module]);
    let made = run(&mut new, &printed("new"), Limits::time(GENERATION))?;
    if !made.success {
        row.problem = Some(made.problem());
        return Ok(row);
    }
    let regenerated = run(
        &mut scratch.generator(&["regen"]),
        &printed("regen"),
        Limits::time(GENERATION),
    )?;
    let cpu = |ran: &Ran| ran.cpu.unwrap_or(ran.time);
    row.seconds = Some((cpu(&made) + cpu(&regenerated)).as_secs_f64());
    row.megabytes = made
        .memory
        .max(regenerated.memory)
        .map(|bytes| bytes / 1_000_000);
    if !regenerated.success {
        row.problem = Some(regenerated.problem());
        return Ok(row);
    }
    read_output(&regenerated, &mut row);
    let folder = scratch.folder.join("crates").join(&api);
    count(&folder.join("src"), &mut row);
    row.check = checked.get(name, &folder);
    if check && row.check.is_none() {
        let package = package_of(&folder, &api);
        let mut command = scratch.check(&package);
        let ran = run(&mut command, &printed("check"), Limits::of_a_check())?;
        let check = Check::of(&ran);
        checked.insert(name, &folder, &check)?;
        row.check = Some(check);
    }
    Ok(row)
}

/// The name of the API of a document. API names contain no underscores.
pub(crate) fn api_name(document: &str) -> String {
    document.to_lowercase().replace(['_', '.'], "-")
}

/// The name of the module and the feature of an API, which is never a Rust keyword.
pub(crate) fn module_name(api: &str) -> String {
    format!("{}_api", api.replace('-', "_"))
}

/// The number of operations of the original document.
fn operations_of(document: &Value) -> Option<usize> {
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

/// Reads the output of `regen`.
fn read_output(regenerated: &Ran, row: &mut Row) {
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

/// A reason without names, so that equal reasons are counted together.
fn general(reason: &str) -> String {
    let mut general = String::new();
    for (index, part) in reason.split('`').enumerate() {
        general.push_str(if index % 2 == 0 { part } else { "…" });
    }
    general
}

/// Counts lines, operations and fields in the sources of a client.
fn count(folder: &Path, row: &mut Row) {
    let counted = sources::count(folder, &Typing::default());
    (row.lines, row.members) = (counted.lines, counted.fields);
    for file in files(&folder.join("operations")) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let declarations = text
            .lines()
            .filter(|line| line.trim_start() == "operation! {");
        row.generated += declarations.count();
    }
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
    fn the_output_of_regen_is_counted_and_equal_reasons_are_merged() {
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
            stopped: None,
            time: Duration::ZERO,
            cpu: None,
            memory: None,
            output: output.to_owned(),
        };
        let mut row = Row::default();
        read_output(&ran, &mut row);
        assert_eq!((row.lists, row.skipped_parameters, row.widened), (1, 1, 1));
        assert_eq!(
            row.left_out.into_iter().collect::<Vec<_>>(),
            [("its path holds …, which ends a path".to_owned(), 2)]
        );
    }

    #[test]
    fn fields_and_operations_are_counted_in_the_sources() {
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
        assert_eq!((row.lines, row.generated, row.members), (11, 2, 1));
    }
}
