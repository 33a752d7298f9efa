//! The path of an operation: the template, and the query that some documents include in it.

use std::borrow::Cow;

use serde_json::{Value, json};

use specmill_openapi::document::text;

use crate::reader::Reason;

/// The parts of a path in a document.
#[derive(Debug, PartialEq)]
pub(super) struct PathTemplate<'d> {
    /// The path without query and fragment.
    pub(super) path: &'d str,
    /// The constants of the query.
    constants: Vec<(&'d str, Option<&'d str>)>,
    /// Query pairs whose value is a placeholder: the name on the wire, and the placeholder.
    placeholders: Vec<(&'d str, &'d str)>,
}

impl<'d> PathTemplate<'d> {
    /// Parses a path. A fragment only distinguishes operations of one path and is not sent. An RFC 6570 query such as `{?a,b}`
    /// is ignored, since its parameters are declared.
    pub(super) fn parse(path: &'d str) -> Result<Self, Reason> {
        let path = outside_placeholders(path, '#').map_or(path, |at| &path[..at]);
        let path = path.find("{?").map_or(path, |at| &path[..at]);
        let (path, query) = match outside_placeholders(path, '?') {
            Some(at) => (&path[..at], &path[at + 1..]),
            None => (path, ""),
        };
        let mut template = Self {
            path,
            constants: Vec::new(),
            placeholders: Vec::new(),
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (pair, None),
            };
            let placeholder = value
                .and_then(|value| value.strip_prefix('{'))
                .and_then(|value| value.strip_suffix('}'))
                .filter(|inner| !inner.is_empty());
            let is_plain = |text: &str| !text.contains(['{', '}']);
            match (placeholder, value) {
                (Some(inner), _) if is_plain(name) && is_plain(inner) => {
                    template.placeholders.push((name, inner));
                }
                (None, value) if is_plain(name) && value.is_none_or(is_plain) => {
                    template.constants.push((name, value));
                }
                _ => {
                    return Err(format!(
                        "the query `{pair}` in its path is neither a constant nor one placeholder"
                    ));
                }
            }
        }
        Ok(template)
    }

    /// Returns a parameter as it is sent: a path parameter whose placeholder is in the query becomes a query parameter. `None`
    /// if the path contains its value.
    pub(super) fn placed<'v>(&self, parameter: &'v Value) -> Option<Cow<'v, Value>> {
        let name = text(parameter, "name").unwrap_or_default();
        match text(parameter, "in") {
            Some("query") if self.constants.iter().any(|(one, _)| *one == name) => None,
            Some("path") if !self.is_in_path(name) => {
                let moved = self.placeholders.iter().find(|(_, inner)| *inner == name);
                let Some((wire, _)) = moved else {
                    return Some(Cow::Borrowed(parameter));
                };
                let mut parameter = parameter.clone();
                parameter["in"] = json!("query");
                parameter["name"] = json!(wire);
                Some(Cow::Owned(parameter))
            }
            _ => Some(Cow::Borrowed(parameter)),
        }
    }

    fn is_in_path(&self, name: &str) -> bool {
        self.path.contains(&format!("{{{name}}}"))
    }

    /// The names of the query parameters that have placeholders. Each is a required string unless it is declared.
    pub(super) fn in_query(&self) -> impl Iterator<Item = &'d str> {
        self.placeholders.iter().map(|(wire, _)| *wire)
    }

    /// The template that requests use: characters that a URL cannot contain are percent-encoded, and the constants of the query
    /// follow after `?`.
    pub(super) fn encoded(&self) -> Result<String, Reason> {
        let is_dots = |segment: &str| matches!(segment, "." | "..");
        if self.path.split('/').any(is_dots) {
            return Err("its path contains a dot segment".to_owned());
        }
        let mut text = String::new();
        encode(self.path, "-._~!$&'()*+,;=:@/%{}[]|", &mut text);
        for (index, (name, value)) in self.constants.iter().enumerate() {
            text.push(if index == 0 { '?' } else { '&' });
            // Percent-encoded characters of the document stay as they are.
            encode(name, "-._~!$()*,;:@/%[]", &mut text);
            if let Some(value) = value {
                text.push('=');
                encode(value, "-._~!$()*+,;=:@/?%[]", &mut text);
            }
        }
        Ok(text)
    }
}

/// The position of the first such character outside of placeholders.
fn outside_placeholders(path: &str, wanted: char) -> Option<usize> {
    let mut in_placeholder = false;
    path.find(|character| {
        match character {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        character == wanted && !in_placeholder
    })
}

/// Appends a string, percent-encoding the characters that a URL cannot contain, except in placeholders.
fn encode(text: &str, kept: &str, encoded: &mut String) {
    let mut in_placeholder = false;
    for character in text.chars() {
        match character {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        if character.is_ascii_alphanumeric() || kept.contains(character) || in_placeholder {
            encoded.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(path: &str) -> Result<String, Reason> {
        PathTemplate::parse(path)?.encoded()
    }

    #[test]
    fn constants_of_the_query_are_kept_in_the_template() {
        for (path, expected) in [
            ("/messages?beta=true", "/messages?beta=true"),
            ("/a?x=1&y&z=a b#f", "/a?x=1&y&z=a%20b"),
            ("/a?", "/a"),
            ("/a/{b?c}", "/a/{b?c}"),
            ("/a{?limit,after}", "/a"),
            ("/a/{id}?do={what}&v=2", "/a/{id}?v=2"),
            ("/a?filter='x'", "/a?filter=%27x%27"),
        ] {
            assert_eq!(encoded(path).as_deref(), Ok(expected), "{path}");
        }
        assert!(encoded("/a?x=1{b}").is_err());
    }

    #[test]
    fn a_placeholder_in_the_query_becomes_a_query_parameter() {
        let template = PathTemplate::parse("/a/{id}?do={what}&v=2").unwrap();
        let placed = |name: &str, place: &str| {
            let parameter = json!({"name": name, "in": place});
            template.placed(&parameter).map(Cow::into_owned)
        };
        assert_eq!(
            placed("what", "path"),
            Some(json!({"name": "do", "in": "query"}))
        );
        assert_eq!(
            placed("id", "path"),
            Some(json!({"name": "id", "in": "path"}))
        );
        assert_eq!(placed("v", "query"), None);
        assert_eq!(template.in_query().collect::<Vec<_>>(), ["do"]);
    }
}
