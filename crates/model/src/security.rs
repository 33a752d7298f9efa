//! The credentials that operations require.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{child, operations, text};
use specmill_openapi::names;

use crate::model::{Authentication, Operation, SecurityScheme, grant_setting};
use crate::oauth2;
use crate::parameters::is_header_name;
use crate::resolve::resolve;

/// Names that the client builder uses for other settings.
const TAKEN: [&str; 28] = [
    "access_key",
    "allow_http",
    "api_version",
    "attempt_timeout",
    "base_url",
    "build",
    "clock",
    "connect_timeout",
    "credentials",
    "header",
    "http_client",
    "idle_timeout",
    "max_concurrent_calls",
    "max_response_bytes",
    "middleware",
    "no_proxy",
    "password",
    "proxy",
    "retry",
    "retry_budget",
    "secret_key",
    "settings",
    "tls",
    "total_timeout",
    "transport",
    "user",
    "user_agent_suffix",
    "value",
];

/// The security schemes of a document.
pub(super) struct Security {
    /// The authentication of the client.
    pub(super) authentication: Authentication,
    /// The supported schemes: the name of each, with the name of the first equal scheme.
    known: BTreeMap<String, String>,
    /// Schemes that send nothing in a request.
    silent: Vec<String>,
}

/// Reads the schemes that operations require. Unsupported schemes are added to the notes.
pub(super) fn read(document: &Value, notes: &mut Vec<String>) -> Result<Security> {
    let mut security = Security {
        authentication: Authentication::None,
        known: BTreeMap::new(),
        silent: Vec::new(),
    };
    let mut schemes: Vec<(String, Authentication)> = Vec::new();
    let mut unknown = Vec::new();
    for name in asked_for(document) {
        if is_silent(document, &name) {
            security.silent.push(name);
            continue;
        }
        let Some(kind) = scheme(document, &name)? else {
            unknown.push(name);
            continue;
        };
        if kind == Authentication::ScpSignature {
            // The signature covers the other schemes.
            security.authentication = Authentication::ScpSignature;
            security.known = BTreeMap::from([(name.clone(), name)]);
            return Ok(security);
        }
        let same = schemes
            .iter()
            .find(|(_, known)| *known == kind && !kind.is_bearer());
        let first = same.map_or(name.clone(), |(first, _)| first.clone());
        if first == name {
            schemes.push((name.clone(), kind));
        }
        security.known.insert(name, first);
    }
    for name in &unknown {
        notes.push(format!(
            "The security scheme `{}` has an unsupported kind; set its credentials with \
             `ClientBuilder::header`",
            name.replace('`', "'")
        ));
    }
    for name in &security.silent {
        notes.push(format!(
            "The security scheme `{}` requires a client certificate: set it with `ClientBuilder::tls`",
            name.replace('`', "'")
        ));
    }
    security.authentication = match schemes.len() {
        0 => Authentication::None,
        1 => schemes.remove(0).1,
        _ => Authentication::Several(named(&schemes)),
    };
    Ok(security)
}

impl Security {
    /// Removes alternatives that the runtime does not support, and moves an alternative without credentials to the end.
    pub(super) fn settle(&self, operation: &mut Operation) {
        let alternatives = std::mem::take(&mut operation.security);
        let is_optional = alternatives.iter().any(Vec::is_empty);
        let met = |alternative: &Vec<String>, wholly: bool| -> Option<Vec<String>> {
            let mut kept: Vec<String> = Vec::new();
            for name in alternative {
                match self.known.get(name) {
                    Some(first) if !kept.contains(first) => kept.push(first.clone()),
                    Some(_) => {}
                    None if self.silent.contains(name) || !wholly => {}
                    None => return None,
                }
            }
            (!kept.is_empty()).then_some(kept)
        };
        let all = |wholly: bool| {
            let mut kept: Vec<Vec<String>> = Vec::new();
            for alternative in alternatives.iter().filter_map(|one| met(one, wholly)) {
                if !kept.contains(&alternative) {
                    kept.push(alternative);
                }
            }
            kept
        };
        let mut kept = all(true);
        if kept.is_empty() {
            // None of the alternatives is supported: the caller sets the credentials.
            kept = all(false);
        }
        operation.authenticated = !kept.is_empty();
        if let Authentication::Several(schemes) = &self.authentication {
            if is_optional && operation.authenticated {
                kept.push(Vec::new());
            }
            operation.security = kept;
            // The client has a method of that name.
            if schemes
                .iter()
                .any(|scheme| operation.id == format!("set_{}", scheme.setting))
            {
                operation.id.push_str("_operation");
            }
        } else if self.authentication == Authentication::ScpSignature {
            operation.authenticated = !alternatives.iter().all(Vec::is_empty);
        }
    }
}

/// The scheme names of each alternative of an operation.
pub(super) fn alternatives(document: &Value, operation: &Value) -> Vec<Vec<String>> {
    let security = operation
        .get("security")
        .or_else(|| document.get("security"));
    let all = security.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|requirement| Some(requirement.as_object()?.keys().cloned().collect()))
        .collect()
}

/// The schemes that the document and its operations require, each once.
fn asked_for(document: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let of_document = alternatives(document, &Value::Null);
    let of_operations = operations(document)
        .filter(|(.., operation)| operation.get("security").is_some())
        .flat_map(|(.., operation)| alternatives(document, operation));
    for name in of_document.into_iter().chain(of_operations).flatten() {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The settings of several schemes. A scheme that is the only one of its kind has the same setting as in a client with one
/// scheme; any other is named after its name in the document.
fn named(schemes: &[(String, Authentication)]) -> Vec<SecurityScheme> {
    let usual = |kind: &Authentication| match kind {
        Authentication::Bearer | Authentication::OAuth2(_) => "bearer_token",
        Authentication::Basic => "credentials",
        _ => "api_key",
    };
    let alone = |kind: &Authentication| {
        let mut same = schemes.iter();
        same.by_ref()
            .filter(|(_, other)| usual(other) == usual(kind))
            .count()
            == 1
    };
    let mut taken: Vec<String> = schemes
        .iter()
        .filter(|(_, kind)| alone(kind))
        .flat_map(|(_, kind)| with_grant(usual(kind).to_owned(), kind))
        .collect();
    let mut named = Vec::new();
    for (name, kind) in schemes {
        let setting = if alone(kind) {
            usual(kind).to_owned()
        } else {
            let mut setting = names::field_identifier(name);
            if TAKEN.contains(&setting.as_str()) {
                setting.push_str("_credential");
            }
            while with_grant(setting.clone(), kind)
                .iter()
                .any(|name| taken.contains(name))
            {
                setting.push_str("_too");
            }
            taken.extend(with_grant(setting.clone(), kind));
            setting
        };
        named.push(SecurityScheme {
            name: name.clone(),
            setting,
            kind: kind.clone(),
        });
    }
    named
}

/// The builder methods that set the credentials of a scheme.
fn with_grant(setting: String, kind: &Authentication) -> Vec<String> {
    let grant = matches!(kind, Authentication::OAuth2(_)).then(|| grant_setting(&setting));
    [setting].into_iter().chain(grant).collect()
}

/// Whether a scheme is part of the connection, so that requests send nothing for it.
fn is_silent(document: &Value, name: &str) -> bool {
    let scheme = document.pointer(&child("/components/securitySchemes", name));
    scheme.is_some_and(|scheme| text(resolve(document, scheme), "type") == Some("mutualTLS"))
}

/// Reads a security scheme. `None` if the runtime does not support its kind.
fn scheme(document: &Value, name: &str) -> Result<Option<Authentication>> {
    let pointer = child("/components/securitySchemes", name);
    let Some(scheme) = document.pointer(&pointer) else {
        return Ok(None);
    };
    let scheme = resolve(document, scheme);
    if let Some(signature) = scheme.get("x-signature") {
        if signature != "scp-hmac-sha256" {
            return Err(
                Diagnostic::new(format!("the signature {signature} is unknown"))
                    .at_pointer(child(&pointer, "x-signature"))
                    .help("the runtime supports `scp-hmac-sha256`"),
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
            (Some("apiKey"), Some("cookie"), _) if is_header_name(parameter) => {
                Some(Authentication::ApiKeyCookie(parameter.to_owned()))
            }
            (Some("http"), _, Some("basic")) => Some(Authentication::Basic),
            (Some("oauth2"), ..) => Some(match oauth2::endpoint(document, scheme) {
                Some(endpoint) => Authentication::OAuth2(endpoint),
                None => Authentication::Bearer,
            }),
            // OpenID Connect tokens are sent as bearer tokens.
            (Some("http"), _, Some("bearer")) | (Some("openIdConnect"), ..) => {
                Some(Authentication::Bearer)
            }
            _ => None,
        },
    )
}
