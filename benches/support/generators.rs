//! The generators that are compared with.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;

/// The package on `PyPI` that holds openapi-generator for java.
const OPENAPI_GENERATOR: &str = "openapi-generator-cli==7.26.0";

/// openapi-generator, installed below a `target` folder if it is not there yet.
pub(crate) fn openapi_generator(target: &Path) -> Outcome<PathBuf> {
    let folder = target.join("bench/python");
    let jar = folder.join("openapi_generator_cli/openapi-generator.jar");
    if !jar.exists() {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
        run(pip.arg(folder).arg(OPENAPI_GENERATOR))?;
    }
    Ok(jar)
}

/// The command by which openapi-generator writes a client of a document into a folder.
pub(crate) fn openapi_generator_command(jar: &Path, document: &Path, into: &Path) -> Command {
    let mut java = Command::new("java");
    java.arg("-jar").arg(jar);
    java.args(["generate", "--generator-name", "rust"]);
    java.args([
        "--additional-properties",
        "library=reqwest,packageName=client",
    ]);
    java.arg("--input-spec").arg(document);
    java.arg("--output").arg(into);
    java
}

/// A document as progenitor takes it: one type of success and one of error. The catch-all response, which would be both,
/// goes.
pub(crate) fn for_progenitor(mut document: Value) -> Value {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let members = paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|path| path.values_mut())
        .filter_map(Value::as_object_mut);
    for operation in members {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            responses.remove("default");
        }
    }
    document
}

/// Runs a command to its end.
///
/// # Errors
/// It fails; what it printed is in the error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let output = command
        .output()
        .map_err(|error| format!("{} cannot be run: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&printed)).into())
}
