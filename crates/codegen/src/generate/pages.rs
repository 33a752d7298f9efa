//! What makes a response a page of a list.

use serde_json::Value;

use crate::lower::Model;
use crate::lower::model::{Paging, Success, TypeDefinition};
use specmill_openapi::diagnostic::Result;

use super::source::{defect, refuse};
use super::types::Field;

/// How the list pages whose pages are of a type, if one does.
fn paging<'a>(definition: &TypeDefinition, model: &'a Model) -> Option<&'a Paging> {
    model.operations.iter().find_map(|operation| {
        let paging = operation.paging.as_ref()?;
        let Success::Json(body) = &operation.success else {
            return None;
        };
        let reference = body.get("$ref").and_then(Value::as_str)?;
        (reference.rsplit('/').next() == Some(definition.name.as_str())).then_some(paging)
    })
}

/// Whether a list has pages of this type.
pub(super) fn is_page(definition: &TypeDefinition, model: &Model) -> bool {
    paging(definition, model).is_some()
}

/// The declaration that a type is a page, where a list operation responds with it.
///
/// It stands beside the type, so that another list with the same type moves nothing.
pub(super) fn declaration(
    definition: &TypeDefinition,
    model: &Model,
    fields: &[Field],
) -> Result<Option<String>> {
    let (items, next) = match paging(definition, model) {
        None => return Ok(None),
        Some(Paging::Cursor { items, next, .. }) => (items, Some(next)),
        Some(Paging::Numbered { items, .. }) => (items, None),
    };
    let name = &definition.name;
    let field = |wire: &str| {
        let found = fields.iter().find(|field| field.wire == wire);
        found.ok_or_else(|| defect(&format!("`{name}` has no field `{wire}`")))
    };
    let written = |what: &str, field: &Field| {
        let optional = if field.held.required { "" } else { "optional " };
        format!("{optional}{what} {}", field.name)
    };
    let items_field = field(items)?;
    if !items_field.held.is_list() {
        return refuse(&format!("`{items}` of `{name}` is not a list"));
    }
    let mut parts = vec![written("items", items_field)];
    if let Some(next) = next {
        parts.push(written("next", field(next)?));
    }
    let item = items_field.held.value.written("");
    Ok(Some(format!(
        "page!({name} of {item} {{ {} }});",
        parts.join(", ")
    )))
}
