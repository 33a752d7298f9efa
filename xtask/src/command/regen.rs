//! `cargo xtask regen`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use similar::TextDiff;

use crate::diagnostic::{Diagnostic, Result};
use crate::output::{Action, Plan};
use crate::regen::{self, Regenerated};

/// The longest diff that `--check` shows of one file, in lines.
const LONGEST_DIFF: usize = 20;

/// Arguments of `cargo xtask regen`.
#[derive(Debug, Args)]
pub(super) struct Regen {
    /// Write nothing; list what is stale and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Only this API: a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// Print what each transform changed, and where
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(root: &Path, arguments: &Regen) -> Result<ExitCode> {
    let regenerated = regen::regenerate(root, arguments.api.as_deref())?;
    if arguments.explain {
        explain(&regenerated);
    }
    let plan = regenerated.output.plan(root)?;
    if arguments.check {
        return Ok(check(&plan));
    }
    plan.carry_out(root)?;
    for api in &regenerated.apis {
        super::say!("{}", api.summary());
        for left_out in &api.left_out {
            super::say!("  left out {}: {}", left_out.operation, left_out.reason);
        }
        if api.widened > 0 {
            super::say!(
                "  {} places take any JSON value: crates/{}/README.md lists them",
                api.widened,
                api.name
            );
        }
    }
    super::say!("{}", totals(&plan));
    Ok(ExitCode::SUCCESS)
}

fn explain(regenerated: &Regenerated) {
    for api in &regenerated.apis {
        super::say!("{}", api.name);
        for change in &api.changes {
            super::say!(
                "  {} #{}: {}",
                change.transform,
                change.pointer,
                change.what
            );
        }
    }
}

fn totals(plan: &Plan) -> String {
    let count = |wanted: &[Action]| {
        plan.touched
            .iter()
            .filter(|(_, action, ..)| wanted.contains(action))
            .count()
    };
    let written = count(&[Action::Create, Action::Change]);
    let removed = count(&[Action::Remove]);
    format!(
        "files: {written} written, {removed} removed, {} unchanged",
        plan.unchanged
    )
}

fn check(plan: &Plan) -> ExitCode {
    if plan.touched.is_empty() {
        super::say!(
            "everything generated is up to date ({} files)",
            plan.unchanged
        );
        return ExitCode::SUCCESS;
    }
    for (file, action, before, after) in &plan.touched {
        let file = file.to_string_lossy().replace('\\', "/");
        match action {
            Action::Create => super::say!("missing  {file}"),
            Action::Remove => super::say!("gone     {file}"),
            Action::Change => {
                super::say!("stale    {file}");
                print_diff(before, after);
            }
        }
    }
    let message = format!("{} generated files are not up to date", plan.touched.len());
    eprintln!(
        "{}",
        Diagnostic::new(message).help("run `cargo xtask regen`, and commit what it writes")
    );
    ExitCode::FAILURE
}

fn print_diff(before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(1).to_string();
    for line in text.lines().take(LONGEST_DIFF) {
        super::say!("    {line}");
    }
    let rest = text.lines().count().saturating_sub(LONGEST_DIFF);
    if rest > 0 {
        super::say!("    … {rest} more lines");
    }
}
