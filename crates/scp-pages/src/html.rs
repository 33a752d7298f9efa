//! Converts a page of HTML to lines: its text, its headings, and the rows of its tables.

use std::borrow::Cow;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::line::{Line, spaces};

/// Elements that hold nothing of the page itself.
const SKIPPED: [&str; 13] = [
    "head", "script", "style", "template", "nav", "aside", "footer", "noscript", "svg", "button",
    "form", "select", "iframe",
];

/// Elements whose content begins on a line of its own.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "tr",
];

/// Elements that must be closed and may stand around a page.
const OUTER: [&str; 4] = ["main", "div", "article", "section"];

/// The most cells that one cell stands for.
const WIDEST_CELL: usize = 20;

/// Whether a page is HTML.
pub(super) fn is_html(page: &str) -> bool {
    let start = page.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head: String = start
        .chars()
        .take(4000)
        .collect::<String>()
        .to_ascii_lowercase();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with('<')
            && [
                "<body", "<main", "<div", "<article", "<section", "<h1", "<h2", "<table", "<!--",
            ]
            .iter()
            .any(|tag| head.starts_with(tag)))
}

/// The end of a page of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// An element is not closed.
    Open,
    /// The element around the page is closed.
    Closed,
    /// The page has no element around it.
    Unknown,
}

/// The lines of a page, and its end.
pub(super) fn lines(page: &str) -> (Vec<Line<'static>>, End) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(page.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut reader = Reader::default();
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        let number = |at: usize| starts.partition_point(|start| *start <= at).max(1);
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let span = tag.attributes.get(&b"colspan"[..]);
                let span = span.and_then(|value| String::from_utf8_lossy(value).parse().ok());
                reader.start(
                    &name,
                    number(tag.span.start),
                    span.unwrap_or(1),
                    tag.self_closing,
                );
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                reader.end(&name);
            }
            Token::String(text) => {
                reader.text(&String::from_utf8_lossy(&text), number(text.span.start));
            }
            _ => {}
        }
    }
    reader.flush();
    let is_open = reader.tables > 0
        || reader.pre > 0
        || reader.outer_depth > 0
        || !reader.skipped.is_empty()
        || (reader.html && !reader.html_closed);
    let end = if is_open {
        End::Open
    } else if reader.html || !reader.outer.is_empty() {
        End::Closed
    } else {
        End::Unknown
    };
    (reader.lines, end)
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line<'static>>,
    /// The elements that are skipped, the outermost first.
    skipped: Vec<String>,
    html: bool,
    html_closed: bool,
    /// The element around a page without `<html>`, and how many of its name are open.
    outer: String,
    outer_depth: usize,
    heading: usize,
    pre: usize,
    tables: usize,
    /// The text of the line so far, and where it begins.
    text: String,
    number: usize,
    /// The cells of the row so far, and where it begins.
    row: Option<(usize, Vec<String>)>,
    /// How many columns the last cell spans.
    span: usize,
}

impl Reader {
    fn start(&mut self, name: &str, number: usize, span: usize, self_closing: bool) {
        if !self.skipped.is_empty() || SKIPPED.contains(&name) {
            if !self_closing && SKIPPED.contains(&name) {
                self.skipped.push(name.to_owned());
            }
            return;
        }
        self.html |= name == "html";
        if self.outer.is_empty() && self.lines.is_empty() && OUTER.contains(&name) {
            name.clone_into(&mut self.outer);
        }
        self.outer_depth += usize::from(self.outer == name);
        match name {
            "br" => self.line_end(),
            "td" | "th" if self.tables == 1 => {
                let (_, cells) = self.row.get_or_insert((number, Vec::new()));
                // What spans several columns stands in the first of them.
                let spanned = std::mem::replace(&mut self.span, span.clamp(1, WIDEST_CELL));
                cells.extend(std::iter::repeat_n(
                    String::new(),
                    spanned.saturating_sub(1),
                ));
                cells.push(String::new());
            }
            _ if BLOCKS.contains(&name) => {
                self.line_end();
                match name {
                    "table" => {
                        self.flush();
                        self.tables += 1;
                    }
                    "tr" if self.tables == 1 => {
                        self.flush();
                        self.row = Some((number, Vec::new()));
                        self.span = 1;
                    }
                    "pre" => self.pre += 1,
                    _ => {}
                }
                self.heading += usize::from(is_heading(name));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(open) = self.skipped.last() {
            if open == name {
                self.skipped.pop();
            }
            return;
        }
        self.html_closed |= name == "html";
        if self.outer == name {
            self.outer_depth = self.outer_depth.saturating_sub(1);
        }
        if !BLOCKS.contains(&name) {
            return;
        }
        self.line_end();
        match name {
            "table" => {
                if self.tables == 1 {
                    self.flush();
                }
                self.tables = self.tables.saturating_sub(1);
            }
            "tr" if self.tables == 1 => self.flush(),
            "pre" => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
        self.heading = self.heading.saturating_sub(usize::from(is_heading(name)));
    }

    fn text(&mut self, text: &str, number: usize) {
        if !self.skipped.is_empty() {
            return;
        }
        if let Some((_, cells)) = &mut self.row {
            if let Some(cell) = cells.last_mut() {
                cell.push_str(&if self.pre > 0 {
                    text.to_owned()
                } else {
                    text.replace(['\n', '\r'], " ")
                });
            }
            return;
        }
        if self.pre == 0 {
            if self.text.is_empty() {
                self.number = number
                    + text[..text.len() - text.trim_start().len()]
                        .matches('\n')
                        .count();
            }
            self.text.push_str(&text.replace(['\n', '\r', '\t'], " "));
            return;
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.flush();
            }
            if self.text.is_empty() {
                self.number = number + index;
            }
            self.text.push_str(line);
        }
    }

    /// A line ends: within a cell, or the line itself.
    fn line_end(&mut self) {
        match &mut self.row {
            Some((_, cells)) => {
                if let Some(cell) = cells.last_mut() {
                    cell.push('\n');
                }
            }
            None => self.flush(),
        }
    }

    /// Ends the row or the line that was begun.
    fn flush(&mut self) {
        if let Some((number, cells)) = self.row.take() {
            let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                self.lines.push(Line::row(number, cells));
            }
        }
        let text = std::mem::take(&mut self.text);
        let shown = spaces(&text);
        if !shown.is_empty() {
            self.lines.push(Line {
                number: self.number,
                raw: Cow::Owned(text),
                text: shown,
                cells: None,
                heading: self.heading > 0,
                separator: None,
                exact: false,
            });
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// A cell without the space around its lines.
fn cell_text(cell: &str) -> String {
    let lines: Vec<String> = cell
        .split('\n')
        .map(spaces)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_headings_and_code_are_read_without_what_is_around_them() {
        let page = "<!DOCTYPE html>\n<html><head><title>T</title><style>a{}</style></head>\n<body><nav><a>Home</a></nav>\n<h2>A &amp;\n B</h2>\n<p>one<br>two</p><table><tr><th>Name<th>Schema</tr>\n<tr><td>size<br><em>optional</em><td></td></tr></table>\n<pre><code>{\n  &quot;a&quot;: 1\n}</code></pre><script>if (a < b) {}</script></body></html>";
        let (lines, end) = lines(page);
        let shown: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line.number,
                    line.heading,
                    line.text.as_str(),
                    line.cells.clone(),
                )
            })
            .collect();
        let row = |cells: &[&str]| {
            Some(
                cells
                    .iter()
                    .map(|cell| (*cell).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            shown,
            [
                (4, true, "A & B", None),
                (6, false, "one", None),
                (6, false, "two", None),
                (6, false, "Name Schema", row(&["Name", "Schema"])),
                (7, false, "size\noptional", row(&["size\noptional", ""])),
                (8, false, "{", None),
                (9, false, "\"a\": 1", None),
                (10, false, "}", None),
            ]
        );
        assert_eq!(lines[6].raw, "  \"a\": 1");
        assert_eq!(end, End::Closed);
    }

    #[test]
    fn a_page_whose_end_is_missing_is_open() {
        for page in [
            "<html><body><p>a",
            "<table><tr><td>a",
            "<div><pre>a",
            "<div><p>a<p>b",
            "<main><div>a</div>",
        ] {
            assert_eq!(lines(page).1, End::Open, "{page}");
        }
        assert_eq!(lines("<div><div>a</div><p>b</div>").1, End::Closed);
        assert_eq!(lines("<h1>a</h1><p>b").1, End::Unknown);
    }

    #[test]
    fn markdown_and_text_are_no_html() {
        for page in ["# A\n<br>", "ListUsers", "<br>a", "`<html>`"] {
            assert!(!is_html(page), "{page}");
        }
    }
}
