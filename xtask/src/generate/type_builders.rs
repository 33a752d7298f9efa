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
    docs: String,
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
    let docs = documentation::attributes(&field.docs);
    *inner = syn::ImplItem::Verbatim(setter(name, &value, &docs, wrap.as_ref()));
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
    let (Some(made), Some(builder)) = (
        produced.types.structure(&definition.name),
        produced.type_builders.structure(&definition.name),
    ) else {
        return BTreeMap::new();
    };
    let kinds: BTreeMap<String, syn::Type> = builder
        .fields
        .iter()
        .filter_map(|field| Some((name_of(field), argument_of(&field.ty, "Result")?)))
        .collect();
    let mut fields = BTreeMap::new();
    for field in &made.fields {
        let wire = wire_name(field, definition);
        let docs = match &wire {
            Some(wire) => descriptions::member(model, definition, wire),
            None => "Sets the members that the documents do not name.".to_owned(),
        };
        let name = name_of(field);
        // Without the `Result` around it.
        if let Some(kind) = kinds.get(&name) {
            let field = Field {
                docs,
                kind: kind.clone(),
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

fn name_of(field: &syn::Field) -> String {
    field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}
