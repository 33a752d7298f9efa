//! What of a response a table shows.

use serde_json::Value;

use specmill_model::Paging;
use specmill_model::steps;

use super::shape::{Kind, Types};

/// Most columns of a table.
const MOST: usize = 60;

/// Where the rows of a table are, and what is in them.
pub(super) struct Columns<'a> {
    /// The member that holds the rows, where the response is an object around them.
    pub(super) rows: Option<&'a str>,
    /// The paths of what is in a row.
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
    // Where an object holds one list of objects and nothing else, the list is what there is to show.
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

/// What a list is of.
fn item<'a>(lowered: &'a Value, types: &Types<'a>) -> Option<&'a Value> {
    let schema = types.resolved(lowered);
    (schema.get("type")?.as_str()? == "array").then(|| schema.get("items"))?
}

/// The paths of the plain values in an object, and in the objects in it: its id first, then what is always there.
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
