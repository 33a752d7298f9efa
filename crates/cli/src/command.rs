//! Builds the tree of commands from the operation tables.

mod arguments;
mod catalogue;
mod completions;
mod extras;
mod flags;
mod help;
mod notes;
mod profile;
mod request;

use clap::{ArgMatches, Command};

use crate::options;

pub(crate) use self::arguments::{body_file, content_type, given, path_values};
pub(crate) use self::catalogue::{Catalogue, Entry, Found};
pub(crate) use self::extras::INSTALLATION;
pub(crate) use self::flags::{Flag, Target, of as flags_of};

/// The command with all subcommands.
pub(crate) fn command(catalogue: &Catalogue) -> Command {
    let mut root = Command::new("specmill")
        .about("Calls the operations of every API that specmill has a client for")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .after_help(help::root())
        .args(options::global());
    for feature in catalogue.features() {
        root = root.subcommand(feature_command(feature));
    }
    root.subcommand(request::command(specmill::dynamic::apis()))
        .subcommand(profile::command())
        .subcommands(extras::commands())
}

/// The command for the completions of shells.
pub(crate) fn for_completions(catalogue: &Catalogue) -> Command {
    completions::harmless(command(catalogue))
}

fn feature_command(feature: &catalogue::Feature) -> Command {
    let mut command = branch(feature.name).about(help::titles(&feature.apis));
    command = command.after_help(help::variables(&feature.apis));
    for (name, verbs) in &feature.groups {
        let plural = catalogue::plural_of(name, &feature.groups);
        let plural = plural.filter(|word| !feature.long.contains_key(word));
        command = command.subcommand(group_command(name, verbs, plural));
    }
    for (name, api) in &feature.long {
        let about = format!("The operations of {}, by its full name", api.api.title);
        let mut long = branch(name)
            .about(about)
            .after_help(help::variables(&[*api]));
        let groups = catalogue::groups(&[*api]);
        for (group, verbs) in &groups {
            let plural = catalogue::plural_of(group, &groups);
            long = long.subcommand(group_command(group, verbs, plural));
        }
        command = command.subcommand(long);
    }
    command
}

/// The commands of a group, whose plural is an alias.
fn group_command(name: &str, verbs: &catalogue::Verbs, plural: Option<String>) -> Command {
    let mut command = branch(name).about(help::group(verbs)).aliases(plural);
    for (verb, entries) in verbs {
        command = command.subcommand(match &entries[..] {
            [entry] => leaf(verb, *entry),
            several => arguments::ambiguous(verb, several),
        });
    }
    command
}

fn branch(name: &str) -> Command {
    Command::new(name.to_owned())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

fn leaf(verb: &str, entry: Entry) -> Command {
    let operation = entry.operation;
    Command::new(verb.to_owned())
        .about(help::summary(operation))
        .long_about(help::description(operation))
        .args(arguments::of(operation))
}

/// The words of the command, and the arguments of the last one.
pub(crate) fn words(matches: &ArgMatches) -> (Vec<&str>, &ArgMatches) {
    let mut words = Vec::new();
    let mut matches = matches;
    while let Some((word, inner)) = matches.subcommand() {
        words.push(word);
        matches = inner;
    }
    (words, matches)
}
