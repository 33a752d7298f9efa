//! The commands for profiles.

use clap::{Arg, Command};

const NOTE: &str = "\
The profile is default, or the one that --profile or SPECMILL_PROFILE names. Secrets are typed at a prompt that does not show them, \
or come from standard input, never from the command line, where other users of the machine can read them.";

pub(super) fn command() -> Command {
    let api = || {
        Arg::new("api")
            .value_name("API")
            .help("The table of an API in a profile: panther")
    };
    Command::new("profile")
        .about("Adds, lists, tests and removes settings in the profile file")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .after_help(NOTE)
        .subcommand(
            Command::new("add")
                .about("Saves the settings of an API, and asks for missing ones")
                .after_help("If standard input is not a terminal, each of its lines is KEY=VALUE.")
                .arg(api().required(true))
                .arg(
                    Arg::new("settings")
                        .value_name("KEY=VALUE")
                        .num_args(0..)
                        .help("Settings other than secrets: base-url=https://api.example.com"),
                ),
        )
        .subcommand(Command::new("list").about("Lists the profiles without their secrets"))
        .subcommand(
            Command::new("test")
                .about("Tests the settings of a profile with a call to each of its APIs")
                .arg(api()),
        )
        .subcommand(
            Command::new("remove")
                .about("Removes the settings of an API, or a whole profile")
                .arg(api()),
        )
}
