//! `GET /v1/users`: filters, sorting and pages.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Serialize;

use super::{
    INSTANCE_ID,
    refusal::Refusal,
    users::{Field, User, Users},
};
use crate::{fault::PagingDefects, query::Query};

const PARAMETERS: [&str; 7] = [
    "size",
    "page",
    "sort",
    "instance_id",
    "user_id",
    "excluded_group_id",
    "excluded_account_id",
];

const DEFAULT_SIZE: i64 = 20;

/// The service publishes no bound. This one prevents arithmetic overflow.
const LARGEST: i64 = i32::MAX as i64;

#[derive(Debug, Serialize)]
struct UserPage<'a> {
    count: usize,
    page: usize,
    size: usize,
    sort: [String; 1],
    users: Vec<&'a User>,
}

pub(super) fn response(
    users: &Users,
    query: &Query,
    defects: PagingDefects,
) -> Result<Response, Refusal> {
    query.only(&PARAMETERS)?;
    let instance = text(query, "instance_id")?;
    let size = number(query, "size", 1)?
        .filter(|_| !defects.ignore_size)
        .unwrap_or(DEFAULT_SIZE);
    let page = number(query, "page", 0)?
        .filter(|_| !defects.ignore_page)
        .unwrap_or(0);
    let (field, descending) = sort(text(query, "sort")?)?;
    let user_id = text(query, "user_id")?;
    let group = text(query, "excluded_group_id")?;
    let account = text(query, "excluded_account_id")?;
    match instance {
        Some(INSTANCE_ID) => {}
        Some(_) => {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "the instance is unknown",
            ));
        }
        None => {
            return Err("query parameter \"instance_id\" is required"
                .to_owned()
                .into());
        }
    }

    let (size, page) = (
        usize::try_from(size).unwrap_or(0),
        usize::try_from(page).unwrap_or(0),
    );
    let admitted = |number: &usize| {
        user_id.is_none_or(|user_id| users.get(*number).user_id == user_id)
            && !group.is_some_and(|group| Users::in_group(*number, group))
            && !account.is_some_and(|account| Users::in_account(*number, account))
    };
    let order = users.order(field);
    let everybody = user_id.or(group).or(account).is_none();
    let admitted: Option<Vec<usize>> =
        (!everybody).then(|| order.iter().copied().filter(admitted).collect());
    let matching = admitted.as_deref().unwrap_or(order);
    let start = page.saturating_mul(size);
    let numbers = start..start.saturating_add(size).min(matching.len());
    let users = numbers.map(|place| {
        let place = if descending {
            matching.len() - 1 - place
        } else {
            place
        };
        users.get(matching[place])
    });
    let direction = if descending { "desc" } else { "asc" };
    let sort = [format!("{}:{direction}", field.name())];
    Ok(Json(UserPage {
        count: matching.len(),
        page,
        size,
        sort,
        users: users.collect(),
    })
    .into_response())
}

/// A non-empty string: clients omit optional parameters instead of sending them empty.
fn text<'a>(query: &'a Query, name: &str) -> Result<Option<&'a str>, String> {
    match query.one(name)? {
        Some("") => Err(format!("query parameter {name:?} must not be empty")),
        value => Ok(value),
    }
}

fn number(query: &Query, name: &str, least: i64) -> Result<Option<i64>, String> {
    text(query, name)?;
    query.integer(name, least, LARGEST)
}

/// The field, and whether the order is descending.
fn sort(text: Option<&str>) -> Result<(Field, bool), String> {
    let Some(text) = text else {
        return Ok((Field::CreatedAt, false));
    };
    let (name, direction) = text.split_once(':').unwrap_or((text, ""));
    let field = Field::ALL.into_iter().find(|field| field.name() == name);
    match (field, direction) {
        (Some(field), "asc") => Ok((field, false)),
        (Some(field), "desc") => Ok((field, true)),
        _ => {
            let known = Field::ALL.map(Field::name).join(", ");
            Err(format!(
                "query parameter \"sort\" must be field:asc or field:desc, field one of {known}"
            ))
        }
    }
}
