//! Credentials in a client and its builder.

use specmill_model::{Authentication, SecurityScheme};

use super::builder_field::{Field, Method};
use super::grants;
use super::source::{Source, literal};
use super::variables::{Role, Variable};

/// The credential fields of a client with one scheme.
fn names(authentication: &Authentication) -> &'static [&'static str] {
    match authentication {
        Authentication::None | Authentication::Several(_) => &[],
        Authentication::ApiKeyHeader(_)
        | Authentication::ApiKeyQuery(_)
        | Authentication::ApiKeyCookie(_) => &["api_key"],
        Authentication::Bearer | Authentication::OAuth2(_) => &["bearer_token"],
        Authentication::Basic => &["user", "password"],
        Authentication::ScpSignature => &["access_key", "secret_key"],
    }
}

/// The credential fields of one of several schemes.
fn names_of(scheme: &SecurityScheme) -> Vec<String> {
    let setting = &scheme.setting;
    match (&scheme.kind, setting.as_str()) {
        (Authentication::Basic, "credentials") => vec!["user".to_owned(), "password".to_owned()],
        (Authentication::Basic, _) => {
            vec![format!("{setting}_user"), format!("{setting}_password")]
        }
        _ => vec![setting.clone()],
    }
}

/// A name in words: `the API key`.
fn words(name: &str) -> String {
    name.replace('_', " ").replace("api", "API")
}

/// The credential fields of the builder.
pub(super) fn fields(prefix: &str, authentication: &Authentication) -> Vec<Field> {
    if let Authentication::Several(schemes) = authentication {
        return schemes
            .iter()
            .flat_map(|scheme| fields_of(prefix, scheme))
            .collect();
    }
    let names = names(authentication);
    let fields = names.iter().enumerate().map(|(index, name)| {
        let variable = format!("{prefix}_{}", name.to_uppercase());
        let docs = match authentication {
            Authentication::Basic | Authentication::ScpSignature => {
                let (first, second) = (words(names[0]), words(names[1]));
                format!("The {first} and the {second} of the requests.")
            }
            _ => format!("The {}.", sent(authentication)),
        };
        let method = if names.len() == 2 {
            "credentials"
        } else {
            name
        };
        Field {
            name: (*name).to_owned(),
            value: "Secret".to_owned(),
            // One method sets both credentials.
            setter: (index == 0).then(|| Method::converting(docs, method, names, "Secret")),
            from_environment: match authentication {
                Authentication::OAuth2(_) => format!(
                    "variables.required_token({{}}, {}).map(Some)?",
                    literal(&grants::prefix(prefix, name))
                ),
                _ => "variables.required_credential({}).map(Some)?".to_owned(),
            },
            variable: Variable {
                description: format!("the {}", words(name)),
                role: Role::Credential,
                secret: *name != "user",
                required: true,
                instead: instead(prefix, name, authentication),
                values: Vec::new(),
                name: variable,
                own: None,
            },
        }
    });
    fields.collect()
}

/// A description of the credential of a scheme.
fn sent(kind: &Authentication) -> String {
    match kind {
        Authentication::ApiKeyHeader(header) => {
            format!("key that requests carry in the header `{header}`")
        }
        Authentication::ApiKeyQuery(name) => {
            format!("key that requests carry in the query, as `{name}`")
        }
        Authentication::ApiKeyCookie(name) => {
            format!("key that requests carry in the cookie `{name}`")
        }
        Authentication::Basic => "user and the password of the requests".to_owned(),
        _ => "token that requests carry in the header `Authorization`".to_owned(),
    }
}

/// The fields of one of several schemes.
fn fields_of(prefix: &str, scheme: &SecurityScheme) -> Vec<Field> {
    let names = names_of(scheme);
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let docs = format!(
        "The {}: the security scheme `{}` of the document.\n\nIt is sent with the operations that ask for it, and with no \
         other.",
        sent(&scheme.kind),
        scheme.name.replace('`', "'")
    );
    let fields = names.iter().enumerate().map(|(index, name)| {
        let variable = format!("{prefix}_{}", name.to_uppercase());
        Field {
            name: name.clone(),
            value: "Secret".to_owned(),
            setter: (index == 0)
                .then(|| Method::converting(&*docs, &scheme.setting, &all, "Secret")),
            from_environment: match &scheme.kind {
                Authentication::OAuth2(_) => format!(
                    "variables.token({{}}, {})?",
                    literal(&grants::prefix(prefix, name))
                ),
                _ => "variables.credential({})?".to_owned(),
            },
            variable: Variable {
                description: format!("the {}", words(name)),
                role: Role::Credential,
                secret: !(names.len() == 2 && index == 0),
                required: false,
                instead: instead(prefix, name, &scheme.kind),
                values: Vec::new(),
                name: variable,
                own: None,
            },
        }
    });
    fields.collect()
}

/// The variables that can replace a credential variable.
fn instead(prefix: &str, name: &str, kind: &Authentication) -> Vec<String> {
    let file = format!("{prefix}_{}_FILE", name.to_uppercase());
    let grant = matches!(kind, Authentication::OAuth2(_))
        .then(|| format!("{}_CLIENT_ID", grants::prefix(prefix, name)));
    [file].into_iter().chain(grant).collect()
}

/// The credential settings, each with its description.
pub(super) fn settings(authentication: &Authentication) -> Vec<(&str, &Authentication)> {
    match authentication {
        Authentication::Several(schemes) => schemes
            .iter()
            .map(|scheme| (scheme.setting.as_str(), &scheme.kind))
            .collect(),
        kind => names(kind)
            .iter()
            .take(1)
            .map(|name| (*name, kind))
            .collect(),
    }
}

/// Further variables for credentials.
pub(super) fn variables(prefix: &str, authentication: &Authentication) -> Vec<Variable> {
    let files = fields(prefix, authentication)
        .into_iter()
        .map(|field| Variable {
            name: format!("{}_FILE", field.variable.name),
            description: format!(
                "a file that holds {}, read again when it changes",
                field.variable.description
            ),
            role: Role::Credential,
            secret: false,
            required: false,
            instead: Vec::new(),
            own: None,
            values: Vec::new(),
        });
    let grants = settings(authentication)
        .into_iter()
        .flat_map(|(setting, kind)| match kind {
            Authentication::OAuth2(endpoint) => grants::variables(prefix, setting, endpoint),
            _ => Vec::new(),
        });
    files.chain(grants).collect()
}

/// The credentials in the form of the runtime. `value` returns the expression for a field.
fn made(kind: &Authentication, names: &[&str], value: impl Fn(&str) -> String) -> String {
    let values: Vec<String> = names.iter().map(|name| value(name)).collect();
    let values = values.join(", ");
    match kind {
        Authentication::None | Authentication::Several(_) => "Authentication::none()".to_owned(),
        Authentication::ApiKeyHeader(header) => {
            format!("Authentication::api_key({}, {values})", literal(header))
        }
        Authentication::ApiKeyQuery(name) => {
            format!("Authentication::api_key_query({}, {values})", literal(name))
        }
        Authentication::ApiKeyCookie(name) => {
            format!(
                "Authentication::api_key_cookie({}, {values})",
                literal(name)
            )
        }
        Authentication::Bearer => format!("Authentication::bearer({values})"),
        Authentication::OAuth2(endpoint) => grants::made(endpoint, &values),
        Authentication::Basic => format!("Authentication::basic({values})"),
        Authentication::ScpSignature => format!("Authentication::signature({values})"),
    }
}

/// Prints the line of a builder that makes the credentials.
pub(super) fn print(authentication: &Authentication, source: &mut Source) {
    let Authentication::Several(schemes) = authentication else {
        let names = names(authentication);
        let setting = (names.len() == 2).then_some("credentials");
        let made = made(authentication, names, |name| {
            format!(
                "server::credential(self.{name}, {})?",
                literal(setting.unwrap_or(name))
            )
        });
        source.line(2, &format!("let authentication = {made};"));
        return;
    };
    source.line(2, "let authentication = Authentication::several(vec![");
    for scheme in schemes {
        let names = names_of(scheme);
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let made = made(&scheme.kind, &all, str::to_owned);
        let (name, setting) = (literal(&scheme.name), literal(&scheme.setting));
        let value = match &all[..] {
            [user, password] => format!(
                "server::pair(self.{user}, self.{password}, {setting})?.map(|({user}, {password})| {made})"
            ),
            _ => format!("self.{0}.map(|{0}| {made})", scheme.setting),
        };
        source.line(3, &format!("({name}, {setting}, {value}),"));
    }
    source.line(2, "]);");
}

/// Prints the methods of the client that replace its credentials.
pub(super) fn replacing(authentication: &Authentication, source: &mut Source) {
    if let Authentication::Several(schemes) = authentication {
        for scheme in schemes {
            let names = names_of(scheme);
            let all: Vec<&str> = names.iter().map(String::as_str).collect();
            let made = made(&scheme.kind, &all, str::to_owned);
            let body = format!(
                "self.transport.set_scheme({}, {made})",
                literal(&scheme.name)
            );
            let docs = format!(
                "Replaces the credentials of the security scheme `{}`, for this client and its clones; attempts that begin \
                 later use the new ones.",
                scheme.name.replace('`', "'")
            );
            replacing_one(&docs, &scheme.setting, &all, &body, source);
        }
        return;
    }
    let names = names(authentication);
    let method = match names {
        [] => return,
        [only] => *only,
        _ => "credentials",
    };
    let made = made(authentication, names, str::to_owned);
    replacing_one(
        "Replaces the credentials of this client and its clones. Later attempts use the new ones.",
        method,
        names,
        &format!("self.transport.set_authentication({made})"),
        source,
    );
}

fn replacing_one(docs: &str, method: &str, names: &[&str], body: &str, source: &mut Source) {
    let parameters: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: impl Into<Secret>"))
        .collect();
    source.blank();
    source.docs(
        1,
        &format!("{docs}\n\n# Errors\nThey are invalid. The old ones are kept."),
    );
    source.line(
        1,
        &format!(
            "pub fn set_{method}(&self, {}) -> Result<(), Error> {{",
            parameters.join(", ")
        ),
    );
    source.line(2, body);
    source.line(1, "}");
}
