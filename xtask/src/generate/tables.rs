//! The tables that tell the runtime what an operation is.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{
    Encoding, Idempotency, Operation, Paging, Parameter, ParameterPlace, Style, Success,
};

use super::source::identifier;

/// The table of an operation, as a `static`.
pub(super) fn operation(api: &Api, model: &Model, operation: &Operation) -> Result<TokenStream> {
    let name = static_name(operation)?;
    let api_name = &api.name;
    let (id, path, authenticated) = (&operation.id, &operation.path, operation.authenticated);
    let method = identifier(&operation.method)?;
    let parameters = operation.parameters.iter().map(parameter);
    let permission = option(
        operation
            .permission
            .as_ref()
            .map(|permission| quote!(#permission)),
    );
    let body = option(operation.body.as_ref().map(|body| {
        let (content_type, required) = (&body.content_type, body.required);
        let encoding = match body.encoding {
            Encoding::Json => quote!(BodyEncoding::Json),
            Encoding::Form => quote!(BodyEncoding::Form),
            Encoding::FormBrackets => quote!(BodyEncoding::FormBrackets),
            Encoding::Text => quote!(BodyEncoding::Text),
            Encoding::Bytes | Encoding::BytesOfType => quote!(BodyEncoding::Bytes),
        };
        quote!(Body { content_type: #content_type, encoding: #encoding, required: #required })
    }));
    let paging = option(operation.paging.as_ref().map(|paging| match paging {
        Paging::Cursor { parameter, next, items } => {
            let items = page_items(model, operation, items);
            quote!(Paging::Cursor { parameter: #parameter, next: #next, items: #items })
        }
        Paging::Numbered { parameter, first, size, default_size, items } => {
            let items = page_items(model, operation, items);
            let size = option(size.as_ref().map(|size| quote!(#size)));
            let default_size = default_size.unwrap_or_default();
            quote!(Paging::PageNumber {
                parameter: #parameter, first: #first, size_parameter: #size, default_size: #default_size,
                items: #items
            })
        }
    }));
    let idempotency = match &operation.idempotency {
        Idempotency::ByMethod => quote!(Idempotency::ByMethod),
        Idempotency::Always => quote!(Idempotency::Always),
        Idempotency::Key { header } => quote!(Idempotency::Key { header: #header }),
    };
    Ok(quote! {
        pub(crate) static #name: Operation = Operation {
            api: #api_name,
            id: #id,
            method: Method::#method,
            path: #path,
            parameters: &[#(#parameters),*],
            body: #body,
            paging: #paging,
            permission: #permission,
            authenticated: #authenticated,
            idempotency: #idempotency,
        };
    })
}

/// The name of an operation's table.
pub(super) fn static_name(operation: &Operation) -> Result<syn::Ident> {
    identifier(&operation.id.to_uppercase())
}

/// Where the pages of an operation hold their items.
fn page_items(model: &Model, operation: &Operation, member: &str) -> TokenStream {
    let name = match &operation.success {
        Success::Json(answer) => answer.get("$ref").and_then(Value::as_str),
        _ => None,
    };
    let name = name.and_then(|reference| reference.rsplit('/').next());
    let page = model.types.iter().find(|one| Some(&*one.name) == name);
    let required = page.and_then(|page| page.lowered.get("required")?.as_array());
    let required = required.is_some_and(|names| names.iter().any(|name| name == member));
    quote!(Items { field: #member, required: #required })
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let (name, required) = (&parameter.name, parameter.required);
    let location = location(parameter.place);
    let style = match parameter.style {
        Style::Form => quote!(Style::Form),
        Style::FormJoined => quote!(Style::FormJoined),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
        Style::Simple => quote!(Style::Simple),
        Style::Json => quote!(Style::Json),
    };
    let bounds = bounds(&parameter.schema);
    quote!(Parameter { name: #name, location: #location, required: #required, style: #style, bounds: #bounds })
}

pub(super) fn location(place: ParameterPlace) -> TokenStream {
    match place {
        ParameterPlace::Path => quote!(ParameterLocation::Path),
        ParameterPlace::Query => quote!(ParameterLocation::Query),
        ParameterPlace::Header => quote!(ParameterLocation::Header),
        ParameterPlace::Cookie => quote!(ParameterLocation::Cookie),
    }
}

fn bounds(schema: &Value) -> TokenStream {
    let mut set = Vec::new();
    for (name, member) in [("minimum", "minimum"), ("maximum", "maximum")] {
        if let Some(bound) = schema.get(member).and_then(Value::as_f64) {
            let name = quote::format_ident!("{name}");
            set.push(quote!(#name: Some(#bound)));
        }
    }
    for (name, member) in [
        ("exclusive_minimum", "exclusiveMinimum"),
        ("exclusive_maximum", "exclusiveMaximum"),
    ] {
        if schema.get(member) == Some(&Value::Bool(true)) {
            let name = quote::format_ident!("{name}");
            set.push(quote!(#name: true));
        }
    }
    let counts = [
        ("min_length", "minLength"),
        ("max_length", "maxLength"),
        ("min_items", "minItems"),
        ("max_items", "maxItems"),
    ];
    for (name, member) in counts {
        if let Some(count) = schema.get(member).and_then(Value::as_u64) {
            let name = quote::format_ident!("{name}");
            set.push(quote!(#name: Some(#count)));
        }
    }
    if set.is_empty() {
        quote!(Bounds::NONE)
    } else {
        quote!(Bounds { #(#set,)* ..Bounds::NONE })
    }
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
