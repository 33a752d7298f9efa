//! Converts a page to lines without markup.

use std::borrow::Cow;

use super::line::{LINK, Line, is_space, spaces, trim};
use super::{boxes, html, layout};

/// How wide `lynx -dump` makes a line of preformatted text before it breaks it.
const WIDEST_LINE: usize = 80;

/// The lines of a page, and its format.
pub(super) struct Text<'a> {
    /// The lines that contain text.
    pub(super) lines: Vec<Line<'a>>,
    /// Whether it is Markdown.
    pub(super) markdown: bool,
    /// The reason why its end must be missing, if markup or a list is not closed.
    pub(super) open: Option<&'static str>,
    /// Whether it ends as only a complete page does.
    pub(super) closed: bool,
}

/// The lines of a page.
pub(super) fn lines(page: &str) -> Text<'_> {
    if html::is_html(page) {
        let (lines, end) = html::lines(page);
        return Text {
            lines,
            markdown: true,
            open: (end == html::End::Open).then_some("an element of the HTML is not closed"),
            closed: end == html::End::Closed,
        };
    }
    let (lines, markdown) = lines_of_text(page);
    if markdown {
        return Text {
            open: markdown_is_open(page, &lines),
            lines,
            markdown,
            closed: false,
        };
    }
    let (lines, numbering) = without_links(lines);
    let mut open = (numbering == Links::Unlisted)
        .then_some("the list of references at the end of a page of `lynx -dump` is missing");
    if boxes::is_open(&lines) {
        open = Some("the border of a table is not closed");
    }
    let mut lines = layout::with_rows(&lines);
    for line in &mut lines {
        line.text.retain(|character| character != LINK);
    }
    Text {
        lines,
        markdown,
        open,
        closed: numbering == Links::Listed,
    }
}

/// The reason why the end of a Markdown page must be missing: an open code block, an open row, or a lone mark.
fn markdown_is_open(page: &str, lines: &[Line<'_>]) -> Option<&'static str> {
    let mut fence: Option<(char, usize)> = None;
    for line in page.lines().map(trim) {
        let Some(mark) = line.chars().next().filter(|_| is_fence(line)) else {
            continue;
        };
        let length = line.chars().take_while(|c| *c == mark).count();
        let is_bare = line.chars().all(|c| c == mark);
        fence = match fence {
            None => Some((mark, length)),
            Some((open, least)) if open == mark && length >= least && is_bare => None,
            open => open,
        };
    }
    let last = lines.last()?;
    let text = trim(&last.raw);
    let is_row = text.starts_with('|') && last.separator.is_none();
    if fence.is_some() {
        Some("a code block is not closed")
    } else if is_row && (!text.ends_with('|') || has_fewer_cells(lines)) {
        Some("a row of a table is not closed")
    } else if text.chars().all(|c| c == '#') || matches!(text, "`" | "``" | "~" | "~~") {
        Some("its last line has only a mark of Markdown")
    } else {
        None
    }
}

/// Whether the last row of a table has fewer cells than the separator above it. The row of a body has three.
fn has_fewer_cells(lines: &[Line<'_>]) -> bool {
    let Some(cells) = lines.last().and_then(|line| line.cells.as_ref()) else {
        return false;
    };
    let is_body = cells[0].eq_ignore_ascii_case("body");
    let mut above = lines.iter().rev().take_while(|line| line.cells.is_some());
    let separator = above.find_map(|line| line.separator);
    !is_body && separator.is_some_and(|columns| columns > cells.len())
}

/// Whether the links of a page are numbered, and listed at its end, as `lynx -dump` prints them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    None,
    Listed,
    Unlisted,
}

/// Removes the numbers of links and the list of them at the end of a page.
fn without_links(mut lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Links) {
    let numbered = lines
        .iter()
        .filter(|line| link_number(&line.text).is_some())
        .count();
    if numbered < 2 && !lines.iter().any(|line| line.text.starts_with("[1]")) {
        return (lines, Links::None);
    }
    let is_title = |line: &Line<'_>| {
        let text = line.text.trim_end_matches(':');
        matches!(text, "References" | "Visible links")
    };
    let begins_list =
        |next: &Line<'_>| is_title(next) || next.text.starts_with("1. ") || next.text == "1.";
    // A section of the page may have the same title.
    let list = (0..lines.len())
        .rev()
        .find(|index| is_title(&lines[*index]) && lines.get(index + 1).is_none_or(begins_list));
    let Some(list) = list else {
        // Lists in examples have such numbers too; two of them before words are those of links.
        let unlisted = if numbered >= 2 {
            Links::Unlisted
        } else {
            Links::None
        };
        return (lines, unlisted);
    };
    lines.truncate(list);
    let mut broken: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    for mut line in lines {
        while let Some((at, length)) = link_number(&line.text) {
            line.text
                .replace_range(at..at + length, LINK.encode_utf8(&mut [0; 4]));
        }
        match broken.last_mut() {
            Some(before)
                if before.number + 1 == line.number
                    && !before.raw.starts_with("   ")
                    && before
                        .raw
                        .rsplit('\n')
                        .next()
                        .is_some_and(|last| last.chars().count() == WIDEST_LINE) =>
            {
                before.raw = Cow::Owned(format!("{}{}", before.raw, line.raw));
                before.text.push_str(&line.text);
            }
            _ => broken.push(line),
        }
    }
    (broken, Links::Listed)
}

/// The first number of a link in a line: `[12]` right before a word.
fn link_number(text: &str) -> Option<(usize, usize)> {
    text.match_indices('[').find_map(|(at, _)| {
        let digits = text[at + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let after = text[at + 1 + digits..].strip_prefix(']')?;
        let before = text[..at].chars().next_back();
        let free = before.is_none_or(|c| matches!(c, ' ' | '[' | '(' | ','));
        let word = after.starts_with(|c: char| c.is_alphabetic() || c == '/');
        ((1..=5).contains(&digits) && free && word).then_some((at, digits + 2))
    })
}

/// The lines of a page that say something, and whether it is Markdown.
fn lines_of_text(page: &str) -> (Vec<Line<'_>>, bool) {
    let markdown = is_markdown(page);
    let mut lines = Vec::new();
    for (index, raw) in page.lines().enumerate() {
        let trimmed = trim(raw);
        if trimmed.is_empty() || is_fence(trimmed) {
            continue;
        }
        lines.push(if markdown {
            markdown_line(index + 1, raw, trimmed)
        } else {
            plain_line(index + 1, raw, trimmed)
        });
    }
    (lines, markdown)
}

/// A table row, a heading or a fence makes a page Markdown.
fn is_markdown(page: &str) -> bool {
    page.lines().map(trim).any(|line| {
        line.starts_with('|')
            || is_fence(line)
            || (line.starts_with('#') && line.trim_start_matches('#').starts_with(' '))
    })
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~")
}

fn plain_line<'a>(number: usize, raw: &'a str, trimmed: &str) -> Line<'a> {
    Line {
        number,
        raw: Cow::Borrowed(raw),
        text: spaces(trimmed),
        cells: None,
        heading: false,
        separator: None,
        exact: false,
    }
}

fn markdown_line<'a>(number: usize, raw: &'a str, trimmed: &str) -> Line<'a> {
    let mut line = Line {
        number,
        raw: Cow::Borrowed(raw),
        text: String::new(),
        cells: None,
        heading: false,
        separator: None,
        exact: false,
    };
    let mut rest = trimmed;
    let marks = rest.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&marks) && rest[marks..].starts_with(is_space) {
        line.heading = true;
        rest = trim(rest[marks..].trim_end_matches('#'));
    } else if let Some(item) = ["- ", "* ", "+ "]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
    {
        rest = trim(item);
    }
    let cells = split_cells(rest);
    if cells.len() > 1 || rest.starts_with('|') || has_last_bar(rest) {
        let dashes = |cell: &String| {
            cell.len() > 1 && cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':'))
        };
        if cells.iter().any(dashes) && cells.iter().all(|cell| dashes(cell) || cell.is_empty()) {
            line.separator = Some(cells.len());
        }
        let cells: Vec<String> = cells.iter().map(|cell| inline(cell)).collect();
        line.text = cells
            .iter()
            .filter(|cell| !cell.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        line.cells = Some(cells);
    } else {
        line.text = inline(rest);
    }
    line
}

/// The cells between the bars of a row. A bar after a backslash is text.
fn split_cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        let last = cells.len() - 1;
        match character {
            '\\' if characters.peek() == Some(&'|') => cells[last].extend(characters.next()),
            '|' => cells.push(String::new()),
            other => cells[last].push(other),
        }
    }
    if row.starts_with('|') {
        cells.remove(0);
    }
    if cells.len() > 1
        && row.ends_with('|')
        && cells.last().is_some_and(|cell| trim(cell).is_empty())
    {
        cells.pop();
    }
    cells.iter().map(|cell| trim(cell).to_owned()).collect()
}

/// Whether a line ends with a bar outside its text: the end of a cell whose start is further up.
fn has_last_bar(line: &str) -> bool {
    line.ends_with('|') && !line.ends_with("\\|")
}

/// Text without the markup inside a line.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut open = [false; 2];
    while let Some(character) = rest.chars().next() {
        let (taken, written): (usize, &str) = match character {
            '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => (2, &rest[1..2]),
            '`' => code_span(rest),
            '<' => tag(rest).unwrap_or((1, "<")),
            '&' => entity(rest).unwrap_or((1, "&")),
            '[' => match link(rest) {
                Some((taken, label)) => {
                    out.push_str(&inline_label(label));
                    rest = &rest[taken..];
                    continue;
                }
                None => (1, "["),
            },
            '*' | '_' => {
                let run = rest.chars().take_while(|next| *next == character).count();
                let open = &mut open[usize::from(character == '_')];
                let marks = is_emphasis(*open, character, out.chars().next_back(), &rest[run..]);
                *open ^= marks;
                (run, if marks { "" } else { &rest[..run] })
            }
            other => (other.len_utf8(), &rest[..other.len_utf8()]),
        };
        out.push_str(written);
        rest = &rest[taken..];
    }
    let lines: Vec<String> = out
        .split('\n')
        .map(spaces)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// The label of a link holds no links; its emphasis goes.
fn inline_label(label: &str) -> String {
    label.replace(['*', '`', '\\'], "")
}

/// Whether asterisks or underscores open or close emphasis: `*required*` has both, `user_id`, `_id` and
/// `[a-z]*[0-9]*` have none.
fn is_emphasis(open: bool, mark: char, before: Option<char>, after: &str) -> bool {
    let outside = |character: Option<char>| {
        character.is_none_or(|c| is_space(c) || matches!(c, '.' | ',' | ':' | ';' | '(' | ')'))
    };
    let next = after.chars().next();
    if open {
        !outside(before) && outside(next)
    } else {
        outside(before) && !outside(next) && after.contains(mark)
    }
}

/// A code span: its length, and the text in it.
fn code_span(text: &str) -> (usize, &str) {
    let ticks = text.bytes().take_while(|byte| *byte == b'`').count();
    let inner = &text[ticks..];
    match inner.find(&text[..ticks]) {
        Some(end) => (ticks + end + ticks, inner[..end].trim()),
        None => (ticks, ""),
    }
}

/// A tag of HTML that shapes text: its length, and what stands for it.
fn tag(text: &str) -> Option<(usize, &'static str)> {
    const KNOWN: [&str; 12] = [
        "br", "p", "em", "strong", "code", "i", "b", "span", "a", "small", "sup", "div",
    ];
    let window = &text.as_bytes()[..text.len().min(64)];
    let end = window.iter().position(|byte| *byte == b'>')?;
    let name = text.get(1..end)?.trim_matches('/');
    let name = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let written = if matches!(name.as_str(), "br" | "p" | "div") {
        "\n"
    } else {
        ""
    };
    KNOWN.contains(&name.as_str()).then_some((end + 1, written))
}

fn entity(text: &str) -> Option<(usize, &'static str)> {
    const KNOWN: [(&str, &str); 8] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&nbsp;", " "),
        ("&#124;", "|"),
    ];
    KNOWN
        .iter()
        .find(|(name, _)| text.starts_with(name))
        .map(|(name, written)| (name.len(), *written))
}

/// A link: its length, and its label.
fn link(text: &str) -> Option<(usize, &str)> {
    let window = &text.as_bytes()[..text.len().min(500)];
    let close = window.iter().position(|byte| *byte == b']')?;
    let label = text.get(1..close)?;
    if label.contains('[') || window.get(close + 1) != Some(&b'(') {
        return None;
    }
    let end = window[close..].iter().position(|byte| *byte == b')')? + close;
    text.get(close..end)
        .filter(|target| !target.contains('\n'))?;
    Some((end + 1, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &str) -> Vec<String> {
        lines(page)
            .lines
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn plain_text_keeps_every_character() {
        assert_eq!(
            texts("Example : *a*_b_\\_c`d` | <br>"),
            ["Example : *a*_b_\\_c`d` | <br>"]
        );
    }

    #[test]
    fn markup_goes_and_names_stay() {
        let page = "# T\n**State** ACTIVE\n| excluded\\_group\\_id *required* | user_id | `a_b` | [User](#user) | _id |\n^[a-z]*[0-9]*$";
        let Text {
            lines, markdown, ..
        } = lines(page);
        assert!(markdown && lines[0].heading);
        assert_eq!(lines[1].text, "State ACTIVE");
        assert_eq!(
            lines[2].cells.as_deref().unwrap(),
            [
                "excluded_group_id required",
                "user_id",
                "a_b",
                "User",
                "_id"
            ]
        );
        assert_eq!(lines[3].text, "^[a-z]*[0-9]*$");
    }

    #[test]
    fn a_line_break_in_a_cell_is_a_line_feed() {
        let lines = lines("| size<br>optional | a &lt; b \\| c | |").lines;
        assert_eq!(
            lines[0].cells.as_deref().unwrap(),
            ["size\noptional", "a < b | c", ""]
        );
    }

    #[test]
    fn separators_are_told_from_a_row_that_holds_a_dash() {
        let lines = lines("|---|\n| --- | :-: |\n| - |\n| 1.4 | - |").lines;
        let separators: Vec<_> = lines.iter().map(|line| line.separator).collect();
        assert_eq!(separators, [Some(1), Some(2), None, None]);
    }

    #[test]
    fn a_line_of_brackets_and_ticks_without_end_is_read_in_time() {
        for piece in ["[", "`", "<", "*", "_", "\\", "&", "|", "[]("] {
            let page = format!("# x\n{}", piece.repeat(200_000));
            let begun = std::time::Instant::now();
            let lines = lines(&page).lines;
            // Reading that looks ahead from each sign would take hours.
            assert!(begun.elapsed().as_secs() < 20, "{piece}");
            assert!(!lines.is_empty(), "{piece}");
        }
    }
}
