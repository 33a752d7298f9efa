//! Recognises the format of a body that is not the expected JSON, by its first bytes.

use crate::text::one_line;

/// The maximum number of bytes that are examined.
const START: usize = 4096;
/// The maximum length of a page's title in errors, in characters.
const MAX_TITLE_LENGTH: usize = 100;
/// Prefixes that some services write before JSON, so that a browser does not run it as a script.
const GUARDS: [&str; 7] = [
    ")]}',",
    ")]}'",
    ")]}",
    "while(1);",
    "while (1);",
    "for(;;);",
    "for (;;);",
];

/// The format of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    Empty,
    /// Compressed, although the request did not ask for it: the name of the coding.
    Compressed(&'static str),
    Html {
        title: Option<String>,
    },
    Xml,
    /// JSON after this prefix.
    Guarded(&'static str),
    Binary,
    /// Anything else, JSON included.
    Text,
}

impl Form {
    pub(crate) fn of(body: &[u8]) -> Self {
        let start = &body[..body.len().min(START)];
        if let Some(coding) = compression(start) {
            return Self::Compressed(coding);
        }
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let start = start.trim_ascii_start();
        if start.is_empty() && body.iter().all(u8::is_ascii_whitespace) {
            return Self::Empty;
        }
        if start.iter().any(|byte| is_binary(*byte)) {
            return Self::Binary;
        }
        let text = String::from_utf8_lossy(start);
        if text.starts_with('<') {
            return markup(&text);
        }
        GUARDS
            .into_iter()
            .find(|guard| text.starts_with(guard))
            .map_or(Self::Text, Self::Guarded)
    }

    /// Describes a body that is not the expected JSON; `None` if it may be JSON.
    pub(crate) fn in_place_of_json(&self) -> Option<String> {
        match self {
            Self::Compressed(coding) => Some(compressed(coding)),
            Self::Guarded(guard) => Some(format!(
                "expected JSON, found the guard prefix `{guard}` before it"
            )),
            Self::Empty | Self::Text => None,
            other => Some(format!("expected JSON, found {}", other.words()?)),
        }
    }

    /// Describes the format; `None` for text, which can be shown itself.
    pub(crate) fn words(&self) -> Option<String> {
        match self {
            Self::Empty => Some("an empty response".to_owned()),
            Self::Compressed(coding) => Some(format!(
                "a response compressed with {coding}, which was not requested"
            )),
            Self::Html { title: None } => Some("an HTML page".to_owned()),
            Self::Html { title: Some(title) } => Some(format!("an HTML page titled \"{title}\"")),
            Self::Xml => Some("an XML document".to_owned()),
            Self::Binary => Some("a binary response".to_owned()),
            Self::Guarded(_) | Self::Text => None,
        }
    }
}

/// The error for a body that is compressed, although the request did not ask for it.
pub(super) fn compressed(coding: &str) -> String {
    format!(
        "the body is compressed ({coding}), which was not requested: enable the feature `{coding}` of specmill-client"
    )
}

fn compression(start: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 2] = [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")];
    let mut known = MAGIC.into_iter();
    known
        .find(|(magic, _)| start.starts_with(magic))
        .map(|(_, coding)| coding)
}

/// Whether a byte is a control character that does not occur in text. Text may contain white space, form feeds and
/// escape sequences of terminals.
fn is_binary(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

fn markup(text: &str) -> Form {
    let lower = text.to_ascii_lowercase();
    let names = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<h1",
        "<title",
        "<center",
        "<p>",
    ];
    // XHTML begins with an XML declaration.
    let is_html = names.iter().any(|name| lower.starts_with(name)) || lower.contains("<html");
    if !is_html {
        return Form::Xml;
    }
    let title = lower.find("<title").and_then(|at| {
        let begin = at + lower[at..].find('>')? + 1;
        let end = begin + lower[begin..].find("</title")?;
        one_line(&text[begin..end], MAX_TITLE_LENGTH)
    });
    Form::Html { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &[u8]) -> Option<String> {
        Form::of(body).in_place_of_json()
    }

    #[test]
    fn a_body_that_is_not_json_is_described() {
        for (body, words) in [
            (
                &b"\x1f\x8b\x08\0\0"[..],
                "the body is compressed (gzip), which was not requested: enable the feature `gzip` of specmill-client",
            ),
            (
                b"\x28\xb5\x2f\xfd\0",
                "the body is compressed (zstd), which was not requested: enable the feature `zstd` of specmill-client",
            ),
            (
                b"\xef\xbb\xbf \n<!DOCTYPE html><html><head><TITLE lang=en>Sign\n in</TITLE>",
                "expected JSON, found an HTML page titled \"Sign in\"",
            ),
            (b"<html><body>", "expected JSON, found an HTML page"),
            (
                b"<?xml version=\"1.0\"?><html xmlns=\"x\">",
                "expected JSON, found an HTML page",
            ),
            (
                b"<?xml version=\"1.0\"?><Error/>",
                "expected JSON, found an XML document",
            ),
            (
                b")]}',\n{\"a\":1}",
                "expected JSON, found the guard prefix `)]}',` before it",
            ),
            (
                b"for(;;);{\"a\":1}",
                "expected JSON, found the guard prefix `for(;;);` before it",
            ),
            (b"\x89PNG\0", "expected JSON, found a binary response"),
        ] {
            assert_eq!(found(body).as_deref(), Some(words));
        }
        for body in [
            &b""[..],
            b" \n",
            b"{\"a\":1",
            b"[",
            b"plain words",
            b"\"<html>\"",
        ] {
            assert_eq!(found(body), None);
        }
    }

    #[test]
    fn a_title_cannot_forge_a_log_or_fill_it() {
        let page = format!(
            "<html><title>a\r\nERROR\x1b[31m {}</title>",
            "x".repeat(3_000)
        );
        let words = found(page.as_bytes()).unwrap();
        assert!(words.contains("\"a ERROR [31m xxx") && words.chars().count() < 160);
        assert!(!words.chars().any(char::is_control));
    }

    proptest::proptest! {
        #[test]
        fn any_body_has_a_form(body: Vec<u8>, text in "<{0,1}[<>a-z/!é]{0,40}") {
            Form::of(&body);
            Form::of(text.as_bytes());
            Form::of(format!("<title>{text}").as_bytes());
        }
    }
}
