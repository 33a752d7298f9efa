//! Unions whose branches a member of theirs tells apart.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostic::Result;
use crate::lower::model::Tag;

use super::documentation;
use super::progenitor::argument_of;
use super::source::defect;

/// A variant is called like its type, so that another branch renames none.
fn variant_name(kind: &syn::Type) -> syn::Ident {
    let inner = argument_of(kind, "Box");
    let name = match inner.as_ref().unwrap_or(kind) {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone()),
        _ => None,
    };
    let name = name.unwrap_or_else(|| format_ident!("Other"));
    if name == "Unknown" {
        format_ident!("Unknown_")
    } else {
        name
    }
}

/// The items of a union: what progenitor made of it, but read by its member. A value whose member says
/// what the documents do not name is kept as it is.
pub(super) fn items(made: &syn::ItemEnum, tag: &Tag, docs: &str) -> Result<TokenStream> {
    let name = &made.ident;
    let docs = documentation::attributes(&format!(
        "{docs}\n\nThe member `{}` says which one it is. A value that this version of the crate does not know \
         is [`{name}::Unknown`].",
        tag.member.replace('`', "'")
    ));
    let mut branches = Vec::new();
    for variant in &made.variants {
        let mut fields = variant.fields.iter();
        match (fields.next(), fields.next()) {
            (Some(field), None) => branches.push((variant_name(&field.ty), &field.ty)),
            _ => {
                return Err(defect(&format!(
                    "`{name}::{}` holds no value",
                    variant.ident
                )));
            }
        }
    }
    if branches.len() != tag.values.len() {
        return Err(defect(&format!(
            "`{name}` has not as many variants as branches"
        )));
    }
    let (idents, kinds): (Vec<_>, Vec<_>) = branches.into_iter().unzip();
    let variant_docs = tag.values.iter().map(|values| {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.replace('`', "'").escape_debug()))
            .collect();
        format!(" {}.", values.join(", "))
    });
    let patterns = tag.values.iter().map(|values| quote!(Some(#(#values)|*)));
    let member = &tag.member;
    let title = name.to_string();
    Ok(quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #idents(#kinds),)*
            /// Any other value, as it is on the wire.
            Unknown(serde_json::Value),
        }

        #(impl From<#kinds> for #name {
            fn from(value: #kinds) -> Self {
                Self::#idents(value)
            }
        })*

        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(Self::#idents(value) => serde::Serialize::serialize(value, serializer),)*
                    Self::Unknown(value) => serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                match value.get(#member).and_then(serde_json::Value::as_str) {
                    #(#patterns => serde_json::from_value(value)
                        .map(Self::#idents)
                        .map_err(serde::de::Error::custom),)*
                    _ => Ok(Self::Unknown(value)),
                }
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for #name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #title.into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // Values that the documents do not name are kept.
                schemars::json_schema!({ "anyOf": [#(generator.subschema_for::<#kinds>(),)* true] })
            }
        }
    })
}
