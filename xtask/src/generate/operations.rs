//! The files of the operations: one for each tag.

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Encoding, Operation, Success};

use super::operation_builders::{builder, builder_name};
use super::progenitor::{Produced, argument_of, is};
use super::source::{self, identifier};
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
    for (tag, operations) in tags {
        let mut items = TokenStream::new();
        let mut methods = Vec::new();
        for operation in &operations {
            methods.push(client_method(api, operation)?);
            items.extend(builder(operation, produced)?);
            items.extend(tables::operation(api, model, operation)?);
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
                    Body, BodyEncoding, Bounds, Items, Method, Operation, Paging, Parameter, Place, Style,
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

fn client_method(api: &Api, operation: &Operation) -> Result<TokenStream> {
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
    text += &format!("\n# Example\n\n{}", example(api, operation));
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
fn example(api: &Api, operation: &Operation) -> String {
    let krate = api.crate_name();
    let mut call = format!("client.{}()", operation.id);
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let value = types::value_type(&parameter.lowered).map(|kind| sample(&kind));
        call += &format!(".{}({})", parameter.identifier, value.unwrap_or_default());
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let reference = body.lowered.get("$ref").and_then(serde_json::Value::as_str);
        call += &match (body.encoding, reference) {
            (Encoding::Json | Encoding::Form | Encoding::FormBrackets, Some(reference)) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                format!(".body({krate}::types::{name}::builder())")
            }
            (Encoding::BytesOfType, _) => {
                format!(
                    ".body({:?}, \"…\")",
                    sample_content_type(&body.content_type)
                )
            }
            (Encoding::Bytes | Encoding::Text, _) => ".body(\"…\")".to_owned(),
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

/// A content type of a media type, or of a range of them.
pub(super) fn sample_content_type(media_type: &str) -> String {
    if media_type.starts_with("multipart/") {
        format!("{}; boundary=part", media_type.replace('*', "mixed"))
    } else {
        media_type.replace("*/*", "text/plain").replace('*', "png")
    }
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
