//! The parts of the help that do not describe a flag.

use specmill::dynamic::{Api, Operation, Role, Variable};

use super::catalogue::Verbs;
use crate::failure::EXIT_CODES;
use crate::variables::{address, profile_key, profile_table};

pub(super) fn root() -> String {
    format!(
        "The settings of each API are read from environment variables or a profile: `specmill API --help` lists them. \
         Credentials cannot be passed as arguments.\n\n{EXIT_CODES}"
    )
}

/// The names of APIs in prose.
pub(super) fn titles(apis: &[&'static Api]) -> String {
    let titles: Vec<&str> = apis.iter().map(|api| api.api.title).collect();
    titles.join(", ")
}

/// The variables of APIs, by the table of a profile; shared variables occur once.
pub(super) fn variables(apis: &[&'static Api]) -> String {
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for api in apis {
        let table = profile_table(api);
        let whole = address(api);
        let index = tables.iter().position(|(known, _)| *known == table);
        let index = index.unwrap_or_else(|| {
            tables.push((table, Vec::new()));
            tables.len() - 1
        });
        let lines = &mut tables[index].1;
        for variable in api.variables {
            let line = variable_line(api, variable, whole);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.extend(own_variables_line(api));
    }
    let mut text = String::from(
        "Settings, from the environment or a profile (the environment takes precedence):\n",
    );
    for (table, lines) in &tables {
        text.push_str(&format!("  Table [default.{table}]\n{}", lines.concat()));
    }
    text + "\nThe profile file must be readable by you only (chmod 600)."
}

fn variable_line(api: &Api, variable: &Variable, address: Option<&Variable>) -> String {
    let mut notes = Vec::new();
    if variable.required {
        notes.push("required".to_owned());
    }
    if let (Role::AddressPart, Some(address)) = (variable.role, address) {
        notes.push(format!("required without {}", address.name));
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
    format!(
        "    {}, or {}: {}{notes}\n",
        variable.name,
        profile_key(api, variable.name),
        variable.description.replace('`', "")
    )
}

/// A line about the variables of this API only, which take precedence over those that APIs of one vendor share.
fn own_variables_line(api: &Api) -> Option<String> {
    let own = api.variables.iter().filter_map(|one| one.own);
    let own: Vec<&str> = own.collect();
    let keys = own.first().map(|first| profile_key(api, first))?;
    Some(format!(
        "    {}, or {keys} and so on: for {} alone, before those above\n",
        own.join(", "),
        api.api.title
    ))
}

/// The maximum number of verbs that replace the description of a group.
const MOST_VERBS: usize = 6;

/// A line about a group: the first sentence of its description, or else its verbs.
pub(super) fn group(verbs: &Verbs) -> String {
    let mut operations = verbs.values().flatten().map(|entry| entry.operation);
    let described = operations.find(|one| !one.group_description.is_empty());
    if let Some(described) = described {
        return described.group_description.trim_end_matches('.').to_owned();
    }
    let shown: Vec<&str> = verbs.keys().copied().take(MOST_VERBS).collect();
    let more = if verbs.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    format!("Commands: {}{more}", shown.join(", "))
}

/// A line about an operation.
pub(super) fn summary(operation: &Operation) -> String {
    let summary = operation.summary.trim_end_matches('.');
    let mut characters = summary.chars();
    let mut text = match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => format!("Calls the operation {}", operation.table.id),
    };
    if operation.deprecated {
        text.push_str(" (deprecated)");
    }
    text
}

/// The description and the requirements of an operation.
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
