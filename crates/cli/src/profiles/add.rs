//! `specmill profile add`: settings from arguments, from prompts, or from standard input.

use std::collections::BTreeMap;
use std::io::Read as _;

use specmill::dynamic::{Api, Role, Variable, Variables};

use super::apis;
use super::document::Document;
use crate::failure::{Failure, Kind, local};
use crate::options::Options;
use crate::output::say;
use crate::question;
use crate::settings::DEFAULT;
use crate::variables::profile_key;

/// The maximum length of standard input, in bytes.
const LARGEST: u64 = 64 * 1024;

pub(super) fn run<'a>(
    profile: &str,
    table: &str,
    given: impl Iterator<Item = &'a str>,
    options: &Options,
) -> Result<(), Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if profile.is_empty() || !profile.bytes().all(is_plain) {
        return Err(Failure::usage(format!("{profile} cannot name a profile"))
            .hint("use letters, digits, hyphens and underscores"));
    }
    let known = variables(table);
    let mut document = Document::read(options)?;
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for setting in given {
        let (key, value) = pair(setting, "an argument", &known)?;
        if known
            .iter()
            .any(|(name, variable)| *name == key && variable.secret)
        {
            return Err(Failure::usage(format!(
                "{key} is a secret, and other users of the machine can read arguments"
            ))
            .hint("omit it: the command asks for it, or reads it from standard input"));
        }
        values.insert(key, value);
    }
    if question::is_possible() {
        ask(table, &known, &mut values)?;
    } else {
        let mut input = String::new();
        let read = std::io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_string(&mut input);
        let read = read.map_err(|error| local("cannot read standard input", error))?;
        if read as u64 > LARGEST {
            return Err(Failure::usage(format!(
                "standard input is longer than {LARGEST} bytes"
            )));
        }
        for (index, line) in input.lines().map(str::trim).enumerate() {
            if line.is_empty() {
                continue;
            }
            let place = format!("line {} of standard input", index + 1);
            let (key, value) = pair(line, &place, &known)?;
            values.insert(key, value);
        }
    }
    values.retain(|_, value| !value.is_empty());
    check(table, &values)?;
    let values: Vec<(String, String)> = values.into_iter().collect();
    document.set(profile, table, &values)?;
    document.save()?;
    let named = if profile == DEFAULT {
        String::new()
    } else {
        format!(" --profile {profile}")
    };
    say(&format!(
        "Saved [{profile}.{table}] in {}. `specmill profile test {table}{named}` tests it.",
        document.shown()
    ));
    Ok(())
}

/// The variables of a table, by their keys. Variables that several APIs share occur once.
fn variables(table: &str) -> Vec<(String, &'static Variable)> {
    let mut known: Vec<(String, &'static Variable)> = Vec::new();
    for api in apis(table) {
        for variable in api.variables {
            for key in variable.names().map(|name| profile_key(api, name)) {
                if !known.iter().any(|(name, _)| *name == key) {
                    known.push((key, variable));
                }
            }
        }
    }
    known
}

/// The key of a variable in a table.
fn key_of(table: &str, name: &str) -> Option<String> {
    let api = apis(table).next()?;
    Some(profile_key(api, name))
}

/// A known key with its value. Errors name the key, but never the value.
fn pair(
    setting: &str,
    place: &str,
    known: &[(String, &Variable)],
) -> Result<(String, String), Failure> {
    let keys = || {
        known
            .iter()
            .map(|(key, _)| key.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let Some((key, value)) = setting.split_once('=') else {
        return Err(Failure::usage(format!("{place} is not KEY=VALUE"))
            .hint(format!("the keys are {}", keys())));
    };
    let key = key.trim();
    if !known.iter().any(|(name, _)| name == key) {
        return Err(Failure::usage(format!("there is no setting {key}"))
            .hint(format!("the settings are {}", keys())));
    }
    Ok((key.to_owned(), value.trim().to_owned()))
}

/// Prompts for missing settings.
fn ask(
    table: &str,
    known: &[(String, &Variable)],
    values: &mut BTreeMap<String, String>,
) -> Result<(), Failure> {
    for (key, variable) in known {
        let has_address = known
            .iter()
            .any(|(name, one)| one.role == Role::Address && values.contains_key(name));
        // Rarely used settings, and settings of one of several services, are passed as KEY=VALUE.
        let is_asked_for = variable.required
            || match variable.role {
                Role::Address | Role::AddressPart => true,
                // If a credential is required, the other credential settings are alternatives to
                // it.
                Role::Credential | Role::TokenUrl => {
                    !known.iter().any(|(_, one)| is_required_credential(one))
                }
                _ => false,
            };
        let is_own = variable
            .own
            .is_some_and(|own| key_of(table, own).as_ref() == Some(key));
        let is_settled = variable.role == Role::AddressPart && has_address;
        if values.contains_key(key) || !is_asked_for || is_own || is_settled {
            continue;
        }
        let mut notes = Vec::new();
        if !variable.required {
            notes.push("press Enter to skip".to_owned());
        }
        if !variable.values.is_empty() {
            notes.push(variable.values.join(", "));
        }
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!(" [{}]", notes.join("; "))
        };
        let text = format!(
            "{key}: {}{notes}\n> ",
            variable.description.replace('`', "")
        );
        let typed = if variable.secret {
            question::secret(&text)?
        } else {
            question::line(&text)?
        };
        let typed = typed.trim();
        if !typed.is_empty() {
            values.insert(key.clone(), typed.to_owned());
        }
    }
    Ok(())
}

fn is_required_credential(variable: &Variable) -> bool {
    variable.required && variable.role == Role::Credential
}

/// Rejects settings from which no client of the table's APIs can be built.
fn check(table: &str, values: &BTreeMap<String, String>) -> Result<(), Failure> {
    let connect = |api: &'static Api| {
        let given = api.variables.iter().filter_map(|variable| {
            variable.names().find_map(|name| {
                let value = values.get(&profile_key(api, name))?;
                Some((name, value.clone()))
            })
        });
        api.connect(&Variables::given(given))
    };
    let mut problem = None;
    for api in apis(table) {
        match connect(api) {
            Ok(_) => return Ok(()),
            Err(error) => {
                problem.get_or_insert(error);
            }
        }
    }
    match problem {
        Some(error) => {
            Err(Failure::new(Kind::Configuration, error.to_string()).hint("nothing was saved"))
        }
        None => Ok(()),
    }
}
