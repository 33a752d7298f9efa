//! Values as YAML.

use std::io::{self, Write};

use serde_json::Value;

use crate::visible::visible;

/// One sequence, written item by item.
#[derive(Debug, Default)]
pub(super) struct List {
    begun: bool,
}

impl List {
    pub(super) fn item(
        &mut self,
        item: &Value,
        to_terminal: bool,
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.begun = true;
        write(&[item], to_terminal, out)
    }

    pub(super) fn end(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.begun {
            Ok(())
        } else {
            out.write_all(b"[]\n")
        }
    }
}

/// Writes a complete document.
pub(super) fn document(value: &Value, to_terminal: bool, out: &mut impl Write) -> io::Result<()> {
    write(value, to_terminal, out)
}

fn write(
    value: &(impl serde::Serialize + ?Sized),
    to_terminal: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = yaml_serde::to_string(value).map_err(io::Error::other)?;
    if !to_terminal {
        return out.write_all(text.as_bytes());
    }
    text.lines()
        .try_for_each(|line| writeln!(out, "{}", visible(line)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(items: &[Value]) -> String {
        let (mut list, mut out) = (List::default(), Vec::new());
        for item in items {
            list.item(item, false, &mut out).unwrap();
        }
        list.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn items_are_one_sequence() {
        let items = [
            json!({"id": "a", "on": true, "tags": ["x"]}),
            json!({"id": "no", "n": null}),
        ];
        let text = list(&items);
        assert_eq!(yaml_serde::from_str::<Vec<Value>>(&text).unwrap(), items);
        assert_eq!(list(&[]), "[]\n");
    }

    #[test]
    fn strings_that_look_like_other_types_are_quoted() {
        for text in [
            "no",
            "1",
            "null",
            "a: b",
            "- x",
            "2026-01-02",
            "",
            "a\nb",
            "\u{1b}[2J",
            "'",
        ] {
            let mut out = Vec::new();
            document(&json!({ "t": text }), false, &mut out).unwrap();
            let read: Value = yaml_serde::from_slice(&out).unwrap();
            assert_eq!(read["t"], text);
        }
    }
}
