//! Facts about the API as a whole.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{operations, text};
use specmill_openapi::names;

use crate::model::{ApiVersion, Server, ServerVariable};
use crate::security::{self, Security};

/// The states of an API version.
const STATES: [&str; 4] = ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"];

pub(super) struct Facts {
    pub(super) servers: Vec<Server>,
    pub(super) base_url_suffixes: Vec<String>,
    pub(super) security: Security,
    pub(super) api_versions: Vec<ApiVersion>,
    pub(super) notes: Vec<String>,
}

pub(super) fn read(document: &Value) -> Result<Facts> {
    let servers = document
        .get("servers")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut notes = Vec::new();
    let suffixes = servers
        .iter()
        .filter_map(|server| server.get("x-base-url-suffixes")?.as_array())
        .flatten();
    callbacks(document, &mut notes);
    Ok(Facts {
        servers: servers.iter().filter_map(server).collect(),
        base_url_suffixes: suffixes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        security: security::read(document, &mut notes)?,
        api_versions: api_versions(document)?,
        notes,
    })
}

/// Adds a note about each callback: a request that the service sends, which clients do not receive.
fn callbacks(document: &Value, notes: &mut Vec<String>) {
    for (_, path, method, operation) in operations(document) {
        let callbacks = operation.get("callbacks").and_then(Value::as_object);
        for name in callbacks.into_iter().flatten().map(|(name, _)| name) {
            notes.push(format!(
                "The callback `{}` of `{} {}` is a request that the service sends; the client does not receive it",
                name.replace('`', "'"),
                method.to_uppercase(),
                path.replace('`', "'")
            ));
        }
    }
}

fn server(server: &Value) -> Option<Server> {
    let variables = server.get("variables").and_then(Value::as_object);
    let variables = variables.into_iter().flatten().map(|(name, variable)| {
        let names = variable.get("x-names");
        let values = variable.get("enum").and_then(Value::as_array);
        let values = values
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|value| {
                let name = names.and_then(|names| text(names, value)).unwrap_or(value);
                (value.to_owned(), names::type_identifier(name))
            });
        ServerVariable {
            name: name.clone(),
            description: text(variable, "description").map(str::to_owned),
            values: values.collect(),
        }
    });
    Some(Server {
        url: text(server, "url")?.to_owned(),
        variables: variables.collect(),
    })
}

fn api_versions(document: &Value) -> Result<Vec<ApiVersion>> {
    let Some(table) = document.get("x-api-versions") else {
        return Ok(Vec::new());
    };
    let wrong = |index: usize, what: &str| {
        Diagnostic::new(format!("the table of API versions is invalid: {what}"))
            .at_pointer(format!("/x-api-versions/{index}"))
            .help("give each row `version` (1.4), `state` (CURRENT, SUPPORTED, PLANNED or DEPRECATED) and, where \
                   there is one, `not_before` (2026-11-30)")
    };
    let mut versions = Vec::new();
    for (index, row) in table.as_array().into_iter().flatten().enumerate() {
        let version = text(row, "version").filter(|version| numbers(version).is_some());
        let state = text(row, "state").filter(|state| STATES.contains(state));
        let not_before = text(row, "not_before").map(str::to_owned);
        if not_before
            .as_deref()
            .is_some_and(|date| date.parse::<jiff::civil::Date>().is_err())
        {
            return Err(wrong(index, "`not_before` is not a date"));
        }
        match (version, state) {
            (Some(version), Some(state)) => {
                versions.push(ApiVersion {
                    version: version.to_owned(),
                    state: state.to_owned(),
                    not_before,
                });
            }
            (None, _) => {
                return Err(wrong(
                    index,
                    "`version` does not consist of numbers and dots",
                ));
            }
            (_, None) => return Err(wrong(index, "`state` is not one of the four")),
        }
    }
    versions.sort_by_key(|version| std::cmp::Reverse(numbers(&version.version)));
    if versions
        .windows(2)
        .any(|pair| pair[0].version == pair[1].version)
    {
        return Err(wrong(0, "a version is listed twice"));
    }
    Ok(versions)
}

/// Compares versions by number: `1.10` is newer than `1.9`.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version
        .split('.')
        .map(|number| number.parse().ok())
        .collect()
}
