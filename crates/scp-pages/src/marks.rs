//! Determines which lines of a page begin a section, from the line itself and the lines that follow.

use super::label::{Heading, Label, is_phrase_title, is_title, method_line, word_and_path};
use super::line::Line;
use super::row::{self, marker};
use super::schema::Schema;
use super::table::{Column, Table, column, columns_of_cells, columns_of_text, table};

/// The kind of section that a line begins.
#[derive(Clone)]
pub(super) enum Mark {
    None,
    Method(String, String),
    Heading(Heading),
    /// A title without a number.
    Title,
}

/// The mark of each line. The last line is marked first, since the lines that follow a heading identify it.
pub(super) fn marks(lines: &[Line<'_>]) -> Vec<Mark> {
    let mut marks = vec![Mark::None; lines.len()];
    for index in (0..lines.len()).rev() {
        let line = &lines[index];
        let behind_version = index.checked_sub(1).is_some_and(|before| {
            Heading::read(&lines[before].text).is_some_and(|heading| heading.version().is_some())
        });
        let found = if behind_version {
            word_and_path(&line.text)
        } else {
            method_line(&line.text)
        };
        if let Some((method, path)) = found {
            marks[index] = Mark::Method(method, path);
            continue;
        }
        // Lone separators are no content; a heading is told by the line behind them.
        let next = (index + 1..lines.len())
            .find(|next| lines[*next].separator.is_none() || next - index > 20);
        let Some(next) = next else { continue };
        let label = Label::read(&lines[next].text);
        let opens = matches!(&label, Some(Label::Description))
            || matches!(&label, Some(Label::State(rest)) if !rest.is_empty());
        let begins_section = matches!(marks[next], Mark::Method(..) | Mark::Heading(_));
        let begins_model = header(lines, next) == Some(Table::Properties);
        if let Some(heading) = Heading::read(&line.text) {
            // The type of an enumeration follows its name; a range of numbers is no name.
            let begins_type = is_title(&heading.title)
                && heading.version().is_none()
                && type_line(&lines[next].text).is_some();
            if begins_type
                || begins_section
                || opens
                || begins_model
                || (line.heading && heading.version().is_some())
            {
                marks[index] = Mark::Heading(heading);
            }
            continue;
        }
        // Several words are a title right before the method, or before the version above it.
        let begins_operation = match &marks[next] {
            Mark::Method(..) => true,
            Mark::Heading(heading) => heading.version().is_some(),
            _ => false,
        };
        let is_description = index
            .checked_sub(1)
            .is_some_and(|before| Label::read(&lines[before].text) == Some(Label::Description));
        let is_plain_title = !is_description
            && (is_title(&line.text) || (begins_operation && is_phrase_title(&line.text)))
            && line.cells.is_none()
            && marker(&line.text).is_none()
            && Label::read(&line.text).is_none()
            && column(&line.text).is_none()
            && !row::is_none(&line.text)
            && Schema::prefix(&line.text).is_none_or(|(schema, _)| !schema.is_definite());
        if is_plain_title && (begins_section || opens || begins_model) {
            marks[index] = Mark::Title;
        }
    }
    marks
}

/// The table whose header stands on a line, or begins there and goes on a cell a line.
pub(super) fn header(lines: &[Line<'_>], index: usize) -> Option<Table> {
    let line = &lines[index];
    let columns = line
        .cells
        .as_deref()
        .and_then(columns_of_cells)
        .or_else(|| columns_of_text(&line.text));
    if let Some(columns) = columns {
        return table(&columns);
    }
    let columns: Vec<Column> = lines[index..]
        .iter()
        .take(6)
        .map_while(|line| column(&line.text))
        .collect();
    if columns.first() == Some(&Column::Version) && columns.get(1) == Some(&Column::NotBefore) {
        return Some(Table::Versions);
    }
    // A property may be called like a column; three of them in a row are a header.
    if columns.len() >= 3 {
        table(&columns)
    } else {
        None
    }
}

/// The type of a model that has no properties: `Type : enum (A, B)`, or an enumeration by itself.
pub(super) fn type_line(line: &str) -> Option<Schema> {
    let labelled = ["Type", "Schema", "유형", "타입"].iter().find_map(|word| {
        line.strip_prefix(word)?
            .trim_start()
            .strip_prefix(':')
            .map(str::trim)
    });
    match labelled {
        Some(schema) => Schema::parse(schema),
        None => Schema::parse(line).filter(|schema| {
            matches!(
                schema,
                Schema::Enum(_) | Schema::Array(_) | Schema::AnyOf(_)
            )
        }),
    }
}
