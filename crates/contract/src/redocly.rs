//! Redocly: lints a document with its recommended rules.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::install::{CONFIGURATION, Tools};
use super::process::{Interrupt, Output, Running};
use super::report::Verdict;

/// The time limit of a lint.
const LIMIT: Duration = Duration::from_secs(120);

/// Lints a document, given by its path from the root.
pub(super) fn lint(
    tools: &Tools,
    document: &Path,
    output: &Output,
    interrupt: &Interrupt,
) -> Result<Verdict> {
    let mut command = tools.redocly();
    command
        .args([
            "lint",
            "--format",
            "json",
            "--max-problems",
            "1000",
            "--config",
        ])
        .arg(Path::new(CONFIGURATION).join("redocly.yaml"))
        .arg(document);
    let status = Running::start("Redocly", &mut command, output)?.finish(interrupt, LIMIT)?;
    let problems = problems(&output.text()).ok_or_else(|| {
        Diagnostic::new(format!("Redocly gave no report ({status})"))
            .at(&output.file, Place::Whole)
            .help("the file holds what it printed")
    })?;
    Ok(Verdict::of(
        problems,
        "no error, no warning".to_owned(),
        vec![output.file.clone()],
    ))
}

/// The problems in Redocly's report, which may be surrounded by other output.
pub fn problems(printed: &str) -> Option<Vec<String>> {
    let start = printed.find("\n{\n").map_or(0, |found| found + 1);
    let mut values = serde_json::Deserializer::from_str(&printed[start..]).into_iter::<Value>();
    let report = values.next()?.ok()?;
    let totals = report.get("totals")?;
    let listed = report.get("problems")?.as_array()?;
    let text = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let mut problems: Vec<String> = listed
        .iter()
        .map(|problem| {
            let place = text(problem.pointer("/location/0/pointer"));
            let (rule, message) = (text(problem.get("ruleId")), text(problem.get("message")));
            format!("{place}: {message} ({rule})")
        })
        .collect();
    // Problems that are counted but not listed are reported by their number.
    let counted: u64 = ["errors", "warnings"]
        .iter()
        .filter_map(|kind| totals.get(kind)?.as_u64())
        .sum();
    let listed = u64::try_from(listed.len()).unwrap_or(u64::MAX);
    if counted > listed {
        problems.push(format!("{} more, which are not listed", counted - listed));
    }
    Some(problems)
}
