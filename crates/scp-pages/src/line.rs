//! A line of a page, and its white space.

use std::borrow::Cow;

/// What stands for the number that `lynx -dump` writes before the text of a link.
pub(super) const LINK: char = '\u{e000}';

/// A line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its number on the page, from 1.
    pub(super) number: usize,
    /// As it stands on the page.
    pub(super) raw: Cow<'a, str>,
    /// Without markup and without space around it; a `<br>` is a line feed.
    pub(super) text: String,
    /// The cells, where the line is one of a Markdown table.
    pub(super) cells: Option<Vec<String>>,
    /// Whether Markdown marks it as a heading.
    pub(super) heading: bool,
    /// Whether it is a separator such as `|---|`, and of how many cells.
    pub(super) separator: Option<usize>,
    /// Whether it is of a table all of whose cells the page shows: what cannot be read of it is an error.
    pub(super) exact: bool,
}

impl Line<'_> {
    /// The row of a table that shows all of its cells.
    pub(super) fn row(number: usize, cells: Vec<String>) -> Self {
        let said: Vec<&str> = cells
            .iter()
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
            .collect();
        Self {
            number,
            raw: Cow::Owned(cells.join("\t")),
            text: said.join(" "),
            cells: Some(cells),
            heading: false,
            separator: None,
            exact: true,
        }
    }
}

/// Space in any script, byte order marks and what has no width.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

pub(super) fn trim(line: &str) -> &str {
    line.trim_matches(is_space)
}

/// Runs of space become one blank; what has no width goes.
pub(super) fn spaces(text: &str) -> String {
    text.split(is_space)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
