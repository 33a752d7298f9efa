//! The header and the rows of a table whose cells are separated by white space.

use super::label::is_status;
use super::properties::is_location;
use super::row::{is_name, is_none, marker, name_and_marker, schema_cell};
use super::table::{Column, Table, spaced_columns, table};

/// The most lines of one row.
pub(super) const TALLEST_ROW: usize = 60;

/// A row of a table: how many lines of its body it takes, and its cells.
pub(super) type Row = (usize, Vec<String>);

/// The header of a table: its columns, and what the table is about.
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    pub(super) table: Table,
}

impl Header {
    /// The header that a line is, where tabs or blanks part all of its cells.
    pub(super) fn read(line: &str) -> Option<Self> {
        let columns: Vec<Column> = spaced_columns(line)?
            .into_iter()
            .map(|(column, _)| column)
            .collect();
        let table = table(&columns).filter(|table| *table != Table::Versions)?;
        Some(Self { columns, table })
    }

    /// Whether cells are a row of the table.
    pub(super) fn accepts(&self, cells: &[String]) -> bool {
        let cell = |wanted: Column| {
            let index = self.columns.iter().position(|column| *column == wanted);
            index
                .and_then(|index| cells.get(index))
                .map_or("", String::as_str)
        };
        let name = cell(Column::Name).replace('\n', " ");
        let named = || {
            name_and_marker(&name).is_some()
                || (self.columns.contains(&Column::Required) && is_name(&name))
        };
        let typed = |schema: &str| schema_cell(1, schema).is_known();
        match self.table {
            Table::Parameters => {
                let body = cell(Column::Type).eq_ignore_ascii_case("body");
                // The row of a body has its schema where others have their description.
                let schema = [cell(Column::Schema), cell(Column::Description)];
                let body = body
                    && (named() || marker(&name).is_some())
                    && schema.iter().any(|cell| typed(cell));
                body || (is_location(cell(Column::Type)) && named() && typed(cell(Column::Schema)))
            }
            Table::Properties => {
                let schema = if self.columns.contains(&Column::Schema) {
                    Column::Schema
                } else {
                    Column::Type
                };
                named() && typed(cell(schema))
            }
            Table::Responses => {
                let schema = cell(Column::Schema);
                is_status(cell(Column::Status))
                    && (schema.is_empty() || is_none(schema) || typed(schema))
            }
            Table::Versions => false,
        }
    }

    /// The cells of a row as they are kept: the three of a body, or one for each column.
    pub(super) fn kept(&self, mut cells: Vec<String>) -> Vec<String> {
        let is_body = self.table == Table::Parameters && cells[0].eq_ignore_ascii_case("body");
        if is_body && cells.iter().skip(3).all(String::is_empty) {
            cells.truncate(3);
        } else {
            cells.resize(self.columns.len(), String::new());
        }
        cells
    }
}
