//! Examples: the headers of a request, and JSON bodies with the line of every value.

use std::collections::HashMap;

use specmill_openapi::document::{child, parse_json};

use super::line::Line;
use super::page::{Header, JsonExample};

/// The headers of an example: `"Scp-ClientType = Openapi",`.
pub(super) fn headers(lines: &[Line<'_>]) -> Vec<Header> {
    lines.iter().filter_map(header).collect()
}

fn header(line: &Line<'_>) -> Option<Header> {
    let quotes = |c: char| matches!(c, '"' | '\'' | ',' | '`' | ' ' | '\\');
    let text = line.text.trim_matches(quotes);
    let (name, value) = text.split_once('=').or_else(|| text.split_once(':'))?;
    let (name, value) = (name.trim_matches(quotes), value.trim_matches(quotes));
    let token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let named = !name.is_empty() && name.len() <= 100 && name.chars().all(token);
    named.then(|| Header {
        line: line.number,
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

/// The JSON value among lines. What is no JSON, such as a shortened body, gives nothing.
pub(super) fn json(lines: &[Line<'_>]) -> Option<JsonExample> {
    let first = lines
        .iter()
        .position(|line| line.raw.trim_start().starts_with(['{', '[']))?;
    let last = lines
        .iter()
        .rposition(|line| line.raw.trim_end().ends_with(['}', ']']))?;
    let lines = lines.get(first..=last)?;
    let start = lines[0].number;
    let mut text = String::new();
    let mut number = start;
    for line in lines {
        // Lines that say nothing were left out; they count.
        text.extend(std::iter::repeat_n('\n', line.number - number));
        text.push_str(&line.raw);
        number = line.number;
    }
    let value = parse_json(&text).ok()?;
    Some(JsonExample {
        line: start,
        lines: member_lines(&text, start),
        value,
    })
}

/// The line of every value of a valid JSON text, by its pointer.
fn member_lines(text: &str, first: usize) -> HashMap<String, usize> {
    let mut lines = HashMap::new();
    let mut line = first;
    // The pointer of each open object or array, and the next index of an array.
    let mut open: Vec<(String, Option<usize>)> = Vec::new();
    let mut name: Option<String> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_name_possible =
            open.last().is_some_and(|(_, index)| index.is_none()) && name.is_none();
        match character {
            '\n' => line += 1,
            '}' | ']' => {
                open.pop();
            }
            ',' | ':' => {}
            space if space.is_whitespace() => {}
            start => {
                let mut end = text.len();
                if start == '"' {
                    while let Some((index, inner)) = characters.next() {
                        if inner == '\\' {
                            characters.next();
                        } else if inner == '"' {
                            end = index + 1;
                            break;
                        }
                    }
                    if is_name_possible {
                        let text = text
                            .get(at..end)
                            .and_then(|text| serde_json::from_str(text).ok());
                        name = Some(text.unwrap_or_default());
                        continue;
                    }
                } else if !matches!(start, '{' | '[') {
                    while characters
                        .next_if(|(_, c)| !matches!(c, ',' | '}' | ']') && !c.is_whitespace())
                        .is_some()
                    {}
                }
                let pointer = match open.last_mut() {
                    None => String::new(),
                    Some((parent, None)) => child(parent, &name.take().unwrap_or_default()),
                    Some((parent, Some(index))) => {
                        *index += 1;
                        format!("{parent}/{}", *index - 1)
                    }
                };
                lines.insert(pointer.clone(), line);
                if matches!(start, '{' | '[') {
                    open.push((pointer, (start == '[').then_some(0)));
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::text::lines;
    use super::*;

    #[test]
    fn every_member_has_its_line() {
        let page = "{\n  \"a\": [\n    1,\n\n    {\"b\": \"x,}\"}\n  ],\n  \"c/d\": null\n}";
        let lines = lines(page).lines;
        let example = json(&lines).unwrap();
        assert_eq!(example.line_of("/a/0"), 3);
        assert_eq!(example.line_of("/a/1/b"), 5);
        assert_eq!(example.line_of("/c~1d"), 7);
        assert_eq!(example.line_of("/a/1/b/missing"), 5);
    }

    #[test]
    fn headers_are_read_with_and_without_quotes() {
        let lines = lines("\"Scp-Signature = a=b=\",\nAccept-Language: en-US\nno header").lines;
        let found: Vec<_> = headers(&lines)
            .into_iter()
            .map(|header| (header.name, header.value))
            .collect();
        assert_eq!(
            found,
            [
                ("Scp-Signature".to_owned(), "a=b=".to_owned()),
                ("Accept-Language".to_owned(), "en-US".to_owned())
            ]
        );
    }

    #[test]
    fn a_shortened_body_is_no_example() {
        let lines = lines("{\n \"a\": 1,\n ...\n}").lines;
        assert_eq!(json(&lines), None);
    }
}
