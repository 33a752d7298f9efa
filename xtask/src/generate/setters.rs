//! The methods that set a member of a builder.

use proc_macro2::TokenStream;
use quote::quote;

use super::progenitor::{argument_of, is};

/// The method that sets a field, taking whatever becomes its type.
pub(super) fn setter(
    name: &syn::Ident,
    value: &syn::Type,
    docs: &TokenStream,
    wrap: Option<&TokenStream>,
) -> TokenStream {
    let wrapped = |inner: TokenStream| wrap.map_or(inner.clone(), |wrap| quote!(#wrap(#inner)));
    if let Some(item) = argument_of(value, "Vec") {
        let collected = wrapped(quote!(values.into_iter().map(Into::into).collect()));
        return quote! {
            #docs
            pub fn #name(mut self, values: impl IntoIterator<Item = impl Into<#item>>) -> Self {
                self.#name = Ok(#collected);
                self
            }
        };
    }
    let into = is(value, "String")
        || is(value, "bool")
        || is(value, "f64")
        || is(value, "serde_json::Value");
    if into || argument_of(value, "BTreeMap").is_some() {
        let converted = wrapped(quote!(value.into()));
        return quote! {
            #docs
            pub fn #name(mut self, value: impl Into<#value>) -> Self {
                self.#name = Ok(#converted);
                self
            }
        };
    }
    let map = wrap.map(|wrap| quote!(.map(#wrap)));
    quote! {
        #docs
        pub fn #name(mut self, value: impl TryInto<#value, Error: std::fmt::Display>) -> Self {
            self.#name = value.try_into()#map.map_err(|error| error.to_string());
            self
        }
    }
}
