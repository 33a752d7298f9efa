//! What makes an answer a page of a list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Paging, Success, TypeDefinition};
use crate::names;

use super::progenitor::{Produced, argument_of, optional};
use super::source::{defect, identifier};

/// How the list pages whose pages are of a type, if one does.
fn paging<'a>(definition: &TypeDefinition, model: &'a Model) -> Option<&'a Paging> {
    model.operations.iter().find_map(|operation| {
        let Success::Json(response) = &operation.success else {
            return None;
        };
        let reference = response.get("$ref").and_then(Value::as_str)?;
        let paging = operation.paging.as_ref()?;
        (reference.rsplit('/').next() == Some(definition.name.as_str())).then_some(paging)
    })
}

/// Whether a list has pages of this type.
pub(super) fn is_page(definition: &TypeDefinition, model: &Model) -> bool {
    paging(definition, model).is_some()
}

/// The implementation of `Page` for a type that a list answers with.
///
/// It stands beside the type, so that another page with the same type moves nothing.
pub(super) fn implementation(
    definition: &TypeDefinition,
    model: &Model,
    produced: &Produced,
) -> Result<TokenStream> {
    let (items, next) = match paging(definition, model) {
        None => return Ok(TokenStream::new()),
        Some(Paging::Cursor { items, next, .. }) => (items, Some(next)),
        Some(Paging::Numbered { items, .. }) => (items, None),
    };
    let (items_field, items_type) = field(definition, items, produced)?;
    let (by_reference, by_value, list) = match optional(&items_type) {
        Some(list) => (
            quote!(self.#items_field.as_deref().unwrap_or_default()),
            quote!(self.#items_field.unwrap_or_default()),
            list,
        ),
        None => (
            quote!(&self.#items_field),
            quote!(self.#items_field),
            items_type,
        ),
    };
    let item = argument_of(&list, "Vec").ok_or_else(|| defect(&format!("`{items}` is no list")))?;
    let next = match next {
        None => quote!(None),
        Some(next) => {
            let (field, kind) = field(definition, next, produced)?;
            if optional(&kind).is_some() {
                quote!(self.#field.as_deref())
            } else {
                quote!(Some(&self.#field))
            }
        }
    };
    let page = identifier(&definition.name)?;
    Ok(quote! {
        impl specmill_client::paging::Page for #page {
            type Item = #item;

            fn next_cursor(&self) -> Option<&str> {
                #next
            }

            fn items(&self) -> &[Self::Item] {
                #by_reference
            }

            fn into_items(self) -> Vec<Self::Item> {
                #by_value
            }
        }
    })
}

/// The field of a member, with its type.
fn field(
    definition: &TypeDefinition,
    wire: &str,
    produced: &Produced,
) -> Result<(syn::Ident, syn::Type)> {
    let name = names::member_identifier(wire);
    let made = produced.types.structure(&definition.name);
    let mut fields = made.into_iter().flat_map(|made| &made.fields);
    let found = fields.find(|field| field.ident.as_ref().is_some_and(|ident| *ident == name));
    found
        .map(|field| (format_ident!("{name}"), field.ty.clone()))
        .ok_or_else(|| defect(&format!("`{}` has no field `{name}`", definition.name)))
}
