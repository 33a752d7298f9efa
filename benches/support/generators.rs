//! The generators of the comparison.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;

/// The package on `PyPI` that contains the Java program of openapi-generator.
const OPENAPI_GENERATOR: &str = "openapi-generator-cli==7.26.0";

/// The program of openapi-generator, which is installed below a `target` folder unless it exists.
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

/// The command that generates a client from a document with openapi-generator.
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

/// Adapts a document to progenitor, which supports one type of success and one of error. The `default` response, which
/// would count as both, is removed.
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

/// Runs a command and waits for it.
///
/// # Errors
/// The command fails. The error contains its output.
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
