//! The tables of parameters and of properties.

use super::line::Line;
use super::page::{Extent, Located, Parameter, ParameterLocation, Rows, Told};
use super::row::{
    self, Token, default_cell, description_cell, is_complete, is_name, is_none, marker,
    name_and_marker, schema_cell,
};
use super::schema::Schema;
use super::table::{Column, Table, column, columns_of_cells, columns_of_text, table};

/// The words for places; longer ones first, since names run into them.
const LOCATIONS: [(&str, ParameterLocation); 7] = [
    ("formData", ParameterLocation::Form),
    ("header", ParameterLocation::Header),
    ("cookie", ParameterLocation::Cookie),
    ("query", ParameterLocation::Query),
    ("path", ParameterLocation::Path),
    ("body", ParameterLocation::Body),
    ("form", ParameterLocation::Form),
];

/// Whether a word names the location of a parameter.
pub(super) fn is_location(word: &str) -> bool {
    LOCATIONS
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(word))
}

/// The columns of a parameter table whose header was lost.
const USUAL: [Column; 5] = [
    Column::Type,
    Column::Name,
    Column::Description,
    Column::Schema,
    Column::Default,
];

/// Reads a table of parameters, or of properties.
pub(super) fn read(lines: &[Line<'_>], markdown: bool, properties: bool) -> Rows<Parameter> {
    let mut reading = Reading {
        properties,
        markdown,
        ..Reading::default()
    };
    for line in lines {
        reading.line(line);
    }
    reading.flush();
    let extent = if reading.says_none.is_some() && reading.rows.is_empty() && reading.unread == 0 {
        Extent::Whole
    } else if reading.rows.is_empty() {
        Extent::Missing
    } else if reading.damaged || reading.unread > 0 || reading.columns.is_none() {
        Extent::Part
    } else {
        Extent::Whole
    };
    Rows {
        line: lines.first().map(|line| line.number),
        rows: reading.rows,
        extent,
    }
}

#[derive(Default)]
struct Reading {
    properties: bool,
    markdown: bool,
    columns: Option<Vec<Column>>,
    tokens: Vec<Token>,
    rows: Vec<Parameter>,
    damaged: bool,
    says_none: Option<usize>,
    unread: usize,
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) {
        if let Some(cells) = line.separator {
            self.damaged |= cells == 1
                || self
                    .columns
                    .as_ref()
                    .is_some_and(|columns| columns.len() != cells);
            return;
        }
        if self.rows.is_empty() && self.tokens.is_empty() {
            let columns = line
                .cells
                .as_deref()
                .and_then(columns_of_cells)
                .or_else(|| columns_of_text(&line.text));
            if let Some(columns) = columns.filter(|columns| {
                let wanted = if self.properties {
                    Table::Properties
                } else {
                    Table::Parameters
                };
                table(columns) == Some(wanted)
            }) {
                self.columns = Some(columns);
                return;
            }
            if is_none(&line.text) || line.text == "-" {
                self.says_none = Some(line.number);
                return;
            }
        }
        if let Some(row) = line
            .cells
            .as_deref()
            .and_then(|cells| self.structured(line.number, cells))
        {
            self.flush();
            self.rows.push(row);
        } else {
            self.tokens.extend(row::tokens(line));
        }
    }

    /// A row whose cells are all there.
    fn structured(&self, line: usize, cells: &[String]) -> Option<Parameter> {
        let columns = self
            .columns
            .as_deref()
            .or((!self.properties).then_some(&USUAL[..]))?;
        // A header that lost a column tells nothing of the cells.
        if cells.len() != columns.len() || (!self.properties && cells.len() < USUAL.len()) {
            return None;
        }
        let cell = |wanted: Column| {
            let index = columns.iter().position(|column| *column == wanted)?;
            Some(cells[index].as_str())
        };
        let location = if self.properties {
            ParameterLocation::Property
        } else {
            let word = cell(Column::Type)?;
            LOCATIONS
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(word))?
                .1
        };
        let name_cell = cell(Column::Name)?.replace('\n', " ");
        let (name, required) = match name_and_marker(&name_cell) {
            Some((name, required)) => (Some(name), Some(required)),
            None if marker(&name_cell).is_some() => (None, marker(&name_cell)),
            None => (Some(name_cell.as_str()).filter(|name| is_name(name)), None),
        };
        if name.is_none() && location != ParameterLocation::Body {
            return None;
        }
        let required = required.or_else(|| cell(Column::Required).and_then(yes_or_no));
        let mut described = description_cell(line, cell(Column::Description).unwrap_or_default());
        let example = match cell(Column::Example) {
            Some(text) if !text.is_empty() => Some(Located::new(line, text.to_owned())),
            _ => described.example,
        };
        let mut schema =
            cell(Column::Schema).or_else(|| cell(Column::Type).filter(|_| self.properties));
        // The row of a body has its schema where others have their description.
        if location == ParameterLocation::Body
            && schema.is_some_and(str::is_empty)
            && schema_cell(line, cell(Column::Description).unwrap_or_default())
                .value()
                .is_some()
        {
            schema = cell(Column::Description);
            described = row::Rest::default();
        }
        let runs_on = |cell: &str| {
            Schema::prefix(cell)
                .is_some_and(|(schema, rest)| schema.is_definite() && rest.starts_with(' '))
        };
        if schema.is_some_and(runs_on) {
            return None;
        }
        let told = schema_cell(line, schema.unwrap_or_default());
        let together = schema
            .filter(|cell| !cell.is_empty() && !told.is_known())
            .map(|cell| Located::new(line, cell.replace('\n', " ")));
        Some(Parameter {
            line,
            location,
            name: name.map(|name| Located::new(line, name.to_owned())),
            required: required.map(|required| Located::new(line, required)),
            description: described.description,
            example,
            limits: described.limits,
            schema: told,
            default: cell(Column::Default).map_or(Told::Unknown, |cell| default_cell(line, cell)),
            together,
        })
    }

    /// Reads the pieces that stand in no whole row.
    fn flush(&mut self) {
        let mut tokens = std::mem::take(&mut self.tokens);
        if self.columns.is_none() && self.rows.is_empty() {
            let words = tokens
                .iter()
                .take_while(|token| column(&token.text).is_some())
                .count();
            let words = if tokens
                .get(words)
                .is_some_and(|token| marker(&token.text).is_some())
            {
                words.saturating_sub(1)
            } else {
                words
            };
            if words >= 2 {
                self.columns = Some(
                    tokens[..words]
                        .iter()
                        .filter_map(|token| column(&token.text))
                        .collect(),
                );
                tokens.drain(..words);
            }
        }
        let tokens = split_markers(tokens);
        // A header may be damaged too; tables of parameters always have the column.
        let has_default = !self.properties
            || self
                .columns
                .as_ref()
                .is_none_or(|columns| columns.contains(&Column::Default));
        let mut starts: Vec<(usize, Start)> = Vec::new();
        let mut index = 0;
        while index < tokens.len() {
            let here = &tokens[index..];
            let start = if self.properties {
                property_start(here)
            } else {
                parameter_start(here)
            };
            let complete = starts
                .last()
                .is_none_or(|(at, start)| is_complete(&tokens[at + start.taken..index]));
            let may_start =
                |start: &Start| start.strong || (complete && (index == 0 || !starts.is_empty()));
            if let Some(start) = start.filter(may_start) {
                let taken = start.taken;
                starts.push((index, start));
                index += taken;
            } else {
                self.unread += usize::from(starts.is_empty());
                index += 1;
            }
        }
        let ends: Vec<usize> = starts
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([tokens.len()])
            .collect();
        for ((at, start), end) in starts.into_iter().zip(ends) {
            self.damaged |= self.markdown && tokens[at].line != tokens[end - 1].line;
            let strong = start.strong;
            let row = self.row(start, &tokens[at..end], has_default);
            if strong || row.schema.is_known() {
                self.rows.push(row);
            } else {
                self.unread += end - at;
            }
        }
    }

    fn row(&mut self, start: Start, tokens: &[Token], has_default: bool) -> Parameter {
        let mut pieces: Vec<Token> = start.extra.into_iter().collect();
        pieces.extend_from_slice(&tokens[start.taken..]);
        let mut required = start.required;
        if start.location == ParameterLocation::Body && required.is_none() {
            // A body's marker may stand behind its schema.
            if let Some(index) = pieces
                .iter()
                .position(|token| marker(&token.text).is_some())
            {
                let token = pieces.remove(index);
                required = marker(&token.text).map(|required| Located::new(token.line, required));
            }
        }
        let mut rest = if self.markdown && row::holds_another_row(&pieces) {
            self.unread += pieces.len();
            row::Rest::default()
        } else {
            row::rest(&pieces, has_default)
        };
        self.unread += rest.unread;
        if start.strong && !self.markdown && !rest.schema.is_known() {
            // Plain text loses no cells: what ends the row stands where the type does.
            rest.together = row::last_behind_description(&pieces);
        }
        let mut row = Parameter {
            line: tokens[0].line,
            location: start.location,
            name: start.name,
            required,
            description: rest.description,
            example: rest.example,
            limits: rest.limits,
            schema: rest.schema,
            default: rest.default,
            together: rest.together,
        };
        if row.location == ParameterLocation::Body && !row.schema.is_known() {
            let name = row
                .name
                .take_if(|name| name.value.starts_with(char::is_uppercase));
            if let Some((name, schema)) =
                name.and_then(|name| Some((name.line, Schema::parse(&name.value)?)))
            {
                row.schema = Told::Says(Located::new(name, schema));
            }
        }
        row
    }
}

/// How a row begins.
struct Start {
    location: ParameterLocation,
    name: Option<Located<String>>,
    required: Option<Located<bool>>,
    /// How many pieces that were.
    taken: usize,
    /// A part of the last of them that belongs to the rest of the row.
    extra: Option<Token>,
    /// Whether it cannot be anything else.
    strong: bool,
}

fn parameter_start(tokens: &[Token]) -> Option<Start> {
    let first = tokens.first()?;
    let (word, location) = LOCATIONS.iter().find(|(word, _)| {
        let head = first.text.get(..word.len());
        head == Some(word)
            || (head.is_some_and(|head| head.eq_ignore_ascii_case(word))
                && ends_word(&first.text, word.len()))
    })?;
    let glued = first.text[word.len()..].trim_start();
    if glued.is_empty() {
        let mut start = named(*location, tokens.get(1)?, tokens.get(2))?;
        start.taken += 1;
        return Some(start);
    }
    named(
        *location,
        &Token {
            line: first.line,
            text: glued.to_owned(),
            in_cell: first.in_cell,
        },
        tokens.get(1),
    )
}

fn ends_word(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(|next| next == ' ')
}

/// A row from the piece that holds its name on.
fn named(location: ParameterLocation, token: &Token, next: Option<&Token>) -> Option<Start> {
    let at = |name: &str| Some(Located::new(token.line, name.to_owned()));
    let flag = |line: usize, required: bool| Some(Located::new(line, required));
    let start = |name, required, taken, strong| Start {
        location,
        name,
        required,
        taken,
        extra: None,
        strong,
    };
    if let Some((name, required)) = name_and_marker(&token.text) {
        return Some(start(at(name), flag(token.line, required), 1, true));
    }
    if location != ParameterLocation::Property
        && let Some((name, required, rest)) = name_marker_and_more(&token.text)
    {
        let extra = Some(Token {
            text: rest.to_owned(),
            ..token.clone()
        });
        return Some(Start {
            extra,
            ..start(at(name), flag(token.line, required), 1, true)
        });
    }
    let body = location == ParameterLocation::Body;
    if let Some(required) = marker(&token.text)
        && (body || next.is_none_or(|next| marker(&next.text).is_none()))
    {
        return body.then(|| start(None, flag(token.line, required), 1, true));
    }
    let next_marker = next.and_then(|next| Some((next.line, marker(&next.text)?)));
    if is_name(&token.text)
        && let Some((line, required)) = next_marker
    {
        return Some(start(at(&token.text), flag(line, required), 2, true));
    }
    if body && Schema::parse(&token.text).is_some() {
        return Some(Start {
            extra: Some(token.clone()),
            ..start(None, None, 1, false)
        });
    }
    is_name(&token.text).then(|| start(at(&token.text), None, 1, false))
}

/// A name, its marker and what runs on behind it: `size optional How many`.
fn name_marker_and_more(text: &str) -> Option<(&str, bool, &str)> {
    let (name, rest) = text.split_once(' ')?;
    let (word, rest) = rest.split_once(' ')?;
    Some((name, marker(word)?, rest)).filter(|(name, ..)| is_name(name))
}

/// A property begins with its name and marker; without the marker it could be any word.
fn property_start(tokens: &[Token]) -> Option<Start> {
    named(ParameterLocation::Property, tokens.first()?, tokens.get(1)).filter(|start| start.strong)
}

/// A marker that runs into the schema: `requiredstringNone`.
fn split_markers(tokens: Vec<Token>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let head = ["required", "optional"]
            .into_iter()
            .find(|word| token.text.starts_with(word));
        let rest = head
            .and_then(|head| token.text.strip_prefix(head))
            .filter(|rest| !rest.is_empty());
        let next_is_marker = tokens
            .peek()
            .is_some_and(|next| marker(&next.text).is_some());
        match (head, rest) {
            (Some(head), Some(rest))
                if !next_is_marker && Schema::prefix(rest).is_some() && !rest.starts_with(' ') =>
            {
                out.push(Token {
                    text: head.to_owned(),
                    ..token.clone()
                });
                out.push(Token {
                    text: rest.to_owned(),
                    ..token
                });
            }
            _ => out.push(token),
        }
    }
    out
}

fn yes_or_no(cell: &str) -> Option<bool> {
    marker(cell).or(match cell.to_lowercase().as_str() {
        "yes" | "y" | "true" | "o" | "예" => Some(true),
        "no" | "n" | "false" | "x" | "아니오" => Some(false),
        _ => None,
    })
}
