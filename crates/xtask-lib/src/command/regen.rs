//! `cargo xtask regen`.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use similar::TextDiff;

use super::watch;
use crate::output::{Action, Plan};
use crate::regen::{self, ApiReport, Regenerated};
use specmill_openapi::diagnostic::{Diagnostic, Result};

/// The maximum number of lines that `--check` shows for one file.
const LONGEST_DIFF: usize = 20;

/// Arguments of `cargo xtask regen`.
#[derive(Debug, Args)]
pub struct Regen {
    /// Write nothing: list stale files, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// Regenerate only this API, a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// Print the changes of each transform with their locations
    #[arg(long)]
    explain: bool,
    /// Regenerate after each change in specs/, until interrupted
    #[arg(long, conflicts_with = "check")]
    watch: bool,
}

pub(super) fn run(root: &Path, arguments: &Regen) -> Result<ExitCode> {
    if arguments.watch {
        return watch::run(root, || once(root, arguments));
    }
    once(root, arguments)
}

fn once(root: &Path, arguments: &Regen) -> Result<ExitCode> {
    let regenerated = regen::regenerate(root, arguments.api.as_deref())?;
    if arguments.explain {
        explain(&regenerated);
    }
    let plan = regenerated.output.plan(root)?;
    if arguments.check {
        return Ok(check(&plan));
    }
    plan.carry_out(root)?;
    let mut rest = Files::of(&plan, |_| true);
    for api in &regenerated.apis {
        let folders = [
            Path::new("specs").join(&api.name),
            Path::new("crates").join(&api.name),
        ];
        let files = Files::of(&plan, |file| {
            folders.iter().any(|folder| file.starts_with(folder))
        });
        rest = rest.without(&files);
        super::say!("{}; {files}", api.summary());
        report(api);
    }
    super::say!("shared {rest}");
    super::say!("");
    if plan.touched.is_empty() {
        super::say!("Everything is up to date.");
    } else {
        super::say!("Now run `cargo xtask diff` to see the effect on callers.");
    }
    for folder in &regenerated.strangers {
        super::say!(
            "note: {folder} is not a member of the workspace: add \"crates/*\" to `members` in Cargo.toml"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line for each skipped operation, fallback and unsupported feature.
fn report(api: &ApiReport) {
    if let Some(reason) = &api.empty {
        super::say!("  no operation: {reason}");
    }
    for skipped in &api.skipped {
        super::say!("  skipped {}: {}", skipped.operation, skipped.reason);
    }
    for skipped in &api.skipped_parameters {
        super::say!("  skipped {skipped}");
    }
    for list in &api.lists {
        super::say!("  {list}");
    }
    for fallback in &api.fallbacks {
        super::say!(
            "  falls back to serde_json::Value at #{}: {}",
            fallback.pointer,
            fallback.reason
        );
    }
    for change in api.ignored_bounds() {
        super::say!(
            "  ignored the bound at #{}: {}",
            change.pointer,
            change.what
        );
    }
    for line in &api.unknown {
        super::say!("  {line}");
    }
    for note in &api.notes {
        super::say!("  not supported: {note}");
    }
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

/// The number of written, removed and unchanged files.
struct Files {
    written: usize,
    removed: usize,
    unchanged: usize,
}

impl Files {
    fn of(plan: &Plan, wanted: impl Fn(&Path) -> bool) -> Self {
        let count = |remove: bool| {
            let touched = plan.touched.iter().filter(|(file, ..)| wanted(file));
            touched
                .filter(|(_, action, ..)| (*action == Action::Remove) == remove)
                .count()
        };
        Self {
            written: count(false),
            removed: count(true),
            unchanged: plan.unchanged.iter().filter(|file| wanted(file)).count(),
        }
    }

    fn without(&self, other: &Self) -> Self {
        Self {
            written: self.written - other.written,
            removed: self.removed - other.removed,
            unchanged: self.unchanged - other.unchanged,
        }
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            written,
            removed,
            unchanged,
        } = self;
        write!(f, "files: {written} written, {unchanged} unchanged")?;
        if *removed > 0 {
            write!(f, ", {removed} removed")?;
        }
        Ok(())
    }
}

fn check(plan: &Plan) -> ExitCode {
    if plan.touched.is_empty() {
        super::say!(
            "everything generated is up to date ({} files)",
            plan.unchanged.len()
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
    let diagnostic =
        Diagnostic::new(message).help("run `cargo xtask regen`, and commit its output");
    eprintln!("{}", super::named(&diagnostic.to_string()));
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
