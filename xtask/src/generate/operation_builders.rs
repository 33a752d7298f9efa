//! The builder of an operation: a field and a setter for each parameter, and how it is sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostic::Result;
use crate::lower::model::{Body, Encoding, Operation, Paging, Parameter, Success};
use crate::names;

use super::progenitor::Produced;
use super::setters::setter;
use super::source::identifier;
use super::{documentation, statuses, tables, types};

pub(super) fn builder_name(operation: &Operation) -> Result<syn::Ident> {
    let mut name = names::type_name(&operation.id);
    if TAKEN_BUILDERS.contains(&name.as_str()) {
        name.push('_');
    }
    identifier(&name)
}

/// What the files of operations name without a path.
const TAKEN_BUILDERS: [&str; 15] = [
    "Body",
    "BodyEncoding",
    "Bounds",
    "Call",
    "CallOptions",
    "Client",
    "Error",
    "Method",
    "Operation",
    "Paging",
    "Parameter",
    "ParameterLocation",
    "Response",
    "Style",
    "Transport",
];

/// A field of a builder.
struct Field {
    name: syn::Ident,
    declared: TokenStream,
    initial: TokenStream,
    setter: TokenStream,
    sent: TokenStream,
}

/// The builder of an operation.
pub(super) fn builder(operation: &Operation, produced: &Produced) -> Result<TokenStream> {
    let name = builder_name(operation)?;
    let mut fields = Vec::new();
    for parameter in &operation.parameters {
        fields.push(parameter_field(operation, parameter)?);
    }
    if let Some(body) = &operation.body {
        fields.push(body_field(body, produced)?);
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

fn parameter_field(operation: &Operation, parameter: &Parameter) -> Result<Field> {
    let identifier = identifier(&parameter.identifier)?;
    let value = types::value_type(&parameter.lowered)?;
    let wire = &parameter.name;
    let mut of_the_name = operation.parameters.iter().filter(|one| one.name == *wire);
    let alone = of_the_name.nth(1).is_none();
    let unset = format!("{} is required", parameter.name);
    let docs = documentation::attributes(&documentation::parameter(operation, parameter));
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
        sent: if alone {
            quote!(.parameter(#wire, #identifier))
        } else {
            let location = tables::location(parameter.place);
            quote!(.parameter_in(#location, #wire, #identifier))
        },
        name: identifier,
    })
}

fn body_field(body: &Body, produced: &Produced) -> Result<Field> {
    let name = format_ident!("body");
    let what = body
        .description
        .as_deref()
        .map_or("The request's body.".to_owned(), documentation::description);
    let required = if body.required { "\n\nRequired." } else { "" };
    let docs = documentation::attributes(&format!("{what}{required}"));
    if body.encoding == Encoding::BytesOfType {
        let content_type = format!(
            "`content_type` is `{}`{}.",
            body.content_type.replace('`', "'"),
            if body.content_type.starts_with("multipart/") {
                ", with the boundary of the parts"
            } else {
                ""
            }
        );
        let docs = documentation::attributes(&format!("{what}\n\n{content_type}{required}"));
        return Ok(Field {
            declared: quote!(#name: Option<(String, specmill_client::bytes::Bytes)>),
            initial: quote!(#name: None),
            setter: quote! {
                #docs
                pub fn body(
                    mut self,
                    content_type: impl Into<String>,
                    value: impl Into<specmill_client::bytes::Bytes>,
                ) -> Self {
                    self.body = Some((content_type.into(), value.into()));
                    self
                }
            },
            sent: quote!(.body_of_type(Ok(body))),
            name,
        });
    }
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
    let reference = body.lowered.get("$ref").and_then(serde_json::Value::as_str);
    let type_name = reference
        .and_then(|reference| reference.rsplit('/').next())
        .unwrap_or_default();
    let is_object = body.encoding == Encoding::Json
        && body.required
        && produced.types.structure(type_name).is_some();
    if is_object {
        let value = identifier(type_name)?;
        return Ok(Field {
            declared: quote!(#name: Result<types::builder::#value, String>),
            initial: quote!(#name: Ok(Default::default())),
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
    let value = types::value_type(&body.lowered)?;
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
    let response = match &operation.success {
        Success::Empty => quote!(send_empty_response),
        Success::Json(_) | Success::OptionalJson(_) => quote!(send_response),
        Success::Text => quote!(send_text_response),
        Success::Bytes => quote!(send_bytes_response),
    };
    let statuses: Vec<String> = statuses::successes(operation)
        .iter()
        .map(|status| format!("- {status}"))
        .collect();
    let mut told = String::from(
        "Sends the request, and gives status, headers and request id beside the answer.",
    );
    if statuses.len() > 1 {
        told += &format!(
            "\n\nThe status tells the successes apart:\n{}",
            statuses.join("\n")
        );
    }
    let response_docs = documentation::attributes(&told);
    Ok(quote! {
        #docs
        pub async fn send(self) -> Result<#answer, Error> {
            self.call().#method().await
        }

        #response_docs
        pub async fn send_response(self) -> Result<Response<#answer>, Error> {
            self.call().#response().await
        }
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
