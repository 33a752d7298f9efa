//! Formats JSON without changing the order, numbers or strings of the service.

use std::io::{self, Write};

use specmill::dynamic::is_unprintable;

/// The maximum indentation level. Without a limit, a small response with deep nesting would become huge.
const DEEPEST: usize = 50;

/// One array, written item by item.
#[derive(Debug, Default)]
pub(super) struct List {
    begun: bool,
}

impl List {
    pub(super) fn item(&mut self, item: &str, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.begun { b",\n  " } else { b"[\n  " })?;
        self.begun = true;
        write(item, 1, out)
    }

    pub(super) fn end(&mut self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

/// Writes a complete document on lines of its own.
pub(super) fn document(document: &str, out: &mut impl Write) -> io::Result<()> {
    write(document, 0, out)?;
    out.write_all(b"\n")
}

/// Writes valid JSON with a line for each property and item, indented by `depth` levels. Control characters in strings are
/// escaped.
fn write(json: &str, mut depth: usize, out: &mut impl Write) -> io::Result<()> {
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.write_all(b"\"")?;
                text(&mut characters, out)?;
            }
            '{' | '[' => {
                write!(out, "{character}")?;
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    write!(out, "{end}")?;
                } else {
                    depth += 1;
                    line(depth, out)?;
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(depth, out)?;
                write!(out, "{character}")?;
            }
            ',' => {
                out.write_all(b",")?;
                line(depth, out)?;
            }
            ':' => out.write_all(b": ")?,
            space if space.is_ascii_whitespace() => {}
            other => write!(out, "{other}")?,
        }
    }
    Ok(())
}

/// The rest of a JSON string, up to the closing quote.
fn text(characters: &mut impl Iterator<Item = char>, out: &mut impl Write) -> io::Result<()> {
    while let Some(character) = characters.next() {
        if is_unprintable(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            continue;
        }
        write!(out, "{character}")?;
        match character {
            '"' => break,
            '\\' => {
                if let Some(escaped) = characters.next() {
                    write!(out, "{escaped}")?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn line(depth: usize, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\n{:1$}", "", depth.min(DEEPEST) * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str) -> String {
        let mut out = Vec::new();
        document(json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_whitespace_changes() {
        assert_eq!(
            written(
                r#"{"z":1.0e2, "a" : [ ] ,"n":123456789012345678901234567890,"t":"a: {\"b\\"}"#
            ),
            "{\n  \"z\": 1.0e2,\n  \"a\": [],\n  \"n\": 123456789012345678901234567890,\n  \"t\": \"a: {\\\"b\\\\\"\n}\n"
        );
        assert_eq!(written("[1,{}]"), "[\n  1,\n  {}\n]\n");
        assert_eq!(written("null"), "null\n");
    }

    #[test]
    fn a_deeply_nested_response_does_not_become_huge() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert!(written(&deep).len() < 150 * deep.len());
    }

    #[test]
    fn control_characters_are_escaped_without_changing_the_value() {
        let json = "{\"a\":\"x\u{9b}\u{202e}\u{e0041}\u{7f}홍\"}";
        let written = written(json);
        assert!(
            !written
                .trim_end()
                .contains(|c| c != '\n' && is_unprintable(c)),
            "{written:?}"
        );
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&written), value(json));
    }

    #[test]
    fn a_list_of_any_length_is_one_array() {
        let list = |items: &[&str]| {
            let (mut list, mut out) = (List::default(), Vec::new());
            for item in items {
                list.item(item, &mut out).unwrap();
            }
            list.end(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(list(&[]), "[]\n");
        assert_eq!(
            list(&["1", r#"{"a":1}"#]),
            "[\n  1,\n  {\n    \"a\": 1\n  }\n]\n"
        );
    }
}
