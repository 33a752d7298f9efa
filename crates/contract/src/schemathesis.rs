//! schemathesis: sends valid and invalid requests, and validates the sandbox's responses against the document.

use std::path::{Path, PathBuf};
use std::time::Duration;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::install::{CONFIGURATION, Tools};
use super::process::{Interrupt, Output, Running};
use super::report::Verdict;
use super::sandbox::Service;

/// The time limit of the tests of one API.
const LIMIT: Duration = Duration::from_secs(300);

/// The maximum number of generated requests for an operation in each phase.
const EXAMPLES: &str = "50";

/// Tests the service of an API with its document, given by its path from the root.
///
/// The folder of the API below `crates/contract/tools/schemathesis/` contains its configuration, `schemathesis.toml`, which may
/// name hooks. The environment contains the base URL and the credentials of the service: `SANDBOX_API_KEY` for its `api_key`.
pub(super) fn test(
    tools: &Tools,
    api: &str,
    document: &Path,
    service: &Service,
    output: &Output,
    interrupt: &Interrupt,
) -> Result<Verdict> {
    let folder = PathBuf::from(CONFIGURATION).join("schemathesis").join(api);
    if !output
        .root
        .join(&folder)
        .join("schemathesis.toml")
        .is_file()
    {
        return Err(Diagnostic::new(
            "there is no schemathesis.toml for this service of the sandbox",
        )
        .at(folder, Place::Whole)
        .help("add one that holds its credentials, as those beside it do"));
    }
    let mut command = tools.schemathesis();
    command
        .args(["--no-color", "run"])
        .arg(output.root.join(document))
        // Every run sends the same requests.
        .args(["--generation-deterministic", "--max-examples", EXAMPLES])
        .arg("--continue-on-failure")
        .args(["--url", service.get("base_url").map_or("", String::as_str)])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // The sandbox is on this host, so proxies of the environment are ignored.
        .env("NO_PROXY", "127.0.0.1")
        // Lines are not wrapped at the width of a terminal.
        .env("COLUMNS", "200")
        .current_dir(output.root.join(&folder));
    for (name, value) in service {
        command.env(format!("SANDBOX_{}", name.to_uppercase()), value);
    }
    let status = Running::start("schemathesis", &mut command, output)?.finish(interrupt, LIMIT)?;
    let report = Report::read(&output.text());
    let verdict = match (status.code(), report.cases) {
        (Some(0), Some(cases)) if report.problems.is_empty() => Some(Verdict::Passed(cases)),
        (Some(1), _) => {
            let mut problems = report.problems;
            if problems.is_empty() {
                problems.push("no failure is listed, but it ended with 1".to_owned());
            }
            Some(Verdict::Failed {
                problems,
                printed: vec![output.file.clone()],
            })
        }
        _ => None,
    };
    verdict.ok_or_else(|| {
        Diagnostic::new(format!("schemathesis could not test `{api}` ({status})"))
            .at(&output.file, Place::Whole)
            .help("the file holds what it printed")
    })
}

/// The parsed output of schemathesis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The number of cases, as printed: `196 generated, 196 passed`.
    pub cases: Option<String>,
    /// Its findings: `GET /users: ST201 Schema-violating request accepted`.
    pub problems: Vec<String>,
}

impl Report {
    /// Parses the output of schemathesis.
    pub fn read(printed: &str) -> Self {
        let mut report = Self::default();
        let mut operation = "";
        let mut lines = printed.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(heading) = heading(line) {
                operation = heading;
            } else if let Some(finding) = line.strip_prefix("- ") {
                report.problems.push(format!("{operation}: {finding}"));
            } else if line == "Test cases:" {
                let cases = lines.peek().map(|line| line.trim());
                report.cases = cases
                    .filter(|cases| !cases.starts_with("0 "))
                    .map(str::to_owned);
            }
        }
        report
    }
}

/// The operation of a line such as `_____ GET /users _____`.
fn heading(line: &str) -> Option<&str> {
    let inner = line.strip_prefix("__")?.strip_suffix("__")?;
    Some(inner.trim_matches('_').trim())
}
