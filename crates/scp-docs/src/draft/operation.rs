//! One operation, in its newest version.

use serde_json::{Map, Value, json};

use scp_pages::{Extent, OperationSection, Page, Response, Told};

use super::paging::{Paging, paging};
use super::{Gathered, headers, mark_unknown, parameters, schemas};

/// Drafts an operation. `title` is its own, where the page gives it one.
pub(super) fn draft(
    section: &OperationSection,
    id: &str,
    title: Option<&str>,
    pages: &[(String, Page)],
    gathered: &mut Gathered,
) -> Value {
    let mut unknown = Vec::new();
    let mut out = json!({ "operationId": id });
    match title {
        Some(title) => out["x-source"] = json!({ "page": title, "operation": title }),
        None => unknown.push("operationId"),
    }
    match paging(section, pages) {
        Paging::Yes(paging) => out["x-paging"] = paging,
        Paging::Unclear => unknown.push("x-paging"),
        Paging::No => {}
    }
    if let Some(description) = &section.description {
        // A summary is a line; what is longer describes.
        let member = if description.value.chars().count() <= 120 {
            "summary"
        } else {
            "description"
        };
        out[member] = json!(description.value);
    }
    let (mut list, signed) = headers::headers(section, gathered);
    if section.headers.is_empty() {
        unknown.push("security");
    } else if !signed {
        out["security"] = json!([]);
    }
    list.extend(parameters::parameters(section, gathered));
    if !list.is_empty() {
        out["parameters"] = Value::Array(list);
    }
    if section.parameters.extent != Extent::Whole {
        unknown.push("parameters");
    }
    match parameters::body(section, gathered) {
        Some(body) => out["requestBody"] = body,
        None if section.parameters.extent != Extent::Whole => unknown.push("requestBody"),
        None => {}
    }
    let mut responses = Map::new();
    for row in &section.responses.rows {
        let drafted = response(section, row, gathered);
        responses.entry(row.status.clone()).or_insert(drafted);
    }
    if section.responses.extent != Extent::Whole {
        unknown.push("responses");
    }
    out["responses"] = Value::Object(responses);
    mark_unknown(&mut out, &unknown);
    out
}

fn response(section: &OperationSection, row: &Response, gathered: &mut Gathered) -> Value {
    let mut unknown = Vec::new();
    let description = row.description.as_ref().or_else(|| {
        // Cells that run together stay so, until somebody parts them.
        unknown.push("description");
        row.together.as_ref()
    });
    let mut out = json!({ "description": description.map_or("", |text| text.value.as_str()) });
    let example = section
        .response_examples
        .iter()
        .find(|(status, _)| *status == row.status);
    let mut media = Map::new();
    match &row.schema {
        Told::Says(printed) => {
            media.insert("schema".into(), schemas::schema(&printed.value, gathered));
        }
        Told::Unknown => unknown.push("content"),
        Told::Nothing(_) => {}
    }
    if let Some((_, example)) = example.filter(|_| !matches!(row.schema, Told::Nothing(_))) {
        media.insert("example".into(), example.value.clone());
    }
    if !media.is_empty() {
        out["content"] = json!({ "application/json": media });
    }
    mark_unknown(&mut out, &unknown);
    out
}
