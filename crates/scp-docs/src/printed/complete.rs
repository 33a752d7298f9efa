//! Whether a page is whole: its last part tells.

use super::label::{Heading, Label, is_contents_entry, is_title};
use super::line::Line;
use super::page::{Extent, Fault, Located, ModelSection, OperationSection, Told};
use super::parts::Part;

/// The section that a page ends with.
pub(super) enum Last<'a> {
    /// An operation, the part that it ends with, and the lines of that part.
    Operation(&'a OperationSection, Part, &'a [Line<'a>]),
    /// A model.
    Model(&'a ModelSection),
}

/// The fault of a page whose end is missing. `printed` tells whether the page is text of the whole page, with all of its parts.
pub(super) fn cut_off(
    last: Option<Last<'_>>,
    ranks: &[(String, String, u8)],
    lines: &[Line<'_>],
    printed: bool,
) -> Option<Located<Fault>> {
    let end = lines.last()?.number;
    let ends = match last {
        Some(Last::Operation(section, part, lines)) => {
            ends_within(section, &part, lines, printed) || lacks_parts(section, &part, ranks)
        }
        Some(Last::Model(section)) => {
            let rows = &section.properties;
            section.schema.is_none()
                && rows
                    .rows
                    .last()
                    .is_none_or(|row| !row.schema.is_known() && row.together.is_none())
        }
        None => false,
    };
    (ends || misses_contents(lines)).then(|| Located::new(end, Fault::CutOff))
}

/// Whether a page ends within a part.
fn ends_within(section: &OperationSection, part: &Part, lines: &[Line<'_>], printed: bool) -> bool {
    let content = match lines.first() {
        Some(first) if Label::read(&first.text).is_some() => &lines[1..],
        _ => lines,
    };
    let responses = section
        .responses
        .rows
        .iter()
        .any(|row| row.status.starts_with('2') && matches!(row.schema, Told::Says(_)));
    match part {
        Part::Head | Part::Description | Part::State => {
            section.responses.extent == Extent::Missing && !lines[0].exact
        }
        Part::Versions => {
            section.responses.extent == Extent::Missing
                && section.parameters.extent == Extent::Missing
        }
        // The responses come behind the parameters.
        Part::Parameters => section.responses.extent == Extent::Missing,
        Part::Responses => {
            let row = section.responses.rows.last();
            // Where a success has a schema, an example of it comes behind.
            (printed && responses)
                || row.is_none_or(|row| !row.schema.is_known() && row.description.is_none())
        }
        // The headers come behind the path.
        Part::ExampleRequest | Part::RequestPath => printed || content.is_empty() || responses,
        Part::RequestHeader => {
            let last = content.last().map_or("", |line| line.text.as_str());
            let open = last.starts_with('"') && !last.ends_with('"');
            last.is_empty() || last.ends_with(',') || open || responses
        }
        Part::RequestBody => content.is_empty() || is_open(content) || responses,
        Part::ExampleResponse => responses,
        Part::ResponseExample(status) => {
            let row = section
                .responses
                .rows
                .iter()
                .find(|row| row.status == *status);
            let has_body = row.is_some_and(|row| matches!(row.schema, Told::Says(_)));
            (content.is_empty() && has_body) || is_open(content)
        }
    }
}

/// Whether JSON that lines begin is not closed in them.
fn is_open(lines: &[Line<'_>]) -> bool {
    let Some(start) = lines
        .iter()
        .position(|line| line.raw.trim_start().starts_with(['{', '[']))
    else {
        return false;
    };
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for character in lines[start..].iter().flat_map(|line| line.raw.chars()) {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

/// Whether every other version of the operation, or else every other operation of its method, goes on where this one ends.
fn lacks_parts(section: &OperationSection, part: &Part, ranks: &[(String, String, u8)]) -> bool {
    let rank = part.rank().min(Part::ExampleResponse.rank());
    let Some((_, others)) = ranks.split_last() else {
        return false;
    };
    let same_path =
        |other: &&(String, String, u8)| other.0 == section.method && other.1 == section.path;
    let same_method = |other: &&(String, String, u8)| other.0 == section.method;
    // An operation of another method may have no body and no response, but it is called in the same way.
    let calls = Part::RequestPath.rank();
    if rank < calls && others.iter().all(|other| other.2 >= calls) && others.len() > 1 {
        return true;
    }
    let alike: Vec<u8> = others
        .iter()
        .filter(same_path)
        .map(|other| other.2)
        .collect();
    let alike = if alike.is_empty() {
        others
            .iter()
            .filter(same_method)
            .map(|other| other.2)
            .collect()
    } else {
        alike
    };
    !alike.is_empty()
        && alike
            .iter()
            .all(|other| (*other).min(Part::ExampleResponse.rank()) > rank)
}

/// Whether the last heading of a page has nothing below it: no section begins there. `starts` are the lines where sections begin.
pub(super) fn ends_at_heading(
    lines: &[Line<'_>],
    mut starts: impl Iterator<Item = usize>,
) -> Option<Located<Fault>> {
    let numbered = |line: &&Line<'_>| {
        Heading::read(&line.text).is_some_and(|heading| !heading.ordinal.is_empty())
    };
    let heading = lines.iter().rev().find(numbered)?.number;
    let end = lines.last()?.number;
    let below = starts.any(|start| start >= heading);
    (!below).then(|| Located::new(end, Fault::CutOff))
}

/// Whether a list of contents at the beginning of a page numbers a section that the page does not have.
fn misses_contents(lines: &[Line<'_>]) -> bool {
    let entry = |line: &Line<'_>| -> Option<Vec<u32>> {
        let (number, title) = line
            .text
            .split_once(':')
            .filter(|_| is_contents_entry(&line.text))?;
        let ordinal = number
            .trim()
            .split('.')
            .map(|part| part.parse().ok())
            .collect::<Option<Vec<u32>>>()?;
        let title = title.trim();
        (is_title(title) || Heading::read(title).is_some()).then_some(ordinal)
    };
    let entries: Vec<Vec<u32>> = lines.iter().filter_map(entry).collect();
    if entries.len() < 2 {
        return false;
    }
    let headings: Vec<Vec<u32>> = lines
        .iter()
        .filter_map(|line| Heading::read(&line.text))
        .map(|heading| heading.ordinal)
        .filter(|ordinal| !ordinal.is_empty())
        .collect();
    !headings.is_empty() && entries.iter().any(|entry| !headings.contains(entry))
}
