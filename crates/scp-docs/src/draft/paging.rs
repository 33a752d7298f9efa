//! Detects how a list pages from its parameters and its response.

use serde_json::{Value, json};

use scp_pages::{
    Limit, ModelSection, OperationSection, Page, Parameter, ParameterLocation, Schema, Told,
};

/// The names of the parameter that takes the number of a page, and of the one that takes its size.
const PAGES: [&str; 3] = ["page", "page_number", "page_no"];
const SIZES: [&str; 4] = ["size", "page_size", "per_page", "limit"];

/// The fields that bring the marker of the next page.
const NEXT: [&str; 4] = ["next_marker", "marker", "next", "next_token"];

/// What is known of the paging of an operation.
pub(super) enum Paging {
    /// It is no list that pages, or the pages do not have the model of its response.
    No,
    /// It pages so.
    Yes(Value),
    /// It takes the parameters of a list that pages, but the pages do not tell the rest.
    Unclear,
}

/// How an operation pages.
pub(super) fn paging(section: &OperationSection, pages: &[(String, Page)]) -> Paging {
    let Some(model) = model(section, pages).filter(|_| section.method == "get") else {
        return Paging::No;
    };
    let query = |names: &[&str]| {
        let rows = section
            .parameters
            .rows
            .iter()
            .filter(|row| row.location == ParameterLocation::Query);
        names.iter().find_map(|name| {
            let mut rows = rows.clone();
            rows.find(|row| row.name.as_ref().is_some_and(|other| other.value == *name))
        })
    };
    let name = |row: &Parameter| {
        row.name
            .as_ref()
            .map(|name| name.value.clone())
            .unwrap_or_default()
    };
    let size = query(&SIZES);
    if let (Some(page), Some(size)) = (query(&PAGES), size) {
        let (Some(first), Some(items)) = (first_page(page), items(model)) else {
            return Paging::Unclear;
        };
        return Paging::Yes(json!({
            "kind": "page", "parameter": name(page), "first": first, "size": name(size), "items": items
        }));
    }
    if let (Some(marker), Some(_)) = (query(&["marker"]), size) {
        let has = |field: &str| {
            model
                .properties
                .rows
                .iter()
                .any(|row| row.name.as_ref().is_some_and(|name| name.value == field))
        };
        let next = NEXT.iter().find(|next| has(next));
        let (Some(next), Some(items)) = (next, items(model)) else {
            return Paging::Unclear;
        };
        return Paging::Yes(
            json!({ "kind": "cursor", "parameter": name(marker), "next": next, "items": items }),
        );
    }
    Paging::No
}

/// The number of the first page: the default, or else the least number.
fn first_page(row: &Parameter) -> Option<u64> {
    let minimum = row
        .limits
        .iter()
        .find(|(limit, _)| *limit == Limit::Minimum);
    let told = row
        .default
        .value()
        .or(minimum.map(|(_, value)| &value.value));
    told?.parse().ok().filter(|first| *first <= 1)
}

/// The model that a success responds with.
fn model<'a>(section: &OperationSection, pages: &'a [(String, Page)]) -> Option<&'a ModelSection> {
    let success = section
        .responses
        .rows
        .iter()
        .find(|row| row.status.starts_with('2'))?;
    let Told::Says(schema) = &success.schema else {
        return None;
    };
    let Schema::Model(name) = schema.value.without_null().0 else {
        return None;
    };
    let mut models = pages.iter().flat_map(|(_, page)| &page.models);
    models.find(|model| model.name.as_ref().is_some_and(|other| other.value == name))
}

/// The field that holds the items: the one list that is not of plain values.
fn items(model: &ModelSection) -> Option<String> {
    let is_list = |row: &&Parameter| match row.schema.value().map(|schema| schema.without_null().0)
    {
        Some(Schema::Array(items)) => {
            !matches!(*items, Schema::Primitive { ref name, .. } if name != "object")
        }
        _ => false,
    };
    let mut found = model.properties.rows.iter().filter(is_list);
    match (found.next(), found.next()) {
        (Some(row), None) => Some(row.name.as_ref()?.value.clone()),
        _ => None,
    }
}
