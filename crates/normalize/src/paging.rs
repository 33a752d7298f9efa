//! Lists that page, recorded as the extension `x-paging`.

use serde_json::{Value, json};

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{child, lookup, text};

use specmill_openapi::changes::Changes;
use specmill_openapi::document::operations;

use crate::Options;

/// Records how a list pages.
///
/// A GET operation pages by cursor where it takes the cursor as an optional query parameter and its
/// success responds with the next cursor, a text, and the items, an array (the names are in `[paging]`
/// of api.toml). A list that responds with a next cursor but takes none has no pages to ask for.
/// What a document says itself in `x-paging` stays, and is checked.
pub(super) fn recognise_paging(
    options: &Options,
    document: &mut Value,
    changes: &mut Changes,
) -> Result<()> {
    let mut found = Vec::new();
    for (pointer, _, method, operation) in operations(document) {
        if let Some(paging) = operation.get("x-paging") {
            check(document, operation, paging).map_err(|problem| {
                Diagnostic::new(format!("`x-paging` is wrong: {problem}"))
                    .at_pointer(child(&pointer, "x-paging"))
                    .help("the README of specmill-normalize describes the extension")
            })?;
            continue;
        }
        let Some(paging) = &options.paging else {
            continue;
        };
        let extension = json!({
            "kind": "cursor", "parameter": paging.cursor, "next": paging.next, "items": paging.items
        });
        if method == "get" && check(document, operation, &extension).is_ok() {
            found.push((pointer, extension));
        }
    }
    for (pointer, extension) in found {
        if let Some(operation) = document
            .pointer_mut(&pointer)
            .and_then(Value::as_object_mut)
        {
            operation.insert("x-paging".into(), extension);
            changes.add("recognise_paging", pointer, "pages by cursor");
        }
    }
    Ok(())
}

/// Checks that an operation has what its paging names; the error says what it lacks.
fn check(document: &Value, operation: &Value, paging: &Value) -> std::result::Result<(), String> {
    let member = |name: &str| text(paging, name).ok_or_else(|| format!("`{name}` is missing"));
    let kind = member("kind")?;
    let (parameter_type, members) = match kind {
        "cursor" => ("string", vec![("next", "string"), ("items", "array")]),
        "page" => ("integer", vec![("items", "array")]),
        other => return Err(format!("the kind `{other}` is neither `cursor` nor `page`")),
    };
    query_parameter(document, operation, member("parameter")?, parameter_type)?;
    if kind == "page" {
        if paging.get("first").and_then(Value::as_u64).is_none() {
            return Err("`first` is no number".to_owned());
        }
        if let Some(size) = text(paging, "size") {
            query_parameter(document, operation, size, "integer")?;
        }
    }
    let response = success_schema(document, operation).ok_or("no success responds with JSON")?;
    for (role, expected) in members {
        let name = member(role)?;
        let property = resolve(
            document,
            response
                .pointer(&child("/properties", name))
                .ok_or_else(|| format!("the response has no member `{name}`"))?,
        );
        if text(property, "type") != Some(expected) {
            return Err(format!("the member `{name}` is no {expected}"));
        }
    }
    Ok(())
}

fn query_parameter(
    document: &Value,
    operation: &Value,
    name: &str,
    expected: &str,
) -> std::result::Result<(), String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let parameter = parameters
        .into_iter()
        .flatten()
        .map(|parameter| resolve(document, parameter))
        .find(|parameter| {
            text(parameter, "name") == Some(name) && text(parameter, "in") == Some("query")
        })
        .ok_or_else(|| format!("there is no query parameter `{name}`"))?;
    if parameter.get("required") == Some(&Value::Bool(true)) {
        return Err(format!("the parameter `{name}` is required"));
    }
    let schema = parameter
        .get("schema")
        .map(|schema| resolve(document, schema));
    if schema.and_then(|schema| text(schema, "type")) != Some(expected) {
        return Err(format!("the parameter `{name}` is no {expected}"));
    }
    Ok(())
}

fn success_schema<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses")?.as_object()?;
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    successes
        .filter_map(|(_, response)| {
            resolve(document, response)
                .get("content")?
                .get("application/json")?
                .get("schema")
        })
        .map(|schema| resolve(document, schema))
        .next()
}

/// What a reference points to; references were checked before.
fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..100 {
        match value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| lookup(document, reference))
        {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}
