//! The settings of a client that are specific to its API: fields of the builder, and environment variables.

use crate::Options;
use specmill_model::Model;
use specmill_model::{ClientSetting, OperationServer};
use specmill_openapi::names;

use super::builder_field::{Field, Method};
use super::variables::{Role, Variable, tls_variables};
use super::{credentials, prose, settings};

/// The environment variables of a client, in the order in which they are read.
pub(super) fn variables(options: &Options, model: &Model) -> Vec<Variable> {
    fields(options, model)
        .into_iter()
        .map(|field| field.variable)
        .chain(credentials::variables(
            &options.environment,
            &model.authentication,
        ))
        .chain(tls_variables(&options.environment))
        .collect()
}

/// The fields of the builder that are specific to this API.
pub(super) fn fields(options: &Options, model: &Model) -> Vec<Field> {
    let prefix = &options.environment;
    let mut parts = Vec::new();
    for variable in settings::variables(model) {
        let values = variable.values.iter().map(|(value, _)| value.clone());
        let mut part = listed_setting(
            prefix,
            &variable.setting,
            &variable.description,
            values.collect(),
        );
        part.variable.role = Role::AddressPart;
        parts.push(part);
    }
    let mut fields = vec![base_url(prefix, model, &parts)];
    fields.extend(parts);
    fields.extend(
        model
            .operation_servers
            .iter()
            .map(|server| operation_server(prefix, server)),
    );
    fields.extend(credentials::fields(prefix, &model.authentication));
    for setting in &model.settings {
        fields.push(client_setting(prefix, setting, model));
    }
    if let Some(service) = &options.service_environment {
        give_own(&mut fields, prefix, service);
    }
    fields
}

/// Adds a variable specific to this service to each variable except those of credentials, unless another setting has its name.
fn give_own(fields: &mut [Field], prefix: &str, service: &str) {
    let taken: Vec<String> = fields.iter().map(|one| one.variable.name.clone()).collect();
    for variable in fields.iter_mut().map(|field| &mut field.variable) {
        if variable.role != Role::Credential
            && let Some(setting) = variable.name.strip_prefix(prefix)
        {
            let own = format!("{service}{setting}");
            variable.own = Some(own).filter(|own| !taken.contains(own));
        }
    }
}

/// The base URL, which can be built from its parts, if there are any.
fn base_url(prefix: &str, model: &Model, parts: &[Field]) -> Field {
    let variable = format!("{prefix}_BASE_URL");
    let instead = !parts.is_empty();
    let mut docs = String::from(
        "Sets the base URL of the service, such as `https://api.example.com`. It may have a path. `http` is an \
         error unless the host is a loopback host or [`allow_http`](Self::allow_http) permits it.",
    );
    if instead {
        docs += " It replaces the settings that the base URL is built from.";
    }
    if let Some(server) = model.servers.first() {
        docs += &format!(
            "\n\nThe documented base URL is `{}`.",
            server.url.replace('`', "'")
        );
    }
    for suffix in &model.base_url_suffixes {
        docs += &format!(" A trailing `{}` is removed.", suffix.replace('`', "'"));
    }
    let read = if instead {
        "variables.optional({})?"
    } else {
        "variables.required({}).map(Some)?"
    };
    Field {
        name: "base_url".to_owned(),
        value: "String".to_owned(),
        setter: Some(Method::converting(
            docs,
            "base_url",
            &["base_url"],
            "String",
        )),
        from_environment: read.to_owned(),
        variable: Variable {
            role: Role::Address,
            required: !instead,
            ..Variable::optional(variable, address_description(parts))
        },
    }
}

/// The URL of a server that only some operations use.
fn operation_server(prefix: &str, server: &OperationServer) -> Field {
    let field = &server.setting;
    let variable = format!("{prefix}_{}", field.to_uppercase());
    let url = server.url.replace('`', "'");
    let which = format!("the base URL of the operations whose documented server is `{url}`");
    let docs = if server.is_required() {
        "The URL has a variable without a default: without this setting, they fail before anything is sent."
    } else if server.url.starts_with('/') {
        "By default, it is that path on the host of [`base_url`](Self::base_url)."
    } else {
        "By default, it is that server. They are sent there, with their credentials, independently of \
         [`base_url`](Self::base_url)."
    };
    let docs = format!("Sets {which}. {docs}");
    let required = if server.is_required() {
        ", which require it"
    } else {
        ""
    };
    Field {
        setter: Some(Method::converting(docs, field, &[field], "String")),
        from_environment: "variables.optional({})?".to_owned(),
        value: "String".to_owned(),
        variable: Variable::optional(
            variable,
            format!("the base URL of the operations that are at `{url}`{required}"),
        ),
        name: field.clone(),
    }
}

fn address_description(parts: &[Field]) -> String {
    let what = "the base URL of the service";
    let names = parts.iter().map(|part| format!("`{}`", part.variable.name));
    let names: Vec<String> = names.collect();
    match &names[..] {
        [] => what.to_owned(),
        [one] => format!("{what}; not needed with {one}"),
        [first @ .., last] => format!("{what}; not needed with {} and {last}", first.join(", ")),
    }
}

/// A setting with enumerated values, which have a type.
fn listed_setting(prefix: &str, name: &str, description: &str, values: Vec<String>) -> Field {
    let field = names::field_identifier(name);
    let kind = names::type_identifier(name);
    let variable = format!("{prefix}_{}", names::snake_case(name).to_uppercase());
    let what = if description.is_empty() {
        format!("The {}.", name.replace('_', " "))
    } else {
        prose::description(description)
    };
    Field {
        setter: Some(Method::converting(&*what, &field, &[&field], &kind)),
        from_environment: format!("variables.optional({{}})?.map({kind}::from)"),
        value: kind,
        variable: Variable {
            values,
            ..Variable::optional(variable, lower_first(&what))
        },
        name: field,
    }
}

fn lower_first(text: &str) -> String {
    let line = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let mut characters = line.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

pub(super) fn is_version(setting: &ClientSetting, model: &Model) -> bool {
    setting.setting == "api_version" && !model.api_versions.is_empty()
}

fn client_setting(prefix: &str, setting: &ClientSetting, model: &Model) -> Field {
    let description = setting.description.as_deref().unwrap_or_default();
    if settings::has_type(setting) {
        let values = setting.values.clone();
        return listed_setting(prefix, &setting.setting, description, values);
    }
    let field = setting.setting.clone();
    let variable = format!("{prefix}_{}", setting.setting.to_uppercase());
    let mut what = prose::description(description);
    if is_version(setting, model) {
        what += "\n\nThe default is that of [`ApiVersion`]: requests always name a version.";
        return Field {
            setter: Some(Method {
                docs: what,
                name: field.clone(),
                parameters: vec![(
                    field.clone(),
                    "version: ApiVersion".to_owned(),
                    "version".to_owned(),
                )],
            }),
            from_environment: "variables.parsed({})?".to_owned(),
            value: "ApiVersion".to_owned(),
            variable: Variable {
                values: model
                    .api_versions
                    .iter()
                    .map(|one| one.version.clone())
                    .collect(),
                ..Variable::optional(
                    variable,
                    format!(
                        "the API version, such as `{}`",
                        model.api_versions[0].version
                    ),
                )
            },
            name: field,
        };
    }
    Field {
        setter: Some(Method::converting(&*what, &field, &[&field], "String")),
        from_environment: "variables.optional({})?".to_owned(),
        value: "String".to_owned(),
        variable: Variable::optional(variable, lower_first(&what)),
        name: field,
    }
}
