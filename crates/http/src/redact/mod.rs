//! Redacts credentials that a service sends back.

pub mod names;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use crate::percent::encode;

/// The replacement of a credential.
pub const MASK: &str = "[redacted]";
/// The minimum length of a redacted value. Shorter values occur in ordinary words.
const MIN_LENGTH: usize = 6;

/// Response headers whose `Debug` output contains only their names. Values can be secret regardless of the name of the
/// header, such as cookies, tokens and links that grant access.
pub struct HeaderNames<'a>(pub &'a HeaderMap);

impl fmt::Debug for HeaderNames<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.keys()).finish()
    }
}

/// Values to redact in responses.
pub trait Secrets: Send + Sync {
    /// The secret values.
    fn values(&self) -> Vec<&str>;

    /// Whether the header with this name contains no secrets except the [`values`](Self::values).
    fn are_in_header(&self, name: &HeaderName) -> bool;
}

/// Redacts the credentials of an attempt.
pub struct Redactor {
    secrets: Arc<dyn Secrets>,
    /// The sensitive headers that the attempt sent.
    sent: Vec<HeaderValue>,
    /// The byte strings to search for, created on first use, since few responses have to be searched.
    needles: OnceLock<Vec<Zeroizing<Vec<u8>>>>,
}

impl Redactor {
    pub fn new(secrets: Arc<impl Secrets + 'static>, headers: &HeaderMap) -> Self {
        // Most calls send no sensitive header but the credential, which is in `secrets`.
        let sent = headers
            .iter()
            .filter(|(name, value)| value.is_sensitive() && !secrets.are_in_header(name))
            .map(|(_, value)| value.clone())
            .collect();
        Self {
            secrets,
            sent,
            needles: OnceLock::new(),
        }
    }

    /// The byte strings to search for, longest first, so that no part of a longer one remains when it contains a
    /// shorter one.
    fn needles(&self) -> &[Zeroizing<Vec<u8>>] {
        self.needles.get_or_init(|| {
            let mut needles: Vec<Zeroizing<Vec<u8>>> = Vec::new();
            for secret in self.secrets.values() {
                let encoded = encode(secret);
                needles.push(Zeroizing::new(secret.as_bytes().to_vec()));
                needles.push(Zeroizing::new(encoded.into_bytes()));
            }
            for value in &self.sent {
                needles.push(Zeroizing::new(value.as_bytes().to_vec()));
            }
            needles.retain(|needle| needle.len() >= MIN_LENGTH);
            needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
            needles
        })
    }

    /// Redacts a body. In JSON, credentials are found regardless of escapes.
    pub fn bytes(&self, bytes: Bytes) -> Bytes {
        let bytes = match self.replaced(&bytes) {
            Cow::Borrowed(_) => bytes,
            Cow::Owned(changed) => Bytes::from(changed),
        };
        // Without a backslash nothing is escaped, and unescaped secrets were already replaced.
        if !bytes.contains(&b'\\') {
            return bytes;
        }
        let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
            return self.unreadable(bytes);
        };
        if self.redact_value(&mut value) {
            Bytes::from(value.to_string())
        } else {
            bytes
        }
    }

    /// Redacts a body that is not valid JSON, such as a truncated one. If a credential occurs in it after unescaping,
    /// the whole body is replaced.
    fn unreadable(&self, bytes: Bytes) -> Bytes {
        match self.replaced(&unescaped(&bytes)) {
            Cow::Borrowed(_) => bytes,
            Cow::Owned(_) => Bytes::from_static(MASK.as_bytes()),
        }
    }

    /// Redacts the strings in a document. Returns whether any was changed.
    fn redact_value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.replaced(text.as_bytes()) {
                Cow::Borrowed(_) => false,
                Cow::Owned(changed) => {
                    *text = String::from_utf8_lossy(&changed).into_owned();
                    true
                }
            },
            Value::Array(items) => self.redact_values(items.iter_mut()),
            Value::Object(members) => {
                let names: Vec<String> = members
                    .keys()
                    .filter(|name| matches!(self.replaced(name.as_bytes()), Cow::Owned(_)))
                    .cloned()
                    .collect();
                for name in &names {
                    if let Some(member) = members.remove(name) {
                        members.insert(self.text(name), member);
                    }
                }
                self.redact_values(members.values_mut()) || !names.is_empty()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    fn redact_values<'a>(&self, values: impl Iterator<Item = &'a mut Value>) -> bool {
        let mut changed = false;
        for value in values {
            changed |= self.redact_value(value);
        }
        changed
    }

    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.replaced(text.as_bytes())).into_owned()
    }

    pub fn headers(&self, mut headers: HeaderMap) -> HeaderMap {
        for value in headers.values_mut() {
            if let Cow::Owned(changed) = self.replaced(value.as_bytes()) {
                *value =
                    HeaderValue::from_bytes(&changed).unwrap_or(HeaderValue::from_static(MASK));
            }
        }
        headers
    }

    /// Redacts a response body. If the body is truncated (`cut`), its end may be the beginning of a credential.
    pub fn body(&self, body: Bytes, cut: bool) -> Bytes {
        let bytes = self.bytes(body);
        if !cut {
            return bytes;
        }
        let text = unescaped(&bytes);
        let begun = |needle: &[u8]| {
            (MIN_LENGTH..needle.len()).any(|length| text.ends_with(&needle[..length]))
        };
        if !self.needles().iter().any(|needle| begun(needle)) {
            return bytes;
        }
        // An escape takes six bytes at most.
        let longest = self.needles().first().map_or(0, |needle| needle.len() * 6);
        let kept = bytes.len().saturating_sub(longest);
        Bytes::from([&bytes[..kept], MASK.as_bytes()].concat())
    }

    fn replaced<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut bytes = Cow::Borrowed(bytes);
        for needle in self.needles() {
            if find(&bytes, needle).is_some() {
                bytes = Cow::Owned(replace(&bytes, needle));
            }
        }
        bytes
    }
}

/// Resolves the escapes of JSON strings, wherever the input ends.
fn unescaped(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rest.len());
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let Some((escaped, after)) = rest.split_first() else {
            break;
        };
        rest = after;
        if *escaped != b'u' {
            out.push(*escaped);
            continue;
        }
        let code = rest
            .get(..4)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        if let Some(character) = code.and_then(char::from_u32) {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[4..];
        }
    }
    out
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn replace(mut rest: &[u8], needle: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rest.len());
    while let Some(at) = find(rest, needle) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(MASK.as_bytes());
        rest = &rest[at + needle.len()..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Authentication;

    fn redactor(key: &str) -> Redactor {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("x-signature");
        let value = crate::credentials::sensitive(&name, "c2lnbmF0dXJl").unwrap();
        headers.insert(name, value);
        Redactor::new(Arc::new(Authentication::api_key("x", key)), &headers)
    }

    #[test]
    fn credentials_that_come_back_are_redacted() {
        let redactor = redactor("a/secret+key");
        assert_eq!(
            redactor.text("bad a/secret+key, a%2Fsecret%2Bkey and c2lnbmF0dXJl; a/secret+key"),
            "bad [redacted], [redacted] and [redacted]; [redacted]"
        );
        let untouched = Bytes::from_static(b"nothing here");
        assert_eq!(
            redactor.bytes(untouched.clone()).as_ptr(),
            untouched.as_ptr()
        );
    }

    #[test]
    fn escapes_within_json_hide_no_credential() {
        let redactor = redactor("a/secret+key");
        let body =
            br#"{"a\/secret+key":[{"message":"is a\/secret\u002Bkey"},"a\u002fsecret+key"],"n":1}"#;
        // Compared as values, since another crate may enable serde_json's `preserve_order`.
        let redacted = redactor.bytes(Bytes::from_static(body));
        assert_eq!(
            serde_json::from_slice::<Value>(&redacted).unwrap(),
            serde_json::json!({"[redacted]": [{"message": "is [redacted]"}, "[redacted]"], "n": 1})
        );
        let harmless = Bytes::from_static(br#"{ "message": "a\/b" }"#);
        assert_eq!(redactor.bytes(harmless.clone()), harmless);
    }

    #[test]
    fn a_truncated_body_shows_neither_an_escaped_credential_nor_the_beginning_of_one() {
        let redactor = redactor("a/secret+key");
        for hidden in [
            &br#"{"message":"is a\/secret\u002Bkey", "and":"#[..],
            br"a\/secret+key\u00",
            br"\a/secret+key\",
        ] {
            let shown = redactor.bytes(Bytes::from_static(hidden));
            assert!(!shown.windows(6).any(|part| part == b"secret"), "{shown:?}");
        }
        for begun in ["says a/secre", r"says a\/secret\u002Bke"] {
            let shown = redactor.body(Bytes::from(format!("{}{begun}", "x".repeat(100))), true);
            assert!(
                shown.ends_with(b"[redacted]") && !shown.windows(4).any(|part| part == b"secr"),
                "{shown:?}"
            );
        }
        let harmless = Bytes::from_static(br#"{"message":"a\/b"#);
        assert_eq!(redactor.body(harmless.clone(), true), harmless);
    }

    #[test]
    fn a_key_as_short_as_a_word_does_not_redact_words() {
        assert_eq!(redactor("no").text("no such user"), "no such user");
    }
}
