//! Declarations of the form `pub struct Name { … }`, whose fields have a grammar of their own.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Token, braced};

/// A struct with fields of one kind.
pub(super) struct StructOf<T> {
    pub(super) attributes: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) members: Vec<T>,
}

impl<T: Parse> Parse for StructOf<T> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        let inside;
        braced!(inside in input);
        let mut members = Vec::new();
        while !inside.is_empty() {
            members.push(inside.parse()?);
        }
        Ok(Self {
            attributes,
            name,
            members,
        })
    }
}
