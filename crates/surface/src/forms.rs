//! The public items of the declaration of a multipart form.

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Type};

use crate::item::{Item, Kind, Takes};
use crate::methods::setter;
use crate::scope::{Scope, add};
use crate::struct_of::StructOf;
use crate::surface::Surface;

/// The type that a file part is converted into.
const FILE: &str = "specmill_client::multipart::FilePart";

/// The form of an operation.
pub(super) type Form = StructOf<Part>;

pub(super) struct Part {
    attributes: Vec<Attribute>,
    name: Ident,
    is_required: bool,
    is_repeated: bool,
    /// Whether it represents the parts whose names the document does not declare.
    is_additional: bool,
    /// The type of a part that is not a file.
    of: Option<Type>,
    /// The kind of the part: `text`, `json` or `file`.
    kind: Ident,
    wire: LitStr,
    content_type: Option<LitStr>,
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        let need: Ident = input.parse()?;
        let count: Ident = input.parse()?;
        let kind: Ident = input.parse()?;
        let of = if input.peek(Token![,]) {
            None
        } else {
            Some(input.parse()?)
        };
        input.parse::<Token![,]>()?;
        input.parse::<Token![in]>()?;
        let wire = input.parse()?;
        let content_type = if input.parse::<Option<Token![as]>>()?.is_some() {
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Token![;]>()?;
        Ok(Self {
            attributes,
            name,
            is_required: need == "required",
            is_repeated: count == "many",
            is_additional: need == "additional",
            of,
            kind,
            wire,
            content_type,
        })
    }
}

/// Adds the type, its constructor, and the method of each part.
pub(super) fn read(form: &Form, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&form.name);
    let traits = ["Clone", "Debug", "Default"].map(str::to_owned).to_vec();
    let new = Kind::Function {
        receiver: None,
        asynchronous: false,
        arguments: Vec::new(),
        returns: "Self".to_owned(),
    };
    for item in [
        Item::new(&path, Kind::Struct(traits)),
        Item::new(format!("{path}::new"), new),
    ] {
        add(item, &path, &form.attributes, scope, surface);
    }
    for part in &form.members {
        let takes = match (&part.of, part.is_repeated) {
            (of, _) if part.is_additional => {
                let of = of
                    .as_ref()
                    .map_or_else(|| FILE.to_owned(), |of| scope.text(of));
                Takes::Value(format!(
                    "impl IntoIterator<Item = (impl Into<String>, impl Into<{of}>)>"
                ))
            }
            (Some(of), true) => Takes::Items(scope.text(of)),
            (Some(of), false) => Takes::TryInto(scope.text(of)),
            (None, true) => Takes::Items(FILE.to_owned()),
            (None, false) => Takes::Into(FILE.to_owned()),
        };
        let mut item = setter(format!("{path}::{}", part.name), takes);
        item.required = part.is_required;
        let content_type = part
            .content_type
            .as_ref()
            .map(|kind| format!(" as {:?}", kind.value()))
            .unwrap_or_default();
        item.wire = Some(format!(
            "{} {:?}{content_type}",
            part.kind,
            part.wire.value()
        ));
        add(item, &path, &part.attributes, scope, surface);
    }
}
