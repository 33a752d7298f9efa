//! The vendor's prose as the Markdown of doc comments.

use specmill_openapi::markdown;

/// The length of a doc comment's line, in characters.
const LINE_LENGTH: usize = 96;

/// The lines of a doc comment, wrapped between words, except code and tables.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in text.trim().lines() {
        let marker = line.trim_start();
        if marker.starts_with("```") || marker.starts_with("~~~") {
            in_code = !in_code;
            lines.push(format!(" {line}"));
        } else if line.is_empty() {
            lines.push(String::new());
        } else if in_code || marker.starts_with('|') || marker.starts_with('#') {
            lines.push(format!(" {line}"));
        } else {
            wrap(line, &mut lines);
        }
    }
    lines
}

fn wrap(line: &str, lines: &mut Vec<String>) {
    let indentation = &line[..line.len() - line.trim_start().len()];
    // The continuation of a list item is indented to its text.
    let hanging = if line.trim_start().starts_with("- ") {
        "  "
    } else {
        ""
    };
    let mut current = indentation.to_owned();
    let mut length = indentation.chars().count();
    let mut begun = false;
    for word in line.split_whitespace() {
        let of_word = word.chars().count();
        let full = length + of_word >= LINE_LENGTH;
        // A line must not begin with a marker of a list, a quote or a heading.
        let begins_block = word.starts_with(['-', '+', '*', '>', '#', '=', '|'])
            || word.ends_with(['.', ')']) && word.starts_with(|c: char| c.is_ascii_digit());
        if full && begun && !begins_block {
            lines.push(format!(" {current}"));
            current = format!("{indentation}{hanging}");
            length = current.chars().count();
        } else if begun {
            current.push(' ');
            length += 1;
        }
        current.push_str(word);
        length += of_word;
        begun = true;
    }
    lines.push(format!(" {current}"));
}

/// A vendor's description for rustdoc. Code in it is not Rust, so it is neither compiled nor run.
///
/// A fenced block is kept as text. Other code blocks of rustdoc, such as a fence within a quote or a list, and indented lines,
/// become plain text.
pub(super) fn description(text: &str) -> String {
    let mut lines = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for line in text.trim().lines() {
        let (marker, length, rest) = fence_of(line);
        match fence {
            Some((open, least)) if marker == open && length >= least && rest.is_empty() => {
                lines.push(open.to_string().repeat(least));
                fence = None;
            }
            Some(_) => lines.push(line.to_owned()),
            None if length >= 3 && !(marker == '`' && rest.contains('`')) => {
                lines.push(format!("{}text", marker.to_string().repeat(length)));
                fence = Some((marker, length));
            }
            None => {
                let words: Vec<&str> = line.split_whitespace().collect();
                let mut words = words.join(" ");
                for (fence, escaped) in [("```", "\\`\\`\\`"), ("~~~", "\\~\\~\\~")] {
                    if words.contains(fence) {
                        words = words.replace(fence, escaped);
                    }
                }
                lines.push(words);
            }
        }
    }
    if let Some((open, length)) = fence {
        lines.push(open.to_string().repeat(length));
    }
    let text = lines.join("\n").trim_end().to_owned();
    if text.ends_with(['.', '!', '?', ':', '`', '~', '>', ')']) || text.is_empty() {
        text
    } else {
        text + "."
    }
}

/// The marker at the start of a line, its repetitions, and the remaining text.
fn fence_of(line: &str) -> (char, usize, &str) {
    let line = line.trim();
    let marker = line
        .chars()
        .next()
        .filter(|marker| matches!(marker, '`' | '~'))
        .unwrap_or(' ');
    let length = line
        .chars()
        .take_while(|character| *character == marker)
        .count();
    (marker, length, line[length..].trim())
}

/// A name from the document within backticks.
pub(super) fn inline(name: &str) -> String {
    specmill_openapi::diagnostic::visible(&name.replace('`', "'"))
}

/// A line from the document that is not CommonMark, such as a summary.
pub(super) fn line(text: &str) -> String {
    description(&markdown::escape(
        &text.split_whitespace().collect::<Vec<_>>().join(" "),
    ))
}
