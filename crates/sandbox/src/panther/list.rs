//! `GET /users`: filters and pages.

use std::collections::HashSet;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Refusal,
    cursor::Cursors,
    store::{Store, User},
};
use crate::{fault::PagingDefects, query::Query};

const PARAMETERS: [&str; 8] = [
    "cursor",
    "limit",
    "contains",
    "email",
    "id",
    "ids",
    "include-deactivated",
    "status",
];

/// The default and the maximum.
const LARGEST_PAGE: i64 = 60;

#[derive(Debug, Default, Serialize)]
struct Page<'a> {
    results: Vec<&'a User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

pub(super) fn response(
    store: &Store,
    cursors: &Cursors,
    query: &Query,
    defects: PagingDefects,
) -> Result<Response, Refusal> {
    query.only(&PARAMETERS)?;
    // With an email, all other parameters are ignored, even invalid ones.
    if let Some(email) = given(query, "email")? {
        let results = store.with_email(email).into_iter().collect();
        return Ok(Json(Page {
            results,
            next: None,
        })
        .into_response());
    }
    let filters = Filters::parse(query)?;
    let key = filters.key();
    let limit = query.integer("limit", 1, LARGEST_PAGE)?;
    let limit = limit
        .filter(|_| !defects.ignore_size)
        .unwrap_or(LARGEST_PAGE);
    let limit = usize::try_from(limit).unwrap_or_default();

    let cursor = given(query, "cursor")?.map(|cursor| {
        let position = cursors.open(cursor, &key);
        position.ok_or_else(|| "\"cursor\" is not from a list with these filters".to_owned())
    });
    let cursor = cursor.transpose()?.filter(|_| !defects.ignore_page);
    // A cursor contains the position of the first user of its page.
    let mut matching = store
        .from(cursor)
        .filter(|(_, user)| filters.admit(user))
        .peekable();
    let first = matching.peek().map(|(position, _)| *position);
    let results: Vec<_> = matching
        .by_ref()
        .take(limit)
        .map(|(_, user)| user)
        .collect();
    let next = matching.next().map(|(position, _)| position);
    let next = if defects.repeat_cursor { first } else { next };
    let next = next.map(|position| cursors.seal(position, &key));
    Ok(Json(Page { results, next }).into_response())
}

/// A parameter with a value. An empty parameter is treated as absent.
fn given<'a>(query: &'a Query, name: &str) -> Result<Option<&'a str>, String> {
    Ok(query.one(name)?.filter(|value| !value.is_empty()))
}

#[derive(Debug)]
struct Filters {
    /// In lower case.
    contains: Option<String>,
    ids: Option<HashSet<String>>,
    include_deactivated: bool,
    status: Option<String>,
}

impl Filters {
    fn parse(query: &Query) -> Result<Self, String> {
        let listed = given(query, "ids")?
            .into_iter()
            .flat_map(|ids| ids.split(','));
        let ids = query
            .all("id")
            .chain(listed)
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let ids: HashSet<String> = ids.map(str::to_owned).collect();
        let include_deactivated = match given(query, "include-deactivated")? {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err("\"include-deactivated\" must be true or false".to_owned()),
        };
        Ok(Self {
            contains: given(query, "contains")?.map(str::to_lowercase),
            ids: (!ids.is_empty()).then_some(ids),
            include_deactivated,
            status: given(query, "status")?.map(str::to_owned),
        })
    }

    /// The same string for the same filters.
    fn key(&self) -> String {
        let mut ids: Vec<_> = self.ids.iter().flatten().collect();
        ids.sort_unstable();
        format!(
            "{:?} {ids:?} {} {:?}",
            self.contains, self.include_deactivated, self.status
        )
    }

    fn admit(&self, user: &User) -> bool {
        (user.enabled || self.include_deactivated)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&user.id))
            && self
                .status
                .as_ref()
                .is_none_or(|status| status == user.status)
            && self.contains.as_ref().is_none_or(|text| {
                let name = format!("{} {}", user.given_name, user.family_name);
                name.to_lowercase().contains(text) || user.email.to_lowercase().contains(text)
            })
    }
}
