//! What the help says that is not of one flag.

use specmill::dynamic::{Api, Operation};

use crate::failure::EXIT_CODES;
use crate::settings::{profile_key, profile_table};

pub(super) fn root() -> String {
    format!(
        "Each API takes its settings from environment variables, or from a profile: `specmill API --help` lists them. \
         Credentials are never taken from the command line.\n\n{EXIT_CODES}"
    )
}

/// The names of APIs in prose.
pub(super) fn titles(apis: &[&'static Api]) -> String {
    let titles: Vec<&str> = apis.iter().map(|api| api.api.title).collect();
    titles.join(", ")
}

/// The variables of APIs, those that several share once.
pub(super) fn variables(apis: &[&'static Api]) -> String {
    let mut text = String::new();
    let mut told: Vec<&str> = Vec::new();
    for api in apis {
        for variable in api.variables {
            if told.contains(&variable.name) {
                continue;
            }
            told.push(variable.name);
            let mut notes = Vec::new();
            if variable.required {
                notes.push("required".to_owned());
            }
            if variable.secret {
                notes.push("secret".to_owned());
            }
            if !variable.values.is_empty() {
                notes.push(variable.values.join(", "));
            }
            let notes = match &notes[..] {
                [] => String::new(),
                notes => format!(" [{}]", notes.join("; ")),
            };
            text.push_str(&format!(
                "    {}, or {} in the profile: {}{notes}\n",
                variable.name,
                profile_key(api, variable),
                variable.description.replace('`', "")
            ));
        }
    }
    let tables: Vec<String> = apis.iter().map(|api| profile_table(api)).collect();
    let table = tables.first().map_or("", String::as_str);
    format!(
        "Settings, from the environment first:\n{text}\nA profile is a table such as [default.{table}] in the file of the \
         profiles, which nobody else may read (chmod 600)."
    )
}

/// One line on an operation.
pub(super) fn summary(operation: &Operation) -> String {
    let summary = operation.summary.trim_end_matches('.');
    let mut characters = summary.chars();
    let mut text = match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => format!("Calls the operation {}", operation.table.id),
    };
    if operation.deprecated {
        text.push_str(" (the vendor advises against it)");
    }
    text
}

/// What an operation does, and what it needs.
pub(super) fn description(operation: &Operation) -> String {
    let mut text = summary(operation);
    if !operation.description.is_empty() {
        text.push_str(&format!("\n\n{}", operation.description));
    }
    text.push_str(&format!(
        "\n\n{} {}",
        operation.table.method, operation.table.path
    ));
    if let Some(permission) = operation.table.permission {
        text.push_str(&format!("\nRequired permission: {permission}"));
    }
    text
}
