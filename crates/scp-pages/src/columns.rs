//! Tables in aligned columns, as `w3m -dump` prints them: cells are wrapped to the width of their column and centred vertically in
//! their row, and no line separates two rows.

use unicode_width::UnicodeWidthChar as _;

use super::facts;
use super::grid::{Header, Row, TALLEST_ROW};
use super::line::{Line, spaces};
use super::table::spaced_columns;

/// How many ways to part the columns are tried.
const MOST_PARTINGS: usize = 200;

/// What stands behind the first half of a wide character.
const WIDE: char = '\0';

/// A line of a terminal: a character for each column.
type Cells = Vec<char>;

/// The rows of a table in columns; none where the lines are none. `first` is the line of the header.
pub(super) fn rows(header: &Header, first: &str, body: &[Line<'_>]) -> Option<Vec<Row>> {
    let head = terminal(first);
    let lines: Vec<Cells> = body_lines(body);
    let words = words(first)?;
    let gaps: Vec<Vec<usize>> = words
        .windows(2)
        .map(|pair| gaps(&head, &lines, pair[0].1, pair[1].0))
        .collect();
    let mut partings: Vec<Vec<usize>> = vec![Vec::new()];
    for gap in &gaps {
        partings = partings
            .iter()
            .flat_map(|parting| gap.iter().map(|at| [parting.as_slice(), &[*at]].concat()))
            .take(MOST_PARTINGS)
            .collect();
    }
    partings.iter().find_map(|parting| {
        let columns: Vec<Vec<String>> = lines.iter().map(|line| part(line, parting)).collect();
        let rows = rows_of(header, &columns)?;
        // The lines of a table are counted without those that say nothing.
        let mut at = 0;
        let said = |range: std::ops::Range<usize>| {
            columns[range]
                .iter()
                .filter(|line| line.iter().any(|cell| !cell.is_empty()))
                .count()
        };
        Some(
            rows.into_iter()
                .map(|(height, cells)| {
                    let taken = said(at..at + height);
                    at += height;
                    (taken, header.kept(cells))
                })
                .collect(),
        )
    })
}

/// The lines of a table, those that say nothing among them.
fn body_lines(body: &[Line<'_>]) -> Vec<Cells> {
    let mut lines = Vec::new();
    let mut next = body.first().map_or(0, |line| line.number);
    for line in body {
        lines.extend(std::iter::repeat_n(
            Cells::new(),
            line.number.saturating_sub(next).min(TALLEST_ROW),
        ));
        next = line.number + 1;
        lines.push(terminal(&line.raw));
    }
    lines
}

fn terminal(line: &str) -> Cells {
    let mut cells = Cells::new();
    for character in line.trim_end().chars() {
        match character.width() {
            Some(0) | None => {}
            Some(width) => {
                cells.push(character);
                cells.extend(std::iter::repeat_n(WIDE, width - 1));
            }
        }
    }
    cells
}

/// Where each word of the header begins and ends, in columns of the terminal.
fn words(header: &str) -> Option<Vec<(usize, usize)>> {
    let column = |at: usize| {
        terminal(&header[..at]).len() + header[..at].len() - header[..at].trim_end().len()
    };
    let found = spaced_columns(header)?;
    Some(
        found
            .into_iter()
            .map(|(_, range)| (column(range.start), column(range.end)))
            .collect(),
    )
}

/// Where a column may end between two words of the header: the first column behind each run of blanks in all lines.
fn gaps(head: &Cells, lines: &[Cells], from: usize, to: usize) -> Vec<usize> {
    let is_blank = |at: usize| {
        std::iter::once(head).chain(lines).all(|line| {
            line.get(at)
                .is_none_or(|character| *character == ' ' || *character == '\u{a0}')
        })
    };
    let blank: Vec<bool> = (from..=to).map(|at| at < to && is_blank(at)).collect();
    (1..blank.len())
        .filter(|at| blank[at - 1] && !blank[*at])
        .map(|at| from + at)
        .collect()
}

/// The cells of a line.
fn part(line: &Cells, parting: &[usize]) -> Vec<String> {
    let mut cells = Vec::with_capacity(parting.len() + 1);
    let mut start = 0;
    for end in parting.iter().copied().chain([usize::MAX]) {
        let end = end.min(line.len());
        let text: String = line[start.min(end)..end]
            .iter()
            .filter(|c| **c != WIDE)
            .collect();
        cells.push(spaces(&text));
        start = end;
    }
    cells
}

/// Parts the lines of a table into rows: of each, every cell is centred in its height, or at its top, and together they are a row
/// of the table.
fn rows_of(header: &Header, lines: &[Vec<String>]) -> Option<Vec<Row>> {
    let widths: Vec<usize> = (0..header.columns.len())
        .map(|column| {
            lines
                .iter()
                .map(|line| width(&line[column]))
                .max()
                .unwrap_or(0)
        })
        .collect();
    // From the last line on: the height of the row that begins there, where the rest can be parted too.
    let mut heights: Vec<Option<usize>> = vec![None; lines.len() + 1];
    heights[lines.len()] = Some(0);
    let mut found: Vec<Option<Vec<String>>> = vec![None; lines.len()];
    for start in (0..lines.len()).rev() {
        for height in 1..=TALLEST_ROW.min(lines.len() - start) {
            if heights[start + height].is_none() {
                continue;
            }
            // Paragraphs in cells put a blank line between two rows.
            if height == 1 && lines[start].iter().all(String::is_empty) {
                heights[start] = Some(1);
                break;
            }
            if let Some(cells) = row(header, &lines[start..start + height], &widths) {
                heights[start] = Some(height);
                found[start] = Some(cells);
                break;
            }
        }
    }
    let mut rows = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let height = heights[start]?;
        match found[start].take() {
            Some(cells) => rows.push((height, cells)),
            None => {
                // The blank line belongs to the row above it.
                if let Some((above, _)) = rows.last_mut() {
                    *above += height;
                }
            }
        }
        start += height;
    }
    Some(rows)
}

fn row(header: &Header, lines: &[Vec<String>], widths: &[usize]) -> Option<Vec<String>> {
    let height = lines.len();
    let mut cells = Vec::with_capacity(widths.len());
    let mut tallest = 0;
    let (mut centred, mut at_top) = (true, true);
    // Below a paragraph is a blank line, which counts for the height of its cell and of its row.
    let has_paragraphs = lines.iter().any(|line| line.iter().all(String::is_empty));
    for (column, width) in widths.iter().enumerate() {
        let said = |line: &Vec<String>| !line[column].is_empty();
        let Some(first) = lines.iter().position(said) else {
            cells.push(String::new());
            continue;
        };
        let last = lines.iter().rposition(said).unwrap_or(first);
        let tall = last - first + 1;
        tallest = tallest.max(tall);
        centred &= first == (height - tall) / 2
            || (has_paragraphs && first == height.saturating_sub(tall + 1) / 2);
        at_top &= first == 0;
        cells.push(joined(
            lines[first..=last].iter().map(|line| line[column].as_str()),
            *width,
        ));
    }
    let is_last_blank = lines[height - 1].iter().all(String::is_empty);
    let fits = tallest == height || (tallest + 1 == height && is_last_blank);
    (fits && (centred || at_top) && header.accepts(&cells)).then_some(cells)
}

/// The lines of a cell as the page has them: a line that the next word had no room on was wrapped.
pub(super) fn joined<'a>(lines: impl Iterator<Item = &'a str>, room: usize) -> String {
    let mut out = String::new();
    let mut before = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            let is_within_word =
                ends_wide(&out) && begins_wide(line) && begins_no_fact(line) && before + 2 > room;
            let word = line.split(' ').next().unwrap_or_default();
            if is_within_word {
                // Text of wide characters, such as Korean, is wrapped between any two of them.
            } else if before + 1 + width(word) > room {
                out.push(' ');
            } else {
                out.push('\n');
            }
        }
        out.push_str(line);
        before = width(line);
    }
    out
}

fn ends_wide(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_wide)
}

fn begins_wide(text: &str) -> bool {
    text.chars().next().is_some_and(is_wide)
}

fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

/// Whether a line begins no fact, such as an example, for which it would be a line of its own.
fn begins_no_fact(line: &str) -> bool {
    let (before, facts) = facts::split(line, false);
    facts.is_empty() || !before.is_empty()
}

pub(super) fn width(text: &str) -> usize {
    text.chars().filter_map(char::width).sum()
}
