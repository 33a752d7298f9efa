//! The report of the checks.

use std::fmt;
use std::path::PathBuf;

/// The maximum number of printed problems of a check; the named file contains all.
const SHOWN: usize = 10;

/// The result of a tool for an API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The API's name.
    pub api: String,
    /// The tool, and its mode if it runs in several.
    pub tool: &'static str,
    /// The result.
    pub verdict: Verdict,
}

impl Check {
    /// Creates the result of a tool for an API.
    pub fn new(api: &str, tool: &'static str, verdict: Verdict) -> Self {
        Self {
            api: api.to_owned(),
            tool,
            verdict,
        }
    }
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// There are no problems. Contains the number of checked items.
    Passed(String),
    /// There are problems.
    Failed {
        /// The problems, one each.
        problems: Vec<String>,
        /// The files with the output of the tools, relative to the root of the workspace.
        printed: Vec<PathBuf>,
    },
    /// The check does not apply, with the reason.
    Skipped(String),
}

impl Verdict {
    /// The result for a list of problems: passed if it is empty.
    pub fn of(problems: Vec<String>, looked_at: String, printed: Vec<PathBuf>) -> Self {
        if problems.is_empty() {
            Self::Passed(looked_at)
        } else {
            Self::Failed { problems, printed }
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: ", self.api, self.tool)?;
        match &self.verdict {
            Verdict::Passed(looked_at) => write!(f, "passed: {looked_at}"),
            Verdict::Skipped(reason) => write!(f, "skipped: {reason}"),
            Verdict::Failed { problems, printed } => {
                write!(f, "FAILED: {}", counted(problems.len(), "problem"))?;
                for problem in problems.iter().take(SHOWN) {
                    write!(f, "\n  {problem}")?;
                }
                if problems.len() > SHOWN {
                    write!(f, "\n  … {} more", problems.len() - SHOWN)?;
                }
                for file in printed {
                    let file = file.to_string_lossy().replace('\\', "/");
                    write!(f, "\n  --> {file}")?;
                }
                Ok(())
            }
        }
    }
}

/// The last line: the number of checks that passed, failed and were skipped.
pub fn summary(checks: &[Check]) -> String {
    let count =
        |wanted: fn(&Verdict) -> bool| checks.iter().filter(|check| wanted(&check.verdict)).count();
    let failed = count(|verdict| matches!(verdict, Verdict::Failed { .. }));
    let skipped = count(|verdict| matches!(verdict, Verdict::Skipped(_)));
    let passed = checks.len() - failed - skipped;
    let mut text = format!("{}: {passed} passed", counted(checks.len(), "check"));
    for (count, what) in [(failed, "FAILED"), (skipped, "skipped")] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}

/// `1 problem`, `2 problems`
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
