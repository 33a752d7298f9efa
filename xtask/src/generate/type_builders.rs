//! Builders of types: progenitor's, whose methods take what a caller has at hand.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use crate::lower::Model;
use crate::lower::model::TypeDefinition;

use super::descriptions;
use super::documentation;
use super::progenitor::{Produced, argument_of, optional};
use super::setters::setter;
use super::types::{replace_docs, wire_name};

/// A field of a type, as its builder sets it.
pub(super) struct Field {
    docs: TokenStream,
    kind: syn::Type,
    /// Whether a value without it can be built.
    pub(super) optional: bool,
    /// Its name on the wire; `None` for what holds the members that no property names.
    pub(super) wire: Option<String>,
}

impl Field {
    /// The type of the value that its method takes.
    pub(super) fn value(&self) -> syn::Type {
        let inner = optional(&self.kind).filter(|_| self.optional);
        inner.unwrap_or_else(|| self.kind.clone())
    }
}

/// The items of a type's builder.
pub(super) fn items(
    definition: &TypeDefinition,
    model: &Model,
    produced: &Produced,
) -> TokenStream {
    let fields = fields(definition, model, produced);
    let mut out = TokenStream::new();
    for item in produced.type_builders.of(&definition.name) {
        let mut item = item.clone();
        match &mut item {
            syn::Item::Struct(item) => {
                let name = &definition.name;
                replace_docs(
                    &mut item.attrs,
                    &format!("Builds a [`{name}`](super::{name})."),
                );
            }
            syn::Item::Impl(item) if item.trait_.is_none() => {
                for inner in &mut item.items {
                    replace_setter(inner, &fields);
                }
                if !fields.contains_key("build") {
                    item.items.push(build(&definition.name));
                }
            }
            _ => {}
        }
        item.to_tokens(&mut out);
    }
    out
}

/// The method that ends a builder; without it a value is made by `try_into` alone.
fn build(name: &str) -> syn::ImplItem {
    let name = quote::format_ident!("{name}");
    syn::ImplItem::Verbatim(quote! {
        /// Makes the value.
        ///
        /// # Errors
        /// A member that is required is not set, or one was set to what it cannot be.
        pub fn build(self) -> Result<super::#name, super::error::ConversionError> {
            self.try_into()
        }
    })
}

/// progenitor's methods take `TryInto<Option<String>>`, which no `&str` is.
fn replace_setter(inner: &mut syn::ImplItem, fields: &BTreeMap<String, Field>) {
    let syn::ImplItem::Fn(function) = &inner else {
        return;
    };
    let name = &function.sig.ident;
    let Some(field) = fields.get(&name.to_string()) else {
        return;
    };
    let (value, wrap) = match optional(&field.kind).filter(|_| field.optional) {
        Some(value) => (value, Some(quote!(Some))),
        None => (field.kind.clone(), None),
    };
    *inner = syn::ImplItem::Verbatim(setter(name, &value, &field.docs, wrap.as_ref()));
}

/// The fields of a type's builder, by their names in Rust.
pub(super) fn fields(
    definition: &TypeDefinition,
    model: &Model,
    produced: &Produced,
) -> BTreeMap<String, Field> {
    let required: Vec<&str> = definition
        .lowered
        .get("required")
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let mut fields = BTreeMap::new();
    let made = produced.types.structure(&definition.name);
    let builder = produced.type_builders.structure(&definition.name);
    for field in made.into_iter().flat_map(|made| &made.fields) {
        let wire = wire_name(field, definition);
        let docs = match &wire {
            Some(wire) => descriptions::member(model, definition, wire),
            None => "Sets the members that the documents do not name.".to_owned(),
        };
        let name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let kind = builder.and_then(|builder| in_builder(builder, &name));
        if let Some(kind) = kind {
            let field = Field {
                docs: documentation::attributes(&docs),
                kind,
                optional: wire
                    .as_ref()
                    .is_some_and(|wire| !required.contains(&wire.as_str())),
                wire,
            };
            fields.insert(name, field);
        }
    }
    fields
}

/// The type of a field as the builder writes it, without the `Result` around it.
fn in_builder(builder: &syn::ItemStruct, field: &str) -> Option<syn::Type> {
    let found = builder
        .fields
        .iter()
        .find(|one| one.ident.as_ref().is_some_and(|ident| *ident == field))?;
    argument_of(&found.ty, "Result")
}
