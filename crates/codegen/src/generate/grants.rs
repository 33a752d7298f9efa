//! Grants of OAuth 2.0 in a client and its builder.

use specmill_model::{Authentication, TokenEndpoint, grant_setting};

use super::credentials;
use super::source::{Source, literal};
use super::variables::{Role, Variable};

/// The maximum number of listed scopes.
const MOST_SCOPES: usize = 20;

/// The prefix of the variables of a grant that replaces the token of `setting`.
pub(super) fn prefix(prefix: &str, setting: &str) -> String {
    match setting {
        "bearer_token" => prefix.to_owned(),
        other => format!("{prefix}_{}", other.to_uppercase()),
    }
}

/// A token endpoint in the form of the runtime.
pub(super) fn made(endpoint: &TokenEndpoint, value: &str) -> String {
    let path = |path: &Option<String>| match path {
        Some(path) => format!("Some({})", literal(path)),
        None => "None".to_owned(),
    };
    format!(
        "Authentication::oauth2({value}, {}, {})",
        path(&endpoint.token_path),
        path(&endpoint.refresh_path)
    )
}

/// The variables of a grant.
pub(super) fn variables(prefix: &str, setting: &str, endpoint: &TokenEndpoint) -> Vec<Variable> {
    let prefix = self::prefix(prefix, setting);
    let variable = |name: &str, description: String, role: Role, secret: bool| Variable {
        name: format!("{prefix}_{name}"),
        own: None,
        description,
        role,
        secret,
        required: false,
        instead: Vec::new(),
        values: Vec::new(),
    };
    let token = setting.replace('_', " ");
    let url = match &endpoint.token_path {
        Some(path) => format!("the token endpoint; `{}` unless set", quoted(path)),
        None => format!(
            "the token endpoint; the document gives `{}`",
            quoted(&endpoint.token_url)
        ),
    };
    vec![
        variable(
            "CLIENT_ID",
            format!("the client id, for tokens by OAuth 2.0 in place of the {token}"),
            Role::Credential,
            false,
        ),
        variable(
            "CLIENT_SECRET",
            "the client secret".to_owned(),
            Role::Credential,
            true,
        ),
        variable(
            "REFRESH_TOKEN",
            "the refresh token of a user".to_owned(),
            Role::Credential,
            true,
        ),
        variable("TOKEN_URL", url, Role::TokenUrl, false),
        variable(
            "SCOPES",
            "the scopes to request, separated by spaces".to_owned(),
            Role::Other,
            false,
        ),
    ]
}

/// Prints the methods of the builder that take a grant in place of a token.
pub(super) fn setters(authentication: &Authentication, source: &mut Source) {
    for (setting, kind) in credentials::settings(authentication) {
        if let Authentication::OAuth2(endpoint) = kind {
            setter(setting, endpoint, source);
            source.blank();
        }
    }
}

fn setter(setting: &str, endpoint: &TokenEndpoint, source: &mut Source) {
    let of_document = match (&endpoint.token_path, &endpoint.refresh_path) {
        (Some(program), Some(user)) if program == user => format!(
            "The token endpoint is `{}` on the origin of the base URL, unless the grant has another.",
            quoted(program)
        ),
        (Some(program), Some(user)) => format!(
            "The token endpoint is on the origin of the base URL, unless the grant has another: `{}` for client credentials, \
             `{}` for a refresh token.",
            quoted(program),
            quoted(user)
        ),
        _ => format!(
            "The grant needs a token URL: the document gives `{}`.",
            quoted(&endpoint.token_url)
        ),
    };
    let scopes = &endpoint.scopes;
    let listed = scopes.iter().take(MOST_SCOPES);
    let listed: Vec<String> = listed.map(|scope| format!("`{}`", quoted(scope))).collect();
    let more = if scopes.len() > MOST_SCOPES {
        ", …"
    } else {
        ""
    };
    let scopes = if listed.is_empty() {
        String::new()
    } else {
        format!("\n\nScopes: {}{more}.", listed.join(", "))
    };
    source.docs(
        1,
        &format!(
            "Access tokens by OAuth 2.0 in place of [`{setting}`](Self::{setting}): requested when they are needed, and \
             renewed before they expire.\n\n{of_document}{scopes}"
        ),
    );
    let method = grant_setting(setting);
    source.line(
        1,
        &format!("pub fn {method}(mut self, grant: OAuth2) -> Self {{"),
    );
    source.line(2, &format!("self.{setting} = Some(grant.into());"));
    source.line(2, "self");
    source.line(1, "}");
}

/// Whether a client accepts grants.
pub(super) fn are_taken(authentication: &Authentication) -> bool {
    let mut settings = credentials::settings(authentication).into_iter();
    settings.any(|(_, kind)| matches!(kind, Authentication::OAuth2(_)))
}

/// A string of the document within backticks.
fn quoted(text: &str) -> String {
    text.replace('`', "'")
}
