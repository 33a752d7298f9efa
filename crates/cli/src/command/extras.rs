//! Commands that call no operation.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};
use clap_complete::Shell;

/// The installation of the completions for each shell.
pub(crate) const INSTALLATION: &str = "\
To install the script:
  bash        specmill completions bash > ~/.local/share/bash-completion/completions/specmill
  zsh         specmill completions zsh > \"${fpath[1]}/_specmill\"
  fish        specmill completions fish > ~/.config/fish/completions/specmill.fish
  elvish      specmill completions elvish >> ~/.config/elvish/rc.elv
  powershell  specmill completions powershell >> $PROFILE
Then start a new shell.";

/// The commands.
pub(super) fn commands() -> [Command; 4] {
    [
        Command::new("completions")
            .about("Prints the completion script of a shell")
            .after_help(INSTALLATION)
            .arg(
                Arg::new("shell")
                    .value_name("SHELL")
                    .help("The shell")
                    .required(true)
                    .value_parser(value_parser!(Shell)),
            ),
        Command::new("man")
            .about("Prints the manual page, or writes a page for each command to a folder")
            .after_help("To install the pages: specmill man ~/.local/share/man/man1")
            .arg(
                Arg::new("folder")
                    .value_name("FOLDER")
                    .help("The folder for the pages; without it, the page of specmill is printed")
                    .value_parser(value_parser!(PathBuf)),
            ),
        Command::new("help")
            .about("Prints the help of a command")
            .arg(
                Arg::new("words")
                    .value_name("COMMAND")
                    .num_args(0..)
                    .help("The command: panther user list"),
            ),
        Command::new("version").about("Prints the version"),
    ]
}
