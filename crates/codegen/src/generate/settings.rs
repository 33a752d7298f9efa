//! The types of a client's settings: server variables and headers with enumerated values.

use std::collections::BTreeMap;

use crate::Options;
use specmill_model::ClientSetting;
use specmill_model::Model;
use specmill_openapi::names;

use super::enumerations::{self, Enumeration, named_values};
use super::prose;
use super::source::Source;

/// A variable of the servers' URLs, with all values that any server accepts.
pub(super) struct Variable {
    /// Its name in the URL template.
    pub(super) name: String,
    /// Its name as a setting.
    pub(super) setting: String,
    pub(super) description: String,
    pub(super) values: Vec<(String, String)>,
}

/// The variables with enumerated values on every server, in the order of the document.
///
/// A variable that accepts any value is not a setting: `base_url` serves the purpose.
pub(super) fn variables(model: &Model) -> Vec<Variable> {
    let mut order: Vec<String> = Vec::new();
    let mut found: BTreeMap<String, Variable> = BTreeMap::new();
    for variable in model.servers.iter().flat_map(|server| &server.variables) {
        let known = found.entry(variable.name.clone()).or_insert_with(|| {
            order.push(variable.name.clone());
            Variable {
                name: variable.name.clone(),
                setting: setting_name(&variable.name),
                description: variable.description.clone().unwrap_or_default(),
                values: Vec::new(),
            }
        });
        for value in &variable.values {
            if !known.values.contains(value) {
                known.values.push(value.clone());
            }
        }
    }
    let open = model
        .servers
        .iter()
        .flat_map(|server| &server.variables)
        .any(|variable| variable.values.is_empty());
    if open {
        return Vec::new();
    }
    order.iter().filter_map(|name| found.remove(name)).collect()
}

/// Names that a client's builder and its file use themselves.
const TAKEN: [&str; 41] = [
    "access_key",
    "allow_http",
    "api",
    "api_key",
    "api_version",
    "attempt_timeout",
    "authentication",
    "base_url",
    "bearer_token",
    "build",
    "call_options",
    "client",
    "client_builder",
    "clock",
    "connect_timeout",
    "credentials",
    "date",
    "duration",
    "error",
    "header",
    "http_client",
    "max_concurrent_calls",
    "max_response_bytes",
    "no_proxy",
    "password",
    "proxy",
    "response",
    "retry",
    "retry_budget",
    "retry_policy",
    "secret",
    "secret_key",
    "settings",
    "tls",
    "total_timeout",
    "transport",
    "unknown_api_version",
    "user",
    "user_agent_suffix",
    "variables",
    "version_state",
];

/// The name of a variable as a setting, with the suffix `variable` if it is used already.
fn setting_name(name: &str) -> String {
    let setting = names::field_identifier(name);
    if TAKEN.contains(&setting.as_str()) {
        setting + "_variable"
    } else {
        setting
    }
}

/// Whether a setting has a type of its own in the settings file.
pub(super) fn has_type(setting: &ClientSetting) -> bool {
    !setting.values.is_empty()
}

/// The file with the types of settings; `None` if there are none.
pub(super) fn file(options: &Options, model: &Model) -> Option<String> {
    let of_variables = variables(model).into_iter().map(|variable| {
        let name = names::type_identifier(&variable.setting);
        (or_name(&variable.description, &name), name, variable.values)
    });
    let settings = model.settings.iter().filter(|setting| has_type(setting));
    let of_settings = settings.map(|setting| {
        let name = names::type_identifier(&setting.setting);
        let description = setting.description.as_deref().unwrap_or_default();
        (
            or_name(description, &name),
            name,
            named_values(&setting.values),
        )
    });
    let mut source = Source::new(options, "The values of settings.");
    source.push("\nuse specmill_client::open_enum;\n");
    let mut any = false;
    for (description, name, values) in of_variables.chain(of_settings) {
        any = true;
        source.blank();
        enumerations::declare(
            &Enumeration {
                name: &name,
                description,
                values,
            },
            &mut source,
        );
    }
    any.then(|| source.finish())
}

fn or_name(description: &str, name: &str) -> String {
    if description.is_empty() {
        format!("The setting `{name}`.")
    } else {
        prose::description(description)
    }
}
