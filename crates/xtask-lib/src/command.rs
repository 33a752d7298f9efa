//! The command line: arguments in, exit code out.
//!
//! 0: done. 1: what was asked for is not so: `regen --check` found something stale, `diff --fail-on` a
//! finding, `verify` a difference, `contract` a flaw. 2: an error in the arguments or the input; nothing on disk changed.
//! Only a disk that fails half-way leaves some files written, and the error says so.

mod diff;
mod import;
mod new;
mod progenitor;
mod regen;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result, visible};

/// Makes typed Rust clients of vendor documentation
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Arguments<C: Subcommand> {
    #[command(subcommand)]
    command: C,
}

/// The commands of every workspace.
///
/// A workspace that has more flattens them into a set of its own, and runs that with [`run`]:
///
/// ```
/// use std::path::Path;
/// use std::process::ExitCode;
///
/// use specmill_openapi::diagnostic::Result;
/// use specmill_xtask::{Command, Run, run};
///
/// #[derive(clap::Subcommand)]
/// enum Xtask {
///     #[command(flatten)]
///     Specmill(Command),
///     /// Print a greeting
///     Greet,
/// }
///
/// impl Run for Xtask {
///     fn run(self, root: &Path) -> Result<ExitCode> {
///         match self {
///             Self::Specmill(command) => command.run(root),
///             Self::Greet => {
///                 println!("Good morning");
///                 Ok(ExitCode::SUCCESS)
///             }
///         }
///     }
/// }
///
/// let code = run::<Xtask>(["xtask", "greet", "--help"].map(Into::into));
/// assert_eq!(code, ExitCode::SUCCESS);
/// ```
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Write the normalised specs, the client crates and the facade's re-exports from specs/
    Regen(regen::Regen),
    /// Take the operations of docs pages into specs/NAME/published/
    Import(import::Import),
    /// Make specs/NAME/ for another API, from an OpenAPI document or from docs pages
    New(new::New),
    /// Tell what changed in the specs between two revisions: on the wire, and for Rust callers
    Diff(diff::Diff),
    /// Draft an entry for CHANGELOG.md from the changes of the specs
    Changelog(diff::Changelog),
    /// Print the document of an API that plain progenitor generates its own client from
    Progenitor(progenitor::Progenitor),
    /// Print the page at an https address; `import` and `new` run it
    #[command(hide = true)]
    Fetch {
        /// The address
        address: String,
    },
}

/// What a set of commands does.
pub trait Run {
    /// Runs the command in the workspace at `root`. An error is printed, and the exit code is 2 then.
    fn run(self, root: &Path) -> Result<ExitCode>;
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Regen(command) => regen::run(root, &command),
            Self::Import(command) => import::run(root, &command),
            Self::New(command) => new::run(root, &command),
            Self::Diff(command) => diff::run(root, &command),
            Self::Changelog(command) => diff::changelog(root, &command),
            Self::Progenitor(command) => progenitor::run(root, &command),
            Self::Fetch { address } => import::fetch(&address),
        }
    }
}

/// Runs the command that the arguments name, the first being the program; errors go to standard error.
pub fn run<C: Subcommand + Run>(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::<C>::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(help_or_error) => {
            // Nothing is left to do where even the message cannot be printed.
            let _ = help_or_error.print();
            return ExitCode::from(if help_or_error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = workspace_root().and_then(|root| arguments.command.run(&root));
    result.unwrap_or_else(|diagnostic| {
        eprintln!("{diagnostic}");
        ExitCode::from(2)
    })
}

/// Prints a line whose words may come from documents: nothing in it commands the terminal.
macro_rules! say {
    ($($arguments:tt)*) => {
        $crate::command::print_line(&format!($($arguments)*))
    };
}
use say;

/// Prints a line whose words may come from documents: nothing in it commands the terminal.
pub fn print_line(line: &str) {
    print(&format!("{}\n", visible(line)));
}

/// Prints to standard output; a reader that stopped reading, as `head` does, is no error.
fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// The root of the workspace that the command is run in.
fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let root = here
        .ancestors()
        .find(|folder| folder.join("specs").is_dir() && folder.join("Cargo.toml").is_file());
    root.map(Path::to_path_buf).ok_or_else(|| {
        Diagnostic::new("this is no workspace of specmill: there is no folder `specs`")
            .at(here, Place::Whole)
            .help("run the command in the root of the workspace")
    })
}
