//! The implementation that makes a response type a page of a list.

use specmill_model::Model;
use specmill_model::TypeDefinition;
use specmill_model::steps;
use specmill_openapi::diagnostic::Result;

use super::descriptions;
use super::object_fields::{self, Field};
use super::progenitor::{Decided, Types};
use super::rust_types::RustType;
use super::source::{defect, refuse};
use super::usage::Usage;

/// The declaration that a type is a page, if a list operation responds with it.
///
/// It is next to the type, so that another list with the same type moves no code.
pub(super) fn declaration(
    definition: &TypeDefinition,
    model: &Model,
    types: &Types,
    usage: &Usage<'_>,
    own: &[Field],
) -> Result<Option<String>> {
    let Some(paging) = usage.paging(&definition.name) else {
        return Ok(None);
    };
    let name = &definition.name;
    let steps = steps(paging.items());
    let mut written = Vec::new();
    let mut inner: Vec<Field> = Vec::new();
    let mut owner = name.clone();
    for (index, step) in steps.iter().enumerate() {
        let fields = if index == 0 { own } else { &inner[..] };
        let field = fields
            .iter()
            .find(|field| field.wire == *step)
            .ok_or_else(|| defect(&format!("`{owner}` has no field `{step}`")))?;
        // Types of requests distinguish `null` and absence.
        let distinguished = usage.sent.contains(owner.as_str())
            && descriptions::find(model, &owner).is_some_and(|one| one.nullable.contains(step));
        // A required field that may be `null` is declared with its `Option`.
        let (value, is_nullable) = match field.held.value.clone() {
            RustType::Optional(value) if !field.held.is_list() => (*value, true),
            value => (value, false),
        };
        let need = match (field.held.required, distinguished) {
            (true, _) if is_nullable => "optional",
            (true, _) => "required",
            (false, false) => "optional",
            (false, true) => "nullable",
        };
        written.push(format!("{need} {}", field.name));
        if index + 1 == steps.len() {
            let item = match value {
                value if field.held.is_list() => value,
                RustType::List(item) if is_nullable => *item,
                _ => return refuse(&format!("`{step}` of `{owner}` is not a list")),
            };
            let item = item.written("");
            return Ok(Some(format!(
                "page!({name} of {item} {{ {} }});",
                written.join(", ")
            )));
        }
        let RustType::Named(next) = value else {
            return refuse(&format!("`{step}` of `{owner}` is not an object"));
        };
        let definition = descriptions::find(model, &next);
        let (Some(definition), Some(Decided::Object(decided))) = (definition, types.get(&next))
        else {
            return refuse(&format!("`{next}` is not an object"));
        };
        inner = object_fields::fields(definition, decided)?;
        owner = next;
    }
    Ok(None)
}
