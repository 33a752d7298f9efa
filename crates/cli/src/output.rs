//! Writes responses as a table, JSON, YAML or CSV.

mod cells;
mod format;
mod json;
mod notes;
mod progress;
mod selection;
mod sink;
mod table;
mod yaml;

use std::io::{self, Write};

use serde_json::Value;
use serde_json::value::RawValue;
use specmill::dynamic::{Operation, Success};

pub(crate) use self::format::Format;
pub(crate) use self::notes::say;
pub(crate) use self::progress::Progress;
pub(crate) use self::selection::{Filter, Selection, SortKey};
pub(crate) use self::sink::Sink;

use self::cells::Columns;
use self::table::Table;
use crate::exact;
use crate::visible::visible;

/// Writes a response, item by item.
pub(crate) struct Output {
    selection: Selection,
    columns: Columns,
    rows: Option<&'static str>,
    to_terminal: bool,
    /// Whether the header with the names of the columns was written.
    begun: bool,
    /// The number of written items.
    written: u64,
    /// Items that are held back until all of them have arrived.
    held: Vec<Item>,
    /// Selected columns without a value in any item so far.
    without_values: Vec<String>,
    form: Form,
}

enum Form {
    Table(Table, Sink),
    Json(json::List, Sink),
    Yaml(yaml::List, Sink),
    Csv(Box<csv::Writer<Sink>>),
}

/// An unchanged item, and its parsed value if needed.
struct Item {
    raw: String,
    value: Value,
}

impl Item {
    fn of_value(value: Value) -> Self {
        Self {
            raw: value.to_string(),
            value,
        }
    }
}

impl Output {
    pub(crate) fn new(
        format: Format,
        operation: &Operation,
        selection: &Selection,
        sink: Sink,
    ) -> Self {
        let (rows, known) = match operation.success {
            Success::Json { rows, columns, .. } => (rows, columns),
            Success::Empty | Success::Text | Success::Bytes | Success::Stream => (None, &[][..]),
        };
        let mut output = Self::of_columns(format, known, selection, sink);
        output.rows = rows;
        output
    }

    /// Output of items with these columns.
    pub(crate) fn of_columns(
        format: Format,
        known: &[&[&str]],
        selection: &Selection,
        sink: Sink,
    ) -> Self {
        let columns = if selection.columns.is_empty() {
            Columns::of(known)
        } else {
            Columns::named(&selection.columns)
        };
        Self {
            selection: selection.clone(),
            columns,
            rows: None,
            to_terminal: sink.is_terminal(),
            begun: false,
            written: 0,
            held: Vec::new(),
            without_values: selection.columns.clone(),
            form: match format {
                Format::Table => Form::Table(Table::new(sink.width()), sink),
                Format::Json => Form::Json(json::List::default(), sink),
                Format::Yaml => Form::Yaml(yaml::List::default(), sink),
                Format::Csv => Form::Csv(Box::new(csv::Writer::from_writer(sink))),
            },
        }
    }

    /// Writes items of a list.
    pub(crate) fn items(&mut self, items: &[Box<RawValue>]) -> io::Result<()> {
        for item in items {
            if let (Form::Json(list, sink), true) = (&mut self.form, self.selection.is_all()) {
                list.item(item.get(), sink)?;
                continue;
            }
            let item = Item {
                raw: item.get().to_owned(),
                value: self.value(item.get())?,
            };
            self.take(item)?;
        }
        Ok(())
    }

    /// Whether the requested number of items was written.
    pub(crate) fn is_full(&self) -> bool {
        self.selection.most.is_some_and(|most| self.written >= most)
    }

    /// Writes a response that is not a page of a list.
    pub(crate) fn document(&mut self, document: &RawValue) -> io::Result<()> {
        if let (Form::Json(_, sink), true) = (&mut self.form, self.selection.is_all()) {
            json::document(document.get(), sink)?;
            return sink.flush();
        }
        let mut value = self.value(document.get())?;
        if let Some(Filter::Whole(query)) = self.selection.filter.take() {
            let found: Vec<Value> = query.query(&value).into_iter().cloned().collect();
            value = match <[Value; 1]>::try_from(found) {
                Ok([one]) => one,
                Err(several) => Value::Array(several),
            };
        } else if let Some(rows) = self.rows.filter(|_| {
            !matches!(self.form, Form::Json(..) | Form::Yaml(..)) || !self.selection.is_all()
        }) && let Some(rows) = value.get_mut(rows)
        {
            value = rows.take();
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.take(Item::of_value(item))?;
                }
                self.finish()
            }
            Value::Null if !matches!(self.form, Form::Json(..) | Form::Yaml(..)) => Ok(()),
            one => self.one(&one),
        }
    }

    /// Writes a value that is not a list.
    fn one(&mut self, value: &Value) -> io::Result<()> {
        self.written = 1;
        let chosen = self.chosen(value);
        let value = chosen.as_ref().unwrap_or(value);
        match &mut self.form {
            Form::Json(_, sink) => {
                json::document(&value.to_string(), sink)?;
                return sink.flush();
            }
            Form::Yaml(_, sink) => {
                yaml::document(value, self.to_terminal, sink)?;
                return sink.flush();
            }
            Form::Table(table, sink) if value.is_object() => {
                // The table lists properties in rows, so there are no column names.
                self.begun = true;
                for (path, text) in cells::listing(value) {
                    table.row(&[path, text], sink)?;
                }
            }
            Form::Table(..) | Form::Csv(_) => self.row(value)?,
        }
        self.finish()
    }

    /// The selected columns of a value as an object; `None` if all are shown.
    fn chosen(&mut self, value: &Value) -> Option<Value> {
        self.without_values
            .retain(|name| selection::column(value, name).is_none());
        let columns = &self.selection.columns;
        if columns.is_empty() || !value.is_object() {
            return None;
        }
        let members = columns.iter().map(|name| {
            let found = selection::column(value, name).cloned();
            (name.clone(), found.unwrap_or_default())
        });
        Some(Value::Object(members.collect()))
    }

    /// Parses JSON. Numbers must not change when the value is written.
    fn value(&self, json: &str) -> io::Result<Value> {
        match self.form {
            Form::Json(..) | Form::Yaml(..) => exact::parse(json)
                .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem)),
            Form::Table(..) | Form::Csv(_) => Ok(serde_json::from_str(json)?),
        }
    }

    /// Processes an item: writes it, keeps it for later, or drops it.
    fn take(&mut self, item: Item) -> io::Result<()> {
        if self.is_full() || !self.selection.takes(&item.value) {
            return Ok(());
        }
        if self.selection.needs_all() {
            self.held.push(item);
            return Ok(());
        }
        self.item(&item)
    }

    fn item(&mut self, item: &Item) -> io::Result<()> {
        if self.is_full() {
            return Ok(());
        }
        self.written += 1;
        let chosen = self.chosen(&item.value);
        match &mut self.form {
            Form::Json(list, sink) => match chosen {
                Some(chosen) => list.item(&chosen.to_string(), sink),
                None => list.item(&item.raw, sink),
            },
            Form::Yaml(list, sink) => {
                let value = chosen.as_ref().unwrap_or(&item.value);
                list.item(value, self.to_terminal, sink)
            }
            Form::Table(..) | Form::Csv(_) => self.row(&item.value),
        }
    }

    fn row(&mut self, item: &Value) -> io::Result<()> {
        self.columns.or_of(item);
        self.header()?;
        let cells = self.columns.cells(item);
        match &mut self.form {
            Form::Table(table, sink) => table.row(&cells, sink),
            Form::Csv(csv) => record(csv, shown(cells, self.to_terminal)),
            Form::Json(..) | Form::Yaml(..) => Ok(()),
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

    /// Writes the items so far without ending the list.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.release()?;
        match &mut self.form {
            Form::Table(table, sink) => table.flush(sink).and_then(|()| sink.flush()),
            Form::Json(_, sink) | Form::Yaml(_, sink) => sink.flush(),
            Form::Csv(csv) => csv.flush(),
        }
    }

    /// Writes the items that were held back.
    fn release(&mut self) -> io::Result<()> {
        let mut held = std::mem::take(&mut self.held);
        if let Some(Filter::Whole(query)) = &self.selection.filter {
            let list = Value::Array(held.into_iter().map(|item| item.value).collect());
            let found = query.query(&list).into_iter();
            held = found.map(|value| Item::of_value(value.clone())).collect();
        }
        let keys = &self.selection.sort;
        held.sort_by(|one, other| selection::order(keys, &one.value, &other.value));
        held.iter().try_for_each(|item| self.item(item))
    }

    /// Ends the list.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.release()?;
        self.header()?;
        match &mut self.form {
            Form::Json(list, sink) => list.end(sink)?,
            Form::Yaml(list, sink) => list.end(sink)?,
            Form::Table(..) | Form::Csv(_) => {}
        }
        self.flush()
    }

    /// The note about hidden columns, and about columns that no item has.
    pub(crate) fn note(&self) -> Option<String> {
        if !self.without_values.is_empty() && self.written > 0 {
            return Some(notes::without_values(&self.without_values));
        }
        match &self.form {
            Form::Table(table, _) => notes::hidden(table.hidden()),
            Form::Json(..) | Form::Yaml(..) | Form::Csv(_) => None,
        }
    }

    /// Completes the file, if the output is a file.
    pub(crate) fn keep(self) -> io::Result<()> {
        let sink = match self.form {
            Form::Table(_, sink) | Form::Json(_, sink) | Form::Yaml(_, sink) => sink,
            Form::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error)?,
        };
        sink.keep()
    }
}

/// Writes a record. An error keeps its kind, which distinguishes a closed pipe from a full disk.
fn record(csv: &mut csv::Writer<Sink>, cells: Vec<String>) -> io::Result<()> {
    csv.write_record(cells)
        .map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
}

/// Cells, escaped on a terminal and otherwise unchanged.
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
