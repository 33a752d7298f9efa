//! Tables whose cells follow each other, as `lynx -dump` prints them: a space separates two cells, line breaks within a cell are
//! kept, and long lines are wrapped.

use super::facts::{self, Fact};
use super::grid::{Header, Row, TALLEST_ROW};
use super::label::is_status;
use super::line::{LINK, Line};
use super::properties::is_location;
use super::responses::is_phrase;
use super::row::{is_name, is_none, marker, schema_cell};
use super::schema::Schema;
use super::table::{Column, Table};

/// The rows of a table in a flow; none where the lines are none.
pub(super) fn rows(header: &Header, body: &[Line<'_>]) -> Option<Vec<Row>> {
    let starts: Vec<usize> = (0..body.len())
        .filter(|index| begins(header, &body[*index..]))
        .collect();
    if starts.first() != Some(&0) {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([body.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let lines: Vec<&str> = body[*start..end]
                .iter()
                .map(|line| line.text.as_str())
                .collect();
            if lines.len() > TALLEST_ROW || holds_two(&lines) {
                return None;
            }
            let cells = match header.table {
                Table::Responses => response(header, &lines.join(" ")),
                _ => parameter(header, &lines.join(" ")),
            }?;
            let cells: Vec<String> = cells
                .into_iter()
                .map(|cell| cell.replace(LINK, ""))
                .collect();
            header
                .accepts(&cells)
                .then(|| (end - start, header.kept(cells)))
        })
        .collect()
}

/// Whether lines hold two rows, of which the second does not begin as one does.
fn holds_two(lines: &[&str]) -> bool {
    let facts = lines.iter().flat_map(|line| facts::split(line, true).1);
    let examples = facts.filter(|(fact, _)| *fact == Fact::Example).count();
    let markers = lines
        .iter()
        .filter(|line| line.split(' ').next().and_then(marker).is_some())
        .count();
    let schemas = lines.iter().filter(|line| {
        line.match_indices(' ').any(|(at, _)| {
            Schema::prefix(&line[at + 1..]).is_some_and(|(schema, _)| schema.is_definite())
        })
    });
    examples > 1 || (markers > 1 && schemas.count() > 1)
}

/// Whether a row begins on the first of these lines.
fn begins(header: &Header, lines: &[Line<'_>]) -> bool {
    let mut words = lines.iter().take(2).flat_map(|line| line.text.split(' '));
    let mut next = || words.next().unwrap_or_default();
    match header.table {
        Table::Parameters => {
            let location = next();
            is_location(location) && {
                let name = next();
                let marked = location.eq_ignore_ascii_case("body") && marker(name).is_some();
                marked || (is_name(name) && marker(next()).is_some())
            }
        }
        Table::Properties => is_name(next()) && marker(next()).is_some(),
        Table::Responses => is_status(next()),
        Table::Versions => false,
    }
}

/// The cells of a parameter or of a property.
fn parameter(header: &Header, text: &str) -> Option<Vec<String>> {
    let has_default = header.columns.contains(&Column::Default);
    let mut rest = text;
    let mut word = || {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        word
    };
    let location = if header.table == Table::Parameters {
        Some(word())
    } else {
        None
    };
    let mut name = word().to_owned();
    if marker(&name).is_none() {
        name = format!("{name} {}", word());
    }
    let (described, schema, default) = schema_at_end(rest, has_default)?;
    header
        .columns
        .iter()
        .map(|column| {
            Some(match column {
                Column::Type if location.is_some() => location?.to_owned(),
                Column::Name => name.clone(),
                Column::Description => described.to_owned(),
                Column::Schema | Column::Type => schema.to_owned(),
                Column::Default => default.to_owned(),
                _ => String::new(),
            })
        })
        .collect()
}

/// Description, schema and default of a row.
fn schema_at_end(text: &str, has_default: bool) -> Option<(&str, &str, &str)> {
    let mut found: Option<(usize, usize)> = None;
    let mut from = 0;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices(' ').map(|(at, _)| at + 1))
        .collect();
    for start in starts {
        if start < from {
            continue;
        }
        let plain = text[start..].replace(LINK, "");
        let Some((schema, after)) = Schema::prefix(&plain) else {
            continue;
        };
        if !schema.is_definite() || !(after.is_empty() || after.starts_with(' ')) {
            continue;
        }
        // Links are of no length in the text that was read.
        let end = end_of(&text[start..], plain.len() - after.len()) + start;
        if is_default(text[end..].trim(), has_default) {
            found = Some((start, end));
        }
        from = end;
    }
    if let Some((start, end)) = found {
        return Some((
            text[..start].trim(),
            text[start..end].trim(),
            text[end..].trim(),
        ));
    }
    // The name of a model could be prose, so it must stand where a schema does.
    let (before, last) = text.rsplit_once(' ').unwrap_or(("", text));
    let is_model = |word: &str| {
        matches!(
            Schema::parse(&word.replace(LINK, "")),
            Some(Schema::Model(_))
        )
    };
    if let Some((earlier, model)) = before.rsplit_once(' ').or(Some(("", before)))
        && has_default
        && is_model(model)
        && (model.starts_with(LINK) || is_none(last) || !is_model(last))
        && !last.starts_with(LINK)
        && !ends_fact(earlier)
    {
        return Some((earlier, model, last));
    }
    is_model(last).then_some((before, last, ""))
}

/// Whether a text ends with a fact that has no value yet: what follows it is no schema.
fn ends_fact(text: &str) -> bool {
    facts::split(text, true)
        .1
        .last()
        .is_some_and(|(_, value)| value.is_empty())
}

/// The length of a text up to as many bytes of it without its links.
fn end_of(text: &str, plain: usize) -> usize {
    let mut left = plain;
    for (at, character) in text.char_indices() {
        if character == LINK {
            continue;
        }
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(character.len_utf8());
    }
    text.len()
}

/// Whether a text may be what a cell of the column `Default` holds.
fn is_default(text: &str, has_default: bool) -> bool {
    text.is_empty() || (has_default && (!text.contains(' ') || text.starts_with(['[', '{', '"'])))
}

/// The cells of a response: what it means, and its schema.
fn response(header: &Header, text: &str) -> Option<Vec<String>> {
    let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (before, last) = rest.rsplit_once(' ').unwrap_or(("", rest));
    let (described, schema) = match schema_at_end(rest, false) {
        _ if is_phrase(rest) => (rest, ""),
        _ if is_none(last) => (before, last),
        Some((described, schema, _)) if schema_cell(1, &schema.replace(LINK, "")).is_known() => {
            (described, schema)
        }
        _ => return None,
    };
    header
        .columns
        .iter()
        .map(|column| {
            Some(match column {
                Column::Status => status.to_owned(),
                Column::Description => described.to_owned(),
                Column::Schema => schema.to_owned(),
                _ => String::new(),
            })
        })
        .collect()
}
