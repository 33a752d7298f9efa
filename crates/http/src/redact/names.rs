//! Recognises secrets by their names, in bodies, queries and headers of any API.

use http::HeaderName;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::MASK;

/// Substrings of names of secrets, in lower case and without punctuation.
const SECRET: [&str; 15] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "credential",
    "cookie",
    "session",
    "signature",
    "assertion",
    "bearer",
];

/// Substrings of names that are not secrets although they contain one of [`SECRET`], such as cursors of lists and
/// types of tokens.
const NO_SECRET: [&str; 6] = ["page", "next", "prev", "continuation", "type", "sync"];

/// Complete names of secrets.
const WHOLE: [&str; 5] = ["pwd", "pin", "otp", "key", "code"];

/// Whether a field, parameter or header with this name is a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if WHOLE[..3].contains(&plain.as_str()) {
        return true;
    }
    SECRET.iter().any(|word| plain.contains(word))
        && !NO_SECRET.iter().any(|word| plain.contains(word))
}

/// Response headers whose values are not secret in any API.
const PUBLIC: [&str; 24] = [
    "accept-ranges",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "retry-after",
    "server",
    "server-timing",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-content-type-options",
    "x-powered-by",
];

/// Whether the value of a response header may be shown.
pub fn is_public_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    PUBLIC.contains(&name)
        || name.contains("ratelimit")
        || name.ends_with("request-id")
        || name.ends_with("correlation-id")
}

/// Redacts the secrets in the query of a URL.
pub fn redacted_url(url: &str) -> String {
    match url.split_once('?') {
        Some((start, query)) => format!("{start}?{}", redacted_form(query, true)),
        None => url.to_owned(),
    }
}

/// Redacts the pairs of a form or query. In a query, `key` and `code` are secrets too, since some services accept keys
/// there.
fn redacted_form(form: &str, in_query: bool) -> String {
    let pairs = form.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        let whole = in_query && WHOLE.contains(&decoded.to_lowercase().as_str());
        if !value.is_empty() && (whole || is_secret(&decoded)) {
            format!("{name}={MASK}")
        } else {
            pair.to_owned()
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A body as a string with redacted secrets; `None` if it is not printable UTF-8.
pub fn redacted_text(content_type: &str, body: &[u8]) -> Option<String> {
    if let Some(document) = redacted_json(body) {
        return Some(document.to_string());
    }
    let text = std::str::from_utf8(body).ok()?;
    if content_type.contains("x-www-form-urlencoded") {
        return Some(redacted_form(text, false));
    }
    let printable = text
        .chars()
        .all(|character| !character.is_control() || character.is_whitespace());
    printable.then(|| text.to_owned())
}

/// A JSON document with redacted secrets; `None` if the body is not a JSON object or list.
pub fn redacted_json(body: &[u8]) -> Option<Value> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if !matches!(first, b'{' | b'[') {
        return None;
    }
    let mut document: Value = serde_json::from_slice(body).ok()?;
    redact(&mut document, false);
    Some(document)
}

/// Redacts strings below the name of a secret. Numbers and booleans are not redacted.
fn redact(value: &mut Value, below_secret: bool) {
    match value {
        Value::String(text) if below_secret && !text.is_empty() => MASK.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, below_secret)),
        Value::Object(members) => members
            .iter_mut()
            .for_each(|(name, member)| redact(member, below_secret || is_secret(name))),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_distinguished_from_others() {
        for name in [
            "password",
            "client_secret",
            "accessToken",
            "X-Api-Key",
            "private-key",
            "Set-Cookie",
            "sessionId",
            "PIN",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "nextPageToken",
            "token_type",
            "email",
            "keyboard",
            "monkey",
            "continuationToken",
            "id",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_redacted_in_json_forms_and_queries() {
        // Sorted by name, since JSON objects may not keep their order.
        let json =
            br#"{"keys":{"secret":["a",{"b":"c"}]},"max_tokens":7,"password":"pw","user":"ann"}"#;
        assert_eq!(
            redacted_text("application/json", json).unwrap(),
            r#"{"keys":{"secret":["[redacted]",{"b":"[redacted]"}]},"max_tokens":7,"password":"[redacted]","user":"ann"}"#
        );
        assert_eq!(
            redacted_text(
                "application/x-www-form-urlencoded",
                b"user=ann&client%5Fsecret=s"
            )
            .unwrap(),
            "user=ann&client%5Fsecret=[redacted]"
        );
        assert_eq!(
            redacted_url("https://a.test/x?limit=1&key=k&pageToken=p"),
            "https://a.test/x?limit=1&key=[redacted]&pageToken=p"
        );
        assert_eq!(redacted_text("image/png", b"\x89PNG\x00"), None);
    }
}
