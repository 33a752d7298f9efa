//! The arguments of an operation's command.

mod positional;

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::Value;
use specmill::dynamic::{Body, BodyEncoding, Kind, Operation};

use super::catalogue::Entry;
use super::flags::{self, Flag, Target};
use super::notes;
use crate::exact;
use crate::visible::visible;

pub(crate) use self::positional::values as path_values;

/// The prefix of flags in the ids of arguments, which distinguishes them from options.
const VALUE: &str = "value:";

/// The arguments of an operation.
pub(super) fn of(operation: &'static Operation) -> Vec<Arg> {
    let mut args: Vec<Arg> = flags::of(operation)
        .iter()
        .map(|flag| argument(operation, flag))
        .collect();
    args.extend(positional::arguments(operation));
    if let Some(body) = &operation.table.body {
        let file = body_argument(operation, body);
        if content_type_is_given(body) {
            let help = format!("The media type of the body: {}", body.content_type);
            let arg = Arg::new("content-type").long("content-type");
            args.push(arg.value_name("TYPE").help(help).requires("body"));
            args.push(file.requires("content-type"));
        } else {
            args.push(file);
        }
    }
    if operation.table.paging.is_some() {
        args.push(
            Arg::new("all")
                .long("all")
                .help("Reads all pages")
                .action(ArgAction::SetTrue),
        );
        args.push(
            Arg::new("max-items")
                .long("max-items")
                .value_name("NUMBER")
                .help("The maximum number of items to show; reads as many pages as necessary")
                .value_parser(value_parser!(u64).range(1..)),
        );
        args.push(
            Arg::new("ignore-total")
                .long("ignore-total")
                .help("Accepts a list that has fewer items than the service's own total")
                .requires("all")
                .action(ArgAction::SetTrue),
        );
    }
    args
}

fn argument(operation: &'static Operation, flag: &Flag) -> Arg {
    let arg = Arg::new(format!("{VALUE}{}", flag.name)).long(flag.name.clone());
    match flag.target {
        Target::Parameter(index) => {
            let parameter = operation.parameters[index];
            let table = &operation.table.parameters[index];
            let mut notes = Vec::new();
            if table.required {
                notes.push("required".to_owned());
            }
            notes.extend(notes::bounds(&table.bounds));
            if let Some(default) = parameter.default {
                notes.push(format!("the service's default: {default}"));
            }
            let example = parameter
                .example
                .filter(|one| parameter.default != Some(one));
            notes.extend(notes::example(example));
            let help = help(parameter.description, table.name, parameter.repeats, &notes);
            typed(arg, parameter.kind, parameter.repeats, parameter.values)
                .required(table.required && !positional::is_possible(operation, index))
                .help(help)
        }
        Target::Member(index) => {
            let member = operation.body[index];
            let path = member.path.join(".");
            let mut notes = Vec::new();
            if member.required {
                notes.push("required without --body".to_owned());
            }
            notes.extend(notes::example(member.example));
            let help = help(member.description, &path, member.repeats, &notes);
            let arg = typed(arg, member.kind, member.repeats, member.values)
                .help(help)
                .help_heading("Properties of the body");
            if member.required {
                arg.required_unless_present("body")
            } else {
                arg
            }
        }
    }
}

fn help(description: &str, name: &str, repeats: bool, notes: &[String]) -> String {
    let mut text = if description.is_empty() {
        format!("{}, without a description by the vendor", visible(name))
    } else {
        description.trim_end_matches('.').to_owned()
    };
    if repeats {
        text.push_str("; may be repeated");
    }
    if !notes.is_empty() {
        text.push_str(&format!(" [{}]", visible(&notes.join("; "))));
    }
    text
}

fn typed(arg: Arg, kind: Kind, repeats: bool, values: &'static [&'static str]) -> Arg {
    let (name, parser): (_, ValueParser) = match kind {
        Kind::Text => ("TEXT", Text(values).into()),
        Kind::Integer => ("NUMBER", ValueParser::new(integer)),
        Kind::Number => ("NUMBER", ValueParser::new(number)),
        Kind::Boolean => ("BOOLEAN", ValueParser::new(boolean)),
        Kind::Json => ("JSON", ValueParser::new(json)),
    };
    let arg = arg.value_name(name).value_parser(parser);
    let arg = arg.allow_negative_numbers(matches!(kind, Kind::Integer | Kind::Number));
    if repeats {
        arg.action(ArgAction::Append)
    } else if kind == Kind::Boolean {
        // A flag without a value means true.
        arg.num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
    } else {
        arg
    }
}

/// A parser that accepts any string, and shows and completes the known values: the service may accept further ones.
#[derive(Clone)]
struct Text(&'static [&'static str]);

impl TypedValueParser for Text {
    type Value = Value;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Value, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, arg, value)?;
        Ok(Value::String(text))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        // Shown values must be printable, and are shown as they are passed.
        let shown = self.0.iter().filter(|value| visible(value) == **value);
        let shown: Vec<PossibleValue> = shown.map(|value| PossibleValue::new(*value)).collect();
        if shown.is_empty() {
            return None;
        }
        Some(Box::new(shown.into_iter()))
    }
}

/// Parses a value of this kind.
fn parse(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Text => Ok(Value::from(text)),
        Kind::Integer => integer(text),
        Kind::Number => number(text),
        Kind::Boolean => boolean(text),
        Kind::Json => json(text),
    }
}

fn integer(text: &str) -> Result<Value, String> {
    let signed = text.parse::<i64>().map(Value::from);
    signed
        .or_else(|_| text.parse::<u64>().map(Value::from))
        .map_err(|_| "not a whole number".to_owned())
}

fn number(text: &str) -> Result<Value, String> {
    integer(text).or_else(|_| {
        let number = text.parse::<f64>().ok();
        let number = number.and_then(serde_json::Number::from_f64);
        let number = number.ok_or("not a number")?;
        let sent = number.to_string();
        if exact::is_same(text, &sent) {
            Ok(Value::Number(number))
        } else {
            Err(format!("it would be sent as {sent}"))
        }
    })
}

fn boolean(text: &str) -> Result<Value, String> {
    let value = text.parse::<bool>().map(Value::Bool);
    value.map_err(|_| "neither true nor false".to_owned())
}

fn json(text: &str) -> Result<Value, String> {
    exact::parse(text)
}

fn body_argument(operation: &Operation, body: &Body) -> Arg {
    let what = match body.encoding {
        BodyEncoding::Json | BodyEncoding::Form | BodyEncoding::FormBrackets => {
            "A file with the JSON body; flags override its properties"
        }
        BodyEncoding::Text => "A file with the body, which is a string",
        BodyEncoding::Bytes => "A file with the body, which is sent unchanged",
    };
    Arg::new("body")
        .long("body")
        .value_name("FILE")
        .help(format!("{what} [- for standard input]"))
        .required(body.required && operation.body.is_empty())
        .value_parser(value_parser!(PathBuf))
}

/// Whether the caller sets the content type of the bytes: the table contains a range, or a type whose parts have a boundary.
fn content_type_is_given(body: &Body) -> bool {
    body.encoding == BodyEncoding::Bytes
        && (body.content_type.contains('*') || body.content_type.starts_with("multipart/"))
}

/// A command for an ambiguous verb. Its error lists the commands to use instead, whatever the arguments are.
pub(super) fn ambiguous(verb: &str, entries: &[Entry]) -> Command {
    let titles: Vec<&str> = entries.iter().map(|entry| entry.api.api.title).collect();
    Command::new(verb.to_owned())
        .about(format!(
            "Ambiguous; the operations are: {}",
            titles.join(", ")
        ))
        .arg(
            Arg::new("rest")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .hide(true),
        )
}

/// The values that were passed to a flag.
pub(crate) fn given(matches: &ArgMatches, flag: &Flag) -> Option<Vec<Value>> {
    let values = matches.get_many::<Value>(&format!("{VALUE}{}", flag.name))?;
    Some(values.cloned().collect())
}

/// The file of the body.
pub(crate) fn body_file(matches: &ArgMatches) -> Option<&Path> {
    let file = matches.try_get_one::<PathBuf>("body").ok().flatten();
    file.map(PathBuf::as_path)
}

/// The media type of the body.
pub(crate) fn content_type(matches: &ArgMatches) -> Option<&str> {
    let given = matches.try_get_one::<String>("content-type").ok().flatten();
    given.map(String::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_parsed_by_their_type() {
        assert_eq!(integer("-5").unwrap(), json!(-5));
        assert_eq!(
            integer("18446744073709551615").unwrap(),
            json!(18_446_744_073_709_551_615_u64)
        );
        assert!(integer("1.5").is_err());
        assert_eq!(number("1.5").unwrap(), json!(1.5));
        assert_eq!(number("3").unwrap(), json!(3));
        assert_eq!(number("+.5e1").unwrap(), json!(5.0));
        assert!(number("NaN").is_err());
        assert!(number("0.12345678901234567890").is_err());
        assert_eq!(boolean("false").unwrap(), json!(false));
        assert!(boolean("no").is_err());
        assert_eq!(json(r#"{"a":[1]}"#).unwrap(), json!({"a": [1]}));
        assert!(json("{").is_err());
        assert!(json(r#"{"a":1,"a":2}"#).is_err());
    }
}
