//! The code on a Markdown page, and the text around it.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The maximum nesting of indented code blocks and HTML in which code is searched.
const DEEPEST: usize = 3;

/// A code block or a code span.
#[derive(Debug, Clone)]
pub(super) struct Code {
    /// The line of the page on which the content begins.
    pub(super) line: usize,
    /// The content.
    pub(super) text: String,
    /// The language of its fence, in lower case.
    pub(super) language: String,
    /// Whether it has its closing fence or does not need one.
    pub(super) closed: bool,
    /// Whether it is a code span.
    pub(super) span: bool,
}

/// The content of a page.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    /// Its code, in the order of the page.
    pub(super) code: Vec<Code>,
    /// The lines outside of code, with their numbers.
    pub(super) prose: Vec<(usize, String)>,
    /// HTML comments that contain code, with the lines on which they begin.
    pub(super) comments: Vec<(usize, String)>,
}

/// Replaces every line end by a line feed, and removes the zero-width characters that some editors put around lines, so that
/// fences are recognised. The number of lines does not change.
pub(super) fn clean(page: &str) -> String {
    let page = page.replace("\r\n", "\n").replace('\r', "\n");
    let lines = page.split('\n').map(|line| {
        let content = line.trim_start_matches(|c| is_invisible(c) || is_margin(c));
        let margin = line[..line.len() - content.len()].chars();
        let margin: String = margin
            .filter(|c| !is_invisible(*c))
            .map(|c| if c == '\u{a0}' { ' ' } else { c })
            .collect();
        margin + content.trim_end_matches(is_invisible)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a character has no width.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}'
    )
}

/// Whether a character may precede a fence: indentation and quote markers.
fn is_margin(character: char) -> bool {
    matches!(character, ' ' | '\t' | '>' | '\u{a0}')
}

/// Parses a page that [`clean`] returned.
pub(super) fn read(page: &str) -> Markdown {
    let mut found = Markdown::default();
    part(page, 1, DEEPEST, &mut found);
    found.code.sort_by_key(|code| code.line);
    found.prose.sort_by_key(|(line, _)| *line);
    found
}

/// Parses a part of a page that begins on the line `first`.
fn part(text: &str, first: usize, depth: usize, found: &mut Markdown) {
    let line_of = |at: usize| first + text[..at].matches('\n').count();
    let mut prose = text.as_bytes().to_vec();
    let mut events = Parser::new_ext(text, Options::empty()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut content = String::new();
                let mut begins = None;
                for (event, range) in events.by_ref() {
                    match event {
                        Event::Text(text) => {
                            begins.get_or_insert(range.start);
                            content.push_str(&text);
                        }
                        Event::End(TagEnd::CodeBlock) => break,
                        _ => {}
                    }
                }
                let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                let below_fence = line_of(range.start) + usize::from(fenced);
                let code = Code {
                    line: begins.map_or(below_fence, line_of),
                    closed: !fenced || is_closed(&text[range.clone()]),
                    span: false,
                    language: match &kind {
                        CodeBlockKind::Fenced(info) => language(info),
                        CodeBlockKind::Indented => String::new(),
                    },
                    // A block of a single line, as on most pages, is kept without its line end.
                    text: content.trim_end().to_owned(),
                };
                blank(&mut prose, &range);
                if !fenced && depth > 0 && has_fence(&code.text) {
                    part(&code.text, code.line, depth - 1, found);
                } else {
                    found.code.push(code);
                }
            }
            Event::Code(text) => {
                found.code.push(Code {
                    line: line_of(range.start),
                    text: text.trim().to_owned(),
                    language: String::new(),
                    closed: true,
                    span: true,
                });
                blank(&mut prose, &range);
            }
            Event::Start(Tag::HtmlBlock) => {
                let html = &text[range.clone()];
                let line = line_of(range.start);
                if html.trim_start().starts_with("<!--") {
                    found.comments.push((line, html.to_owned()));
                    blank(&mut prose, &range);
                } else if depth > 0 && has_fence(html) {
                    // CommonMark does not recognise a fence directly below a tag, but pages contain such fences.
                    let without_tags: Vec<&str> = html
                        .split('\n')
                        .map(|line| {
                            if line.trim_start().starts_with('<') {
                                ""
                            } else {
                                line
                            }
                        })
                        .collect();
                    part(&without_tags.join("\n"), line, depth - 1, found);
                    blank(&mut prose, &range);
                }
            }
            _ => {}
        }
    }
    let prose = String::from_utf8_lossy(&prose);
    let lines = prose.split('\n').enumerate();
    found
        .prose
        .extend(lines.map(|(index, line)| (first + index, line.to_owned())));
}

/// Overwrites a part of the text with spaces, except its line ends.
fn blank(text: &mut [u8], range: &Range<usize>) {
    for byte in &mut text[range.clone()] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// The first word after a fence.
fn language(info: &str) -> String {
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    word.trim_matches(is_invisible).to_lowercase()
}

/// Whether a line of the text begins with a fence.
fn has_fence(text: &str) -> bool {
    text.split('\n').any(|line| {
        let line = line.trim_start_matches(is_margin);
        line.starts_with("```") || line.starts_with("~~~")
    })
}

/// Whether the last line of a fenced block is its closing fence.
fn is_closed(block: &str) -> bool {
    let opening = block.trim_start_matches(is_margin);
    let marker = opening.chars().next().unwrap_or('`');
    let length = opening.chars().take_while(|c| *c == marker).count();
    let last = block.trim_end().rsplit_once('\n').map(|(_, last)| last);
    last.is_some_and(|last| {
        let last = last.trim_matches(is_margin);
        last.chars().count() >= length && last.chars().all(|c| c == marker)
    })
}
