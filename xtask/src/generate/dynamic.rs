//! The file of the calls by name: what people are told of the operations and the variables.

mod columns;
mod example;
mod members;
mod shape;
mod words;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Encoding, Operation, Parameter, Success};
use crate::names;

use self::shape::{Kind, Shape, Types};
use self::words::Words;
use super::{descriptions, fields, source, tables};

/// The file of the `dynamic` module.
pub(super) fn file(api: &Api, model: &Model) -> Result<String> {
    let types = Types::of(model);
    let commands = words::of(&model.operations);
    let operations = model
        .operations
        .iter()
        .zip(commands)
        .map(|(one, words)| operation(one, &words, &types))
        .collect::<Result<Vec<_>>>()?;
    let variables = fields::variables(api, model)?.into_iter().map(|variable| {
        let fields::Variable { name, description, role, secret, required, values } = variable;
        let description = plain(&description);
        let role = match role {
            fields::Role::Address => quote!(Role::Address),
            fields::Role::AddressPart => quote!(Role::AddressPart),
            fields::Role::Credential => quote!(Role::Credential),
            fields::Role::Other => quote!(Role::Other),
        };
        quote! {
            Variable { name: #name, description: #description, role: #role, secret: #secret, required: #required, values: &[#(#values),*] }
        }
    });
    let settings = &api.settings;
    let (feature, module, environment) =
        (&settings.feature, &settings.module, &settings.environment);
    source::file(
        api,
        quote! {
            //! Calls of operations by their name, with a description of each.
            //!
            //! See [`specmill_client::dynamic`].

            #[allow(unused_imports, reason = "not every API has every part")]
            use specmill_client::dynamic::{Api, Kind, Member, Operation, Parameter, Role, Success, Variable};
            #[allow(unused_imports, reason = "an API may have no operation")]
            use crate::operations;
            use crate::client;

            /// The API, for programs that are told at run time what to call.
            pub static API: Api = Api {
                api: &client::API,
                feature: #feature,
                module: #module,
                environment: #environment,
                variables: &[#(#variables),*],
                operations: &[#(#operations),*],
                transport: |variables| Ok(client::read(variables)?.transport),
            };
        },
    )
}

fn operation(operation: &Operation, words: &Words, types: &Types<'_>) -> Result<TokenStream> {
    let table = tables::static_name(operation)?;
    let Words { group, verb } = words;
    let group_description = operation.tag_description.as_deref().map(plain);
    let group_description = group_description.unwrap_or_default();
    let summary = operation.summary.as_deref().map(plain).unwrap_or_default();
    let description = operation.description.as_deref().map(plain_paragraphs);
    let description = description.unwrap_or_default();
    let deprecated = operation.deprecated;
    let parameters = operation
        .parameters
        .iter()
        .map(|one| parameter(operation, one, types));
    let body = operation.body.as_ref().map(|body| match body.encoding {
        Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
            members::of(&body.lowered, body.required, types)
        }
        Encoding::Text | Encoding::Bytes | Encoding::BytesOfType => Vec::new(),
    });
    let body = body.unwrap_or_default();
    let success = success(operation, types);
    Ok(quote! {
        &Operation {
            table: &operations::#table,
            group: #group,
            group_description: #group_description,
            verb: #verb,
            summary: #summary,
            description: #description,
            deprecated: #deprecated,
            parameters: &[#(#parameters),*],
            body: &[#(#body),*],
            success: #success,
        }
    })
}

fn parameter(operation: &Operation, parameter: &Parameter, types: &Types<'_>) -> TokenStream {
    let words = words::kebab(&parameter.name, &parameter.identifier);
    let shape = types.shape(&parameter.lowered);
    let example = parameter.example.as_ref();
    let example = tables::option(example::argument(example, &shape).map(|text| quote!(#text)));
    let Shape {
        kind,
        repeats,
        values,
    } = &shape;
    let default = parameter.schema.get("default").map(Value::to_string);
    let default = tables::option(default.map(|default| quote!(#default)));
    let description = descriptions::of_parameter(operation, parameter);
    let description = description.as_deref().map(plain).unwrap_or_default();
    quote! {
        Parameter {
            words: #words, kind: #kind, repeats: #repeats, values: &[#(#values),*], default: #default, example: #example,
            description: #description
        }
    }
}

fn success(operation: &Operation, types: &Types<'_>) -> TokenStream {
    let (answer, optional) = match &operation.success {
        Success::Empty => return quote!(Success::Empty),
        Success::Text => return quote!(Success::Text),
        Success::Bytes => return quote!(Success::Bytes),
        Success::Json(answer) => (answer, false),
        Success::OptionalJson(answer) => (answer, true),
    };
    let found = columns::of(answer, operation.paging.as_ref(), types);
    let rows = tables::option(found.rows.map(|rows| quote!(#rows)));
    let columns = found.columns.iter().map(|path| quote!(&[#(#path),*]));
    quote!(Success::Json { optional: #optional, rows: #rows, columns: &[#(#columns),*] })
}

impl quote::ToTokens for Kind {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Text => quote!(Kind::Text),
            Self::Integer => quote!(Kind::Integer),
            Self::Number => quote!(Kind::Number),
            Self::Boolean => quote!(Kind::Boolean),
            Self::Json => quote!(Kind::Json),
        });
    }
}

/// A vendor's text as one line that any terminal can show.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        word.chars()
            .filter(|character| names::is_visible(*character))
            .collect::<String>()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A vendor's text as lines that any terminal can show, one for each paragraph.
fn plain_paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let paragraphs = text.split("\n\n").map(plain);
    let paragraphs: Vec<String> = paragraphs.filter(|one| !one.is_empty()).collect();
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_text_commands_no_terminal() {
        assert_eq!(
            plain("List\u{1b}[31m the\r\n users\u{202e} \u{7}."),
            "List[31m the users ."
        );
        assert_eq!(plain_paragraphs("a\nb\r\n\r\n\r\nc"), "a b\n\nc");
    }
}
