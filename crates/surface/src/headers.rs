//! The public items of the declaration of response headers.

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Type};

use crate::item::{Argument, Item, Kind, Takes};
use crate::methods::by_reference;
use crate::scope::{Scope, add};
use crate::struct_of::StructOf;
use crate::surface::Surface;

/// The declared response headers of an operation.
pub(super) type ResponseHeaders = StructOf<Header>;

pub(super) struct Header {
    attributes: Vec<Attribute>,
    name: Ident,
    of: Type,
    wire: LitStr,
}

impl Parse for Header {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        // The kind of the header's value.
        input.call(Ident::parse_any)?;
        let of = input.parse()?;
        input.parse::<Token![,]>()?;
        input.parse::<Token![in]>()?;
        let wire = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            attributes,
            name,
            of,
            wire,
        })
    }
}

/// Adds the type, and the method of each header.
pub(super) fn read(declared: &ResponseHeaders, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&declared.name);
    let traits = ["Clone", "Copy", "Debug"].map(str::to_owned).to_vec();
    let headers = Argument {
        name: "headers".to_owned(),
        takes: Takes::Value("&specmill_client::http::HeaderMap".to_owned()),
    };
    let new = Kind::Function {
        receiver: None,
        asynchronous: false,
        arguments: vec![headers],
        returns: "Self".to_owned(),
    };
    let items = [
        Item::new(&path, Kind::Struct(traits)),
        Item::new(format!("{path}::new"), new),
    ];
    for item in items {
        add(item, &path, &declared.attributes, scope, surface);
    }
    for header in &declared.members {
        let of = scope.text(&header.of);
        let returns = format!("Result<Option<{of}>, specmill_client::declare::ConversionError>");
        let mut item = by_reference(format!("{path}::{}", header.name), Vec::new(), &returns);
        item.wire = Some(format!("{:?}", header.wire.value()));
        add(item, &path, &header.attributes, scope, surface);
    }
}
