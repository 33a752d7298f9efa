//! Escapes text from documents for the output format.

use std::fmt::Write;

/// Characters that are escaped: control characters, and those that reorder text.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Escapes one line for a terminal, so that it cannot move the cursor, set colours or reorder text.
pub(super) fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Escapes text of several lines; line breaks are kept.
#[cfg(feature = "template")]
pub(super) fn lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(line).collect();
    lines.join("\n")
}

/// Escapes text within Markdown, so that it contains no link, mention or markup.
#[cfg(feature = "template")]
pub(super) fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in line(text).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                safe.push('\\');
                safe.push(character);
            }
            plain => safe.push(plain),
        }
    }
    safe
}

/// A code span of Markdown, which contains no link, mention or markup.
pub(super) fn code(text: &str) -> String {
    let text = line(text);
    let (mut run, mut longest) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    if longest == 0 && !text.trim().is_empty() {
        format!("{fence}{text}{fence}")
    } else {
        format!("{fence} {text} {fence}")
    }
}

/// Escapes text of our own that is next to text from documents. It contains no markup.
pub(super) fn plain(text: &str) -> String {
    line(text).replace(['<', '>'], "")
}

/// A URL in angle brackets.
pub(super) fn address(text: &str) -> String {
    let plain = |character: &char| character.is_ascii_graphic() && !"<>\\".contains(*character);
    text.chars().filter(plain).collect()
}

/// Text or a quoted attribute of HTML.
pub(super) fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push('\n'),
            hidden if is_hidden(hidden) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(hidden));
            }
            plain => safe.push(plain),
        }
    }
    safe
}

/// The message of a workflow command.
pub(super) fn command(text: &str) -> String {
    line(text).replace('%', "%25")
}

/// A property of a workflow command.
pub(super) fn property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{code, command, html, line, property};

    #[test]
    fn a_line_escapes_hidden_characters() {
        assert_eq!(line("a é → b"), "a é → b");
        let shown = "\\u{1b}[31m\\u{a}\\u{85}\\u{200b}\\u{200f}\\u{2028}\\u{202e}\\u{2066}\\u{2069}\\u{feff}";
        assert_eq!(
            line("\u{1b}[31m\n\u{85}\u{200b}\u{200f}\u{2028}\u{202e}\u{2066}\u{2069}\u{feff}"),
            shown
        );
        // Code points next to the range.
        assert_eq!(
            line("\u{200a}\u{2010}\u{2027}\u{202f}\u{2065}\u{206a}"),
            "\u{200a}\u{2010}\u{2027}\u{202f}\u{2065}\u{206a}"
        );
    }

    #[test]
    fn a_code_span_is_fenced_by_more_backticks_than_it_contains() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` c"), "`` a `b` c ``");
        assert_eq!(code("``a`b```"), "```` ``a`b``` ````");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(
            (code(""), code(" ")),
            ("`  `".to_owned(), "`   `".to_owned())
        );
        assert_eq!(code("a\nb"), "`a\\u{a}b`");
    }

    #[test]
    fn html_markup_is_escaped() {
        assert_eq!(
            html("<a href=\"x\">'&'</a>\n\u{1b}é"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;\n\\u{1b}é"
        );
    }

    #[test]
    fn a_message_cannot_end_a_workflow_command() {
        assert_eq!(command("100% a,b:c\n"), "100%25 a,b:c\\u{a}");
        assert_eq!(property("100% a,b:c"), "100%25 a%2Cb%3Ac");
    }
}
