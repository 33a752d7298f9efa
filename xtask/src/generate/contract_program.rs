//! The program that calls each operation of a service at an address: the test target `contract` of a crate.
//!
//! It prints a line for each call, which `cargo xtask contract` reads: `passed GET /users (required)`, or
//! `failed GET /users (all): the error`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::Operation;

use super::by_tag;
use super::instances::Instances;
use super::sample_calls::{Values as _, body_setter, client_settings, given, setters};
use super::source::{self, identifier};

/// The files of the program: `main.rs` with the client, and one for each tag.
pub(super) fn files(api: &Api, document: &Value, model: &Model) -> Result<Vec<(String, String)>> {
    let tags = by_tag(model);
    let modules = tags
        .keys()
        .map(|tag| identifier(tag))
        .collect::<Result<Vec<_>>>()?;
    let krate = identifier(&api.crate_name())?;
    let instances = Instances::new(document);
    let mut files = vec![("main.rs".to_owned(), main(api, model, &krate, &modules)?)];
    for (tag, operations) in &tags {
        let names = operations.iter().map(|operation| function_name(operation));
        let functions = operations
            .iter()
            .map(|operation| function(operation, &instances))
            .collect::<Result<Vec<_>>>()?;
        let docs = format!(" Calls of the operations of `{tag}`.");
        let text = source::file(
            api,
            quote! {
                #![doc = #docs]

                use #krate::Client;
                #[allow(unused_imports, reason = "not every operation has a typed argument")]
                use #krate::types;

                use super::Calls;
                #[allow(unused_imports, reason = "not every operation has a typed argument")]
                use super::json;

                /// Calls each of them.
                pub(crate) async fn call(client: &Client, calls: &mut Calls) {
                    #(#names(client, calls).await;)*
                }

                #(#functions)*
            },
        )?;
        files.push((format!("{tag}.rs"), text));
    }
    Ok(files)
}

fn main(api: &Api, model: &Model, krate: &syn::Ident, modules: &[syn::Ident]) -> Result<String> {
    let settings = client_settings(model)?;
    let docs = format!(
        " Calls each operation of {} at an address, and prints a line for each call.",
        crate::markdown::escape(&api.settings.title)
    );
    source::file(
        api,
        quote! {
            #![doc = #docs]
            //!
            //! `cargo xtask contract` runs it against a mock server that checks what it is sent.

            #(mod #modules;)*

            use std::process::ExitCode;

            use #krate::{Client, Error, RetryPolicy};

            #[tokio::main(flavor = "current_thread")]
            async fn main() -> ExitCode {
                let Some(address) = std::env::args().nth(1) else {
                    eprintln!("usage: contract ADDRESS");
                    return ExitCode::from(2);
                };
                // What fails once has failed.
                let client = Client::builder()
                    .base_url(address)
                    .retry(RetryPolicy::none())
                    #settings
                    .build();
                let client = match client {
                    Ok(client) => client,
                    Err(error) => {
                        eprintln!("error: {error}");
                        return ExitCode::from(2);
                    }
                };
                let mut calls = Calls { failed: false };
                #(#modules::call(&client, &mut calls).await;)*
                if calls.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
            }

            /// A value for the type of an argument.
            #[allow(dead_code, reason = "not every operation takes more than texts and numbers")]
            pub(crate) fn json(text: &str) -> serde_json::Value {
                serde_json::from_str(text).unwrap()
            }

            /// What became of the calls so far.
            pub(crate) struct Calls {
                failed: bool,
            }

            impl Calls {
                /// Prints what became of a call: of which operation, and with which of its parameters.
                pub(crate) fn made<T>(&mut self, operation: &str, with: &str, answer: Result<T, Error>) {
                    match answer {
                        Ok(_) => println!("passed {operation} ({with})"),
                        Err(error) => {
                            self.failed = true;
                            println!("failed {operation} ({with}): {}", error.to_string().escape_debug());
                        }
                    }
                }
            }
        },
    )
}

/// A name that none of the file's own is, whatever the operation is called.
fn function_name(operation: &Operation) -> syn::Ident {
    format_ident!("call_{}", operation.id)
}

/// The function that calls an operation, with what is required and with all that it takes.
fn function(operation: &Operation, instances: &Instances<'_>) -> Result<TokenStream> {
    let (method, name) = (identifier(&operation.id)?, function_name(operation));
    let line = format!("{} {}", operation.method, operation.path);
    let docs = format!(" `{line}`");
    let mut calls = TokenStream::new();
    for (every, with) in [(false, "required"), (true, "all")] {
        let Some(given) = given(operation, instances, every) else {
            continue;
        };
        let setters = setters(&given)?;
        let body = operation
            .body
            .as_ref()
            .filter(|body| every || body.required);
        let set_body = match body {
            None => quote!(),
            Some(body) => match instances.body(body, every) {
                Some(value) => body_setter(body, &value)?,
                None if body.required => continue,
                None => quote!(),
            },
        };
        calls.extend(quote! {
            let answer = client.#method()#(#setters)*#set_body.send().await;
            calls.made(#line, #with, answer);
        });
    }
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[allow(deprecated, reason = "deprecated operations are called too")]));
    Ok(quote! {
        #[doc = #docs]
        #deprecated
        async fn #name(client: &Client, calls: &mut Calls) {
            #calls
        }
    })
}
