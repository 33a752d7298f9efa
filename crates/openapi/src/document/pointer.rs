//! JSON pointers (RFC 6901) and local references.

use serde_json::Value;

/// A name as a pointer token.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The pointer to a property of the value at `pointer`.
pub fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// The JSON pointer of a `$ref` into the same document (`#/components/schemas/User`).
///
/// The fragment of a URI is percent-encoded: `%20` is a space.
pub fn reference_target(reference: &str) -> Option<String> {
    let pointer = reference.strip_prefix('#')?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    percent_decoded(pointer)
}

/// A percent-decoded string; `None` if it is not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(decoded) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(decoded);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The target of a local `$ref`.
pub fn lookup<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(&reference_target(reference)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reference_may_be_percent_encoded_and_escaped() {
        let document = json!({"components": {"schemas": {"a b": 1, "c/d": 2}}});
        assert_eq!(
            lookup(&document, "#/components/schemas/a%20b"),
            Some(&json!(1))
        );
        assert_eq!(
            lookup(&document, "#/components/schemas/c~1d"),
            Some(&json!(2))
        );
        assert_eq!(lookup(&document, "other.json#/a"), None);
        assert_eq!(lookup(&document, "#anchor"), None);
        assert_eq!(lookup(&document, "#/components/%zz%"), None);
    }
}
