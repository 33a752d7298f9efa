//! The files of the operations: one for each tag.

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::Operation;

use super::examples::Examples;
use super::operation_builders::{builder, builder_name};
use super::progenitor::Produced;
use super::source::{self, identifier};
use super::{by_tag, documentation, statuses, tables};

/// The files of the `operations` module.
pub(super) fn files(
    api: &Api,
    model: &Model,
    produced: &Produced,
    examples: &Examples,
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
            methods.push(client_method(api, operation, examples)?);
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
                    Body, BodyEncoding, Bounds, Idempotency, Items, Method, Operation, Paging, Parameter, ParameterLocation,
                    Style,
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

fn client_method(api: &Api, operation: &Operation, examples: &Examples) -> Result<TokenStream> {
    let (method, builder) = (identifier(&operation.id)?, builder_name(operation)?);
    let mut text = documentation::operation(operation);
    let errors = statuses::errors(operation);
    if !errors.is_empty() {
        text += "\n\n# Errors of the service\n";
        for error in errors {
            text += &format!("\n- {error}");
        }
    }
    let example = examples.no_run(&api.crate_name(), operation);
    text += &format!("\n\n# Example\n\n{example}");
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

/// A content type of a media type, or of a range of them.
pub(super) fn sample_content_type(media_type: &str) -> String {
    if media_type.starts_with("multipart/") {
        format!("{}; boundary=part", media_type.replace('*', "mixed"))
    } else {
        media_type.replace("*/*", "text/plain").replace('*', "png")
    }
}
