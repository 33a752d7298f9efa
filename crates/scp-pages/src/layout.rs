//! Finds the tables of plain text whose cells are separated by tabs or spaces, and splits them into rows of cells.
//!
//! A browser separates copied cells by tabs, `w3m -dump` aligns a table in columns, and `lynx -dump` writes the cells of a row one
//! after the other.

use std::borrow::Cow;

use super::boxes;
use super::columns;
use super::flow;
use super::grid::{Header, Row, TALLEST_ROW};
use super::label::{Heading, Label, is_status, method_line};
use super::line::{Line, trim};
use super::properties::is_location;
use super::row::{marker, name_and_marker};
use super::table::{Table, columns_of_text, table};

/// The most lines that one table is looked for in.
const LONGEST_TABLE: usize = 5000;

/// The most lines of the foot of a page, if it cannot be told from paragraphs by blank lines alone.
const LONGEST_FOOT: usize = 3;

/// Puts the rows of such tables in place of the lines that they were printed on. The header of a table whose rows cannot be told
/// is marked as exact, so that what another reading misses of it is seen.
pub(super) fn with_rows<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let mut out: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut index = 0;
    while index < lines.len() {
        if let Some((taken, rows)) = boxes::rows(&lines[index..]) {
            out.extend(rows);
            let (table, behind) = lines[index..].split_at(taken);
            index += taken + foot_behind(table, behind);
            continue;
        }
        let wrapped = wrapped_header(&lines[index..]);
        let (height, mut line) = wrapped.unwrap_or_else(|| (1, lines[index].clone()));
        index += height;
        let Some(header) = Header::read(&line.raw) else {
            out.push(line);
            continue;
        };
        line.exact = true;
        let number = line.number;
        let by_tabs = line.raw.contains('\t');
        out.push(line);
        let body = &lines[index..];
        let rows = if by_tabs {
            by_tab(&header, body)
        } else {
            by_blanks(&header, number, &out, body)
        };
        let begin = index;
        for (taken, cells) in rows {
            out.push(Line::row(lines[index].number, cells));
            index += taken;
        }
        index += foot_behind(&lines[begin..index], &lines[index..]);
    }
    out
}

/// The header that begins here and whose last word takes two or three lines, and how many lines it takes: `w3m -dump` breaks
/// Korean words, and centres the other words.
fn wrapped_header<'a>(lines: &[Line<'a>]) -> Option<(usize, Line<'a>)> {
    let is_piece = |line: &Line<'_>| {
        line.raw.starts_with(' ')
            && line.text.chars().count() <= 4
            && !line.text.contains(' ')
            && columns_of_text(&line.text).is_none()
    };
    for height in [2, 3] {
        let lines = lines.get(..height)?;
        let (above, rest) = lines.split_at((height - 1) / 2);
        let (main, below) = rest.split_first()?;
        let consecutive = lines
            .windows(2)
            .all(|pair| pair[0].number + 1 == pair[1].number);
        let pieces = above.iter().chain(below);
        if !consecutive || !pieces.clone().all(is_piece) || columns_of_text(&main.text).is_some() {
            continue;
        }
        let joined = |text: &str| {
            let above: String = above.iter().map(|line| line.text.as_str()).collect();
            let below: String = below.iter().map(|line| line.text.as_str()).collect();
            let (before, last) = text.trim_end().rsplit_once(' ').unwrap_or(("", text));
            format!("{before} {above}{last}{below}")
        };
        let text = joined(&main.text);
        if columns_of_text(&text).is_none_or(|columns| table(&columns).is_none()) {
            continue;
        }
        let header = Line {
            // Rows follow the last line.
            number: lines[height - 1].number,
            raw: Cow::Owned(joined(&main.raw)),
            text,
            ..main.clone()
        };
        return Some((height, header));
    }
    None
}

/// The rows of a table set in columns or written in a flow.
fn by_blanks(header: &Header, number: usize, before: &[Line<'_>], body: &[Line<'_>]) -> Vec<Row> {
    let raw = before.last().map_or("", |line| &*line.raw);
    // A blank line ends the table, unless one stands within a cell.
    let mut next = number + 1;
    let close = body
        .iter()
        .take_while(|line| std::mem::replace(&mut next, line.number + 1) == line.number)
        .count();
    let far = until_end(body);
    let is_all = close == far || foot_behind(&body[..close], &body[close..]) > 0;
    // The foot of a page follows a blank line, as paragraphs do.
    let feet = (close + 1..far)
        .rev()
        .take(LONGEST_FOOT)
        .filter(|at| body[*at].number > body[at - 1].number + 1)
        .filter(|at| is_foot(&body[*at..]) && is_foot_of_paragraphs(&body[*at..]));
    let ends: Vec<usize> = if is_all {
        vec![close, far]
    } else {
        [far].into_iter().chain(feet).chain([close]).collect()
    };
    for end in ends {
        let body = &body[..end.min(LONGEST_TABLE)];
        if body.is_empty() {
            continue;
        }
        if let Some(rows) = columns::rows(header, raw, body).or_else(|| flow::rows(header, body)) {
            return rows;
        }
    }
    Vec::new()
}

/// Whether a line begins something else than the row of a table.
fn ends_table(line: &Line<'_>) -> bool {
    matches!(Label::read(&line.text), Some(label) if !matches!(label, Label::Description))
        || method_line(&line.text).is_some()
        || Heading::read(&line.text).is_some()
        || Header::read(&line.raw).is_some()
}

/// How many lines stand before the one that ends a table.
fn until_end(lines: &[Line<'_>]) -> usize {
    lines
        .iter()
        .take(LONGEST_TABLE)
        .take_while(|line| !ends_table(line))
        .count()
}

/// How many lines are the foot of a page behind the last row of its last table: a blank line stands before them, none within the
/// table if they are many, and nothing in them could be of a row.
fn foot_behind(table: &[Line<'_>], lines: &[Line<'_>]) -> usize {
    let parted = match (table, lines) {
        ([first, .., last] | [first @ last], [foot, ..]) => {
            let is_contiguous = last.number + 1 == first.number + table.len();
            (is_contiguous || is_foot_of_paragraphs(lines)) && foot.number > last.number + 1
        }
        _ => false,
    };
    if parted && is_foot(lines) {
        lines.len()
    } else {
        0
    }
}

/// Whether lines behind paragraphs are a foot and not the beginning of a row, which is one word, or a description with a margin.
fn is_foot_of_paragraphs(lines: &[Line<'_>]) -> bool {
    let is_foot = |line: &Line<'_>| {
        let margin = line.raw.len() - line.raw.trim_start().len();
        margin <= 3 && line.text.contains(' ')
    };
    lines.len() <= LONGEST_FOOT && lines.iter().all(is_foot)
}

/// Whether lines end the page, and none of them could be of a row.
fn is_foot(lines: &[Line<'_>]) -> bool {
    let of_a_row = |line: &Line<'_>| {
        let mut words = line.text.split(' ');
        line.raw.contains('\t')
            || words.any(|word| marker(word).is_some() || is_location(word) || is_status(word))
    };
    until_end(lines) == lines.len() && !lines.iter().any(of_a_row)
}

/// The rows of a table whose cells tabs part; the lines within a cell are lines of the text.
fn by_tab(header: &Header, body: &[Line<'_>]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest = body;
    while let Some(row) = one_by_tab(header, rest) {
        rest = &rest[row.0..];
        rows.push(row);
    }
    rows
}

fn one_by_tab(header: &Header, lines: &[Line<'_>]) -> Option<Row> {
    let mut cells = vec![String::new()];
    for (index, line) in lines.iter().take(TALLEST_ROW).enumerate() {
        if index > 0 {
            // An editor may have removed the tabs at the end of a line, and with them the last cells.
            let next_begins = begins_by_tab(header, &lines[index..]);
            if next_begins && header.accepts(&cells) {
                return Some((index, header.kept(cells)));
            }
            if ends_table(line) {
                break;
            }
        }
        for (piece, text) in line.raw.trim_matches(['\r', '\n']).split('\t').enumerate() {
            if piece > 0 {
                cells.push(String::new());
            }
            let (cell, text) = (cells.last_mut()?, trim(text));
            if !cell.is_empty() && !text.is_empty() {
                cell.push('\n');
            }
            cell.push_str(text);
        }
        if cells.len() > header.columns.len() {
            break;
        }
        if cells.len() == header.columns.len() && header.accepts(&cells) {
            let more = block_of_cell(line, &lines[index + 1..]);
            if let (Some(cell), [_, ..]) = (cells.last_mut(), more) {
                let texts: Vec<&str> = more.iter().map(|line| trim(&line.raw)).collect();
                *cell = texts.join("\n");
            }
            return Some((index + 1 + more.len(), cells));
        }
    }
    // What ends the table ends its last row.
    last_by_tab(header, lines)
}

/// The lines of a cell that is a block of its own, below a line that holds the tab before it and nothing else.
fn block_of_cell<'a, 'b>(tab: &Line<'_>, lines: &'a [Line<'b>]) -> &'a [Line<'b>] {
    if !trim(&tab.raw).is_empty() {
        return &[];
    }
    let mut next = tab.number + 1;
    let taken = lines
        .iter()
        .take_while(|line| {
            std::mem::replace(&mut next, line.number + 1) == line.number
                && !line.raw.contains('\t')
                && !ends_table(line)
        })
        .count();
    &lines[..taken]
}

/// A last row whose last cells are missing: the fewest lines that are one.
fn last_by_tab(header: &Header, lines: &[Line<'_>]) -> Option<Row> {
    let mut text = String::new();
    for (index, line) in lines.iter().take(TALLEST_ROW).enumerate() {
        if index > 0 {
            if ends_table(line) {
                break;
            }
            text.push('\n');
        }
        text.push_str(line.raw.trim_matches(['\r', '\n']));
        let cells: Vec<String> = text
            .split('\t')
            .map(|cell| {
                cell.split('\n')
                    .map(trim)
                    .filter(|line| !line.is_empty())
                    .collect::<Vec<_>>()
                    .join("\n")
            })
            .collect();
        if cells.len() > header.columns.len() {
            return None;
        }
        if cells.len() > 1 && header.accepts(&cells) {
            return Some((index + 1, header.kept(cells)));
        }
    }
    None
}

/// Whether a row begins here: with its location and a tab, or with a name above its marker.
fn begins_by_tab(header: &Header, lines: &[Line<'_>]) -> bool {
    let first = &lines[0].raw;
    match header.table {
        Table::Parameters => first
            .split_once('\t')
            .is_some_and(|(location, _)| is_location(trim(location))),
        Table::Responses => first
            .split_once('\t')
            .is_some_and(|(status, _)| is_status(trim(status))),
        _ => {
            let second = lines
                .get(1)
                .map_or("", |line| line.raw.split('\t').next().unwrap_or_default());
            let name = first.split('\t').next().unwrap_or_default();
            marker(trim(second)).is_some() && super::row::is_name(trim(name))
                || name_and_marker(trim(name)).is_some()
        }
    }
}
