//! Tests the committed documents, the clients and the sandbox with independent software.
//!
//! Redocly lints each document. Prism serves it, and validates every request of the client that was generated from it.
//! schemathesis validates every response of the sandbox. No stage of the generator depends on this crate.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod command;
mod driver;
mod install;
mod prerequisites;
mod prism;
mod process;
mod redocly;
mod report;
mod sandbox;
mod schemathesis;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use install::Tools;
use prism::{Mock, Responses};
use process::Output;
use report::counted;
use specmill_openapi::diagnostic::Result;
use specmill_openapi::document;
use specmill_openapi::layout::NORMALISED;
use specmill_xtask::api::Api;

pub use command::Command;
pub use driver::Calls;
pub use prerequisites::Found;
pub use prism::Log;
pub use process::Interrupt;
pub use redocly::problems as redocly_problems;
pub use report::{Check, Verdict, summary};
pub use schemathesis::Report as SchemathesisReport;

/// The folder of the tools and of their output, relative to the root.
const FOLDER: &str = "target/contract";

impl Output {
    /// A file in the folder of the tools' output.
    fn of(root: &Path, name: &str) -> Self {
        Self {
            root: root.to_path_buf(),
            file: Path::new(FOLDER).join("printed").join(name),
        }
    }
}

/// Checks every API of the workspace. `say` reports slow steps, `done` each completed check.
///
/// # Errors
/// A tool is missing or cannot be run.
pub fn run(
    root: &Path,
    interrupt: &Interrupt,
    say: &mut dyn FnMut(&str),
    done: &mut dyn FnMut(&Check),
) -> Result<Vec<Check>> {
    Found::here().check()?;
    let apis = Api::read_all(root)?;
    let tools = Tools::new(root);
    tools.install(interrupt, say)?;
    say("building the clients and the sandbox");
    let programs = driver::Programs::build(root, &apis, interrupt)?;
    let sandbox = sandbox::Served::start(&programs, &Output::of(root, "sandbox.txt"), interrupt)?;
    let mut checks = Vec::new();
    let mut add = |check: Check| {
        done(&check);
        checks.push(check);
    };
    for api in &apis {
        let name = &api.name;
        let document = api.file(NORMALISED);
        let output = |tool: &str| Output::of(root, &format!("{name}-{tool}.txt"));
        let verdict = redocly::lint(&tools, &document, &output("redocly"), interrupt)?;
        add(Check::new(name, "Redocly", verdict));
        let program = programs.get(&api.package())?;
        for (responses, tool, file) in [
            (Responses::Static, "Prism", "prism"),
            (
                Responses::Dynamic,
                "Prism, random responses",
                "prism-random",
            ),
        ] {
            let mock = Mock::start(&tools, &document, responses, output(file), interrupt)?;
            let calls = output(&format!("{file}-calls"));
            let made = Calls::make(program, &mock.address, &calls, interrupt)?;
            let printed = vec![mock.output.file.clone(), calls.file];
            let log = Log::read(&mock.output.text());
            let verdict = judge(&made, &log, &expected(root, api)?, printed);
            add(Check::new(name, tool, verdict));
        }
        let verdict = match sandbox.of(name) {
            Some(served) => schemathesis::test(
                &tools,
                name,
                &document,
                served,
                &output("schemathesis"),
                interrupt,
            )?,
            None => Verdict::Skipped("there is no sandbox of it".to_owned()),
        };
        add(Check::new(name, "schemathesis", verdict));
    }
    Ok(checks)
}

/// The operations of an API, and the number of them in the client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expected {
    /// The operations of the client: `GET /users`.
    pub operations: BTreeSet<String>,
    /// The number of further operations in the document; the README of the crate lists the reasons.
    pub skipped: usize,
}

fn expected(root: &Path, api: &Api) -> Result<Expected> {
    let document: Value = document::read(&root.join(api.file(NORMALISED)))?;
    let model = specmill_model::lower(&api.codegen_options().lowering(), &document)?;
    let operations = model.operations.iter();
    Ok(Expected {
        operations: operations
            .map(|operation| format!("{} {}", operation.method, operation.path))
            .collect(),
        skipped: model.skipped.len(),
    })
}

/// The findings about a client, from its calls and from Prism's log.
pub fn judge(
    calls: &Calls,
    log: &Log,
    expected: &Expected,
    printed: Vec<std::path::PathBuf>,
) -> Verdict {
    let uncalled = expected.operations.difference(&calls.operations);
    let mut problems: Vec<String> = uncalled
        .map(|operation| format!("{operation}: was not called: a required value could not be made"))
        .collect();
    problems.extend(log.violations.iter().cloned());
    problems.extend(calls.failed.iter().cloned());
    // If the log was parsed incorrectly, it would not show violations either.
    if log.requests != calls.made {
        problems.push(format!(
            "Prism logged {} of {}",
            counted(log.requests, "request"),
            counted(calls.made, "call")
        ));
    }
    let mut looked_at = format!(
        "{} of {}, no violation",
        counted(calls.made, "call"),
        counted(expected.operations.len(), "operation")
    );
    if expected.skipped > 0 {
        looked_at.push_str(&format!(
            "; {} skipped by the generator",
            counted(expected.skipped, "operation")
        ));
    }
    Verdict::of(problems, looked_at, printed)
}
