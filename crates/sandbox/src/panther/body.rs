//! The bodies of create and update, validated strictly.

use http::{HeaderMap, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{
    Refusal,
    role::{ROLES, Role},
};

/// The body of create and update, which is always the whole object.
#[derive(Debug)]
pub(super) struct ModifyUser {
    pub(super) email: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) role: &'static Role,
}

impl ModifyUser {
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = content_type
            .and_then(|value| value.split(';').next())
            .map(str::trim);
        if !media_type.is_some_and(|value| value.eq_ignore_ascii_case("application/json")) {
            return Err("the body must be of type application/json"
                .to_owned()
                .into());
        }
        let document: Value = serde_json::from_slice(body)
            .map_err(|error| format!("the body is not valid JSON: {error}"))?;
        let object = members(
            &document,
            "the body",
            &["email", "familyName", "givenName", "role"],
        )?;
        let email = text(object, "email")?;
        let at = email.split_once('@');
        if !at.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            || email.contains(char::is_whitespace)
        {
            return Err("\"email\" must be an email address".to_owned().into());
        }
        Ok(Self {
            email: email.to_owned(),
            given_name: text(object, "givenName")?.to_owned(),
            family_name: text(object, "familyName")?.to_owned(),
            role: role(object)?,
        })
    }
}

fn role(object: &Map<String, Value>) -> Result<&'static Role, String> {
    let role = object.get("role").ok_or_else(|| missing("role"))?;
    let role = members(role, "\"role\"", &["id", "name"])?;
    let (key, wanted) = match (role.contains_key("id"), role.contains_key("name")) {
        (true, true) => return Err("\"role\" accepts an id or a name, not both".to_owned()),
        (false, false) => return Err("\"role\" needs an id or a name".to_owned()),
        (true, false) => ("id", text(role, "id")?),
        (false, true) => ("name", text(role, "name")?),
    };
    let found = ROLES
        .iter()
        .find(|role| wanted == if key == "id" { role.id } else { role.name });
    found.ok_or_else(|| format!("no role has the {key} {wanted:?}"))
}

fn members<'a>(
    value: &'a Value,
    place: &str,
    known: &[&str],
) -> Result<&'a Map<String, Value>, String> {
    let object = value
        .as_object()
        .ok_or_else(|| format!("{place} must be an object"))?;
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("{place} has an unknown field {name:?}")),
        None => Ok(object),
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let value = object.get(name).ok_or_else(|| missing(name))?;
    value
        .as_str()
        .ok_or_else(|| format!("{name:?} must be a string"))
}

fn missing(name: &str) -> String {
    format!("{name:?} is missing")
}
