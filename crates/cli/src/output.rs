//! How responses are written: as a table, as JSON or as CSV.

mod cells;
mod json;
mod progress;
mod table;
mod visible;

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};

use clap::ValueEnum;
use serde_json::Value;
use serde_json::value::RawValue;
use specmill::dynamic::{Operation, Success};

pub(crate) use self::progress::Progress;
pub(crate) use self::visible::visible;

use self::cells::Columns;
use self::table::Table;

/// How a response is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people
    Table,
    /// JSON: a list is one array, anything else is as it came
    Json,
    /// Comma-separated values, with a line of names first
    Csv,
}

impl Format {
    /// What is written where the caller does not say.
    pub(crate) fn usual() -> Self {
        if io::stdout().is_terminal() {
            Self::Table
        } else {
            Self::Json
        }
    }
}

/// Writes a response to standard output, item by item.
pub(crate) struct Output {
    columns: Columns,
    rows: Option<&'static str>,
    to_terminal: bool,
    /// Whether the names of the columns are written.
    begun: bool,
    form: Form,
}

enum Form {
    Table(Table, BufWriter<Stdout>),
    Json(json::List, BufWriter<Stdout>),
    Csv(Box<csv::Writer<Stdout>>),
}

impl Output {
    pub(crate) fn new(format: Format, operation: &Operation) -> Self {
        let (rows, columns) = match operation.success {
            Success::Json { rows, columns, .. } => (rows, columns),
            Success::Empty | Success::Text | Success::Bytes | Success::Stream => (None, &[][..]),
        };
        let out = || BufWriter::new(io::stdout());
        Self {
            columns: Columns::of(columns),
            rows,
            to_terminal: io::stdout().is_terminal(),
            begun: false,
            form: match format {
                Format::Table => Form::Table(Table::new(table::width()), out()),
                Format::Json => Form::Json(json::List::default(), out()),
                Format::Csv => Form::Csv(Box::new(csv::Writer::from_writer(io::stdout()))),
            },
        }
    }

    /// Writes items of a list.
    pub(crate) fn items(&mut self, items: &[Box<RawValue>]) -> io::Result<()> {
        if let Form::Json(list, out) = &mut self.form {
            return items.iter().try_for_each(|item| list.item(item.get(), out));
        }
        for item in items {
            self.row(&serde_json::from_str(item.get())?)?;
        }
        Ok(())
    }

    /// Writes a response that is no page of a list.
    pub(crate) fn document(mut self, document: &RawValue) -> io::Result<()> {
        if let Form::Json(_, out) = &mut self.form {
            json::document(document.get(), out)?;
            return out.flush();
        }
        let value: Value = serde_json::from_str(document.get())?;
        let rows = self.rows.and_then(|rows| value.get(rows));
        match (rows.unwrap_or(&value), &mut self.form) {
            (Value::Array(items), _) => {
                for item in items {
                    self.row(item)?;
                }
            }
            (Value::Object(_), Form::Table(table, out)) => {
                // There are no columns of which names could be told.
                self.begun = true;
                for (path, text) in cells::listing(&value) {
                    table.row(&[path, text], out)?;
                }
            }
            (Value::Null, _) => return Ok(()),
            (one, _) => self.row(one)?,
        }
        self.finish()
    }

    fn row(&mut self, item: &Value) -> io::Result<()> {
        self.columns.or_of(item);
        self.header()?;
        let cells = self.columns.cells(item);
        match &mut self.form {
            Form::Table(table, out) => table.row(&cells, out),
            Form::Csv(csv) => record(csv, shown(cells, self.to_terminal)),
            Form::Json(..) => Ok(()),
        }
    }

    fn header(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        let names = self.columns.names();
        self.begun = !names.is_empty();
        match &mut self.form {
            Form::Table(table, _) if self.begun => table.header(&names),
            Form::Csv(csv) if self.begun => record(csv, shown(names, self.to_terminal))?,
            _ => {}
        }
        Ok(())
    }

    /// Writes what is held back so far, a list without its end.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table, out) => table.flush(out).and_then(|()| out.flush()),
            Form::Json(_, out) => out.flush(),
            Form::Csv(csv) => csv.flush(),
        }
    }

    /// Ends the list.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        if let Form::Json(list, out) = &mut self.form {
            list.end(out)?;
        }
        self.flush()
    }
}

/// Writes a record. An error keeps its kind, which tells a reader that has enough from a disk that is full.
fn record(csv: &mut csv::Writer<Stdout>, cells: Vec<String>) -> io::Result<()> {
    csv.write_record(cells)
        .map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
}

/// Cells as they may stand on a terminal; elsewhere they are as they came.
fn shown(cells: Vec<String>, to_terminal: bool) -> Vec<String> {
    if to_terminal {
        cells
            .iter()
            .map(|cell| visible(cell).into_owned())
            .collect()
    } else {
        cells
    }
}
