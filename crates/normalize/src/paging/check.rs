//! Checks that an operation has the parameters and fields of its paging.

use serde_json::Value;

use specmill_openapi::document::text;

use super::evidence::{kind, may_be_text, properties, queries, request_body, resolve, success};

type Result<T> = std::result::Result<T, String>;

/// Checks that an operation has the parameters and fields of its paging. The error names the missing one.
pub(super) fn check(document: &Value, path: &str, operation: &Value, paging: &Value) -> Result<()> {
    let member = |name: &str| text(paging, name).ok_or_else(|| format!("`{name}` is missing"));
    let kind = member("kind")?;
    let roles: &[(&str, bool)] = match kind {
        "cursor" | "body-cursor" => &[("next", true), ("more", false)],
        "page" | "offset" => &[("more", false)],
        "last-item" => &[("more", true)],
        "link" | "header-cursor" => &[],
        other => {
            return Err(format!(
                "the kind `{other}` is not `cursor`, `header-cursor`, `body-cursor`, `last-item`, `page`, `offset` or `link`"
            ));
        }
    };
    let parameter = |name: &str, types: &[&str]| parameter(document, path, operation, name, types);
    match kind {
        "link" => {}
        "body-cursor" => body_field(document, operation, member("field")?)?,
        "cursor" | "header-cursor" | "last-item" => {
            parameter(member("parameter")?, &["string", "integer"])?;
        }
        _ => {
            parameter(member("parameter")?, &["integer", "number"])?;
            if paging.get("first").and_then(Value::as_u64).is_none() {
                return Err("`first` is not a number".to_owned());
            }
            if let Some(size) = text(paging, "size") {
                parameter(size, &["integer", "number"])?;
            }
        }
    }
    let response = success(document, operation).ok_or("no success responds with JSON")?;
    let place = |name: &str, types: &[&str]| -> Result<&Value> {
        let place = member(name)?;
        let field = at(document, response.schema, place)
            .ok_or_else(|| format!("the response has no field `{place}`"))?;
        match self::kind(document, field, 0) {
            Some(kind) if types.contains(&kind) => Ok(field),
            _ => Err(format!(
                "the type of the field `{place}` is not {}",
                types.join(" or ")
            )),
        }
    };
    let items = place("items", &["array"])?;
    for (role, required) in roles {
        if *required || paging.get(role).is_some() {
            let types: &[&str] = match *role {
                "next" => &["string", "integer"],
                _ => &["boolean", "string", "integer", "number", "object"],
            };
            let place = member(role)?;
            let field = at(document, response.schema, place)
                .ok_or_else(|| format!("the response has no field `{place}`"))?;
            let fits = match self::kind(document, field, 0) {
                Some(kind) => types.contains(&kind),
                None => *role == "more",
            };
            if !fits {
                return Err(format!(
                    "the type of the field `{place}` is not {}",
                    types.join(" or ")
                ));
            }
        }
    }
    if kind == "link" && paging.get("next").is_some() {
        let next = member("next")?;
        let field = at(document, response.schema, next)
            .ok_or_else(|| format!("the response has no field `{next}`"))?;
        if !may_be_text(document, field) {
            return Err(format!("the field `{next}` is not a string"));
        }
    }
    let next = match kind {
        "cursor" => self::kind(document, place("next", &["string", "integer"])?, 0),
        "body-cursor" => {
            place("next", &["string"])?;
            None
        }
        "header-cursor" => {
            let name = member("header")?;
            let mut headers = response.headers.iter();
            let header = headers.find(|header| header.place.eq_ignore_ascii_case(name));
            let header = header.ok_or_else(|| format!("the response has no header `{name}`"))?;
            header.kind
        }
        _ => None,
    };
    if matches!(kind, "cursor" | "header-cursor") {
        let takes = queries(document, path, operation)
            .into_iter()
            .find(|one| Some(one.name) == text(paging, "parameter"))
            .and_then(|one| one.kind);
        if takes != next {
            return Err("the parameter and the next cursor are of different types".to_owned());
        }
    }
    if kind == "last-item" {
        let id = member("id")?;
        let item = resolve(document, items)
            .get("items")
            .unwrap_or(&Value::Null);
        if !properties(document, item)
            .iter()
            .any(|(name, _)| *name == id)
        {
            return Err(format!("an item has no field `{id}`"));
        }
    }
    Ok(())
}

/// The value at a location of a response: a name, a pointer that begins with `/`, or empty for the response itself.
fn at<'d>(document: &'d Value, schema: &'d Value, place: &str) -> Option<&'d Value> {
    if place.is_empty() {
        return Some(schema);
    }
    let names: Vec<String> = match place.strip_prefix('/') {
        None => vec![place.to_owned()],
        Some(path) => path
            .split('/')
            .map(|name| name.replace("~1", "/").replace("~0", "~"))
            .collect(),
    };
    names.iter().try_fold(schema, |schema, name| {
        let properties = properties(document, schema);
        properties
            .into_iter()
            .find(|(known, _)| known == name)
            .map(|(_, schema)| schema)
    })
}

/// Checks that the JSON body of a request has an optional string.
fn body_field(document: &Value, operation: &Value, place: &str) -> Result<()> {
    let body = request_body(document, operation).ok_or("the request has no JSON body")?;
    let field =
        at(document, body, place).ok_or_else(|| format!("the body has no field `{place}`"))?;
    if kind(document, field, 0) != Some("string") {
        return Err(format!(
            "the type of the field `{place}` of the body is not string"
        ));
    }
    let (owner, name) = place.rsplit_once('/').unwrap_or(("", place));
    let name = name.replace("~1", "/").replace("~0", "~");
    let owner = at(document, body, owner).map(|owner| resolve(document, owner));
    let required = owner.and_then(|owner| owner.get("required")?.as_array());
    if required.is_some_and(|all| all.iter().any(|one| *one == name)) {
        return Err(format!("the field `{place}` of the body is required"));
    }
    Ok(())
}

fn parameter(
    document: &Value,
    path: &str,
    operation: &Value,
    name: &str,
    types: &[&str],
) -> Result<()> {
    let queries = queries(document, path, operation);
    let parameter = queries
        .iter()
        .find(|one| one.name == name)
        .ok_or_else(|| format!("there is no query parameter `{name}`"))?;
    if parameter.required && types.contains(&"string") {
        return Err(format!("the parameter `{name}` is required"));
    }
    match parameter.kind {
        Some(kind) if types.contains(&kind) => Ok(()),
        _ => Err(format!(
            "the type of the parameter `{name}` is not {}",
            types.join(" or ")
        )),
    }
}
