//! What a document says of the API as a whole.

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{child, operations, text};
use specmill_openapi::names;

use super::model::{ApiVersion, Authentication, Server, ServerVariable};
use super::parameters::is_header_name;
use super::resolve::resolve;

/// The states that a version can have.
const STATES: [&str; 4] = ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"];

pub(super) struct Facts {
    pub(super) servers: Vec<Server>,
    pub(super) base_url_suffixes: Vec<String>,
    pub(super) authentication: Authentication,
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
    Ok(Facts {
        servers: servers.iter().filter_map(server).collect(),
        base_url_suffixes: suffixes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        authentication: authentication(document, &mut notes)?,
        api_versions: api_versions(document)?,
        notes,
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

/// How requests prove who sends them: the first alternative of the document's `security` that the
/// runtime can meet; of that of the operations, where the document has none. What is left over is noted.
fn authentication(document: &Value, notes: &mut Vec<String>) -> Result<Authentication> {
    let mut alternatives = requirements(document.get("security"));
    if document.get("security").is_none() {
        for (_, _, _, operation) in operations(document) {
            for requirement in requirements(operation.get("security")) {
                if !alternatives.contains(&requirement) {
                    alternatives.push(requirement);
                }
            }
        }
    }
    let mut unknown = Vec::new();
    // One scheme alone comes before several at once, of which the runtime sends one.
    alternatives.sort_by_key(|names| names.len() > 1);
    for names in alternatives {
        let mut found = None;
        let mut others = Vec::new();
        for name in names {
            match scheme(document, name)? {
                // The signature takes in what stands beside it.
                Some(Authentication::ScpSignature) => return Ok(Authentication::ScpSignature),
                Some(authentication) if found.is_none() => found = Some(authentication),
                _ => others.push(name),
            }
        }
        if let Some(found) = found {
            for name in others {
                notes.push(format!(
                    "Requests also need what the security scheme `{}` asks for: set it with `ClientBuilder::header`",
                    name.replace('`', "'")
                ));
            }
            return Ok(found);
        }
        unknown.extend(others);
    }
    for name in unknown {
        notes.push(format!(
            "The security scheme `{}` is of no kind that the runtime knows; set what it asks for with \
             `ClientBuilder::header`",
            name.replace('`', "'")
        ));
    }
    Ok(Authentication::None)
}

/// The names of the schemes of each alternative.
fn requirements(security: Option<&Value>) -> Vec<Vec<&String>> {
    let all = security.and_then(Value::as_array).into_iter().flatten();
    let names =
        all.filter_map(|requirement| Some(requirement.as_object()?.keys().collect::<Vec<_>>()));
    names.filter(|names| !names.is_empty()).collect()
}

/// A security scheme of the components; `None` where the runtime does not know its kind.
fn scheme(document: &Value, name: &str) -> Result<Option<Authentication>> {
    let pointer = child("/components/securitySchemes", name);
    let Some(scheme) = document.pointer(&pointer) else {
        return Ok(None);
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
        return Ok(Some(Authentication::ScpSignature));
    }
    let parameter = text(scheme, "name").unwrap_or_default();
    let http = text(scheme, "scheme").map(str::to_lowercase);
    Ok(
        match (text(scheme, "type"), text(scheme, "in"), http.as_deref()) {
            (Some("apiKey"), Some("header"), _) if is_header_name(parameter) => {
                Some(Authentication::ApiKeyHeader(parameter.to_owned()))
            }
            (Some("apiKey"), Some("query"), _) if !parameter.is_empty() => {
                Some(Authentication::ApiKeyQuery(parameter.to_owned()))
            }
            (Some("http"), _, Some("basic")) => Some(Authentication::Basic),
            // OAuth and OpenID tokens are sent as bearer tokens; getting them is the caller's.
            (Some("http"), _, Some("bearer")) | (Some("oauth2" | "openIdConnect"), ..) => {
                Some(Authentication::Bearer)
            }
            _ => None,
        },
    )
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
