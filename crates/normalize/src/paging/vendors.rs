//! Conversion of vendors' paging extensions to `x-paging`.

use serde_json::{Value, json};

use specmill_openapi::document::{child, text};

use super::evidence::{fold, properties, queries, success};

/// Reads an extension, if it describes the paging of the operation.
type Reader = fn(&Value) -> Option<Value>;

/// The paging that a vendor's extension declares for an operation, and the name of the extension.
pub(super) fn read(
    document: &Value,
    path: &str,
    operation: &Value,
) -> Option<(&'static str, Value)> {
    let readers: [(&str, Reader); 3] = [
        ("x-speakeasy-pagination", speakeasy),
        ("x-fern-pagination", fern),
        ("x-ms-pageable", microsoft),
    ];
    if operation.get("x-dropshot-pagination").is_some() {
        return Some((
            "x-dropshot-pagination",
            json!({ "kind": "cursor", "parameter": "page_token", "next": "next_page", "items": "items" }),
        ));
    }
    let (name, mut paging) = readers
        .into_iter()
        .find_map(|(name, read)| Some((name, read(operation.get(name)?)?)))?;
    complete(document, path, operation, &mut paging);
    Some((name, paging))
}

fn speakeasy(extension: &Value) -> Option<Value> {
    let outputs = extension.get("outputs").unwrap_or(&Value::Null);
    let output = |name: &str| text(outputs, name).and_then(place);
    let inputs = extension.get("inputs").and_then(Value::as_array);
    let input = |kind: &str| {
        let mut inputs = inputs.into_iter().flatten();
        let found = inputs.find(|input| {
            text(input, "type") == Some(kind) && text(input, "in") == Some("parameters")
        });
        found.and_then(|input| text(input, "name"))
    };
    let items = output("results");
    match text(extension, "type")? {
        "cursor" => Some(json!({
            "kind": "cursor", "parameter": input("cursor")?, "next": output("nextCursor")?, "items": items
        })),
        "url" => Some(json!({ "kind": "link", "next": output("nextUrl")?, "items": items })),
        _ => {
            let (kind, parameter) = match (input("page"), input("offset")) {
                (Some(page), _) => ("page", page),
                (None, offset) => ("offset", offset?),
            };
            let mut paging = json!({ "kind": kind, "parameter": parameter, "items": items });
            if let Some(size) = input("limit") {
                paging["size"] = json!(size);
            }
            Some(paging)
        }
    }
}

fn fern(extension: &Value) -> Option<Value> {
    let request = |name: &str| text(extension, name)?.strip_prefix("$request.");
    let response = |name: &str| {
        text(extension, name)?
            .strip_prefix("$response")
            .and_then(place_of)
    };
    let items = response("results")?;
    if let Some(cursor) = request("cursor") {
        let next = response("next_cursor")?;
        return Some(
            json!({ "kind": "cursor", "parameter": cursor, "next": next, "items": items }),
        );
    }
    let number = request("offset")?;
    // The extension calls page numbers and offsets both `offset`.
    let kind = if fold(number).contains("page") {
        "page"
    } else {
        "offset"
    };
    Some(json!({ "kind": kind, "parameter": number, "items": items }))
}

fn microsoft(extension: &Value) -> Option<Value> {
    let next = text(extension, "nextLinkName")?;
    let items = text(extension, "itemName").unwrap_or("value");
    Some(json!({ "kind": "link", "next": next, "items": items }))
}

/// The location in a response for a path such as `$.data.items`.
fn place(path: &str) -> Option<String> {
    place_of(path.strip_prefix('$')?)
}

fn place_of(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(String::new());
    }
    let names: Vec<&str> = path.strip_prefix('.')?.split('.').collect();
    let plain = |name: &&str| !name.is_empty() && !name.contains(['[', ']', '*', '(']);
    if !names.iter().all(plain) {
        return None;
    }
    Some(match names[..] {
        [name] => name.to_owned(),
        _ => names
            .iter()
            .fold(String::new(), |pointer, name| child(&pointer, name)),
    })
}

/// Adds facts from the rest of the document: the first number, and the location of the items.
fn complete(document: &Value, path: &str, operation: &Value, paging: &mut Value) {
    if matches!(text(paging, "kind"), Some("page" | "offset")) && paging.get("first").is_none() {
        let number = text(paging, "parameter").unwrap_or_default();
        let queries = queries(document, path, operation);
        let schema = queries
            .iter()
            .find(|one| one.name == number)
            .map(|one| one.schema);
        let stated = |name: &str| schema?.get(name)?.as_u64().filter(|first| *first <= 1);
        let usual = u64::from(text(paging, "kind") == Some("page"));
        paging["first"] = json!(
            stated("default")
                .or_else(|| stated("minimum"))
                .unwrap_or(usual)
        );
    }
    if paging.get("items").is_some_and(Value::is_null) {
        let success = success(document, operation);
        let properties = success.map(|success| properties(document, success.schema));
        let mut lists = properties
            .into_iter()
            .flatten()
            .filter(|(_, schema)| text(schema, "type") == Some("array"));
        let only = lists.next().filter(|_| lists.next().is_none());
        paging["items"] = json!(only.map_or("", |(name, _)| name));
    }
}
