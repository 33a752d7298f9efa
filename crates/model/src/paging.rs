//! The paging of lists: reads the extension `x-paging`, and checks it against the types of the crate.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_openapi::document::text;

use crate::model::{Body, Encoding, Operation, Paging, Parameter, Success, TypeDefinition};

/// The path of a field: a name, the steps of a JSON pointer, or nothing if the response itself is the list.
pub fn steps(field: &str) -> Vec<String> {
    match field.strip_prefix('/') {
        Some(path) => path
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect(),
        None if field.is_empty() => Vec::new(),
        None => vec![field.to_owned()],
    }
}

/// Reads the extension of an operation.
pub(super) fn read(operation: &Value, parameters: &[Parameter]) -> Option<Paging> {
    let extension = operation.get("x-paging")?;
    let owned = |name: &str| text(extension, name).map(str::to_owned);
    let items = owned("items")?;
    let more = owned("more");
    Some(match text(extension, "kind")? {
        "cursor" => Paging::Cursor {
            parameter: owned("parameter")?,
            next: owned("next")?,
            more,
            items,
        },
        "header-cursor" => Paging::HeaderCursor {
            parameter: owned("parameter")?,
            header: owned("header")?,
            items,
        },
        "body-cursor" => Paging::BodyCursor {
            field: owned("field")?,
            next: owned("next")?,
            more,
            items,
        },
        "last-item" => Paging::LastItem {
            parameter: owned("parameter")?,
            id: owned("id")?,
            more: more?,
            items,
        },
        "link" => Paging::Link {
            next: owned("next"),
            items,
        },
        kind @ ("page" | "offset") => {
            let size = owned("size");
            let default_size = parameters
                .iter()
                .find(|parameter| Some(&parameter.name) == size.as_ref())
                .and_then(|parameter| parameter.schema.get("default"))
                .and_then(Value::as_u64);
            let first = extension.get("first").and_then(Value::as_u64);
            Paging::Numbered {
                parameter: owned("parameter")?,
                by_items: kind == "offset",
                first: first.unwrap_or_default(),
                size,
                default_size,
                more,
                items,
            }
        }
        _ => return None,
    })
}

/// Removes the paging of operations whose types do not contain the list of items. Returns these operations, each with the
/// reason.
pub(super) fn check(
    operations: &mut [Operation],
    types: &[TypeDefinition],
) -> Vec<(String, String)> {
    let mut refused = Vec::new();
    let mut of_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in operations {
        let Some(paging) = &operation.paging else {
            continue;
        };
        let steps = steps(paging.items());
        let in_body = matches!(paging, Paging::BodyCursor { .. });
        let is_json = |body: &Body| matches!(body.encoding, Encoding::Json);
        let problem = match &operation.success {
            _ if in_body && !operation.body.as_ref().is_some_and(is_json) => {
                Some("the body of its request is not JSON".to_owned())
            }
            Success::Json(body) => match (reference(body), &steps[..]) {
                (None, []) => None,
                (None, _) | (Some(_), []) => Some("its response has another type".to_owned()),
                (Some(page), steps) => leads_to_list(page, steps, types).err().or_else(|| {
                    // A type implements paging only once.
                    let known = of_type
                        .entry(page.to_owned())
                        .or_insert_with(|| steps.to_vec());
                    (known != steps).then(|| format!("`{page}` is already a page of other items"))
                }),
            },
            _ => Some("not every success is a page".to_owned()),
        };
        if let Some(problem) = problem {
            refused.push((operation.id.clone(), problem));
            operation.paging = None;
        }
    }
    refused
}

fn leads_to_list(page: &str, steps: &[String], types: &[TypeDefinition]) -> Result<(), String> {
    let mut name = page;
    for (index, step) in steps.iter().enumerate() {
        // Types are sorted by name.
        let definition = types.binary_search_by(|one| one.name.as_str().cmp(name));
        let definition = definition.ok().map(|index| &types[index]);
        let property = definition.and_then(|one| one.lowered.get("properties")?.get(step));
        let Some(property) = property else {
            return Err(format!("`{name}` has no field `{step}`"));
        };
        if index + 1 == steps.len() {
            let list = shaping(property)
                .get("type")
                .is_some_and(|kind| kind == "array");
            return if list {
                Ok(())
            } else {
                Err(format!("the field `{step}` of `{name}` is not a list"))
            };
        }
        name =
            reference(property).ok_or_else(|| format!("`{step}` of `{name}` is not an object"))?;
    }
    Ok(())
}

/// The schema inside the `allOf`s that only add a description or `null`.
fn shaping(mut lowered: &Value) -> &Value {
    while let Some(inner) = specmill_openapi::document::at(lowered, "/allOf/0") {
        lowered = inner;
    }
    lowered
}

fn reference(lowered: &Value) -> Option<&str> {
    text(shaping(lowered), "$ref")?.rsplit('/').next()
}
