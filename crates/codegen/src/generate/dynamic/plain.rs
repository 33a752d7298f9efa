//! Converts the vendor's Markdown or HTML to plain text for terminals.

use specmill_openapi::names;

/// The maximum distance to the end of a link or an element, in bytes.
const FURTHEST: usize = 4096;
/// The maximum nesting of brackets in the text of a link.
const DEEPEST: usize = 4;
/// HTML elements that occur in descriptions; anything else in angle brackets is a placeholder.
const ELEMENTS: [&str; 18] = [
    "a", "b", "br", "code", "div", "em", "h1", "h2", "h3", "i", "li", "ol", "p", "pre", "span",
    "strong", "u", "ul",
];

/// Converts text to one line. Links are replaced by their text.
pub(super) fn line(text: &str) -> String {
    words(&markup(text, false))
}

/// Converts text to one line for each paragraph. The URL of a link follows its text.
pub(super) fn paragraphs(text: &str) -> String {
    each_paragraph(text, true).join("\n\n")
}

/// The first sentence of a text.
pub(super) fn sentence(text: &str) -> String {
    let all = each_paragraph(text, false);
    let first = all.first().map_or("", String::as_str);
    let mut end = first.len();
    for (at, _) in first.match_indices(". ") {
        let next = first[at + 2..].chars().next();
        let abbreviates = first[..at]
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.contains('.') || word.len() < 2);
        if next.is_some_and(char::is_uppercase) && !abbreviates {
            end = at + 1;
            break;
        }
    }
    first[..end].to_owned()
}

fn each_paragraph(text: &str, with_addresses: bool) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = markup(&text, with_addresses);
    let paragraphs = text.split("\n\n").map(words);
    paragraphs.filter(|one| !one.is_empty()).collect()
}

/// The words of a text, separated by single spaces, without control characters.
pub(super) fn words(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        word.chars()
            .filter(|character| names::is_visible(*character))
            .collect::<String>()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn markup(text: &str, with_addresses: bool) -> String {
    links(&html(text, with_addresses), with_addresses, 0)
}

/// A link as text.
fn link(text: &str, address: &str, with_addresses: bool) -> String {
    let is_absolute = address.starts_with("https://") || address.starts_with("http://");
    if text.is_empty() && is_absolute {
        address.to_owned()
    } else if with_addresses && is_absolute && text != address {
        format!("{text} ({address})")
    } else {
        text.to_owned()
    }
}

/// Replaces Markdown links and images by their text: `[text](URL)`, `<URL>`. Code is not changed.
fn links(text: &str, with_addresses: bool, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[', '<']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let taken = if from.starts_with('`') {
            let ticks = from.len() - from.trim_start_matches('`').len();
            let code = from[ticks..]
                .find(&from[..ticks])
                .map(|end| end + 2 * ticks);
            code.map(|end| (from[..end].to_owned(), end))
        } else if from.starts_with('<') {
            let end = close_of(from).filter(|end| !from[..*end].contains(char::is_whitespace));
            end.filter(|_| from[1..].starts_with("https://") || from[1..].starts_with("http://"))
                .map(|end| (from[1..end].to_owned(), end + 1))
        } else {
            inline_link(from)
                .filter(|_| depth < DEEPEST)
                .map(|(inner, address, end)| {
                    let inner = links(inner, with_addresses, depth + 1);
                    (link(inner.trim(), address, with_addresses), end)
                })
        };
        if let Some((shown, end)) = taken {
            if from.starts_with('[') && out.ends_with('!') {
                out.pop();
            }
            out.push_str(&shown);
            rest = &from[end..];
        } else {
            // These characters are one byte long.
            out.push_str(&from[..1]);
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The text and the URL of a link at the start of a string, and its end.
fn inline_link(text: &str) -> Option<(&str, &str, usize)> {
    let close = closing(text, '[', ']')?;
    let after = &text[close + 1..];
    if !after.starts_with('(') {
        return None;
    }
    let end = closing(after, '(', ')')?;
    let target = after[1..end].split_whitespace().next().unwrap_or_default();
    let address = target.trim_start_matches('<').trim_end_matches('>');
    Some((&text[1..close], address, close + 1 + end + 1))
}

/// The position that closes the bracket at the start of the text, within the paragraph.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices().take(FURTHEST) {
        if character == open {
            depth += 1;
        } else if character == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        } else if character == '\n' && text[at..].starts_with("\n\n") {
            return None;
        }
    }
    None
}

/// The end of a construct at the start of a string that `>` terminates.
fn close_of(text: &str) -> Option<usize> {
    text.bytes().take(FURTHEST).position(|byte| byte == b'>')
}

/// HTML elements as text: blocks are paragraphs, an anchor is a link.
fn html(text: &str, with_addresses: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The start of the text of each open anchor, and its URL.
    let mut anchors: Vec<(usize, String)> = Vec::new();
    let mut found = false;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let from = &rest[at..];
        let Some((name, attributes, closes, end)) = element(from) else {
            out.push('<');
            rest = &from[1..];
            continue;
        };
        found = true;
        match name.as_str() {
            "a" if !closes => anchors.push((out.len(), href(attributes).to_owned())),
            "a" => {
                if let Some((begin, address)) = anchors.pop() {
                    let inner = out.split_off(begin);
                    out.push_str(&link(inner.trim(), &address, with_addresses));
                }
            }
            "br" => out.push('\n'),
            "li" if !closes => out.push_str("\n\n- "),
            "p" | "div" | "h1" | "h2" | "h3" | "ul" | "ol" | "pre" => out.push_str("\n\n"),
            _ => {}
        }
        rest = &from[end..];
    }
    out.push_str(rest);
    if !found {
        return out;
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

/// The name and attributes of a tag at the start of a string, whether it is a closing tag, and its end.
fn element(text: &str) -> Option<(String, &str, bool, usize)> {
    let end = close_of(text)?;
    let inner = &text[1..end];
    let closes = inner.starts_with('/');
    let inner = inner
        .trim_start_matches('/')
        .trim_end_matches('/')
        .trim_end();
    let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let name = name.to_ascii_lowercase();
    ELEMENTS
        .contains(&name.as_str())
        .then_some((name, attributes, closes, end + 1))
}

fn href(attributes: &str) -> &str {
    let Some((_, value)) = attributes.split_once("href=") else {
        return "";
    };
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split_whitespace().next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_vendor_contains_no_terminal_commands() {
        assert_eq!(
            line("List\u{1b}[31m the\r\n users\u{202e} \u{7}."),
            "List[31m the users ."
        );
        assert_eq!(paragraphs("a\nb\r\n\r\n\r\nc"), "a b\n\nc");
    }

    #[test]
    fn a_link_becomes_its_text_and_in_paragraphs_also_its_url() {
        for (text, one_line, whole) in [
            (
                "See [the guide](https://a.test/g).",
                "See the guide.",
                "See the guide (https://a.test/g).",
            ),
            (
                "See [ids](/documentation/#ids) there",
                "See ids there",
                "See ids there",
            ),
            (
                "[a [b] c](https://a.test \"T\")",
                "a [b] c",
                "a [b] c (https://a.test)",
            ),
            (
                "![Chart](https://a.test/c.png)",
                "Chart",
                "Chart (https://a.test/c.png)",
            ),
            ("<https://a.test>", "https://a.test", "https://a.test"),
            (
                "[https://a.test](https://a.test)",
                "https://a.test",
                "https://a.test",
            ),
            ("[](https://a.test)", "https://a.test", "https://a.test"),
            (
                "An array[0] (of one), `[x](y)`",
                "An array[0] (of one), `[x](y)`",
                "An array[0] (of one), `[x](y)`",
            ),
            (
                "<p>A <a href=\"https://a.test\">link</a> &amp; <b>more</b></p><p>B</p>",
                "A link & more B",
                "A link (https://a.test) & more\n\nB",
            ),
            ("Give <id> or <a", "Give <id> or <a", "Give <id> or <a"),
            ("[open (", "[open (", "[open ("),
        ] {
            assert_eq!(line(text), one_line);
            assert_eq!(paragraphs(text), whole);
        }
    }

    #[test]
    fn a_sentence_ends_where_the_next_begins() {
        assert_eq!(
            sentence("All users, e.g. Ann. They log in.\n\nMore."),
            "All users, e.g. Ann."
        );
        assert_eq!(sentence("Version 1.2 of it"), "Version 1.2 of it");
        assert_eq!(sentence("First\n\nSecond"), "First");
    }

    #[test]
    fn unclosed_brackets_take_linear_time() {
        let text = "[".repeat(20_000);
        assert_eq!(line(&text), text);
    }
}
