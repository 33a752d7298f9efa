//! What a document says of the API as a whole.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, text};
use crate::names;

use super::model::{ApiVersion, Authentication, Server, ServerVariable};
use super::resolve::resolve;

/// The states that a version can have.
const STATES: [&str; 4] = ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"];

pub(super) struct Facts {
    pub(super) servers: Vec<Server>,
    pub(super) base_url_suffixes: Vec<String>,
    pub(super) authentication: Authentication,
    pub(super) api_versions: Vec<ApiVersion>,
}

pub(super) fn read(document: &Value) -> Result<Facts> {
    let servers = document
        .get("servers")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let suffixes = servers
        .iter()
        .filter_map(|server| server.get("x-base-url-suffixes")?.as_array())
        .flatten();
    Ok(Facts {
        servers: servers.iter().filter_map(server).collect(),
        base_url_suffixes: suffixes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        authentication: authentication(document)?,
        api_versions: api_versions(document)?,
    })
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

/// The first of the alternatives that the document's `security` gives.
fn authentication(document: &Value) -> Result<Authentication> {
    let requirement = document.pointer("/security/0").and_then(Value::as_object);
    let Some(requirement) = requirement.filter(|requirement| !requirement.is_empty()) else {
        return Ok(Authentication::None);
    };
    let mut found = Vec::new();
    for name in requirement.keys() {
        let pointer = child("/components/securitySchemes", name);
        let Some(scheme) = document.pointer(&pointer) else {
            return Err(Diagnostic::new(format!(
                "the security scheme `{name}` is not among the components"
            ))
            .at_pointer("/security/0")
            .help("add it, or correct the name"));
        };
        let scheme = resolve(document, scheme);
        if let Some(signature) = scheme.get("x-signature") {
            if signature != "scp-hmac-sha256" {
                return Err(
                    Diagnostic::new(format!("the signature {signature} is not known"))
                        .at_pointer(child(&pointer, "x-signature"))
                        .help("`scp-hmac-sha256` is the one that the runtime makes"),
                );
            }
            return Ok(Authentication::ScpSignature);
        }
        let header = text(scheme, "name").unwrap_or_default().to_owned();
        let place = (
            text(scheme, "type"),
            text(scheme, "in"),
            text(scheme, "scheme").map(str::to_lowercase),
        );
        found.push(match (place.0, place.1, place.2.as_deref()) {
            (Some("apiKey"), Some("header"), _) => Authentication::ApiKeyHeader(header),
            (Some("apiKey"), Some("query"), _) => Authentication::ApiKeyQuery(header),
            (Some("http"), _, Some("basic")) => Authentication::Basic,
            // OAuth and OpenID tokens are sent as bearer tokens; getting them is the caller's.
            (Some("http"), _, Some("bearer")) | (Some("oauth2" | "openIdConnect"), ..) => Authentication::Bearer,
            _ => {
                return Err(Diagnostic::new(format!("the security scheme `{name}` is of no known kind"))
                    .at_pointer(pointer)
                    .help("known are apiKey in header or query, http basic and bearer, oauth2, openIdConnect"));
            }
        });
    }
    Ok(found.into_iter().next().unwrap_or(Authentication::None))
}

fn api_versions(document: &Value) -> Result<Vec<ApiVersion>> {
    let Some(table) = document.get("x-api-versions") else {
        return Ok(Vec::new());
    };
    let wrong = |index: usize, what: &str| {
        Diagnostic::new(format!("the table of API versions is wrong: {what}"))
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
            return Err(wrong(index, "`not_before` is no date"));
        }
        match (version, state) {
            (Some(version), Some(state)) => {
                versions.push(ApiVersion {
                    version: version.to_owned(),
                    state: state.to_owned(),
                    not_before,
                });
            }
            (None, _) => return Err(wrong(index, "`version` is not made of numbers and dots")),
            (_, None) => return Err(wrong(index, "`state` is none of the four")),
        }
    }
    versions.sort_by_key(|version| std::cmp::Reverse(numbers(&version.version)));
    if versions
        .windows(2)
        .any(|pair| pair[0].version == pair[1].version)
    {
        return Err(wrong(0, "a version stands twice"));
    }
    Ok(versions)
}

/// `1.10` is newer than `1.9`.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version
        .split('.')
        .map(|number| number.parse().ok())
        .collect()
}
