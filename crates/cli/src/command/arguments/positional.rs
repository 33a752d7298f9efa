//! Path parameters as positional arguments: `user get 42` for `user get --id 42`.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches};
use serde_json::Value;
use specmill::dynamic::{Kind, Operation, ParameterLocation};

use super::super::flags::{self, Flag, Target};
use super::{given, parse};
use crate::failure::Failure;

/// The prefix of the ids of these arguments.
const PATH: &str = "path:";

/// Whether a parameter can be passed without its flag.
pub(super) fn is_possible(operation: &Operation, index: usize) -> bool {
    let table = &operation.table.parameters[index];
    let told = operation.parameters[index];
    table.location == ParameterLocation::Path
        && table.required
        && !told.repeats
        && told.kind != Kind::Json
}

/// The parameters that can be passed without their flags, in the order of the path.
fn of<'f>(operation: &Operation, flags: &'f [Flag]) -> Vec<(usize, &'f Flag)> {
    let possible = flags.iter().filter_map(|flag| match flag.target {
        Target::Parameter(index) if is_possible(operation, index) => Some((index, flag)),
        Target::Parameter(_) | Target::Member(_) => None,
    });
    let mut possible: Vec<(usize, &Flag)> = possible.collect();
    possible.sort_by_key(|(index, _)| {
        let placeholder = format!("{{{}}}", operation.table.parameters[*index].name);
        operation.table.path.find(&placeholder)
    });
    possible
}

/// The positional argument of each of these parameters.
pub(super) fn arguments(operation: &'static Operation) -> Vec<Arg> {
    let flags = flags::of(operation);
    let possible = of(operation, &flags).into_iter().enumerate();
    let arguments = possible.map(|(place, (index, flag))| {
        let kind = operation.parameters[index].kind;
        Arg::new(format!("{PATH}{place}"))
            .value_name(flag.name.to_uppercase().replace('-', "_"))
            .allow_negative_numbers(matches!(kind, Kind::Integer | Kind::Number))
            .help(format!("The same as --{}", flag.name))
    });
    arguments.collect()
}

/// The values that were passed without flags, by the indices of their parameters in the table.
///
/// # Errors
/// A path parameter has no value, or there are more values than parameters without one.
pub(crate) fn values(
    operation: &Operation,
    flags: &[Flag],
    matches: &ArgMatches,
) -> Result<BTreeMap<usize, Value>, Failure> {
    let possible = of(operation, flags);
    let texts = (0..possible.len())
        .filter_map(|place| matches.get_one::<String>(&format!("{PATH}{place}")));
    let mut texts = texts.map(String::as_str);
    let mut found = BTreeMap::new();
    for (index, flag) in possible {
        if given(matches, flag).is_some() {
            continue;
        }
        let name = &flag.name;
        let Some(text) = texts.next() else {
            let word = name.to_uppercase().replace('-', "_");
            return Err(Failure::usage(format!("--{name} is missing"))
                .hint(format!("pass {word} as an argument, or with --{name}")));
        };
        let value = parse(operation.parameters[index].kind, text);
        let value = value
            .map_err(|problem| Failure::usage(format!("the value of --{name} is {problem}")))?;
        found.insert(index, value);
    }
    match texts.next() {
        Some(text) => Err(Failure::usage(format!("unexpected argument {text}"))
            .hint("a flag already sets its value")),
        None => Ok(found),
    }
}
