//! Descriptions of types and fields, from the document if it has any.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_model::Model;
use specmill_model::{Operation, Paging, Parameter, Success, TypeDefinition};
use specmill_openapi::document;

use super::prose;
use super::rust_types::RustType;

/// The description of a type in the document, if there is one.
pub(super) fn named(definition: &TypeDefinition) -> Option<String> {
    let description = prose::description(definition.description.as_deref()?);
    (!description.is_empty()).then_some(description)
}

/// The description of a property in the document, or else of its type.
pub(super) fn described(model: &Model, definition: &TypeDefinition, wire: &str) -> Option<String> {
    let properties = definition.lowered.get("properties");
    let property = properties.and_then(|properties| properties.get(wire));
    let own = property.and_then(|property| document::text(property, "description"));
    let own = own.filter(|own| !repeats(own, wire));
    let own = own.map(prose::description).filter(|own| !own.is_empty());
    let of_type = || {
        let described = named(type_of(model, property?)?)?;
        described.split("\n\n").next().map(str::to_owned)
    };
    own.or_else(of_type)
}

/// The description of a parameter as Markdown: from the document, or else its role in the paging of a list.
pub(super) fn parameter(operation: &Operation, parameter: &Parameter) -> Option<String> {
    let described = of_parameter(operation, parameter)?;
    Some(prose::description(&described))
}

/// The description of a parameter with the words of the document.
pub(super) fn of_parameter(operation: &Operation, parameter: &Parameter) -> Option<String> {
    let own = parameter.description.as_deref();
    let own = own.filter(|own| !repeats(own, &parameter.name) && !own.trim().is_empty());
    own.map(str::to_owned).or_else(|| {
        let name = &parameter.name;
        match operation.paging.as_ref()? {
            Paging::Cursor { parameter, .. } | Paging::HeaderCursor { parameter, .. }
                if parameter == name =>
            {
                Some("The cursor of the page, from the response with the previous page.".to_owned())
            }
            Paging::LastItem { parameter, .. } if parameter == name => {
                Some("The id of the last item of the previous page.".to_owned())
            }
            Paging::Numbered {
                parameter,
                by_items: true,
                first,
                ..
            } if parameter == name => Some(format!(
                "The number of the first item of the page, counted from {first}."
            )),
            Paging::Numbered {
                parameter, first, ..
            } if parameter == name => {
                Some(format!("The number of the page; the first is {first}."))
            }
            Paging::Numbered {
                size: Some(size), ..
            } if size == name => Some("The number of items on a page.".to_owned()),
            _ => None,
        }
    })
}

/// Whether a description only repeats the name.
pub(super) fn repeats(description: &str, name: &str) -> bool {
    let words = description.trim().trim_end_matches('.');
    words.eq_ignore_ascii_case(name)
}

/// The type that a lowered schema refers to.
pub(super) fn type_of<'m>(model: &'m Model, lowered: &Value) -> Option<&'m TypeDefinition> {
    let lowered = document::at(lowered, "/allOf/0").unwrap_or(lowered);
    let name = document::text(lowered, "$ref")?.rsplit('/').next()?;
    find(model, name)
}

/// The type with a Rust name.
pub(super) fn find<'m>(model: &'m Model, name: &str) -> Option<&'m TypeDefinition> {
    let types = &model.types;
    let found = types.binary_search_by(|definition| definition.name.as_str().cmp(name));
    found.ok().map(|index| &types[index])
}

/// The descriptions of types that are the whole body or response of operations.
pub(super) fn roles(model: &Model) -> BTreeMap<String, String> {
    let mut bodies: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    let mut responses: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &model.operations {
        if let Some(body) = &operation.body
            && let Some(definition) = type_of(model, &body.lowered)
        {
            bodies.entry(&definition.name).or_default().push(operation);
        }
        if let Success::Json(response) | Success::OptionalJson(response) = &operation.success
            && let Some(definition) = type_of(model, response)
        {
            responses
                .entry(&definition.name)
                .or_default()
                .push(operation);
        }
    }
    let mut roles = BTreeMap::new();
    for (name, operations) in bodies {
        roles.insert(
            name.to_owned(),
            format!("The body of {}.", links(&operations)),
        );
    }
    for (name, operations) in responses {
        let page = operations
            .iter()
            .any(|operation| operation.paging.is_some());
        let what = if page { "A page" } else { "The response" };
        roles.insert(
            name.to_owned(),
            format!("{what} of {}.", links(&operations)),
        );
    }
    roles
}

/// The description of a branch of a union; empty if its type describes it.
pub(super) fn variant(held: &RustType) -> &'static str {
    match held {
        RustType::String => "A string.",
        RustType::Bool => "A boolean.",
        RustType::I64 | RustType::U64 => "An integer.",
        RustType::F64 => "A number.",
        RustType::Json => "Any JSON value.",
        RustType::List(_) => "A list.",
        _ => "",
    }
}

/// The maximum number of operations that the documentation of a type links to.
const MOST_LINKS: usize = 12;

/// Links to operations; if there are many, to the first ones.
pub(super) fn links(operations: &[&Operation]) -> String {
    let shown = operations.iter().take(MOST_LINKS);
    let links: Vec<String> = shown
        .map(|operation| format!("[`{0}`](crate::Client::{0})", operation.id))
        .collect();
    match operations.len().saturating_sub(MOST_LINKS) {
        0 => links.join(", "),
        more => format!("{} and {more} more", links.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn a_description_that_repeats_the_name_is_dropped() {
        assert!(repeats("Size.", "size"));
        assert!(!repeats("Instance ID", "instance_id"));
    }
}
