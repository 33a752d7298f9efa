//! JSON pointers (RFC 6901) and local references.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

/// A name as a pointer token.
pub fn escape(name: &str) -> String {
    escaped(name).into_owned()
}

fn escaped(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        Cow::Owned(name.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The pointer to a property of the value at `pointer`.
pub fn child(pointer: &str, name: &str) -> String {
    let name = escaped(name);
    let mut child = String::with_capacity(pointer.len() + 1 + name.len());
    child.push_str(pointer);
    child.push('/');
    child.push_str(&name);
    child
}

/// A step from a value to one that it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the property of a name.
    Member(&'a str),
    /// To the item of an index.
    Item(usize),
}

impl Step<'_> {
    /// Extends the pointer to the value.
    ///
    /// A walk through a document keeps one pointer, and truncates it on the way back: a pointer of its own for each value
    /// takes longer than the walk.
    pub fn extend(self, pointer: &mut String) {
        pointer.push('/');
        match self {
            Self::Member(name) => pointer.push_str(&escaped(name)),
            Self::Item(index) => {
                let _ = write!(pointer, "{index}");
            }
        }
    }
}

/// The JSON pointer of a `$ref` into the same document (`#/components/schemas/User`).
///
/// The fragment of a URI is percent-encoded: `%20` is a space.
pub fn reference_target(reference: &str) -> Option<String> {
    target(reference).map(Cow::into_owned)
}

fn target(reference: &str) -> Option<Cow<'_, str>> {
    let pointer = reference.strip_prefix('#')?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    if pointer.contains('%') {
        percent_decoded(pointer).map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(pointer))
    }
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
    at(document, &target(reference)?)
}

/// The value at a pointer, without a string for each token as [`Value::pointer`] makes it.
pub fn at<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    let Some(tokens) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(document);
    };
    tokens.split('/').try_fold(document, |value, token| {
        match value {
            Value::Object(members) if !token.contains('~') => members.get(token),
            // An escaped name, or an index.
            value => value.pointer(&format!("/{token}")),
        }
    })
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
        assert_eq!(lookup(&document, "#"), Some(&document));
    }

    #[test]
    fn a_reference_may_have_indices() {
        let document = json!({"allOf": [{"a": 1}, {"a": 2}]});
        assert_eq!(lookup(&document, "#/allOf/1/a"), Some(&json!(2)));
        assert_eq!(lookup(&document, "#/allOf/01/a"), None);
        assert_eq!(lookup(&document, "#/allOf/2"), None);
    }

    #[test]
    fn steps_are_escaped_as_children_are() {
        let mut pointer = String::from("/paths");
        Step::Member("/a~b").extend(&mut pointer);
        Step::Item(3).extend(&mut pointer);
        assert_eq!(pointer, "/paths/~1a~0b/3");
        assert_eq!(child("/paths", "/a~b"), "/paths/~1a~0b");
        assert_eq!(escape("/a~b"), "~1a~0b");
    }
}
