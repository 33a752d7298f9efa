//! Responses: status, description and schema.

use scp_pages::{Extent, Located, OperationSection, Response, Schema, Told};

use super::report::Report;
use super::schemas::{is_same, schema_of};
use super::spec::{At, Found, Spec};
use super::values::is_korean;

/// What the spec says of a response.
struct Said<'a> {
    status: &'a str,
    at: At<'a>,
    description: &'a str,
    /// The pointer to the schema, or to where it would stand.
    pointer: String,
    schema: Option<Schema>,
}

/// Compares the responses of an operation.
///
/// `default` counts only where the page has it, since the normalised document adds one.
pub(super) fn compare(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    let table = &section.responses;
    let all = said(spec, &found.at);
    if table.extent == Extent::Missing {
        report.unknown(Some(section.line), "responses", found.at.child("responses"));
        return;
    }
    let mut left: Vec<&Said<'_>> = all.iter().collect();
    let mut rows: Vec<&Response> = table.rows.iter().collect();
    let mut pairs = Vec::new();
    for by_status in [true, false] {
        rows.retain(|row| {
            let same = |said: &&Said<'_>| {
                if by_status {
                    said.status == row.status
                } else {
                    is_same_but_for_the_status(spec, row, said)
                }
            };
            let Some(index) = left.iter().position(same) else {
                return true;
            };
            pairs.push((*row, left.remove(index)));
            false
        });
    }
    pairs.sort_by_key(|(row, _)| row.line);
    for (row, said) in pairs {
        let what = format!("response {}", said.status);
        if row.status != said.status {
            report.difference(
                row.line,
                &said.at.pointer,
                &format!("{what}: status"),
                &row.status,
                said.status,
            );
        }
        one(spec, row, said, &what, report);
    }
    for row in rows {
        let what = format!("response {}", row.status);
        report.difference(
            row.line,
            found.at.child("responses"),
            &what,
            text_of(row),
            "nothing",
        );
    }
    for said in left.into_iter().filter(|said| said.status != "default") {
        let what = format!("response {}", said.status);
        if table.extent == Extent::Whole {
            let line = table.line.unwrap_or(section.line);
            report.difference(line, &said.at.pointer, &what, "nothing", said.description);
        } else {
            report.unknown(table.line, &what, &said.at.pointer);
        }
    }
}

fn said<'a>(spec: &'a Spec, operation: &At<'a>) -> Vec<Said<'a>> {
    let Some(responses) = operation.member("responses") else {
        return Vec::new();
    };
    let statuses = responses.value.as_object().into_iter().flatten();
    statuses
        .map(|(status, value)| {
            let at = spec.resolve(At {
                pointer: responses.child(status),
                value,
            });
            let media = at.media();
            let schema = media.as_ref().and_then(|media| media.member("schema"));
            let pointer = match (&schema, &media) {
                (Some(schema), _) => schema.pointer.clone(),
                (None, Some(media)) => media.child("schema"),
                (None, None) => at.child("content"),
            };
            let schema = media.map(|_| {
                schema
                    .and_then(|schema| schema_of(schema.value))
                    .unwrap_or(Schema::Model("anything".to_owned()))
            });
            Said {
                status,
                description: at.text("description").unwrap_or_default(),
                pointer,
                schema,
                at,
            }
        })
        .collect()
}

/// The description and the schema of a row, as far as they are told; where the cells run together, the
/// spec's own words show where one ends.
fn parts(spec: &Spec, row: &Response, said: &Said<'_>) -> (Option<Located<String>>, Told<Schema>) {
    let apart = (row.description.clone(), row.schema.clone());
    let Some(together) = &row.together else {
        return apart;
    };
    let text = together.value.as_str();
    let at = |value: &str| {
        Some(Located {
            line: together.line,
            value: value.to_owned(),
        })
    };
    let schema = |text: &str| {
        if text == "None" {
            return Some(Told::Nothing(together.line));
        }
        Schema::parse(text).map(|value| {
            Told::Says(Located {
                line: together.line,
                value,
            })
        })
    };
    let behind = text
        .strip_prefix(said.description)
        .filter(|_| !said.description.is_empty());
    if let Some(told) = behind.and_then(|rest| schema(rest.trim())) {
        // Another way to part them, which the page's own words suggest, comes second.
        let agrees = match (&told, &said.schema) {
            (Told::Nothing(_), None) => true,
            (Told::Says(page), Some(other)) => is_same(spec, &page.value, other),
            _ => false,
        };
        if agrees || !row.schema.is_known() {
            return (at(said.description), told);
        }
    }
    let printed = said
        .schema
        .as_ref()
        .map_or_else(|| "None".to_owned(), Schema::to_string);
    if let Some(description) = text
        .strip_suffix(printed.as_str())
        .filter(|text| !text.is_empty())
        && let Some(told) = schema(&printed)
    {
        return (at(description.trim()), told);
    }
    if text == said.description {
        return (at(text), Told::Unknown);
    }
    apart
}

fn is_same_but_for_the_status(spec: &Spec, row: &Response, said: &Said<'_>) -> bool {
    let (description, schema) = parts(spec, row, said);
    let mut report = Report::default();
    one(spec, row, said, "", &mut report);
    description.is_some() && schema.is_known() && report.differences.is_empty()
}

fn one(spec: &Spec, row: &Response, said: &Said<'_>, what: &str, report: &mut Report) {
    let (description, schema) = parts(spec, row, said);
    let pointer = said.at.child("description");
    if description.is_none()
        && !schema.is_known()
        && let Some(together) = &row.together
    {
        let other = said
            .schema
            .as_ref()
            .map_or_else(|| "None".to_owned(), Schema::to_string);
        let other = format!("{}{other}", said.description);
        report.difference(
            together.line,
            &said.at.pointer,
            what,
            &together.value,
            other,
        );
        return;
    }
    match &description {
        Some(printed) if is_korean(&printed.value) != is_korean(said.description) => {
            report.unknown(Some(printed.line), &format!("{what}: description"), pointer);
        }
        Some(printed) if printed.value != said.description => {
            let what = format!("{what}: description");
            report.difference(
                printed.line,
                pointer,
                &what,
                &printed.value,
                said.description,
            );
        }
        Some(_) => {}
        None => report.unknown(Some(row.line), &format!("{what}: description"), pointer),
    }
    let what = format!("{what}: schema");
    let other = said.schema.as_ref();
    match (&schema, other) {
        (Told::Unknown, _) => report.unknown(Some(row.line), &what, &said.pointer),
        (Told::Nothing(_), None) => {}
        (Told::Nothing(line), Some(other)) => {
            report.difference(*line, &said.pointer, &what, "None", other.to_string());
        }
        (Told::Says(printed), Some(other)) if is_same(spec, &printed.value, other) => {}
        (Told::Says(printed), other) => {
            let other = other.map_or_else(|| "None".to_owned(), Schema::to_string);
            report.difference(
                printed.line,
                &said.pointer,
                &what,
                printed.value.to_string(),
                other,
            );
        }
    }
}

fn text_of(row: &Response) -> String {
    if let Some(together) = &row.together {
        return together.value.clone();
    }
    let description = row
        .description
        .as_ref()
        .map_or("", |text| text.value.as_str());
    match &row.schema {
        Told::Says(schema) => format!("{description}, {}", schema.value),
        _ => description.to_owned(),
    }
}
