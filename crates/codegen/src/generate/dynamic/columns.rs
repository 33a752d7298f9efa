//! The columns of a response in a table.

use serde_json::Value;

use specmill_model::Paging;
use specmill_model::steps;

use super::shape::{Kind, Types};

/// The maximum number of columns of a table.
const MOST: usize = 60;

/// The location of the rows of a table, and their columns.
pub(super) struct Columns<'a> {
    /// The property that contains the rows, if the response is an object around them.
    pub(super) rows: Option<&'a str>,
    /// The paths of the columns in a row.
    pub(super) columns: Vec<Vec<&'a str>>,
}

pub(super) fn of<'a>(
    response: &'a Value,
    paging: Option<&Paging>,
    types: &Types<'a>,
) -> Columns<'a> {
    if let Some(paging) = paging {
        let mut list = Some(response);
        for step in steps(paging.items()) {
            let members = list
                .and_then(|owner| types.object(owner))
                .unwrap_or_default();
            let found = members.into_iter().find(|member| member.name == step);
            list = found.map(|member| member.lowered);
        }
        let item = list.and_then(|list| item(list, types));
        return Columns {
            rows: None,
            columns: item.map_or_else(Vec::new, |item| columns(item, types)),
        };
    }
    if let Some(item) = item(response, types) {
        return Columns {
            rows: None,
            columns: columns(item, types),
        };
    }
    // If an object contains only one list of objects, the list is shown.
    let members = types.object(response).unwrap_or_default();
    if let [only] = &members[..]
        && let Some(item) = item(only.lowered, types).filter(|item| types.object(item).is_some())
    {
        return Columns {
            rows: Some(only.name),
            columns: columns(item, types),
        };
    }
    Columns {
        rows: None,
        columns: columns(response, types),
    }
}

/// The schema of the items of a list.
fn item<'a>(lowered: &'a Value, types: &Types<'a>) -> Option<&'a Value> {
    let schema = types.resolved(lowered);
    (schema.get("type")?.as_str()? == "array").then(|| schema.get("items"))?
}

/// The paths of the scalars in an object and in its nested objects: the id first, then required ones.
fn columns<'a>(lowered: &'a Value, types: &Types<'a>) -> Vec<Vec<&'a str>> {
    let mut members = types.object(lowered).unwrap_or_default();
    members.sort_by_key(|member| (member.name != "id", !member.required));
    let mut found = Vec::new();
    for member in members {
        if types.shape(member.lowered).kind != Kind::Json {
            found.push(vec![member.name]);
            continue;
        }
        if types.shape(member.lowered).repeats {
            continue;
        }
        for inner in types.object(member.lowered).unwrap_or_default() {
            let shape = types.shape(inner.lowered);
            if shape.kind != Kind::Json && !shape.repeats {
                found.push(vec![member.name, inner.name]);
            }
        }
    }
    found.truncate(MOST);
    found
}
