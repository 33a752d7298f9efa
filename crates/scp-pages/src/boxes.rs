//! Tables with drawn borders, as `w3m -dump` prints them.

use super::columns::{joined, width};
use super::line::{Line, spaces, trim};

/// The first line of a table that is drawn.
fn begins(line: &Line<'_>) -> bool {
    trim(&line.raw).starts_with('┌')
}

/// Whether the last table that is drawn has no end.
pub(super) fn is_open(lines: &[Line<'_>]) -> bool {
    let last = lines
        .iter()
        .rev()
        .find_map(|line| trim(&line.raw).chars().next().filter(|c| "┌└".contains(*c)));
    last == Some('┌')
}

/// The rows of the table that begins here, the header among them, and how many lines it takes; none where its end is missing.
pub(super) fn rows<'a>(lines: &[Line<'a>]) -> Option<(usize, Vec<Line<'a>>)> {
    if !begins(lines.first()?) {
        return None;
    }
    let mut rows = Vec::new();
    let mut open: Vec<&Line<'_>> = Vec::new();
    for (index, line) in lines.iter().enumerate().skip(1) {
        match trim(&line.raw).chars().next()? {
            '│' => open.push(line),
            '├' | '└' => {
                let first = open.first()?.number;
                rows.push(Line::row(first, cells(&open)?));
                open.clear();
                if trim(&line.raw).starts_with('└') {
                    return Some((index + 1, rows));
                }
            }
            _ => return None,
        }
    }
    None
}

/// The cells of a row that is printed on these lines.
fn cells(lines: &[&Line<'_>]) -> Option<Vec<String>> {
    let mut columns: Vec<Vec<(String, usize)>> = Vec::new();
    for line in lines {
        let inner = trim(&line.raw).strip_prefix('│')?.strip_suffix('│')?;
        let pieces: Vec<&str> = inner.split('│').collect();
        if columns.is_empty() {
            columns = vec![Vec::new(); pieces.len()];
        }
        if columns.len() != pieces.len() {
            return None;
        }
        for (column, piece) in columns.iter_mut().zip(pieces) {
            column.push((spaces(piece), width(piece)));
        }
    }
    Some(
        columns
            .iter()
            .map(|lines| {
                let room = lines.iter().map(|(_, width)| *width).max().unwrap_or(0);
                joined(lines.iter().map(|(line, _)| line.as_str()), room)
            })
            .collect(),
    )
}
