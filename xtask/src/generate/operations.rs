//! The files of the operations: one for each tag.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Body, Encoding, Operation, Paging, Parameter, Success};
use crate::names;

use super::progenitor::{Produced, argument_of, is, optional};
use super::setters::setter;
use super::source::{self, defect, identifier};
use super::{by_tag, documentation, tables, types};

/// The files of the `operations` module.
pub(super) fn files(
    api: &Api,
    model: &Model,
    produced: &Produced,
) -> Result<Vec<(String, String)>> {
    let tags = by_tag(model);
    let modules = tags
        .keys()
        .map(|tag| identifier(tag))
        .collect::<Result<Vec<_>>>()?;
    let root = quote! {
        //! A builder for each operation: set the parameters, then `send()`.
        //!
        //! Nothing is sent before that; an argument that cannot be sent fails the call.

        #(mod #modules;)*
        #(pub use #modules::*;)*
    };
    let mut files = vec![("operations.rs".to_owned(), source::file(api, root)?)];
    let mut pages = Vec::new();
    for (tag, operations) in tags {
        let mut items = TokenStream::new();
        let mut methods = Vec::new();
        for operation in &operations {
            methods.push(client_method(api, operation, produced)?);
            items.extend(builder(operation, produced)?);
            items.extend(page(operation, produced, &mut pages)?);
            items.extend(tables::operation(api, operation)?);
        }
        let docs = documentation::inner_attributes(&format!(
            "Operations of {}: `{tag}`.",
            api.settings.title
        ));
        let text = source::file(
            api,
            quote! {
                #docs
                #[allow(unused_imports, reason = "not every file uses every part of the runtime")]
                use specmill_client::operation::{
                    Body, BodyEncoding, Bounds, Method, Operation, Paging, Parameter, Place, Style,
                };
                #[allow(unused_imports, reason = "not every file uses every part of the runtime")]
                use specmill_client::{Call, CallOptions, Error, Response, Transport, paging};
                #[allow(unused_imports, reason = "not every operation has types")]
                use crate::types;
                use crate::Client;

                impl Client {
                    #(#methods)*
                }

                #items
            },
        )?;
        files.push((format!("operations/{tag}.rs"), text));
    }
    Ok(files)
}

fn builder_name(operation: &Operation) -> Result<syn::Ident> {
    identifier(&names::type_identifier(&operation.id))
}

fn client_method(api: &Api, operation: &Operation, produced: &Produced) -> Result<TokenStream> {
    let (method, builder) = (identifier(&operation.id)?, builder_name(operation)?);
    let mut text = documentation::operation(operation);
    text += "\n\n# Errors of the service\n\n";
    let errors = operation
        .statuses
        .iter()
        .filter(|(status, _)| !status.starts_with('2'));
    for (status, description) in errors {
        let status = if status == "default" {
            "any other".to_owned()
        } else {
            format!("`{status}`")
        };
        text += &format!("- {status}: {}\n", documentation::line(description));
    }
    text += &format!("\n# Example\n\n{}", example(api, operation, produced));
    let docs = documentation::attributes(&text);
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[deprecated = "the vendor advises against this operation"]));
    Ok(quote! {
        #docs
        #deprecated
        pub fn #method(&self) -> #builder {
            #builder::new(self.transport.clone())
        }
    })
}

/// A program that calls the operation with what is required.
fn example(api: &Api, operation: &Operation, produced: &Produced) -> String {
    let krate = api.crate_name();
    let mut call = format!("client.{}()", operation.id);
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let field = field_type(operation, &parameter.identifier, produced);
        call += &format!(
            ".{}({})",
            parameter.identifier,
            field.map_or("\"…\"".to_owned(), |field| sample(&field))
        );
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let reference = body.lowered.get("$ref").and_then(serde_json::Value::as_str);
        call += &match (body.encoding, reference) {
            (Encoding::Json | Encoding::Form, Some(reference)) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                format!(".body({krate}::types::{name}::builder())")
            }
            (Encoding::Bytes, _) => ".body(\"…\")".to_owned(),
            (Encoding::Text, _) => ".body(\"…\")".to_owned(),
            _ => ".body(Default::default())".to_owned(),
        };
    }
    let result = if operation.success == Success::Empty {
        ""
    } else {
        "let answer = "
    };
    let deprecated = if operation.deprecated {
        "# #[allow(deprecated)]\n"
    } else {
        ""
    };
    format!(
        "```no_run\n{deprecated}# async fn example(client: {krate}::Client) -> Result<(), {krate}::Error> \
         {{\n{result}{call}.send().await?;\n# Ok(())\n# }}\n```"
    )
}

fn sample(field: &syn::Type) -> String {
    for (written, value) in [
        ("String", "\"…\""),
        ("i64", "1"),
        ("u64", "1"),
        ("f64", "1.0"),
        ("bool", "true"),
    ] {
        if is(field, written) {
            return value.to_owned();
        }
    }
    match argument_of(field, "Vec") {
        Some(item) => format!("[{}]", sample(&item)),
        None if is(field, "serde_json::Value") || argument_of(field, "BTreeMap").is_some() => {
            "Default::default()".to_owned()
        }
        None => "\"…\"".to_owned(),
    }
}

fn field_type(operation: &Operation, field: &str, produced: &Produced) -> Option<syn::Type> {
    let builder = produced
        .builders
        .get(&names::type_identifier(&operation.id))?;
    let found = builder.get(field)?;
    Some(optional(found).unwrap_or_else(|| found.clone()))
}

/// A field of a builder.
struct Field {
    name: syn::Ident,
    declared: TokenStream,
    initial: TokenStream,
    setter: TokenStream,
    sent: TokenStream,
}

fn builder(operation: &Operation, produced: &Produced) -> Result<TokenStream> {
    let name = builder_name(operation)?;
    let mut fields = Vec::new();
    for parameter in &operation.parameters {
        fields.push(parameter_field(operation, parameter, produced)?);
    }
    if let Some(body) = &operation.body {
        fields.push(body_field(operation, body, produced)?);
    }
    let names: Vec<&syn::Ident> = fields.iter().map(|field| &field.name).collect();
    let declared = fields.iter().map(|field| &field.declared);
    let initial = fields.iter().map(|field| &field.initial);
    let setters = fields.iter().map(|field| &field.setter);
    let sent = fields.iter().map(|field| &field.sent);
    let docs = documentation::attributes(&format!(
        "{}\n\nMade by [`Client::{}`].{}",
        documentation::summary(operation),
        operation.id,
        documentation::source(operation)
    ));
    let table = tables::static_name(operation)?;
    let sending = sending(operation)?;
    let paging = paging_methods(operation)?;
    Ok(quote! {
        #docs
        #[derive(Debug, Clone)]
        #[must_use = "nothing is sent before `send`"]
        pub struct #name {
            transport: Transport,
            options: CallOptions,
            #(#declared,)*
        }

        impl #name {
            fn new(transport: Transport) -> Self {
                Self { transport, options: CallOptions::default(), #(#initial,)* }
            }

            #(#setters)*

            /// Timeouts, retries and headers of this call alone.
            pub fn with_options(mut self, options: CallOptions) -> Self {
                self.options = options;
                self
            }

            #sending

            #paging

            fn call(self) -> Call {
                let Self { transport, options, #(#names,)* } = self;
                transport.call(&#table, options)#(#sent)*
            }
        }
    })
}

fn parameter_field(
    operation: &Operation,
    parameter: &Parameter,
    produced: &Produced,
) -> Result<Field> {
    let identifier = identifier(&parameter.identifier)?;
    let value = field_type(operation, &parameter.identifier, produced).ok_or_else(|| {
        defect(&format!(
            "`{}` has no builder field `{identifier}`",
            operation.id
        ))
    })?;
    let wire = &parameter.name;
    let unset = format!("{} is required", parameter.name);
    let docs = documentation::attributes(&documentation::parameter(parameter));
    let (declared, initial, wrap) = if parameter.required {
        (
            quote!(#identifier: Result<#value, String>),
            quote!(#identifier: Err(#unset.to_owned())),
            None,
        )
    } else {
        (
            quote!(#identifier: Result<Option<#value>, String>),
            quote!(#identifier: Ok(None)),
            Some(quote!(Some)),
        )
    };
    let setter = setter(&identifier, &value, &docs, wrap.as_ref());
    Ok(Field {
        declared,
        initial,
        setter,
        sent: quote!(.parameter(#wire, #identifier)),
        name: identifier,
    })
}

fn body_field(operation: &Operation, body: &Body, produced: &Produced) -> Result<Field> {
    let name = format_ident!("body");
    let what = body
        .description
        .as_deref()
        .map_or("The request's body.".to_owned(), documentation::description);
    let required = if body.required { "\n\nRequired." } else { "" };
    let docs = documentation::attributes(&format!("{what}{required}"));
    if matches!(body.encoding, Encoding::Bytes) {
        let initial = if body.required {
            quote!(Err("body is required".to_owned()))
        } else {
            quote!(Ok(None))
        };
        let (declared, wrap) = if body.required {
            (
                quote!(Result<specmill_client::bytes::Bytes, String>),
                quote!(value.into()),
            )
        } else {
            (
                quote!(Result<Option<specmill_client::bytes::Bytes>, String>),
                quote!(Some(value.into())),
            )
        };
        let sent = if body.required {
            quote!(.body_bytes(body))
        } else {
            quote!(.optional_body_bytes(body))
        };
        return Ok(Field {
            declared: quote!(#name: #declared),
            initial: quote!(#name: #initial),
            setter: quote! {
                #docs
                pub fn body(mut self, value: impl Into<specmill_client::bytes::Bytes>) -> Self {
                    self.body = Ok(#wrap);
                    self
                }
            },
            sent,
            name,
        });
    }
    let found = produced
        .builders
        .get(&names::type_identifier(&operation.id))
        .and_then(|builder| builder.get("body"))
        .ok_or_else(|| defect(&format!("`{}` has no builder field `body`", operation.id)))?;
    let reference = body.lowered.get("$ref").and_then(serde_json::Value::as_str);
    let type_name = reference
        .and_then(|reference| reference.rsplit('/').next())
        .unwrap_or_default();
    if is(found, &format!("types::builder::{type_name}")) {
        let value = identifier(type_name)?;
        return Ok(Field {
            declared: quote!(#name: Result<types::builder::#value, String>),
            initial: quote!(#name: Ok(types::builder::#value::default())),
            setter: quote! {
                #docs
                pub fn body(mut self, value: impl TryInto<types::#value, Error: std::fmt::Display>) -> Self {
                    self.body = value.try_into().map(Into::into).map_err(|error| error.to_string());
                    self
                }

                /// Changes the request's body.
                pub fn body_map(
                    mut self,
                    change: impl FnOnce(types::builder::#value) -> types::builder::#value,
                ) -> Self {
                    self.body = self.body.map(change);
                    self
                }
            },
            sent: quote! {
                .body(body.and_then(|body| types::#value::try_from(body).map_err(|error| error.to_string())))
            },
            name,
        });
    }
    let value = optional(found).unwrap_or_else(|| found.clone());
    let (declared, initial, wrap) = if body.required {
        (
            quote!(Result<#value, String>),
            quote!(Err("body is required".to_owned())),
            None,
        )
    } else {
        (
            quote!(Result<Option<#value>, String>),
            quote!(Ok(None)),
            Some(quote!(Some)),
        )
    };
    Ok(Field {
        declared: quote!(#name: #declared),
        initial: quote!(#name: #initial),
        setter: setter(&name, &value, &docs, wrap.as_ref()),
        sent: quote!(.body(body)),
        name,
    })
}

fn sending(operation: &Operation) -> Result<TokenStream> {
    let (answer, method, what) = match &operation.success {
        Success::Empty => (
            quote!(()),
            quote!(send_empty),
            "Sends the request. Any 2xx is success.",
        ),
        Success::Json(schema) => (
            types::rust_type(schema)?,
            quote!(send),
            "Sends the request. Any 2xx is success, and its body the answer.",
        ),
        Success::OptionalJson(schema) => {
            let inner = types::rust_type(schema)?;
            (
                quote!(Option<#inner>),
                quote!(send_optional),
                "Sends the request. Any 2xx is success; `None` where it has no body.",
            )
        }
        Success::Text => (
            quote!(String),
            quote!(send_text),
            "Sends the request. Any 2xx is success, and its text the answer.",
        ),
        Success::Bytes => (
            quote!(specmill_client::bytes::Bytes),
            quote!(send_bytes),
            "Sends the request. Any 2xx is success, and its bytes the answer.",
        ),
    };
    let docs = documentation::attributes(what);
    let with_response = match &operation.success {
        Success::Json(schema) | Success::OptionalJson(schema) => {
            let inner = types::rust_type(schema)?;
            let inner = if matches!(operation.success, Success::OptionalJson(_)) {
                quote!(Option<#inner>)
            } else {
                inner
            };
            Some(quote! {
                /// Sends the request, and gives status, headers and request id beside the answer.
                pub async fn send_response(self) -> Result<Response<#inner>, Error> {
                    self.call().send_response().await
                }
            })
        }
        _ => None,
    };
    Ok(quote! {
        #docs
        pub async fn send(self) -> Result<#answer, Error> {
            self.call().#method().await
        }

        #with_response
    })
}

fn paging_methods(operation: &Operation) -> Result<Option<TokenStream>> {
    let (Some(paging), Success::Json(answer)) = (&operation.paging, &operation.success) else {
        return Ok(None);
    };
    let answer = types::rust_type(answer)?;
    let (items, pages) = match paging {
        Paging::Cursor { .. } => (quote!(CursorItems), quote!(CursorPages)),
        Paging::Numbered { .. } => (quote!(NumberedItems), quote!(NumberedPages)),
    };
    Ok(Some(quote! {
        /// Every item of the list, over all pages; the next page is fetched while one is consumed.
        pub fn stream(self) -> paging::#items<#answer> {
            paging::#items::new(self.call())
        }

        /// Every page of the list.
        pub fn pages(self) -> paging::#pages<#answer> {
            paging::#pages::new(self.call())
        }
    }))
}

/// What makes an answer a page, once for each type.
fn page(operation: &Operation, produced: &Produced, done: &mut Vec<String>) -> Result<TokenStream> {
    let (Some(paging), Success::Json(answer)) = (&operation.paging, &operation.success) else {
        return Ok(TokenStream::new());
    };
    let reference = answer
        .get("$ref")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let type_name = reference.rsplit('/').next().unwrap_or_default().to_owned();
    if type_name.is_empty() || done.contains(&type_name) {
        return Ok(TokenStream::new());
    }
    let (items, next) = match paging {
        Paging::Cursor { items, next, .. } => (items, Some(next)),
        Paging::Numbered { items, .. } => (items, None),
    };
    let field = |wire: &str| {
        let name = names::field_identifier(wire);
        let found = produced.types.iter().find_map(|item| match item {
            syn::Item::Struct(item) if item.ident == type_name => {
                let found = item
                    .fields
                    .iter()
                    .find(|field| field.ident.as_ref().is_some_and(|ident| *ident == name));
                found.map(|field| field.ty.clone())
            }
            _ => None,
        });
        found
            .ok_or_else(|| defect(&format!("`{type_name}` has no field `{name}`")))
            .map(|found| (format_ident!("{name}"), found))
    };
    let (items_field, items_type) = field(items)?;
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
            let (field, kind) = field(next)?;
            if optional(&kind).is_some() {
                quote!(self.#field.as_deref())
            } else {
                quote!(Some(&self.#field))
            }
        }
    };
    done.push(type_name.clone());
    let page = identifier(&type_name)?;
    let item = in_types(&item);
    Ok(quote! {
        impl paging::Page for types::#page {
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

/// A type named in the `types` module, as seen from here.
fn in_types(item: &syn::Type) -> TokenStream {
    match item {
        syn::Type::Path(path) if path.path.segments.len() == 1 => {
            let name = &path.path.segments[0];
            let own = !matches!(
                name.ident.to_string().as_str(),
                "String" | "bool" | "i64" | "u64" | "f64" | "Vec" | "Option"
            );
            if own {
                quote!(types::#name)
            } else {
                quote!(#item)
            }
        }
        _ => quote!(#item),
    }
}
