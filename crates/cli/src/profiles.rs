//! `specmill profile`: settings in the profile file.

mod add;
mod document;
mod trial;

use clap::ArgMatches;
use serde_json::json;
use serde_json::value::RawValue;
use specmill::dynamic::Api;

use self::document::{Document, OfApi};
use crate::failure::{Failure, Kind};
use crate::options::Options;
use crate::output::{Format, Output, Sink, say};
use crate::question;
use crate::settings::{DEFAULT, known_tables};
use crate::variables::{profile_key, profile_table};
use crate::written::quietly;

/// The columns of the list of profiles.
const COLUMNS: &[&[&str]] = &[&["profile"], &["api"], &["base_url"], &["keys"]];

pub(crate) fn run(what: &str, matches: &ArgMatches, options: &Options) -> Result<(), Failure> {
    let profile = options.profile.as_deref().unwrap_or(DEFAULT);
    match what {
        "add" => {
            let table = table(matches)?.unwrap_or_default();
            let given = matches.get_many::<String>("settings").into_iter().flatten();
            add::run(profile, &table, given.map(String::as_str), options)
        }
        "list" => list(options),
        "test" => trial::run(profile, table(matches)?.as_deref(), options),
        _ => remove(profile, table(matches)?.as_deref(), options),
    }
}

/// The table that the command line selects.
fn table(matches: &ArgMatches) -> Result<Option<String>, Failure> {
    let Some(name) = matches.get_one::<String>("api") else {
        return Ok(None);
    };
    let apis = specmill::dynamic::apis();
    let named = apis
        .iter()
        .find(|api| api.api.name == name || api.feature == name);
    let tables = known_tables(apis);
    let table = match named {
        Some(api) => profile_table(api),
        None => name.clone(),
    };
    if tables.contains(&table) {
        return Ok(Some(table));
    }
    let tables: Vec<String> = tables.into_iter().collect();
    Err(Failure::usage(format!("there is no API {name}"))
        .hint(format!("the tables are {}", tables.join(", "))))
}

/// The APIs that read their settings from a table.
fn apis(table: &str) -> impl Iterator<Item = &'static Api> {
    let apis = specmill::dynamic::apis().iter().copied();
    apis.filter(move |api| profile_table(api) == table)
}

fn list(options: &Options) -> Result<(), Failure> {
    let document = Document::read(options)?;
    let mut items = Vec::new();
    for OfApi {
        profile,
        table,
        keys,
    } in document.tables()
    {
        let is_shown = |key: &str| {
            let mut variables =
                apis(&table).flat_map(|api| api.variables.iter().map(move |one| (api, one)));
            variables.any(|(api, one)| {
                !one.secret && one.names().any(|name| profile_key(api, name) == key)
            })
        };
        let shown = keys
            .iter()
            .filter(|(key, value)| is_shown(key) && !value.contains('@'));
        let address: Vec<String> = shown
            .map(|(key, value)| {
                if key == "base-url" {
                    value.clone()
                } else {
                    format!("{key}={value}")
                }
            })
            .collect();
        let keys: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
        items.push(
            json!({"profile": profile, "api": table, "base_url": address.join(", "), "keys": keys}),
        );
    }
    let format = options.format.unwrap_or_else(Format::usual);
    let mut output = Output::of_columns(format, COLUMNS, &options.selection, Sink::stdout());
    let items = items
        .iter()
        .map(|item| RawValue::from_string(item.to_string()));
    let items: Result<Vec<Box<RawValue>>, _> = items.collect();
    let items = items.map_err(|error| Failure::new(Kind::Local, error.to_string()))?;
    quietly(output.items(&items).and_then(|()| output.finish()))?;
    output.note().into_iter().for_each(|note| say(&note));
    Ok(())
}

fn remove(profile: &str, table: Option<&str>, options: &Options) -> Result<(), Failure> {
    let mut document = Document::read(options)?;
    let what = match table {
        Some(table) => format!("[{profile}.{table}]"),
        None => format!("the profile {profile}"),
    };
    if !document.remove(profile, table) {
        let file = document.shown();
        return Err(
            Failure::new(Kind::Configuration, format!("{file} has no {what}"))
                .hint("`specmill profile list` lists what it has"),
        );
    }
    let file = document.shown();
    if !options.yes {
        if !question::is_possible() {
            return Err(Failure::usage(format!(
                "{what} is removed only with --yes, or by a person at a terminal"
            )));
        }
        question::confirm_change(&format!("Remove {what} from {file}?"))?;
    }
    document.save()?;
    say(&format!("{what} is removed from {file}."));
    Ok(())
}
