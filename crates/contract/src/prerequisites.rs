//! The required programs: Node.js and Python. Everything else is installed below `target/`.

use std::process::{Command, Stdio};

use specmill_openapi::diagnostic::{Diagnostic, Result};

/// The versions of the required programs. `None` if a program is missing.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The output of `node --version`.
    pub node: Option<String>,
    /// The output of `npm --version`.
    pub npm: Option<String>,
    /// The output of `python3 --version`.
    pub python: Option<String>,
    /// Whether Python can create virtual environments with pip.
    pub venv: bool,
}

/// The requirements of a program.
struct Need {
    program: &'static str,
    least: (u64, u64),
    remedy: &'static str,
}

const NEEDS: [Need; 3] = [
    Need {
        program: "node",
        least: (20, 19),
        remedy: "install Node.js 20.19 or later",
    },
    Need {
        program: "npm",
        least: (10, 0),
        remedy: "install npm 10 or later; it comes with Node.js",
    },
    Need {
        program: "python3",
        least: (3, 11),
        remedy: "install Python 3.11 or later",
    },
];

impl Found {
    /// Determines the installed versions.
    pub fn here() -> Self {
        Self {
            node: version("node"),
            npm: version("npm"),
            python: version("python3"),
            venv: prints("python3", &["-c", "import ensurepip, venv"]).is_some(),
        }
    }

    /// An error that lists all missing or outdated programs, with the packages to install.
    ///
    /// # Errors
    /// A tool is missing or too old.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let mut remedies = Vec::new();
        for (need, found) in NEEDS.iter().zip([&self.node, &self.npm, &self.python]) {
            match found {
                Some(found) if version_of(found).is_some_and(|found| found >= need.least) => {
                    continue;
                }
                Some(found) => problems.push(format!("{} is too old: {found}", need.program)),
                None => problems.push(format!("there is no {}", need.program)),
            }
            remedies.push(need.remedy);
        }
        if self.python.is_some() && !self.venv {
            problems.push("python3 has no venv".to_owned());
            remedies.push("install Python's venv (the package python3-venv on Debian and Ubuntu)");
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(Diagnostic::new(problems.join("; ")).help(remedies.join("; ")))
    }
}

/// The first two numbers of a version: `v20.19.1`, `Python 3.11.7`.
fn version_of(text: &str) -> Option<(u64, u64)> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let mut numbers = text[start..].split(|character: char| !character.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next()?.parse().ok()?))
}

fn version(program: &str) -> Option<String> {
    prints(program, &["--version"])
}

/// The output of a program, if it exists and succeeds.
fn prints(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
