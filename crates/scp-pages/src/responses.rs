//! The table of responses.

use super::label::is_status;
use super::line::Line;
use super::page::{Extent, Located, Response, Rows, Told};
use super::row::{self, Token, is_none, schema_cell};
use super::schema::Schema;
use super::table::{Column, Table, column, columns_of_cells, columns_of_text, table};

/// What descriptions say as a rule; a schema that runs into one begins behind it.
const PHRASES: [&str; 26] = [
    "Successful Response",
    "Validation Error",
    "Unprocessable Entity",
    "Unprocessable Content",
    "Unsupported Media Type",
    "Internal Server Error",
    "Service Unavailable",
    "Precondition Failed",
    "Method Not Allowed",
    "Too Many Requests",
    "Payment Required",
    "Request Timeout",
    "Not Implemented",
    "Gateway Timeout",
    "Not Acceptable",
    "Unauthorized",
    "Bad Gateway",
    "Bad Request",
    "No Content",
    "Not Found",
    "Forbidden",
    "Conflict",
    "Accepted",
    "Created",
    "Gone",
    "OK",
];

/// The columns of a table of responses whose header was lost.
const USUAL: [Column; 3] = [Column::Status, Column::Description, Column::Schema];

/// Reads a table of responses.
pub(super) fn read(lines: &[Line<'_>], markdown: bool) -> Rows<Response> {
    let mut columns: Option<Vec<Column>> = None;
    let mut damaged = false;
    let mut unread = 0;
    let mut rows: Vec<Response> = Vec::new();
    let mut open: Option<(Token, Vec<Token>)> = None;
    for line in lines {
        if let Some(cells) = line.separator {
            damaged |= cells == 1
                || columns
                    .as_ref()
                    .is_some_and(|columns| columns.len() != cells);
            continue;
        }
        if rows.is_empty() && open.is_none() {
            let found = line
                .cells
                .as_deref()
                .and_then(columns_of_cells)
                .or_else(|| columns_of_text(&line.text));
            if let Some(found) = found.filter(|columns| table(columns) == Some(Table::Responses)) {
                columns = Some(found);
                continue;
            }
            if column(&line.text).is_some() {
                continue;
            }
        }
        if let Some(row) = line
            .cells
            .as_deref()
            .and_then(|cells| structured(line.number, cells, columns.as_deref()))
        {
            finish(&mut open, &mut rows, markdown, &mut damaged);
            rows.push(row);
            continue;
        }
        for token in row::tokens(line) {
            let starts = token
                .text
                .get(..3)
                .is_some_and(|head| is_status(head) && head.is_ascii());
            if starts
                && token.text[3..]
                    .chars()
                    .next()
                    .is_none_or(|next| !next.is_ascii_digit())
            {
                finish(&mut open, &mut rows, markdown, &mut damaged);
                open = Some((token, Vec::new()));
            } else if let Some((_, rest)) = &mut open {
                rest.push(token);
            } else {
                unread += 1;
            }
        }
    }
    finish(&mut open, &mut rows, markdown, &mut damaged);
    let extent = if rows.is_empty() {
        Extent::Missing
    } else if damaged || unread > 0 || columns.is_none() {
        Extent::Part
    } else {
        Extent::Whole
    };
    Rows {
        line: lines.first().map(|line| line.number),
        rows,
        extent,
    }
}

/// A row whose cells are all there.
fn structured(line: usize, cells: &[String], columns: Option<&[Column]>) -> Option<Response> {
    let columns = columns.unwrap_or(&USUAL);
    // A header that lost a column tells nothing of the cells.
    if cells.len() != columns.len() || cells.len() < USUAL.len() {
        return None;
    }
    let cell = |wanted: Column| {
        columns
            .iter()
            .position(|column| *column == wanted)
            .map(|index| cells[index].as_str())
    };
    let status = cell(Column::Status).filter(|status| is_status(status))?;
    let description = cell(Column::Description)
        .unwrap_or_default()
        .replace('\n', " ");
    Some(Response {
        line,
        status: status.to_owned(),
        description: (!description.is_empty()).then(|| Located::new(line, description)),
        schema: schema_cell(line, cell(Column::Schema).unwrap_or_default()),
        together: None,
    })
}

/// Reads the pieces of a row that began with its status.
fn finish(
    open: &mut Option<(Token, Vec<Token>)>,
    rows: &mut Vec<Response>,
    markdown: bool,
    damaged: &mut bool,
) {
    let Some((first, mut rest)) = open.take() else {
        return;
    };
    *damaged |= markdown && rest.iter().any(|token| token.line != first.line);
    let (status, glued) = first.text.split_at(3);
    if !glued.trim().is_empty() {
        rest.insert(
            0,
            Token {
                text: glued.trim().to_owned(),
                ..first.clone()
            },
        );
    }
    let mut row = Response {
        line: first.line,
        status: status.to_owned(),
        description: None,
        schema: Told::Unknown,
        together: None,
    };
    // What follows a row whose cells ran together on one line belongs to no row.
    let whole = !glued.trim().is_empty()
        && rest.len() > 1
        && !rest[0].in_cell
        && split(&rest[0]).is_some_and(|(_, schema)| schema.is_known());
    if whole {
        rest.truncate(1);
        *damaged = true;
    }
    match &rest[..] {
        [] => {}
        [one] => {
            row.together = Some(Located::new(one.line, one.text.clone()));
            if let Some((description, schema)) = split(one) {
                row.description = Some(Located::new(one.line, description));
                row.schema = schema;
            }
        }
        [description @ .., last] => {
            let schema = schema_cell(last.line, &last.text);
            let texts: Vec<&str> = description
                .iter()
                .map(|token| token.text.as_str())
                .collect();
            if schema.is_known() {
                row.description = Some(Located::new(description[0].line, texts.join(" ")));
                row.schema = schema;
            } else {
                let all = format!("{} {}", texts.join(" "), last.text);
                row.together = Some(Located::new(description[0].line, all));
            }
        }
    }
    rows.push(row);
}

/// Description and schema that run together, where only one way to part them makes sense.
fn split(token: &Token) -> Option<(String, Told<Schema>)> {
    let text = token.text.as_str();
    let glued = text
        .strip_suffix("없음")
        .filter(|before| !before.ends_with(' '));
    if let Some(description) = text.strip_suffix("None").or(glued) {
        return Some((description.trim().to_owned(), Told::Nothing(token.line)))
            .filter(|(text, _)| !text.is_empty());
    }
    for phrase in PHRASES {
        if text == phrase {
            return Some((text.to_owned(), Told::Unknown));
        }
        let schema = text
            .strip_prefix(phrase)
            .map(|rest| schema_cell(token.line, rest.trim()));
        if let Some(schema) = schema.filter(Told::is_known) {
            return Some((phrase.to_owned(), schema));
        }
    }
    // A description in Korean ends where the letters of a schema begin.
    if let Some((at, last)) = text
        .char_indices()
        .rfind(|(_, c)| matches!(c, '\u{ac00}'..='\u{d7a3}'))
    {
        let (described, schema) = text.split_at(at + last.len_utf8());
        let schema = schema_cell(token.line, schema.trim());
        if schema.is_known() {
            return Some((described.to_owned(), schema));
        }
    }
    // Types in lower case end a description that begins with a capital; bracketed ones come first.
    for keyword in [
        "any of [", "array[", "enum (", "string", "integer", "boolean", "number", "object",
    ] {
        let Some(at) = text.find(keyword) else {
            continue;
        };
        let glued = text[..at]
            .chars()
            .next_back()
            .is_some_and(|before| !before.is_whitespace() && before != '[');
        let Some(schema) = Schema::parse(&text[at..]).filter(|_| glued) else {
            continue;
        };
        return Some((
            text[..at].to_owned(),
            Told::Says(Located::new(token.line, schema)),
        ));
    }
    None
}

/// Whether a text is what descriptions say as a rule, and no more.
pub(super) fn is_phrase(text: &str) -> bool {
    PHRASES.contains(&text)
}

/// Whether a line can be the first below the label `Responses`: a header, a status, or nothing.
pub(super) fn begins_responses(text: &str) -> bool {
    let is_header = |columns: Vec<Column>| table(&columns) == Some(Table::Responses);
    text.get(..3).is_some_and(is_status)
        || is_none(text)
        || column(text) == Some(Column::Status)
        || columns_of_text(text).is_some_and(is_header)
}
