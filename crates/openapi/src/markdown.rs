//! Vendor prose as `CommonMark` that every renderer reads the same way, rustdoc among them.

use std::borrow::Cow;

/// Escapes text that a renderer would interpret as markup: angle brackets, brackets that are not links, bare URLs.
///
/// Code spans, code blocks, links and escaped text are not changed, so escaping is idempotent. Line ends become line
/// feeds. Control characters and marks that change the direction of text are removed, since a compiler rejects them in
/// a comment.
pub fn escape(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ["```", "~~~"]
            .into_iter()
            .find(|marker| start.starts_with(marker));
        match (fence, marker) {
            (None, Some(marker)) => fence = Some(marker),
            (Some(open), Some(marker)) if open == marker => fence = None,
            (None, None) => {
                escape_line(line, &mut out);
                continue;
            }
            _ => {}
        }
        out.push_str(line);
    }
    out
}

fn visible(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
    {
        return Cow::Borrowed(text);
    }
    let hidden = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !hidden(c)).collect()
}

fn escape_line(line: &str, out: &mut String) {
    let mut rest = line;
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        let plain = rest.find(['\\', '`', '<', '[', ']', 'h']);
        let length = match character {
            _ if plain != Some(0) => plain.unwrap_or(rest.len()),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => code_span(rest),
            '<' => autolink(rest).unwrap_or_else(|| {
                out.push('\\');
                1
            }),
            '[' => link(rest).unwrap_or_else(|| {
                out.push('\\');
                1
            }),
            ']' => {
                out.push('\\');
                1
            }
            'h' if !before.is_alphanumeric() && address(rest) > 0 => {
                let length = address(rest);
                out.push('<');
                out.push_str(&rest[..length]);
                out.push('>');
                before = '>';
                rest = &rest[length..];
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..length]);
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
}

/// The length of a code span, or of its opening if it is not closed.
fn code_span(text: &str) -> usize {
    let ticks = text.bytes().take_while(|byte| *byte == b'`').count();
    let mut from = ticks;
    while let Some(found) = text[from..].find('`') {
        let start = from + found;
        let run = text[start..]
            .bytes()
            .take_while(|byte| *byte == b'`')
            .count();
        if run == ticks {
            return start + run;
        }
        from = start + run;
    }
    ticks
}

/// The length of `<https://…>`.
fn autolink(text: &str) -> Option<usize> {
    let length = address(text.get(1..)?);
    (length > 0 && text[1 + length..].starts_with('>')).then_some(length + 2)
}

/// The length of `[text](target)`, on one line.
fn link(text: &str) -> Option<usize> {
    let close = text.find(']')?;
    if text[1..close].contains('[') || !text[close + 1..].starts_with('(') {
        return None;
    }
    let target = &text[close + 2..];
    let end = target.find(')')?;
    let plain = !target[..end].contains(|c: char| c.is_whitespace() || c == '<' || c == '(');
    (plain && end > 0).then_some(close + 2 + end + 1)
}

/// The length of the URL at the start of a string; 0 if there is none.
fn address(text: &str) -> usize {
    let Some(scheme) = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.starts_with(scheme))
    else {
        return 0;
    };
    let end = text
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '[' | '`' | ')' | ']' | '\\')
        })
        .unwrap_or(text.len());
    let length = text[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len();
    if length > scheme.len() { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_outside_of_links_are_escaped() {
        assert_eq!(
            escape("a list[string] of [ids]"),
            r"a list\[string\] of \[ids\]"
        );
        assert_eq!(
            escape("see [the page](https://a.test/x)"),
            "see [the page](https://a.test/x)"
        );
    }

    #[test]
    fn angle_brackets_are_text() {
        assert_eq!(escape("Vec<T> or <id>"), r"Vec\<T> or \<id>");
    }

    #[test]
    fn a_bare_url_becomes_a_link() {
        assert_eq!(
            escape("see https://a.test/x?y=1, and so on."),
            "see <https://a.test/x?y=1>, and so on."
        );
        assert_eq!(escape("(http://a.test)."), "(<http://a.test>).");
        assert_eq!(escape("<https://a.test>"), "<https://a.test>");
        assert_eq!(escape("https:// is a scheme"), "https:// is a scheme");
    }

    #[test]
    fn invisible_characters_are_removed() {
        assert_eq!(
            escape("a\u{202e}b\u{2066}c\0d\u{1b}[0me\tf"),
            "abcd\\[0me\tf"
        );
        assert_eq!(escape("a\r\nb\rc\n"), "a\nb\nc\n");
        assert_eq!(escape("```\n\u{202e}\n```"), "```\n\n```");
    }

    #[test]
    fn code_is_unchanged() {
        assert_eq!(
            escape("`a[0]` and ``b`[1]`` and a[0]"),
            r"`a[0]` and ``b`[1]`` and a\[0\]"
        );
        assert_eq!(
            escape("x\n```\na[0] <b>\n```\n[y]"),
            "x\n```\na[0] <b>\n```\n\\[y\\]"
        );
    }

    #[test]
    fn escaping_is_idempotent() {
        for text in [
            "a[0] <b> https://a.test/c",
            r"\[x\] `y[",
            "사용자 <이름> [목록]",
            "`",
            "\\",
            "[a](b",
            "]",
        ] {
            let once = escape(text);
            assert_eq!(escape(&once), once, "{text}");
        }
    }
}
