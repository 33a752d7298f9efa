//! Detects pages that are cut off: each rule names a part that the page announces and does not contain.

use std::collections::BTreeSet;

use super::label::{Heading, Label, is_contents_entry, is_phrase_title, is_title, without_bullet};
use super::line::Line;
use super::marks::header;
use super::page::{Extent, ModelSection, OperationSection, Told};
use super::parts::Part;
use super::references;
use super::schema::{Schema, open_brackets};
use specmill_openapi::names;

/// The content of a page, as far as the rules need it.
pub(super) struct Content<'a> {
    pub(super) lines: &'a [Line<'a>],
    pub(super) operations: &'a [OperationSection],
    pub(super) models: &'a [ModelSection],
    /// The section that the page ends with.
    pub(super) last: Option<Last<'a>>,
    /// The method, the path and the rank of the last part of each operation.
    pub(super) ranks: &'a [(String, String, u8)],
    /// Whether the page is plain text, in which no cell of a table is lost.
    pub(super) plain: bool,
}

/// The section that a page ends with.
pub(super) enum Last<'a> {
    /// An operation, its last part, and the lines of that part.
    Operation(&'a OperationSection, Part, &'a [Line<'a>]),
    /// A model, and the lines of its table.
    Model(&'a ModelSection, &'a [Line<'a>]),
}

/// Names what is missing at the end of a page that is cut off.
pub(super) fn missing(content: &Content<'_>) -> Option<String> {
    let of_section = match &content.last {
        Some(Last::Operation(section, part, lines)) => {
            let name = section.shown();
            if ends_within(content, section, part, lines) {
                Some(format!("{name} ends within the part \"{}\"", part.title()))
            } else if lacks_parts(section, part, content.ranks) || lacks_example(content, part) {
                Some(format!(
                    "{name} has fewer parts than the other operations of the page"
                ))
            } else {
                None
            }
        }
        Some(Last::Model(section, lines)) => {
            if ends_within_row(content, section, lines)
                || references::lacks_properties(section, content.operations, content.models)
            {
                Some(references::incomplete(section))
            } else {
                lacks_models(content).map(|model| {
                    format!("the page refers to the model `{model}`, which is missing")
                })
            }
        }
        None => None,
    };
    of_section
        .or_else(|| misses_contents(content.lines))
        .or_else(|| ends_at_heading(content))
        .or_else(|| ends_at_title(content))
        .or_else(|| ends_at_header(content.lines))
}

/// Whether a page ends within a part of an operation.
fn ends_within(
    content: &Content<'_>,
    section: &OperationSection,
    part: &Part,
    lines: &[Line<'_>],
) -> bool {
    let body = match lines.first() {
        Some(first) if Label::read(&first.text).is_some() => &lines[1..],
        _ => lines,
    };
    let has_schema = section
        .responses
        .rows
        .iter()
        .any(|row| row.status.starts_with('2') && matches!(row.schema, Told::Says(_)));
    let has_examples = has_examples(content, section, part);
    match part {
        Part::Head | Part::Description | Part::State => {
            section.responses.extent == Extent::Missing && !lines[0].exact
        }
        Part::Versions => {
            section.responses.extent == Extent::Missing
                && section.parameters.extent == Extent::Missing
        }
        // The responses follow the parameters.
        Part::Parameters => section.responses.extent == Extent::Missing,
        Part::Responses => {
            let row = section.responses.rows.last();
            // The example of the request follows, and one of a success that has a schema.
            has_examples
                || (content.plain && has_schema)
                || row.is_none_or(|row| !row.schema.is_known() && row.description.is_none())
        }
        // The headers follow the path.
        Part::ExampleRequest | Part::RequestPath => {
            content.plain || has_examples || body.is_empty() || has_schema
        }
        Part::RequestHeader => {
            let last = body.last().map_or("", |line| line.text.as_str());
            let is_open = last.matches('"').count() % 2 == 1;
            // The version is the last header.
            let lacks_version = section.header_version().is_none();
            let lacks_body = section.has_body() && section.request_example.is_none();
            last.is_empty()
                || last.ends_with(',')
                || is_open
                || has_schema
                || (has_examples && (lacks_version || lacks_body))
        }
        Part::RequestBody => body.is_empty() || is_open(body) || has_schema,
        Part::ExampleResponse => {
            let (_, others) = content.ranks.split_last().unwrap_or((&EMPTY_RANK, &[]));
            has_schema || others.iter().all(|other| other.2 != part.rank())
        }
        Part::ResponseExample(status) => {
            let row = section
                .responses
                .rows
                .iter()
                .find(|row| row.status == *status);
            let has_body = row.is_some_and(|row| matches!(row.schema, Told::Says(_)));
            (body.is_empty() && has_body) || is_open(body)
        }
    }
}

/// Whether examples follow the tables of an operation: always, if the vendor printed the page, tables are undamaged, and no other
/// operation of the page ends here.
fn has_examples(content: &Content<'_>, section: &OperationSection, part: &Part) -> bool {
    let is_whole =
        section.parameters.extent != Extent::Part && section.responses.extent == Extent::Whole;
    let (_, others) = content.ranks.split_last().unwrap_or((&EMPTY_RANK, &[]));
    section.state.is_some()
        && (content.plain || is_whole)
        && (others.is_empty() || others.iter().any(|other| other.2 > part.rank()))
}

const EMPTY_RANK: (String, String, u8) = (String::new(), String::new(), 0);

/// Whether JSON that begins in the lines is not closed in them.
fn is_open(lines: &[Line<'_>]) -> bool {
    let Some(start) = lines
        .iter()
        .position(|line| line.raw.trim_start().starts_with(['{', '[']))
    else {
        return false;
    };
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for character in lines[start..].iter().flat_map(|line| line.raw.chars()) {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
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

/// Whether every other version of the operation, or else every other operation of its method, has a part behind the last one of
/// this operation.
fn lacks_parts(section: &OperationSection, part: &Part, ranks: &[(String, String, u8)]) -> bool {
    let rank = part.rank().min(Part::ExampleResponse.rank());
    let Some((_, others)) = ranks.split_last() else {
        return false;
    };
    let same_path =
        |other: &&(String, String, u8)| other.0 == section.method && other.1 == section.path;
    let same_method = |other: &&(String, String, u8)| other.0 == section.method;
    // An operation of another method may have neither a body nor a response, but it is called in the same way.
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

/// Whether all other operations have examples behind the last part of this one, those without a response body too.
fn lacks_example(content: &Content<'_>, part: &Part) -> bool {
    let Some((_, others)) = content.ranks.split_last() else {
        return false;
    };
    let has_no_body = |section: &OperationSection| {
        let rows = &section.responses.rows;
        let mut successes = rows.iter().filter(|row| row.status.starts_with('2'));
        successes.all(|row| matches!(row.schema, Told::Nothing(_)))
    };
    let mut pairs = others.iter().zip(content.operations);
    others.iter().all(|other| other.2 > part.rank())
        && part.rank() < Part::ResponseExample(String::new()).rank()
        && pairs.any(|(_, section)| has_no_body(section))
}

/// Whether the table of a model ends within a row.
fn ends_within_row(content: &Content<'_>, section: &ModelSection, lines: &[Line<'_>]) -> bool {
    if section.schema.is_some() {
        return false;
    }
    let is_contiguous = lines
        .windows(2)
        .all(|pair| pair[0].number + 1 == pair[1].number);
    let is_plain = lines.iter().all(|line| line.cells.is_none());
    // Text below the table, such as a footer, follows a blank line.
    let has_rest = section.properties.extent != Extent::Whole && is_contiguous && is_plain;
    let Some(row) = section.properties.rows.last() else {
        return true;
    };
    match (&row.schema, &row.default) {
        // A piece of `None`.
        (_, Told::Says(default)) if is_plain && ["N", "No", "Non"].contains(&&*default.value) => {
            true
        }
        // Plain text has schema and default on one line, so the second line is the name of another row.
        (Told::Says(schema), Told::Says(default)) if schema.line < default.line => true,
        // A piece of a word looks like the name of a model.
        (Told::Says(schema), _) if is_plain && is_section(content) => {
            let is_defined = |name: &str| {
                let mut names = content
                    .models
                    .iter()
                    .filter_map(|model| model.name.as_ref());
                names.any(|defined| defined.value == name)
            };
            has_rest || matches!(&schema.value, Schema::Model(name) if !is_defined(name))
        }
        (Told::Unknown, _) => {
            has_rest
                || row
                    .together
                    .as_ref()
                    .is_none_or(|text| begins_schema(&text.value))
        }
        _ => has_rest,
    }
}

/// Whether a text is the beginning of a schema and not all of it.
fn begins_schema(text: &str) -> bool {
    open_brackets(text) > 0
        || ["any of [", "array[", "enum ("]
            .iter()
            .any(|word| word.starts_with(text))
}

/// Whether a page contains the models of a whole section: numbered models, or several models below operations.
fn is_section(content: &Content<'_>) -> bool {
    let is_numbered = |model: &ModelSection| is_numbered(model, content.lines);
    content.models.iter().any(is_numbered)
        || (content.models.len() > 1 && !content.operations.is_empty())
}

/// An order of names.
type Order = fn(&str, &str) -> std::cmp::Ordering;

/// The first model that a page refers to and would contain behind its last one.
///
/// If the models of the page are in alphabetical order, one that would precede the last is missing on the site too.
fn lacks_models(content: &Content<'_>) -> Option<String> {
    let names: Vec<&str> = content
        .models
        .iter()
        .filter_map(|model| Some(model.name.as_ref()?.value.as_str()))
        .collect();
    let last = names.last()?;
    if !is_section(content) {
        return None;
    }
    let defined: BTreeSet<&str> = names.iter().copied().collect();
    let referenced = references::models(content.operations, content.models);
    let missing = referenced
        .into_iter()
        .filter(|name| name.starts_with(char::is_uppercase) && !defined.contains(name));
    let ignoring_case = |one: &str, two: &str| one.to_lowercase().cmp(&two.to_lowercase());
    let by_bytes = |one: &str, two: &str| one.cmp(two);
    let orders: [Order; 2] = [ignoring_case, by_bytes];
    let order = orders
        .iter()
        .find(|order| names.windows(2).all(|pair| order(pair[0], pair[1]).is_le()));
    let mut missing = missing.filter(|name| order.is_none_or(|order| order(name, last).is_gt()));
    missing.next().map(str::to_owned)
}

/// Whether the heading of a model has a number, as those of a page for a whole section have.
fn is_numbered(model: &ModelSection, lines: &[Line<'_>]) -> bool {
    let Some(name) = &model.name else {
        return false;
    };
    lines
        .iter()
        .find(|line| line.number == name.line)
        .and_then(|line| Heading::read(&line.text))
        .is_some_and(|heading| !heading.ordinal.is_empty())
}

/// Whether no section follows the last numbered heading of a page.
fn ends_at_heading(content: &Content<'_>) -> Option<String> {
    let numbered = |line: &&Line<'_>| {
        Heading::read(&line.text).is_some_and(|heading| !heading.ordinal.is_empty())
    };
    let heading = content.lines.iter().rev().find(numbered)?;
    let operations = content.operations.iter().map(|section| section.line);
    let mut starts = operations.chain(content.models.iter().map(|section| section.line));
    let has_section = starts.any(|start| start >= heading.number);
    (!has_section).then(|| format!("nothing follows the heading \"{}\"", heading.text))
}

/// Whether the last line of a page is the number of a heading, or a title like those of its sections.
fn ends_at_title(content: &Content<'_>) -> Option<String> {
    let [.., before, last] = content.lines else {
        return None;
    };
    if before.number + 1 == last.number || last.cells.is_some() {
        return None;
    }
    let number = last.text.trim_end_matches(['-', '–', ' ', '.']);
    let is_number = number.split('.').all(|part| part.parse::<u32>().is_ok());
    let has_numbers = content
        .lines
        .iter()
        .any(|line| Heading::read(&line.text).is_some_and(|heading| !heading.ordinal.is_empty()));
    let of_operations = content.operations.iter().map(|section| &section.title);
    let of_models = content.models.iter().map(|section| &section.name);
    let titles: BTreeSet<&str> = of_operations
        .chain(of_models)
        .flatten()
        .map(|title| title.value.as_str())
        .collect();
    let words = |title: &str| -> BTreeSet<String> {
        let words = names::words(title).into_iter();
        let words = words.map(|word| word.to_lowercase().trim_end_matches('s').to_owned());
        words.filter(|word| word.len() > 2).collect()
    };
    let own = words(&last.text);
    let is_title = titles.len() > 1
        && (is_title(&last.text) || is_phrase_title(&last.text))
        && titles.iter().any(|title| !words(title).is_disjoint(&own));
    ((is_number && has_numbers) || is_title)
        .then(|| format!("nothing follows the heading \"{}\"", last.text))
}

/// Whether the last line of a page is a heading of Markdown, or the header of a table.
fn ends_at_header(lines: &[Line<'_>]) -> Option<String> {
    let last = lines.iter().rposition(|line| line.separator.is_none())?;
    let line = &lines[last];
    if header(lines, last).is_some() {
        Some("the last table has no rows".to_owned())
    } else if line.heading {
        Some(format!("nothing follows the heading \"{}\"", line.text))
    } else {
        None
    }
}

/// Finds a section of the table of contents that the page does not have.
fn misses_contents(lines: &[Line<'_>]) -> Option<String> {
    let entry = |line: &Line<'_>| -> Option<(Vec<u32>, String)> {
        let text = without_bullet(&line.text);
        let (number, title) = text.split_once(':').filter(|_| is_contents_entry(text))?;
        let ordinal = number
            .trim()
            .split('.')
            .map(|part| part.parse().ok())
            .collect::<Option<Vec<u32>>>()?;
        let title = title.trim();
        (is_title(title) || is_phrase_title(title) || Heading::read(title).is_some())
            .then(|| (ordinal, text.to_owned()))
    };
    let entries: Vec<(Vec<u32>, String)> = lines.iter().filter_map(entry).collect();
    if entries.len() < 2 {
        return None;
    }
    let headings: Vec<Vec<u32>> = lines
        .iter()
        .filter_map(|line| Heading::read(&line.text))
        .map(|heading| heading.ordinal)
        .filter(|ordinal| !ordinal.is_empty())
        .collect();
    if headings.is_empty() {
        return None;
    }
    let (_, text) = entries
        .into_iter()
        .find(|(ordinal, _)| !headings.contains(ordinal))?;
    Some(format!(
        "the table of contents lists \"{text}\", which is missing"
    ))
}
