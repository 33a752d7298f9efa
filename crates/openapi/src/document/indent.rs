//! Indents JSON without changing its scalars: numbers and escapes stay as published.

/// Re-indents JSON with two spaces per level and a final newline.
///
/// The input must be valid JSON. Strings and numbers are copied unchanged; only the white space between them changes.
pub fn indent_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                while let Some(inner) = characters.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            space if space.is_ascii_whitespace() => {}
            scalar => out.push(scalar),
        }
    }
    out.push('\n');
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_unchanged() {
        let published = r#"{"a":1.0,"b":[1e3,"x\u003c, {\"y\":1}"],"c":{},"d":[ ],"e":12345678901234567890123}"#;
        let indented = indent_json(published);
        assert_eq!(
            indented,
            "{\n  \"a\": 1.0,\n  \"b\": [\n    1e3,\n    \"x\\u003c, {\\\"y\\\":1}\"\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": 12345678901234567890123\n}\n"
        );
        assert_eq!(indent_json(&indented), indented);
    }
}
