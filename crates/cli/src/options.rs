//! The options that every command accepts.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::output::{Filter, Format, Selection, SortKey};

/// The variable that selects the profile, unless the command line does.
pub(crate) const PROFILE_VARIABLE: &str = "SPECMILL_PROFILE";

/// The options of every command.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Options {
    /// By default a table on a terminal, and JSON elsewhere.
    pub(crate) format: Option<Format>,
    pub(crate) selection: Selection,
    /// By default the profile `default`, which may be missing.
    pub(crate) profile: Option<String>,
    pub(crate) profile_file: Option<PathBuf>,
    pub(crate) sandbox: bool,
    pub(crate) dry_run: bool,
    pub(crate) verbose: bool,
    /// Whether to skip confirmation prompts.
    pub(crate) yes: bool,
    pub(crate) all: bool,
    pub(crate) ignore_total: bool,
    pub(crate) timeout: Option<Duration>,
    /// The destination of the response.
    pub(crate) output_file: Option<PathBuf>,
    /// Whether a download that failed is resumed.
    pub(crate) resume: bool,
}

impl Options {
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        // Only commands of paged operations have these.
        let of_lists = |name| {
            let given = matches.try_get_one::<bool>(name).ok().flatten();
            given.copied().unwrap_or_default()
        };
        let most = matches.try_get_one::<u64>("max-items").ok().flatten();
        let sort = matches.get_many::<SortKey>("sort");
        let of_environment = || {
            let name = std::env::var(PROFILE_VARIABLE).ok();
            name.filter(|name| !name.is_empty())
        };
        Self {
            format: matches.get_one("output").copied(),
            selection: Selection {
                columns: matches
                    .get_many::<String>("columns")
                    .map(|names| names.cloned().collect())
                    .unwrap_or_default(),
                filter: matches.get_one::<Filter>("filter").cloned(),
                sort: sort.into_iter().flatten().cloned().collect(),
                most: most.copied(),
            },
            profile: matches.get_one("profile").cloned().or_else(of_environment),
            profile_file: matches.get_one("profile-file").cloned(),
            sandbox: matches.get_flag("sandbox"),
            dry_run: matches.get_flag("dry-run"),
            verbose: matches.get_flag("verbose"),
            yes: matches.get_flag("yes"),
            all: of_lists("all") || most.is_some(),
            ignore_total: of_lists("ignore-total"),
            timeout: matches.get_one("timeout").copied(),
            output_file: matches.get_one("output-file").cloned(),
            resume: matches.get_flag("resume"),
        }
    }

    /// Whether an output format is set, so that the body is not written unchanged.
    pub(crate) fn is_formatted(&self) -> bool {
        self.format.is_some() || self.all || !self.selection.is_all()
    }
}

/// The options of every command, as arguments of the command line.
pub(crate) fn global() -> [Arg; 13] {
    [
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("FORMAT")
            .help("The format of the output [default: table on a terminal, json elsewhere]")
            .value_parser(value_parser!(Format)),
        Arg::new("columns")
            .long("columns")
            .value_name("NAMES")
            .help("The columns to show, in this order: id,role.name")
            .value_delimiter(','),
        Arg::new("filter")
            .long("filter")
            .value_name("JSONPATH")
            .help("The items to show: a condition such as '@.enabled == true', or a JSONPath query of the whole response such as '$[0].id'")
            .value_parser(value_parser!(Filter)),
        Arg::new("sort")
            .long("sort")
            .value_name("NAMES")
            .help("Sorts the items by these columns; a hyphen before a name reverses the order: --sort=-createdAt,id")
            .allow_hyphen_values(true)
            .value_delimiter(',')
            .value_parser(value_parser!(SortKey)),
        Arg::new("output-file")
            .long("output-file")
            .value_name("FILE")
            .help("Saves the response to a file that only you can read: its unchanged body, or the formatted output if an output option is set")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("resume")
            .long("resume")
            .help("With --output-file: keeps the part of a failed download, and continues it when the command runs again")
            .requires("output-file")
            .action(ArgAction::SetTrue),
        Arg::new("profile")
            .long("profile")
            .value_name("NAME")
            .help("The profile to read settings from [default: SPECMILL_PROFILE, or default]"),
        Arg::new("profile-file")
            .long("profile-file")
            .value_name("FILE")
            .help("The profile file [default: specmill/profiles.toml in the configuration folder]")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("sandbox")
            .long("sandbox")
            .help("Starts a sandbox with made-up data and calls it; needs no account")
            .action(ArgAction::SetTrue),
        Arg::new("dry-run")
            .long("dry-run")
            .help("Prints the request with redacted credentials instead of sending it")
            .action(ArgAction::SetTrue),
        Arg::new("yes")
            .short('y')
            .long("yes")
            .help("Deletes without asking for confirmation")
            .action(ArgAction::SetTrue),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .help("Writes each request, response and retry to standard error, with redacted secrets and truncated bodies")
            .action(ArgAction::SetTrue),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .help("The timeout of a call, including its retries [default: 120]")
            .value_parser(seconds),
    ]
    .map(|arg| arg.global(true).help_heading("Options of every command"))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if seconds <= 0.0 {
        return Err("must be greater than 0".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
