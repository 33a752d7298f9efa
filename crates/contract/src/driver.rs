//! The generated programs that call each operation, and the sandbox. Cargo builds them, and its messages name their files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_xtask::api::Api;

use super::process::{Interrupt, Output, Running};

/// The time limit of a build: the first one in a clean checkout compiles everything.
const BUILD: Duration = Duration::from_secs(1800);

/// The time limit for the calls of one API.
const CALLS: Duration = Duration::from_secs(300);

/// The package of the sandbox.
pub(super) const SANDBOX: &str = "specmill-sandbox";

/// The programs that cargo built, by package.
pub(super) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds the program of each API, and the sandbox.
    pub(super) fn build(root: &Path, apis: &[Api], interrupt: &Interrupt) -> Result<Self> {
        let output = Output::of(root, "build.txt");
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        command
            .args(["build", "--message-format", "json-render-diagnostics"])
            .args(["--test", "contract", "--package", SANDBOX, "--bin", SANDBOX])
            .current_dir(root);
        for api in apis {
            command.args(["--package", &api.package()]);
        }
        let status = Running::start("cargo", &mut command, &output)?.finish(interrupt, BUILD)?;
        if !status.success() {
            return Err(Diagnostic::new("the clients or the sandbox do not compile")
                .at(&output.file, Place::Whole)
                .help("the file holds what cargo printed; run `cargo xtask regen` first"));
        }
        Ok(Self(executables(&output.text())))
    }

    /// The program of a package.
    pub(super) fn get(&self, package: &str) -> Result<&Path> {
        self.0.get(package).map(PathBuf::as_path).ok_or_else(|| {
            Diagnostic::new(format!("cargo built no program of `{package}`"))
                .help("run `cargo xtask regen`, then this command again")
        })
    }
}

/// The executables that cargo reports, by package.
fn executables(printed: &str) -> BTreeMap<String, PathBuf> {
    let messages = printed
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let built = messages.filter_map(|message| {
        let executable = message.get("executable")?.as_str()?;
        // `path+file:///…/crates/panther#specmill-panther@0.1.0`
        let id = message.get("package_id")?.as_str()?;
        let package = id.rsplit(['#', '/']).next()?.split('@').next()?;
        Some((package.to_owned(), PathBuf::from(executable)))
    });
    built.collect()
}

/// The results that a program prints about its calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Calls {
    /// The number of calls.
    pub made: usize,
    /// The operations that were called: `GET /users`.
    pub operations: BTreeSet<String>,
    /// The failed calls, each beginning with the operation.
    pub failed: Vec<String>,
}

impl Calls {
    /// Makes every call with the given base URL.
    pub(super) fn make(
        program: &Path,
        address: &str,
        output: &Output,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg(address).current_dir(&output.root);
        let status = Running::start("the program that makes the calls", &mut command, output)?
            .finish(interrupt, CALLS)?;
        let calls = Self::read(&output.text());
        // Exit code 1 means that a call failed; any other code is a failure of the program itself.
        if status.code() != Some(i32::from(!calls.failed.is_empty())) {
            return Err(Diagnostic::new(format!(
                "the program that makes the calls ended with {status}"
            ))
            .at(&output.file, Place::Whole)
            .help("the file holds what it printed"));
        }
        Ok(calls)
    }

    /// Reads the output of a program: `passed GET /users (required)`, `failed GET /users (all): why`.
    pub fn read(printed: &str) -> Self {
        let mut calls = Self::default();
        for line in printed.lines() {
            let Some((verdict, call)) = line
                .split_once(' ')
                .filter(|(verdict, _)| matches!(*verdict, "passed" | "failed"))
            else {
                continue;
            };
            let Some((operation, _)) = call.split_once(" (") else {
                continue;
            };
            calls.made += 1;
            calls.operations.insert(operation.to_owned());
            if verdict == "failed" {
                calls.failed.push(call.to_owned());
            }
        }
        calls
    }
}
