//! The token endpoints of a document.

use serde_json::Value;

use specmill_openapi::document::text;

use crate::model::TokenEndpoint;

/// The token endpoint of an OAuth 2.0 scheme: of its client credentials flow, or of a flow for users.
pub(super) fn endpoint(document: &Value, scheme: &Value) -> Option<TokenEndpoint> {
    let flows = scheme.get("flows")?;
    let flow = |name: &str| Some((flows.get(name)?, text(flows.get(name)?, "tokenUrl")?));
    let of_program = flow("clientCredentials");
    let of_user = flow("authorizationCode").or_else(|| flow("password"));
    let (flow, token_url) = of_program.or(of_user)?;
    let (user_flow, user_url) = of_user.unwrap_or((flow, token_url));
    let refresh_url = text(user_flow, "refreshUrl").unwrap_or(user_url);
    let scopes = flow.get("scopes").and_then(Value::as_object);
    let scopes = scopes.into_iter().flat_map(|scopes| scopes.keys().cloned());
    Some(TokenEndpoint {
        token_url: token_url.to_owned(),
        token_path: path(document, token_url),
        refresh_path: path(document, refresh_url),
        scopes: scopes.collect(),
    })
}

/// The path and query of a URL, if it has the origin of a server of the document.
fn path(document: &Value, url: &str) -> Option<String> {
    if url.starts_with('/') {
        return (!url.starts_with("//")).then(|| url.to_owned());
    }
    let servers = document.get("servers").and_then(Value::as_array);
    let servers = servers.into_iter().flatten();
    let mut rests = servers.filter_map(|server| url.strip_prefix(origin(text(server, "url")?)?));
    rests.find(|rest| rest.starts_with('/')).map(str::to_owned)
}

/// The scheme, host and port of a URL.
fn origin(url: &str) -> Option<&str> {
    let start = url.find("://")? + 3;
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    (end > start).then(|| &url[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(flows: &Value) -> Option<TokenEndpoint> {
        let document = json!({"servers": [{"url": "/v1"}, {"url": "https://api.acme.test/v1"}]});
        endpoint(&document, &json!({"type": "oauth2", "flows": flows}))
    }

    fn path_of(token_url: &str) -> Option<String> {
        read(&json!({"clientCredentials": {"tokenUrl": token_url}}))?.token_path
    }

    #[test]
    fn a_token_url_on_the_origin_of_a_server_is_a_path() {
        for url in ["https://api.acme.test/token?v=1", "/token?v=1"] {
            assert_eq!(path_of(url).as_deref(), Some("/token?v=1"), "{url}");
        }
        for url in [
            "https://login.acme.test/token",
            "https://api.acme.test.evil.test/token",
            "https://api.acme.test@evil.test/token",
            "//evil.test/token",
            "token",
        ] {
            assert_eq!(path_of(url), None, "{url}");
        }
    }

    #[test]
    fn tokens_of_users_are_renewed_at_the_url_of_their_flow() {
        let program = json!({"tokenUrl": "/program", "scopes": {"a": "A"}});
        let user = json!({"tokenUrl": "/user", "refreshUrl": "/refresh"});
        let both = read(&json!({"clientCredentials": program, "authorizationCode": user}));
        let both = both.unwrap();
        assert_eq!(both.token_path.as_deref(), Some("/program"));
        assert_eq!(both.refresh_path.as_deref(), Some("/refresh"));
        assert_eq!(both.scopes, ["a"]);
        let user = read(&json!({"password": {"tokenUrl": "/user"}})).unwrap();
        assert_eq!(user.token_path.as_deref(), Some("/user"));
        assert_eq!(user.refresh_path.as_deref(), Some("/user"));
        assert_eq!(read(&json!({"implicit": {"authorizationUrl": "/a"}})), None);
    }
}
