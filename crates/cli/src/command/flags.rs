//! The flags of an operation's arguments.

use std::collections::BTreeSet;

use specmill::dynamic::{Operation, ParameterLocation};

/// The flags of every command, or of commands that need them.
const TAKEN: [&str; 21] = [
    "all",
    "body",
    "columns",
    "columns",
    "content-type",
    "dry-run",
    "filter",
    "help",
    "ignore-total",
    "max-items",
    "output",
    "output-file",
    "profile",
    "profile-file",
    "resume",
    "sandbox",
    "sort",
    "timeout",
    "verbose",
    "version",
    "yes",
];

/// The target of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The parameter at this index of the table.
    Parameter(usize),
    /// The property of the body at this index of the table.
    Member(usize),
}

/// A flag of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    /// Its name, without the leading hyphens.
    pub(crate) name: String,
    pub(crate) target: Target,
}

/// The flags of an operation: parameters, then properties of the body. Their names are unique.
///
/// A name that is already used gets the location of the parameter or `body` as a prefix, and then a number as a suffix.
pub(crate) fn of(operation: &Operation) -> Vec<Flag> {
    let parameters = operation.parameters.iter().enumerate().map(|(index, one)| {
        let location = match operation
            .table
            .parameters
            .get(index)
            .map(|one| one.location)
        {
            Some(ParameterLocation::Path) => "path",
            Some(ParameterLocation::Header) => "header",
            Some(ParameterLocation::Cookie) => "cookie",
            Some(ParameterLocation::Query) | None => "query",
        };
        (one.words, location, Target::Parameter(index))
    });
    let members = operation.body.iter().enumerate();
    let members = members.map(|(index, one)| (one.words, "body", Target::Member(index)));
    distinct(parameters.chain(members))
}

fn distinct<'a>(wanted: impl Iterator<Item = (&'a str, &'a str, Target)>) -> Vec<Flag> {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    let named = wanted.map(|(words, location, target)| {
        let longer = format!("{location}-{words}");
        let numbered = (2_u64..).map(|number| format!("{longer}-{number}"));
        let candidates = [words.to_owned(), longer.clone()]
            .into_iter()
            .chain(numbered);
        let mut free = candidates.filter(|name| !taken.contains(name));
        // The numbers are unlimited, so there is always a free name.
        let name = free.next().unwrap_or_default();
        drop(free);
        taken.insert(name.clone());
        Flag { name, target }
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(wanted: &[(&str, &str)]) -> Vec<String> {
        let wanted = wanted.iter().enumerate();
        let flags =
            distinct(wanted.map(|(index, (words, place))| (*words, *place, Target::Member(index))));
        flags.into_iter().map(|flag| flag.name).collect()
    }

    #[test]
    fn a_name_that_is_taken_gets_its_location_before_it() {
        assert_eq!(
            names(&[
                ("id", "path"),
                ("id", "query"),
                ("id", "body"),
                ("id", "body")
            ]),
            ["id", "query-id", "body-id", "body-id-2"]
        );
    }

    #[test]
    fn no_operation_uses_the_name_of_a_global_option() {
        for option in crate::options::global() {
            let name = option.get_long().unwrap();
            assert!(TAKEN.contains(&name), "{name}");
        }
    }

    #[test]
    fn flags_of_the_command_itself_are_reserved() {
        assert_eq!(
            names(&[("output", "query"), ("help", "header"), ("all", "body")]),
            ["query-output", "header-help", "body-all"]
        );
    }
}
