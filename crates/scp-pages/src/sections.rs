//! Splits a page into sections and their parts.

use std::collections::HashMap;

use super::complete::{self, Content, Last};
use super::label::{Heading, Label, is_contents_entry, is_title};
use super::line::Line;
use super::marks::{Mark, header, marks, type_line};
use super::page::{End, Extent, Fault, Kind, Located, ModelSection, OperationSection, Page, Rows};
use super::parts::{Part, fill, next_part};
use super::properties;
use super::row::is_none;
use super::service;
use super::table::{Table, column, columns_of_cells, columns_of_text};
use super::text::{Text, lines};

/// Reads a page. Every page can be read; parts without a known structure are unknown.
pub fn read(text: &str) -> Page {
    let Text {
        lines,
        markdown,
        open,
        closed,
    } = lines(text);
    let mut reader = Reader::new(&lines, markdown);
    for index in 0..lines.len() {
        reader.line(index);
    }
    reader.close(lines.len());
    let missing = open.map(str::to_owned).or_else(|| {
        complete::missing(&Content {
            lines: &lines,
            operations: &reader.operations,
            models: &reader.models,
            last: reader.last(),
            ranks: &reader.ranks,
            plain: !markdown,
        })
    });
    let Reader {
        operations,
        mut models,
        mut faults,
        service,
        ..
    } = reader;
    let end = End {
        line: lines.last().map_or(0, |line| line.number),
        section: last_section(&operations, &models),
        is_proven: closed,
        missing: missing.filter(|_| !operations.is_empty() || !models.is_empty()),
    };
    if end.missing.is_some() {
        faults.push(Located::new(end.line, Fault::CutOff));
    }
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
        service: service.section,
        faults,
        end,
    }
}

/// The last operation or model of a page, for people.
fn last_section(operations: &[OperationSection], models: &[ModelSection]) -> String {
    let operation = operations.last();
    let model = models.last();
    match (operation, model) {
        (operation, Some(model))
            if operation.is_none_or(|operation| operation.line < model.line) =>
        {
            let name = model.name.as_ref().map_or("", |name| name.value.as_str());
            format!("the model `{name}`")
        }
        (Some(operation), _) => {
            let version = operation.version();
            let version = version.map_or_else(String::new, |version| format!(" ({version})"));
            format!("{}{version}", operation.shown())
        }
        _ => String::new(),
    }
}

/// The fault of a table whose rows cannot be read: none of them, or some where the page shows all cells.
fn unreadable<T>(rows: &Rows<T>, lines: &[Line<'_>]) -> Option<Located<Fault>> {
    let is_row = |line: &&Line<'_>| {
        line.separator.is_none()
            && Label::read(&line.text).is_none()
            && !is_none(&line.text)
            && !matches!(line.text.as_str(), "-" | "N/A")
            && column(&line.text).is_none()
            && columns_of_text(&line.text).is_none()
            && line.cells.as_deref().and_then(columns_of_cells).is_none()
    };
    let row = lines.iter().find(is_row)?;
    let exact = lines.iter().any(|line| line.exact);
    let lost = rows.rows.is_empty() && rows.extent != Extent::Whole;
    (lost || (exact && rows.extent != Extent::Whole))
        .then(|| Located::new(row.number, Fault::UnreadableRows))
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

/// What the reader is in.
enum Inside {
    /// Between sections: headings, titles, prose.
    Nothing,
    /// An operation, and where its parts begin.
    Operation(Box<OperationSection>, Vec<(Part, usize)>),
    /// A model, and where its table begins.
    Model(Box<ModelSection>, usize),
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
    service: service::Reader,
    faults: Vec<Located<Fault>>,
    /// Method, path and the rank of the last part of each operation.
    ranks: Vec<(String, String, u8)>,
    /// The last section, where the page ends with it: its part and its lines.
    end: Option<(bool, Part, std::ops::Range<usize>)>,
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
            service: service::Reader::default(),
            faults: Vec::new(),
            ranks: Vec::new(),
            end: None,
        }
    }

    /// The section that the page ends with.
    fn last(&self) -> Option<Last<'_>> {
        let (operation, part, range) = self.end.clone()?;
        if operation {
            Some(Last::Operation(
                self.operations.last()?,
                part,
                &self.lines[range],
            ))
        } else {
            Some(Last::Model(self.models.last()?, &self.lines[range]))
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
            Inside::Nothing => {
                self.service.line(line, begins);
                self.prose(index);
            }
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
        self.end = None;
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
                    let range = *start..end;
                    fill(&mut section, part, self.lines, range.clone(), self.markdown);
                    let fault = match part {
                        Part::Parameters => unreadable(&section.parameters, &self.lines[range]),
                        Part::Responses => unreadable(&section.responses, &self.lines[range]),
                        _ => None,
                    };
                    self.faults.extend(fault);
                }
                if let Some((part, start)) = parts.last() {
                    self.ranks
                        .push((section.method.clone(), section.path.clone(), part.rank()));
                    self.end = Some((true, part.clone(), *start..end));
                }
                self.operations.push(*section);
            }
            Inside::Model(mut section, start) => {
                section.properties = properties::read(&self.lines[start..end], self.markdown, true);
                let fault = unreadable(&section.properties, &self.lines[start..end]);
                self.faults
                    .extend(fault.filter(|_| self.lines[start].exact));
                if section.properties.extent != Extent::Missing {
                    self.end = Some((false, Part::Head, start..end));
                    self.models.push(*section);
                }
            }
        }
    }
}
