//! Credentials in a client and its builder.

use crate::lower::model::Authentication;

use super::fields::{Field, Method, Role, Variable};
use super::source::{Source, literal};

fn names(authentication: &Authentication) -> &'static [&'static str] {
    match authentication {
        Authentication::None => &[],
        Authentication::ApiKeyHeader(_) | Authentication::ApiKeyQuery(_) => &["api_key"],
        Authentication::Bearer => &["bearer_token"],
        Authentication::Basic => &["user", "password"],
        Authentication::ScpSignature => &["access_key", "secret_key"],
    }
}

/// A name in words: `the API key`.
fn words(name: &str) -> String {
    name.replace('_', " ").replace("api", "API")
}

/// The fields of the builder that hold credentials.
pub(super) fn fields(prefix: &str, authentication: &Authentication) -> Vec<Field> {
    let names = names(authentication);
    let fields = names.iter().enumerate().map(|(index, name)| {
        let variable = format!("{prefix}_{}", name.to_uppercase());
        let docs = match authentication {
            Authentication::ApiKeyHeader(header) => {
                format!("The key that requests carry in the header `{header}`.")
            }
            Authentication::ApiKeyQuery(name) => {
                format!("The key that requests carry in the query, as `{name}`.")
            }
            Authentication::Basic | Authentication::ScpSignature => {
                let (first, second) = (words(names[0]), words(names[1]));
                format!("The {first} and the {second} that requests are made with.")
            }
            _ => "The token that requests carry in the header `Authorization`.".to_owned(),
        };
        let method = if names.len() == 2 {
            "credentials"
        } else {
            name
        };
        Field {
            name: (*name).to_owned(),
            value: "Secret".to_owned(),
            // Two credentials are set by one method.
            setter: (index == 0).then(|| Method::converting(docs, method, names, "Secret")),
            from_environment: format!(
                "variables.required({}).map(|value| Some(value.into()))?",
                literal(&variable)
            ),
            variable: Variable {
                description: format!("the {}", words(name)),
                role: Role::Credential,
                secret: *name != "user",
                required: true,
                values: Vec::new(),
                name: variable,
            },
        }
    });
    fields.collect()
}

/// The credentials as the runtime takes them, each made by `value` of its name.
fn made(authentication: &Authentication, value: impl Fn(&str) -> String) -> String {
    let values: Vec<String> = names(authentication)
        .iter()
        .map(|name| value(name))
        .collect();
    let values = values.join(", ");
    match authentication {
        Authentication::None => "Authentication::none()".to_owned(),
        Authentication::ApiKeyHeader(header) => {
            format!("Authentication::api_key({}, {values})", literal(header))
        }
        Authentication::ApiKeyQuery(name) => {
            format!("Authentication::api_key_query({}, {values})", literal(name))
        }
        Authentication::Bearer => format!("Authentication::bearer({values})"),
        Authentication::Basic => format!("Authentication::basic({values})"),
        Authentication::ScpSignature => format!("Authentication::signature({values})"),
    }
}

/// The credentials of a builder.
pub(super) fn authentication(authentication: &Authentication) -> String {
    let setting = if names(authentication).len() == 2 {
        Some("credentials")
    } else {
        None
    };
    made(authentication, |name| {
        format!(
            "server::credential(self.{name}, {})?",
            literal(setting.unwrap_or(name))
        )
    })
}

/// Prints the method of the client that replaces its credentials.
pub(super) fn replacing(authentication: &Authentication, source: &mut Source) {
    let names = names(authentication);
    let method = match names {
        [] => return,
        [only] => *only,
        _ => "credentials",
    };
    let parameters: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: impl Into<Secret>"))
        .collect();
    source.blank();
    source.docs(
        1,
        "Replaces the credentials, for this client and its clones; attempts that begin later use the new ones.\n\n\
         # Errors\nThey cannot be sent; the old ones stay.",
    );
    source.line(
        1,
        &format!(
            "pub fn set_{method}(&self, {}) -> Result<(), Error> {{",
            parameters.join(", ")
        ),
    );
    let made = made(authentication, str::to_owned);
    source.line(2, &format!("self.transport.set_authentication({made})"));
    source.line(1, "}");
}
