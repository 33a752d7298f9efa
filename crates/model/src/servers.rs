//! The servers of paths and operations.

use serde_json::Value;

use specmill_openapi::document::text;
use specmill_openapi::names;

use crate::model::{Operation, OperationServer, has_variables};
use crate::reader::Reason;

/// The URL of an operation's server, if it is not a server of the document: the first server of the operation or of its path,
/// with the defaults of its variables. A variable without a default remains in it, as `{variable}`.
pub(super) fn of(
    document: &Value,
    item: &Value,
    operation: &Value,
) -> Result<Option<String>, Reason> {
    let list = |owner: &Value| {
        let servers = owner.get("servers").and_then(Value::as_array);
        servers.filter(|servers| !servers.is_empty()).cloned()
    };
    let Some(own) = list(operation).or_else(|| list(item)) else {
        return Ok(None);
    };
    let of_document = list(document).unwrap_or_default();
    // A server that the document declares too is the server of the client.
    if own.iter().any(|server| {
        of_document
            .iter()
            .any(|one| one.get("url") == server.get("url"))
    }) {
        return Ok(None);
    }
    let addresses: Vec<String> = own.iter().filter_map(address).collect();
    // A complete URL is preferred to one with variables, and HTTPS to HTTP.
    let best = addresses
        .iter()
        .min_by_key(|one| (has_variables(one), one.starts_with("http://")));
    match best {
        Some(address) => Ok(Some(address.clone())),
        None => Err(format!(
            "its server `{}` is not a URL",
            text(&own[0], "url").unwrap_or_default()
        )),
    }
}

/// The URL of a server: absolute, or a path on the server of the client. `None` if it is neither.
fn address(server: &Value) -> Option<String> {
    let mut url = text(server, "url")?.trim().to_owned();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        let first = variable.pointer("/enum/0").and_then(Value::as_str);
        // A default such as `{your-domain}` or `<your-domain>` is a placeholder.
        let default = text(variable, "default").or(first);
        if let Some(value) = default.filter(|value| is_url_text(value)) {
            let replaced = url.replace(&format!("{{{name}}}"), value);
            let no_host = replaced.ends_with("://") || replaced.contains(":///");
            // An empty default is that of a part of the path.
            if !(value.is_empty() && no_host) {
                url = replaced;
            }
        }
    }
    if !is_url_text(&without_variables(&url)?) {
        return None;
    }
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url);
    }
    // A URL without a scheme uses the scheme of the document, which is never plain HTTP.
    if url.starts_with("//") && !url.trim_start_matches('/').is_empty() {
        return Some(format!("https:{url}"));
    }
    if let Some(rest) = url
        .strip_prefix("{scheme}")
        .or(url.strip_prefix("{protocol}"))
    {
        return rest.starts_with("://").then(|| format!("https{rest}"));
    }
    // A variable for a whole URL.
    if url.starts_with('{') {
        return Some(url);
    }
    if url.contains(':') || url.starts_with("//") {
        return None;
    }
    // A URL relative to the document is a path on the host of the client.
    let path = url.trim_start_matches("./").trim_start_matches('/');
    Some(format!("/{path}"))
}

/// Whether a string can be part of a URL before its query.
fn is_url_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains(['{', '}', '<', '>', '?', '#', '"', '\\'])
}

/// A URL with its variables replaced by their names; `None` if its braces are not in pairs.
fn without_variables(url: &str) -> Option<String> {
    let mut parts = url.split('{');
    let mut all = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        all += if name.is_empty() { "{" } else { name };
        all += rest;
    }
    Some(all)
}

/// The servers of operations, each with the name of the setting that replaces its URL.
pub(super) fn named(document: &Value, operations: &[Operation]) -> Vec<OperationServer> {
    let own_host = document
        .pointer("/servers/0/url")
        .and_then(Value::as_str)
        .map(host);
    let mut named: Vec<OperationServer> = Vec::new();
    for url in operations
        .iter()
        .filter_map(|operation| operation.server.as_deref())
    {
        if named.iter().any(|server| server.url == url) {
            continue;
        }
        let setting = candidates(url, own_host)
            .into_iter()
            .map(|words| format!("{words}_base_url"))
            .find(|setting| !named.iter().any(|server| server.setting == *setting));
        // The last candidate contains a number, so one candidate is always free.
        let setting = setting.unwrap_or_else(|| format!("server_{}_base_url", named.len() + 1));
        named.push(OperationServer {
            url: url.to_owned(),
            setting,
        });
    }
    named
}

/// Names for a URL: the parts that differ from the URL of the document, shortest first.
fn candidates(url: &str, own_host: Option<&str>) -> Vec<String> {
    let host = host(url);
    let path = url.split_once("://").map_or(url, |(_, rest)| {
        rest.split_once('/').map_or("", |(_, path)| path)
    });
    let word = |text: &str| {
        let word = names::snake_case(text);
        let is_word = word.starts_with(|character: char| character.is_ascii_lowercase());
        is_word.then_some(word)
    };
    let of_path = word(&path.replace('/', " "));
    let of_variable = |label: &str| {
        let name = label.strip_prefix('{')?.strip_suffix('}')?;
        let name = names::snake_case(name);
        ["_base_url", "_url", "_hostname", "_host", "_domain"]
            .iter()
            .find_map(|end| word(name.strip_suffix(end)?))
    };
    let mut labels = host
        .split(['.', ':'])
        .filter_map(|label| of_variable(label).or_else(|| word(label)));
    let first = labels.next();
    let mut all = Vec::new();
    if host.is_empty() || Some(host) == own_host {
        all.extend(of_path);
    } else if let Some(first) = first {
        let two = labels.next().map(|second| format!("{first}_{second}"));
        if !matches!(first.as_str(), "api" | "www") {
            all.push(first.clone());
        }
        all.extend(two);
        all.extend(of_path.map(|path| format!("{first}_{path}")));
    }
    all
}

fn host(url: &str) -> &str {
    let variable = if url.starts_with('{') { url } else { "" };
    let rest = url.split_once("://").map_or(variable, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_of_an_operation_override_those_of_its_path() {
        let document = json!({"servers": [{"url": "https://a.test/v2"}]});
        let at = |url: &str| json!({"servers": [{"url": url}]});
        let none = json!({});
        let (path, operation) = (at("https://b.test"), at("https://c.test/x/"));
        let at_place = |item: &Value, operation: &Value| of(&document, item, operation).unwrap();
        assert_eq!(at_place(&none, &none), None);
        assert_eq!(at_place(&path, &none).unwrap(), "https://b.test");
        assert_eq!(at_place(&path, &operation).unwrap(), "https://c.test/x/");
        assert_eq!(at_place(&path, &at("https://a.test/v2")), None);
        assert_eq!(at_place(&none, &json!({"servers": []})), None);
        assert_eq!(at_place(&none, &at("/v3")).unwrap(), "/v3");
        assert_eq!(at_place(&none, &at("v3/beta")).unwrap(), "/v3/beta");
    }

    #[test]
    fn variables_have_their_defaults() {
        let first = |server: Value| of(&json!({}), &json!({"servers": [server]}), &json!({}));
        let server = json!({
            "url": "https://{region}.b.test:{port}",
            "variables": {"region": {"default": "eu"}, "port": {"enum": ["8443"]}}
        });
        assert_eq!(first(server).unwrap().unwrap(), "https://eu.b.test:8443");
        assert_eq!(
            first(json!({"url": "//c.test:8443/v2"})).unwrap().unwrap(),
            "https://c.test:8443/v2"
        );
        for url in [
            "https://{region.b.test",
            "https://{}.b.test",
            "ws://b.test",
            "//",
            "a b",
        ] {
            assert!(
                first(json!({"url": url}))
                    .unwrap_err()
                    .contains("its server"),
                "{url}"
            );
        }
    }

    #[test]
    fn variables_without_a_default_remain() {
        let first = |server: Value| {
            let item = json!({"servers": [server, {"url": "ftp://x.test"}]});
            of(&json!({}), &item, &json!({})).unwrap().unwrap()
        };
        for (url, expected) in [
            ("https://{region}.b.test", "https://{region}.b.test"),
            ("//{host}/v2", "https://{host}/v2"),
            ("{protocol}://{host}", "https://{host}"),
            ("{base_url}/v2", "{base_url}/v2"),
            ("/{tenant}/v2", "/{tenant}/v2"),
        ] {
            assert_eq!(first(json!({"url": url})), expected);
        }
        let path = json!({"url": "https://a.test/{base}", "variables": {"base": {"default": ""}}});
        assert_eq!(first(path), "https://a.test/");
        assert_eq!(first(json!({"url": ""})), "/");
        for placeholder in ["{your-host}", "<your host>", ""] {
            let variables = json!({"host": {"default": placeholder}});
            let server = json!({"url": "https://{host}", "variables": variables});
            assert_eq!(first(server), "https://{host}");
        }
        let complete = json!({"servers": [{"url": "https://{host}"}, {"url": "https://a.test"}]});
        let best = of(&json!({}), &complete, &json!({})).unwrap();
        assert_eq!(best.unwrap(), "https://a.test");
    }

    #[test]
    fn a_server_is_named_after_its_distinguishing_part() {
        let name = |url| candidates(url, Some("api.depot.test")).first().cloned();
        assert_eq!(name("https://upload.depot.test/api/2").unwrap(), "upload");
        assert_eq!(name("https://api.depot.test/v2beta").unwrap(), "v2beta");
        assert_eq!(name("https://api.other.test").unwrap(), "api_other");
        assert_eq!(name("/v3").unwrap(), "v3");
        assert_eq!(name("https://127.0.0.1:8080"), None);
        assert_eq!(name("https://{agent_url}").unwrap(), "agent");
        assert_eq!(name("https://{region}.other.test").unwrap(), "region");
        assert_eq!(name("{host}/v2").unwrap(), "host");
    }
}
