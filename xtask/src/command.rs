//! The command line: arguments in, exit code out.
//!
//! 0: done. 1: what was asked for is not so: `regen --check` found something stale, `diff --fail-on` a
//! finding, `verify` a difference, `contract` a flaw. 2: an error in the arguments or the input; nothing on disk changed.
//! Only a disk that fails half-way leaves some files written, and the error says so.

mod contract;
mod diff;
mod draft;
mod import;
mod new;
mod progenitor;
mod regen;
mod verify;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostic::{Diagnostic, Place, Result};

/// The mill: vendor documentation in, typed Rust clients out.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
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
    /// Compare printed pages with the hand-written spec of an API
    Verify(verify::Verify),
    /// Print the OpenAPI that printed pages support, a first hand-written spec
    Draft(draft::Draft),
    /// Print the document of an API that plain progenitor generates its own client from
    Progenitor(progenitor::Progenitor),
    /// Print the page at an https address; `import` and `new` run it
    #[command(hide = true)]
    Fetch {
        /// The address
        address: String,
    },
    /// Try the specs, the clients and the sandbox against Redocly, Prism and schemathesis
    Contract(contract::Contract),
}

/// Runs the command that the arguments name, the first being the program; errors go to standard error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(help_or_error) => {
            // Nothing is left to do where even the message cannot be printed.
            let _ = help_or_error.print();
            return ExitCode::from(if help_or_error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = workspace_root().and_then(|root| match arguments.command {
        Command::Regen(command) => regen::run(&root, &command),
        Command::Import(command) => import::run(&root, &command),
        Command::New(command) => new::run(&root, &command),
        Command::Diff(command) => diff::run(&root, &command),
        Command::Changelog(command) => diff::changelog(&root, &command),
        Command::Verify(command) => verify::run(&root, &command),
        Command::Draft(command) => draft::run(&command),
        Command::Progenitor(command) => progenitor::run(&root, &command),
        Command::Fetch { address } => import::fetch(&address),
        Command::Contract(command) => contract::run(&root, &command),
    });
    result.unwrap_or_else(|diagnostic| {
        eprintln!("{diagnostic}");
        ExitCode::from(2)
    })
}

/// Prints a line whose words may come from documents: nothing in it commands the terminal.
macro_rules! say {
    ($($arguments:tt)*) => {
        $crate::command::print(&format!("{}\n", $crate::diagnostic::visible(&format!($($arguments)*))))
    };
}
use say;

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
