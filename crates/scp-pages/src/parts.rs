//! The parts of an operation: their beginnings and their content.

use std::ops::Range;

use super::example;
use super::label::{Label, state};
use super::line::Line;
use super::marks::Mark;
use super::page::{Located, OperationSection};
use super::properties;
use super::responses;
use super::row;
use super::table::{Table, columns_of_text, has_words_of_columns};
use super::versions;

/// A part of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
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
    /// The label of the part on the page.
    pub(super) fn title(&self) -> String {
        let title = match self {
            Self::Head => "Method and path",
            Self::Description => "Description",
            Self::State => "State",
            Self::Versions => "Version",
            Self::Parameters => "Parameters",
            Self::Responses => "Responses",
            Self::ExampleRequest => "Example HTTP request",
            Self::RequestPath => "Request path",
            Self::RequestHeader => "Request header",
            Self::RequestBody => "Request body",
            Self::ExampleResponse => "Example HTTP response",
            Self::ResponseExample(status) => return format!("Response {status}"),
        };
        title.to_owned()
    }

    /// The order of the parts of an operation.
    pub(super) fn rank(&self) -> u8 {
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

/// The part that a line of an operation begins, where it begins one.
pub(super) fn next_part(
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
pub(super) fn fill(
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
            let header = |text: &str| has_words_of_columns(text) || columns_of_text(text).is_some();
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
