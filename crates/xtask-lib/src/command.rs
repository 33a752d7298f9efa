//! The command line: parses arguments, runs a command, and returns the exit code.
//!
//! 0: success. 1: a negative result: `regen --check` found stale files, `diff --fail-on` a finding, `verify` a difference,
//! `contract` a problem. 2: an error in the arguments or the input; no file was changed. If writing fails midway, some files
//! remain written, and the error says so.

#[cfg(feature = "review")]
mod diff;
mod import;
mod new;
mod progenitor;
mod regen;
mod remove;
mod watch;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result, visible};

use crate::workspace::{COMMAND, MANIFEST, Workspace};

/// Generates typed Rust clients from vendor documentation
#[derive(Debug, Parser)]
#[command(arg_required_else_help = true)]
struct Arguments<C: Subcommand> {
    #[command(subcommand)]
    command: C,
}

/// The commands of every workspace.
///
/// A workspace with further commands flattens these into its own set, and runs it with [`run`]:
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
    /// Generate the normalised specs, the client crates and the facade's re-exports from specs/
    Regen(regen::Regen),
    /// Import the operations of docs pages into specs/NAME/published/
    Import(import::Import),
    /// Create specs/NAME/ for another API, from an OpenAPI document or from docs pages
    New(new::New),
    /// Remove an API: its specs, its crate and all references to it
    Remove(remove::Remove),
    /// Report the changes between two revisions and their effect on the wire and on Rust callers
    #[cfg(feature = "review")]
    Diff(diff::Diff),
    /// Draft an entry for CHANGELOG.md from the changes between two revisions
    #[cfg(feature = "review")]
    Changelog(diff::Changelog),
    /// Print the document of an API in a form from which plain progenitor generates a client
    Progenitor(progenitor::Progenitor),
    /// Print the page at an https address (`import` and `new` use it)
    #[command(hide = true)]
    Fetch {
        /// The address
        address: String,
    },
}

/// The behaviour of a set of commands.
pub trait Run {
    /// Runs the command in the workspace at `root`.
    ///
    /// # Errors
    /// The arguments or the input are invalid. The error is printed, and the exit code is 2.
    fn run(self, root: &Path) -> Result<ExitCode>;
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Regen(command) => regen::run(root, &command),
            Self::Import(command) => import::run(root, &command),
            Self::New(command) => new::run(root, &command),
            Self::Remove(command) => remove::run(root, &command),
            #[cfg(feature = "review")]
            Self::Diff(command) => diff::run(root, &command),
            #[cfg(feature = "review")]
            Self::Changelog(command) => diff::changelog(root, &command),
            Self::Progenitor(command) => progenitor::run(root, &command),
            Self::Fetch { address } => import::fetch(&address),
        }
    }
}

/// The command line in messages; [`run`] replaces it with the actual one.
const NAMED: &str = "cargo xtask";

/// The common tasks, each with its commands.
const JOURNEYS: [(&str, &[(&str, &str)]); 4] = [
    (
        "A docs page changed",
        &[
            ("import --api NAME PAGE", "imports the page"),
            ("regen", "regenerates the document and the crate"),
            ("diff", "reports the effect on callers and on the version"),
        ],
    ),
    (
        "Add an API",
        &[
            (
                "new NAME FILE",
                "creates specs/NAME/ from a document or from docs pages",
            ),
            ("regen", "generates its crate"),
        ],
    ),
    (
        "Correct a document in specs/NAME/overlay.yaml",
        &[("regen --watch", "regenerates after each change")],
    ),
    (
        "Remove an API",
        &[(
            "remove NAME",
            "removes its specs, its crate and all references to it",
        )],
    ),
];

/// The common tasks with their commands, as they are run here.
fn journeys(name: &str) -> String {
    let steps = JOURNEYS.iter().flat_map(|(_, steps)| *steps);
    let width = steps.map(|(step, _)| step.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (index, (what, steps)) in JOURNEYS.into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        text += &format!("{what}:\n");
        for (step, does) in steps {
            text += &format!("  {name} {step:width$}  {does}\n");
        }
    }
    text
}

/// The command line that runs these commands.
static NAME: OnceLock<String> = OnceLock::new();

/// Runs the command in the arguments, of which the first is the program; errors are printed to standard error.
///
/// A program called `cargo-specmill` is the subcommand `cargo specmill`. Any other one is `cargo xtask`.
pub fn run<C: Subcommand + Run>(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = if is_subcommand(&arguments) {
        // cargo passes the name of the subcommand as the first argument.
        if arguments.get(1).is_some_and(|first| first == "specmill") {
            arguments.remove(1);
        }
        COMMAND
    } else {
        NAMED
    };
    let parsed = Arguments::<C>::command()
        .name(name)
        .bin_name(name)
        .after_help(journeys(name))
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::<C>::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(help_or_error) => {
            // If the message cannot be printed, there is no way to report that.
            let _ = help_or_error.print();
            return ExitCode::from(if help_or_error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = workspace_root().and_then(|root| {
        let workspace = Workspace::open(&root);
        let command = workspace
            .as_ref()
            .ok()
            .and_then(|it| it.settings().command.clone());
        NAME.get_or_init(|| command.unwrap_or_else(|| name.to_owned()));
        arguments.command.run(workspace?.root())
    });
    result.unwrap_or_else(|diagnostic| {
        eprintln!("{}", named(&diagnostic.to_string()));
        ExitCode::from(2)
    })
}

/// Whether cargo called the program as a subcommand.
fn is_subcommand(arguments: &[OsString]) -> bool {
    let program = arguments.first().map(Path::new);
    program
        .and_then(Path::file_stem)
        .is_some_and(|stem| stem == "cargo-specmill")
}

/// A message in which the commands have the form in which they are run here.
fn named(message: &str) -> String {
    match NAME.get() {
        Some(name) if name != NAMED => message.replace(NAMED, name),
        _ => message.to_owned(),
    }
}

/// Prints a line whose text may come from documents, without control characters for the terminal.
macro_rules! say {
    ($($arguments:tt)*) => {
        $crate::command::print_line(&format!($($arguments)*))
    };
}
use say;

/// Prints a line whose text may come from documents, without control characters for the terminal.
pub fn print_line(line: &str) {
    print(&format!("{}\n", visible(&named(line))));
}

/// Prints to standard output. A closed pipe, as with `head`, is not an error.
fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// The root of the current workspace: the nearest enclosing folder with a folder `specs` and a manifest, or else the nearest
/// one whose manifest has `[workspace]`.
fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let with_specs = here
        .ancestors()
        .find(|folder| folder.join("specs").is_dir() && folder.join(MANIFEST).is_file());
    let root = with_specs.or_else(|| here.ancestors().find(|folder| is_workspace(folder)));
    root.map(Path::to_path_buf).ok_or_else(|| {
        Diagnostic::new("this is not a workspace: there is no Cargo.toml with [workspace]")
            .at(here, Place::Whole)
            .help("run the command in the root of the workspace")
    })
}

fn is_workspace(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    manifest
        .parse::<toml::Table>()
        .is_ok_and(|manifest| manifest.contains_key("workspace"))
}
