//! schemathesis: makes requests from a document, good and bad, and judges the sandbox's answers by it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::diagnostic::{Diagnostic, Place, Result};

use super::install::{CONFIGURATION, Tools};
use super::process::{Interrupt, Output, Running};
use super::report::Verdict;
use super::sandbox::Service;

/// The longest that the tests of one API take.
const LIMIT: Duration = Duration::from_secs(300);

/// Tests the service of an API by its document, given from the root.
pub(super) fn test(
    tools: &Tools,
    document: &Path,
    service: &Service,
    output: &Output,
    interrupt: &Interrupt,
) -> Result<Verdict> {
    let mut command: Command = tools.schemathesis();
    command
        .arg("--config-file")
        .arg(Path::new(CONFIGURATION).join("schemathesis.toml"))
        .arg("run")
        .arg(document)
        .arg("--no-color");
    for (name, value) in service {
        command.env(format!("SANDBOX_{}", name.to_uppercase()), value);
    }
    let status = Running::start("schemathesis", &mut command, output)?.finish(interrupt, LIMIT)?;
    let printed = output.text();
    let trouble = |what: &str| {
        Diagnostic::new(format!("schemathesis {what} ({status})"))
            .at(&output.file, Place::Whole)
            .help("the file holds what it printed")
    };
    match status.code() {
        Some(0) => Ok(Verdict::Passed(
            printed.lines().last().unwrap_or_default().to_owned(),
        )),
        Some(1) => Ok(Verdict::of(
            vec!["see".to_owned()],
            String::new(),
            vec![output.file.clone()],
        )),
        _ => Err(trouble("could not test")),
    }
}
