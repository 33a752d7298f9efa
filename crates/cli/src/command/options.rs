//! What every command takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::output::Format;

/// The options of every command.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Options {
    /// `None` is a table on a terminal, and JSON elsewhere.
    pub(crate) format: Option<Format>,
    /// `None` is the profile `default`, which need not be there.
    pub(crate) profile: Option<String>,
    pub(crate) profile_file: Option<PathBuf>,
    pub(crate) sandbox: bool,
    pub(crate) dry_run: bool,
    pub(crate) verbose: bool,
    pub(crate) all: bool,
    pub(crate) ignore_total: bool,
    pub(crate) timeout: Option<Duration>,
    /// Where the body of the response goes, as it comes.
    pub(crate) output_file: Option<PathBuf>,
}

impl Options {
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        // Only the commands of operations that page have these.
        let of_lists = |name| {
            let given = matches.try_get_one::<bool>(name).ok().flatten();
            given.copied().unwrap_or_default()
        };
        Self {
            format: matches.get_one("output").copied(),
            profile: matches.get_one("profile").cloned(),
            profile_file: matches.get_one("profile-file").cloned(),
            sandbox: matches.get_flag("sandbox"),
            dry_run: matches.get_flag("dry-run"),
            verbose: matches.get_flag("verbose"),
            all: of_lists("all"),
            ignore_total: of_lists("ignore-total"),
            timeout: matches.get_one("timeout").copied(),
            output_file: matches.get_one("output-file").cloned(),
        }
    }
}

pub(super) fn global() -> [Arg; 8] {
    [
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("FORMAT")
            .help("How the response is written [default: table on a terminal, json elsewhere]")
            .value_parser(value_parser!(Format)),
        Arg::new("output-file")
            .long("output-file")
            .value_name("FILE")
            .help("The file that the body of the response is saved in, as it comes")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("profile")
            .long("profile")
            .value_name("NAME")
            .help("The profile to take settings from [default: default]"),
        Arg::new("profile-file")
            .long("profile-file")
            .value_name("FILE")
            .help("The profile file [default: specmill/profiles.toml in the folder for configuration]")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("sandbox")
            .long("sandbox")
            .help("Calls a sandbox that this command starts, with made-up data; no account is needed")
            .action(ArgAction::SetTrue),
        Arg::new("dry-run")
            .long("dry-run")
            .help("Prints the request, credentials masked, and does not send it")
            .action(ArgAction::SetTrue),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .help("Writes each request and response to standard error, secrets masked and bodies cut")
            .action(ArgAction::SetTrue),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .help("The longest time for a call with all its attempts [default: 120]")
            .value_parser(seconds),
    ]
    .map(|arg| arg.global(true).help_heading("Options of every command"))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if seconds <= 0.0 {
        return Err("give more than 0".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

pub(super) fn completions() -> Command {
    Command::new("completions")
        .about("Prints the completions of a shell")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell)),
        )
}

/// The shell whose completions are wanted.
pub(crate) fn completions_shell(matches: &ArgMatches) -> Option<Shell> {
    matches.get_one("shell").copied()
}
