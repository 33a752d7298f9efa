//! Where the parts of a page begin and end.

use std::collections::HashMap;
use std::ops::Range;

use super::example;
use super::label::{Heading, Label, is_contents_entry, is_title, method_line, state};
use super::page::{Extent, Kind, Located, ModelSection, OperationSection, Page};
use super::properties;
use super::responses;
use super::row::{self, marker};
use super::schema::Schema;
use super::table::{Column, Table, column, columns_of_cells, columns_of_text, table};
use super::text::{Line, lines};
use super::versions;

/// Reads a page. There is no text that it refuses; what it does not understand is unknown.
pub fn read(text: &str) -> Page {
    let (lines, markdown) = lines(text);
    let mut reader = Reader::new(&lines, markdown);
    for index in 0..lines.len() {
        reader.line(index);
    }
    reader.close(lines.len());
    let Reader {
        operations,
        mut models,
        ..
    } = reader;
    let command_line = operations.is_empty() && lines.iter().any(|line| is_command(&line.text));
    if command_line {
        // The tables of a command's page describe its options.
        models.clear();
    }
    let kind = if !operations.is_empty() || !models.is_empty() {
        Kind::Reference
    } else if command_line {
        Kind::CommandLine
    } else if lines.iter().any(|line| is_contents_entry(&line.text)) {
        Kind::TableOfContents
    } else {
        Kind::Unrecognised
    };
    Page {
        kind,
        operations,
        models,
    }
}

/// Whether a line shows a command: a prompt, the vendor's program, or an option.
fn is_command(line: &str) -> bool {
    let option = |word: &str| {
        let name = word.trim_start_matches('[').strip_prefix("--");
        name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    line.starts_with("$ ")
        || ["scpcli", "scp-tool-cli", "scp-cli"]
            .iter()
            .any(|program| line.starts_with(program))
        || line.split(' ').any(option)
}

/// A part of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Head,
    Description,
    State,
    Versions,
    Parameters,
    Responses,
    ExampleRequest,
    RequestPath,
    RequestHeader,
    RequestBody,
    ExampleResponse,
    ResponseExample(String),
}

impl Part {
    fn rank(&self) -> u8 {
        match self {
            Self::Head => 0,
            Self::Description => 1,
            Self::State => 2,
            Self::Versions => 3,
            Self::Parameters => 4,
            Self::Responses => 5,
            Self::ExampleRequest => 6,
            Self::RequestPath => 7,
            Self::RequestHeader => 8,
            Self::RequestBody => 9,
            Self::ExampleResponse => 10,
            Self::ResponseExample(_) => 11,
        }
    }
}

/// What the reader is in.
enum Inside {
    /// Between sections: headings, titles, prose.
    Nothing,
    /// An operation, and where its parts begin.
    Operation(Box<OperationSection>, Vec<(Part, usize)>),
    /// A model, and where its table begins.
    Model(Box<ModelSection>, usize),
}

/// What a line begins, as far as it and those behind it tell.
#[derive(Clone)]
enum Mark {
    None,
    Method(String, String),
    Heading(Heading),
    /// A title without a number.
    Title,
}

struct Reader<'a> {
    lines: &'a [Line<'a>],
    markdown: bool,
    marks: Vec<Mark>,
    inside: Inside,
    title: Option<Located<String>>,
    titles: HashMap<Vec<u32>, Located<String>>,
    version: Option<Located<String>>,
    description: Option<Located<String>>,
    in_description: bool,
    operations: Vec<OperationSection>,
    models: Vec<ModelSection>,
}

impl<'a> Reader<'a> {
    fn new(lines: &'a [Line<'a>], markdown: bool) -> Self {
        Self {
            lines,
            markdown,
            marks: marks(lines),
            inside: Inside::Nothing,
            title: None,
            titles: HashMap::new(),
            version: None,
            description: None,
            in_description: false,
            operations: Vec::new(),
            models: Vec::new(),
        }
    }

    fn line(&mut self, index: usize) {
        let line = &self.lines[index];
        match self.marks[index].clone() {
            Mark::Heading(heading) => {
                self.close(index);
                return self.heading(line.number, heading);
            }
            Mark::Title if self.title_may_stand_here(index) => {
                self.close(index);
                self.outside();
                self.title = Some(Located::new(line.number, line.text.clone()));
                self.version = None;
                return;
            }
            Mark::Method(method, path) if self.method_may_stand_here(index) => {
                return self.operation(index, method, path);
            }
            _ => {}
        }
        if line.separator.is_some() {
            return;
        }
        let begins = header(self.lines, index);
        if begins == Some(Table::Properties) && self.model_may_stand_here() {
            return self.model(index);
        }
        let next = self.lines.get(index + 1);
        match &mut self.inside {
            Inside::Operation(_, parts) => {
                if let Some(part) = next_part(&self.marks, line, next, index, begins, parts) {
                    parts.push((part, index));
                }
            }
            Inside::Model(..) => {}
            Inside::Nothing => self.prose(index),
        }
    }

    fn heading(&mut self, number: usize, heading: Heading) {
        self.outside();
        if let Some(version) = heading.version() {
            self.version = Some(Located::new(number, version.to_owned()));
            let parent = heading
                .ordinal
                .split_last()
                .map(|(_, parent)| parent)
                .filter(|parent| !parent.is_empty());
            if let Some(title) = parent.and_then(|parent| self.titles.get(parent)) {
                self.title = Some(title.clone());
            }
        } else {
            let title = Located::new(number, heading.title);
            self.version = None;
            self.title = Some(title.clone());
            self.titles.insert(heading.ordinal, title);
        }
    }

    fn outside(&mut self) {
        self.inside = Inside::Nothing;
        self.description = None;
        self.in_description = false;
    }

    /// A method line begins a section behind a heading, or wherever no text can stand.
    fn method_may_stand_here(&self, index: usize) -> bool {
        let behind_heading =
            index > 0 && matches!(self.marks[index - 1], Mark::Heading(_) | Mark::Title);
        let in_text = match &self.inside {
            Inside::Operation(_, parts) => matches!(
                parts.last(),
                Some((
                    Part::Description | Part::Parameters | Part::RequestPath | Part::RequestBody,
                    _
                ))
            ),
            Inside::Model(..) => true,
            Inside::Nothing => self.in_description,
        };
        behind_heading || self.lines[index].heading || !in_text
    }

    fn title_may_stand_here(&self, index: usize) -> bool {
        match &self.inside {
            Inside::Nothing | Inside::Model(..) => true,
            Inside::Operation(_, parts) => {
                let rank = parts.last().map_or(0, |(part, _)| part.rank());
                rank >= Part::ResponseExample(String::new()).rank() || self.lines[index].heading
            }
        }
    }

    fn model_may_stand_here(&self) -> bool {
        match &self.inside {
            Inside::Operation(_, parts) => parts
                .last()
                .is_some_and(|(part, _)| part.rank() > Part::Responses.rank()),
            Inside::Nothing | Inside::Model(..) => true,
        }
    }

    fn operation(&mut self, index: usize, method: String, path: String) {
        self.close(index);
        self.outside();
        let section = OperationSection {
            line: self.lines[index].number,
            title: self.title.clone(),
            heading: self.version.take(),
            method,
            path,
            ..OperationSection::default()
        };
        self.inside = Inside::Operation(Box::new(section), vec![(Part::Head, index)]);
    }

    fn model(&mut self, index: usize) {
        let title_needed = !matches!(self.inside, Inside::Nothing);
        self.close(index);
        let section = ModelSection {
            line: self.lines[index].number,
            // A table right behind another one has no title of its own.
            name: if title_needed {
                None
            } else {
                self.title.clone()
            },
            heading: self.version.clone(),
            description: self.description.take(),
            ..ModelSection::default()
        };
        self.outside();
        self.inside = Inside::Model(Box::new(section), index);
    }

    /// A line between sections.
    fn prose(&mut self, index: usize) {
        const NO_TITLES: [&str; 10] = [
            "properties",
            "schema",
            "schemas",
            "model",
            "models",
            "definition",
            "definitions",
            "attributes",
            "fields",
            "contents",
        ];
        let line = &self.lines[index];
        if Label::read(&line.text) == Some(Label::Description) {
            self.in_description = true;
        } else if let Some(schema) = type_line(&line.text)
            && let Some(name) = self.title.clone()
        {
            self.in_description = false;
            self.models.push(ModelSection {
                line: line.number,
                name: Some(name),
                heading: self.version.clone(),
                description: self.description.take(),
                schema: Some(Located::new(line.number, schema)),
                ..ModelSection::default()
            });
        } else if matches!(Label::read(&line.text), Some(Label::State(_)))
            || header(self.lines, index).is_some()
        {
            self.in_description = false;
        } else if self.in_description {
            match &mut self.description {
                Some(description) => {
                    description.value.push(' ');
                    description.value.push_str(&line.text);
                }
                None => self.description = Some(Located::new(line.number, line.text.clone())),
            }
        } else if self.version.is_none()
            && is_title(&line.text)
            && !NO_TITLES.contains(&line.text.to_lowercase().as_str())
        {
            self.title = Some(Located::new(line.number, line.text.clone()));
        }
    }

    /// Ends the section that the reader is in.
    fn close(&mut self, end: usize) {
        match std::mem::replace(&mut self.inside, Inside::Nothing) {
            Inside::Nothing => {}
            Inside::Operation(mut section, parts) => {
                let ends = parts
                    .iter()
                    .skip(1)
                    .map(|(_, start)| *start)
                    .chain([end])
                    .collect::<Vec<_>>();
                for ((part, start), end) in parts.iter().zip(ends) {
                    fill(&mut section, part, self.lines, *start..end, self.markdown);
                }
                self.operations.push(*section);
            }
            Inside::Model(mut section, start) => {
                section.properties = properties::read(&self.lines[start..end], self.markdown, true);
                if section.properties.extent != Extent::Missing {
                    self.models.push(*section);
                }
            }
        }
    }
}

/// What each line begins, told from the last line on, since what follows a heading makes it one.
fn marks(lines: &[Line<'_>]) -> Vec<Mark> {
    let mut marks = vec![Mark::None; lines.len()];
    for index in (0..lines.len()).rev() {
        let line = &lines[index];
        if let Some((method, path)) = method_line(&line.text) {
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
            if begins_section
                || opens
                || begins_model
                || (line.heading && heading.version().is_some())
            {
                marks[index] = Mark::Heading(heading);
            }
            continue;
        }
        let is_plain_title = is_title(&line.text)
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
fn header(lines: &[Line<'_>], index: usize) -> Option<Table> {
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

/// The part that a line of an operation begins, where it begins one.
fn next_part(
    marks: &[Mark],
    line: &Line<'_>,
    next: Option<&Line<'_>>,
    index: usize,
    begins: Option<Table>,
    parts: &[(Part, usize)],
) -> Option<Part> {
    let (current, begun) = parts.last().map(|(part, at)| (part.clone(), *at))?;
    let rank = current.rank();
    match begins {
        Some(Table::Versions) if rank < Part::Versions.rank() => return Some(Part::Versions),
        Some(Table::Parameters) if rank < Part::Parameters.rank() => return Some(Part::Parameters),
        Some(Table::Responses) if rank < Part::Responses.rank() => return Some(Part::Responses),
        _ => {}
    }
    let label = Label::read(&line.text)?;
    let in_example = (Part::ExampleRequest.rank()..=Part::RequestBody.rank()).contains(&rank);
    let later = label.rank() > rank || (in_example && (7..=9).contains(&label.rank()));
    if !later && !matches!(label, Label::ResponseExample(_)) {
        return None;
    }
    let next_begins = next.is_none_or(|next| {
        responses::begins_responses(&next.text)
            || next.separator.is_some()
            || Label::read(&next.text).is_some_and(|next| next.rank() > label.rank())
            || !matches!(marks[index + 1], Mark::None)
    });
    if current == Part::Parameters {
        // Most labels could be a description in the table.
        let ends = match label {
            Label::Responses => next_begins || line.heading,
            Label::ExampleRequest | Label::ExampleResponse => true,
            _ => line.heading,
        };
        if !ends {
            return None;
        }
    }
    Some(match label {
        Label::Description if begun + 1 == index || rank == 0 => Part::Description,
        Label::Description => return None,
        Label::State(rest) => {
            let told = state(&rest).is_some() || rest.starts_with("ACTIVE");
            let follows = next.is_some_and(|next| state(&next.text).is_some());
            if !told && !follows {
                return None;
            }
            Part::State
        }
        Label::Parameters => Part::Parameters,
        Label::Responses => Part::Responses,
        Label::ExampleRequest => Part::ExampleRequest,
        Label::RequestPath => Part::RequestPath,
        Label::RequestHeader => Part::RequestHeader,
        Label::RequestBody => Part::RequestBody,
        Label::ExampleResponse => Part::ExampleResponse,
        Label::ResponseExample(status) => Part::ResponseExample(status),
    })
}

/// Reads a part of an operation into its section.
fn fill(
    section: &mut OperationSection,
    part: &Part,
    lines: &[Line<'_>],
    range: Range<usize>,
    markdown: bool,
) {
    let all = &lines[range];
    // The label is no content; a table without a label begins with its header.
    let content = if all
        .first()
        .is_some_and(|line| Label::read(&line.text).is_some())
    {
        &all[1..]
    } else {
        all
    };
    match part {
        Part::Head | Part::ExampleRequest | Part::ExampleResponse => {}
        Part::Description => {
            let texts: Vec<&str> = content.iter().map(|line| line.text.as_str()).collect();
            section.description = content
                .first()
                .map(|line| Located::new(line.number, texts.join(" ")));
        }
        Part::State => {
            let words = all.iter().take(2).find_map(|line| {
                let rest = match Label::read(&line.text) {
                    Some(Label::State(rest)) => rest,
                    _ => line.text.clone(),
                };
                Some(Located::new(line.number, state(&rest)?))
            });
            section.state = words;
        }
        Part::Versions => {
            let tokens: Vec<_> = all.iter().flat_map(row::tokens).collect();
            let header = |text: &str| column(text).is_some() || columns_of_text(text).is_some();
            let start = tokens
                .iter()
                .take_while(|token| header(&token.text))
                .count();
            section.versions = versions::read(&tokens[start..]);
        }
        Part::Parameters => {
            section.parameters = properties::read(content, markdown, false);
            section.parameters.line = all.first().map(|line| line.number);
        }
        Part::Responses => {
            section.responses = responses::read(content, markdown);
            section.responses.line = all.first().map(|line| line.number);
        }
        Part::RequestPath => {
            section.request_path = content.iter().find_map(|line| {
                let path = line
                    .text
                    .split_whitespace()
                    .find(|word| word.starts_with('/'))?;
                let path = path.trim_end_matches(['"', '\'', ',']);
                Some(Located::new(line.number, path.to_owned()))
            });
        }
        Part::RequestHeader => section.headers = example::headers(content),
        Part::RequestBody => section.request_example = example::json(content),
        Part::ResponseExample(status) => {
            if let Some(example) = example::json(content) {
                section.response_examples.push((status.clone(), example));
            }
        }
    }
}

/// The type of a model that has no properties: `Type : enum (A, B)`, or an enumeration by itself.
fn type_line(line: &str) -> Option<Schema> {
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
