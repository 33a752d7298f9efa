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
        index += 1 + usize::from(wrapped.is_some());
        let mut line = wrapped.unwrap_or_else(|| lines[index - 1].clone());
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

/// The header that begins here and whose last word goes on in the next line, because `w3m -dump` breaks Korean words.
fn wrapped_header<'a>(lines: &[Line<'a>]) -> Option<Line<'a>> {
    let [first, second, ..] = lines else {
        return None;
    };
    let is_part = second.number == first.number + 1
        && second.raw.starts_with(' ')
        && second.text.chars().count() <= 4
        && !second.text.contains(' ');
    if !is_part || columns_of_text(&first.text).is_some() {
        return None;
    }
    let text = format!("{}{}", first.text, second.text);
    table(&columns_of_text(&text)?)?;
    Some(Line {
        // Rows follow the second line.
        number: second.number,
        raw: Cow::Owned(format!("{}{}", first.raw.trim_end(), second.text)),
        text,
        ..first.clone()
    })
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
    for end in if is_all { [close, far] } else { [far, close] } {
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

/// How many lines are the foot of a page behind the last row of its last table: a blank line stands before them and none within
/// the table, and nothing in them could be of a row.
fn foot_behind(table: &[Line<'_>], lines: &[Line<'_>]) -> usize {
    let end = until_end(lines);
    let parted = match (table, lines) {
        ([first, .., last] | [first @ last], [foot, ..]) => {
            last.number + 1 == first.number + table.len()
                && foot.number > last.number + 1
                && end == lines.len()
        }
        _ => false,
    };
    let of_a_row = |line: &Line<'_>| {
        line.raw.contains('\t')
            || line
                .text
                .split(' ')
                .any(|word| marker(word).is_some() || is_location(word) || is_status(word))
    };
    if parted && !lines[..end].iter().any(of_a_row) {
        end
    } else {
        0
    }
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
