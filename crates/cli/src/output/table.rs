//! Aligned columns.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::visible::visible;

/// The number of rows that determine the widths. Later rows are written as they arrive, so that lists of any length
/// need little memory.
const MEASURED: usize = 1000;
/// The maximum width of a column that others are aligned to, in terminal cells.
const WIDEST: usize = 60;
/// The width of a line up to which columns are aligned, in terminal cells. Without a limit, short rows below a wide
/// one would become a huge table.
const ALIGNED: usize = 1000;
/// The separator of columns.
const GAP: &str = "  ";

/// A table that is written as its rows arrive.
pub(super) struct Table {
    cut: Option<usize>,
    /// Rows that are held back until the widths are known.
    held: Vec<Vec<String>>,
    /// The widths of the columns; `None` until they are known.
    widths: Option<Vec<usize>>,
    /// The names of the columns; empty if rows have none.
    names: Vec<String>,
    /// The number of shown columns; `None` for all.
    shown: Option<usize>,
}

impl Table {
    pub(super) fn new(cut: Option<usize>) -> Self {
        Self {
            cut,
            held: Vec::new(),
            widths: None,
            names: Vec::new(),
            shown: None,
        }
    }

    /// Begins with the names of the columns.
    pub(super) fn header(&mut self, names: &[String]) {
        self.hold(names);
        self.names = names.to_vec();
    }

    /// The names of the columns that do not fit the line.
    pub(super) fn hidden(&self) -> &[String] {
        self.shown
            .and_then(|shown| self.names.get(shown..))
            .unwrap_or_default()
    }

    fn hold(&mut self, cells: &[String]) {
        let cells = cells.iter().map(|cell| visible(cell).into_owned());
        self.held.push(cells.collect());
    }

    pub(super) fn row(&mut self, cells: &[String], out: &mut impl Write) -> io::Result<()> {
        self.hold(cells);
        if self.widths.is_some() || self.held.len() > MEASURED {
            self.flush(out)?;
        }
        Ok(())
    }

    /// Writes the rows that are held back.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        if self.widths.is_none() && !self.names.is_empty() {
            let widths = widths(&held);
            self.shown = self.cut.map(|width| fitting(&widths, width));
        }
        let widths = self.widths.get_or_insert_with(|| widths(&held));
        for row in &held {
            let shown = self.shown.unwrap_or(row.len()).min(row.len());
            let line = line(&row[..shown], widths);
            match self.cut {
                Some(width) => writeln!(out, "{}", cut(&line, width))?,
                None => writeln!(out, "{line}")?,
            }
        }
        Ok(())
    }
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width().min(WIDEST));
        }
    }
    let mut used = 0;
    for width in &mut widths {
        used += *width;
        if used > ALIGNED {
            *width = 0;
        }
    }
    widths
}

/// The number of columns that fit into the width; at least one, which is truncated.
fn fitting(widths: &[usize], width: usize) -> usize {
    let mut used = 0;
    let fit = widths.iter().take_while(|one| {
        used += **one + if used > 0 { GAP.len() } else { 0 };
        used <= width
    });
    fit.count().max(1)
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            line.push_str(GAP);
        }
        line.push_str(cell);
        let width = widths.get(index).copied().unwrap_or_default();
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
    }
    line.truncate(line.trim_end().len());
    line
}

/// The line, truncated to a width with a mark at the end.
fn cut(line: &str, width: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for character in line.chars() {
        used += character.width().unwrap_or_default();
        if used >= width {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cut: Option<usize>, rows: &[&[&str]]) -> String {
        let (mut table, mut out) = (Table::new(cut), Vec::new());
        table.header(&["id".to_owned(), "name".to_owned()]);
        for row in rows {
            let cells = row.iter().map(|cell| (*cell).to_owned());
            table.row(&cells.collect::<Vec<_>>(), &mut out).unwrap();
        }
        table.flush(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_in_any_script() {
        assert_eq!(
            table(None, &[&["홍길동", "x"], &["u-1", ""]]),
            "id      name\n홍길동  x\nu-1\n"
        );
    }

    #[test]
    fn a_column_that_does_not_fit_is_hidden_and_the_first_is_truncated() {
        assert_eq!(table(Some(9), &[&["u-1", "Ann"]]), "id   name\nu-1  Ann\n");
        assert_eq!(table(Some(8), &[&["u-1", "Ann"]]), "id\nu-1\n");
        assert_eq!(table(Some(3), &[&["u-12", "Ann"]]), "id\nu-…\n");
        let mut narrow = Table::new(Some(8));
        narrow.header(&["id".to_owned(), "name".to_owned()]);
        narrow.flush(&mut Vec::new()).unwrap();
        assert_eq!(narrow.hidden(), [] as [&str; 0]);
        let mut narrow = Table::new(Some(5));
        narrow.header(&["id".to_owned(), "name".to_owned()]);
        narrow.flush(&mut Vec::new()).unwrap();
        assert_eq!(narrow.hidden(), ["name"]);
    }

    #[test]
    fn a_cell_contains_no_terminal_commands() {
        assert_eq!(
            table(None, &[&["\u{1b}[2J", "a\nb"]]),
            "id         name\n\\u{1b}[2J  a\\nb\n"
        );
    }

    #[test]
    fn a_short_row_below_a_wide_one_is_not_written_as_wide() {
        let (mut table, mut out) = (Table::new(None), Vec::new());
        let wide: Vec<String> = (0..256).map(|_| "x".repeat(WIDEST)).collect();
        table.row(&wide, &mut out).unwrap();
        table.flush(&mut out).unwrap();
        let before = out.len();
        let mut short = vec![String::new(); 256];
        short[255].push('y');
        table.row(&short, &mut out).unwrap();
        assert!(out.len() - before <= ALIGNED + 256 * GAP.len());
    }

    #[test]
    fn rows_after_the_measured_ones_are_written_as_they_arrive() {
        let (mut table, mut out) = (Table::new(None), Vec::new());
        for _ in 0..=MEASURED {
            table.row(&["a".to_owned()], &mut out).unwrap();
        }
        assert!(!out.is_empty());
        let before = out.len();
        table.row(&["long".to_owned()], &mut out).unwrap();
        assert_eq!(&out[before..], b"long\n");
    }
}
