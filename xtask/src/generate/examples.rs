//! Programs that call an operation with what it requires, for doc comments and for the reference.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use serde_json::Value;
use syn::visit_mut::VisitMut;

use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Body, Encoding, Operation, Parameter, Success, TypeDefinition};

use super::enumerations::named_values;
use super::operations::sample_content_type;
use super::progenitor::{Produced, argument_of, is};
use super::samples::{self, Samples};
use super::source::{defect, identifier};
use super::type_builders::Field;
use super::{descriptions, type_builders, types};

/// How deep values of types nest in an example.
const DEEPEST: usize = 8;

/// The examples of an API, one for each operation.
pub(super) struct Examples(BTreeMap<String, Program>);

/// What a reader sees of an example.
struct Program {
    /// Whether it names types of the API.
    names_types: bool,
    statements: String,
}

impl Examples {
    pub(super) fn new(model: &Model, produced: &Produced) -> Result<Self> {
        let writer = Writer {
            model,
            produced,
            samples: Samples::for_people(model),
        };
        let programs = model.operations.iter().map(|operation| {
            let program = writer.program(operation)?;
            Ok((operation.id.clone(), program))
        });
        Ok(Self(programs.collect::<Result<_>>()?))
    }

    /// A block of code that is compiled and not run. `path` leads to the API's crate or module.
    pub(super) fn no_run(&self, path: &str, operation: &Operation) -> String {
        let program = self.program(path, operation);
        let deprecated = deprecated(operation);
        format!(
            "```no_run\n{deprecated}# async fn example(client: {path}::Client) -> Result<(), \
             Box<dyn std::error::Error>> {{\n{program}# Ok(())\n# }}\n```"
        )
    }

    /// A block of code that runs on the sandbox.
    pub(super) fn on_sandbox(&self, path: &str, operation: &Operation) -> String {
        let program = self.program(path, operation);
        let deprecated = deprecated(operation);
        format!(
            "```rust\n# #[tokio::main(flavor = \"current_thread\")]\n{deprecated}# async fn main() -> Result<(), \
             Box<dyn std::error::Error>> {{\n# let sandbox = specmill_sandbox::Sandbox::start().await?;\n# let \
             client = {path}::Client::from_variables(sandbox.environment())?;\n# if \
             specmill_sandbox::Operation::at({:?}, {:?}).is_none() {{ return Ok(()); }}\n{program}# Ok(())\n# }}\n```",
            operation.method, operation.path
        )
    }

    /// The lines that a reader sees.
    fn program(&self, path: &str, operation: &Operation) -> String {
        let Some(program) = self.0.get(&operation.id) else {
            return String::new();
        };
        let types = if program.names_types {
            format!("use {path}::types;\n\n")
        } else {
            String::new()
        };
        types + &program.statements
    }
}

/// Writes examples.
struct Writer<'a> {
    model: &'a Model,
    produced: &'a Produced,
    samples: Samples<'a>,
}

impl<'a> Writer<'a> {
    fn program(&self, operation: &Operation) -> Result<Program> {
        let call = self.call(operation)?;
        let paged = operation.paging.is_some() && matches!(operation.success, Success::Json(_));
        let statements = if paged {
            quote! {
                let mut items = #call.stream();
                while let Some(item) = items.try_next().await? {
                    println!("{item:?}");
                }
            }
        } else if operation.success == Success::Empty {
            quote!(#call.send().await?;)
        } else {
            quote! {
                let answer = #call.send().await?;
                println!("{answer:?}");
            }
        };
        let names_types = statements.to_string().contains("types ::");
        let file: syn::File = syn::parse2(quote!(async fn example() { #statements }))
            .map_err(|error| defect(&error))?;
        let printed = prettyplease::unparse(&file);
        // Without the function around them.
        let lines = printed.lines().skip(1);
        let lines = lines.map_while(|line| line.strip_prefix("    "));
        Ok(Program {
            names_types,
            statements: lines.map(|line| format!("{line}\n")).collect(),
        })
    }

    fn call(&self, operation: &Operation) -> Result<TokenStream> {
        let method = identifier(&operation.id)?;
        let mut call = quote!(client.#method());
        let required = operation.parameters.iter();
        for parameter in required.filter(|parameter| parameter.required) {
            let setter = identifier(&parameter.identifier)?;
            let kind = types::value_type(&parameter.lowered)?;
            let value = self.argument_or_json(&kind, &self.parameter_value(parameter));
            call.extend(quote!(.#setter(#value)));
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            let arguments = self.body(body)?;
            call.extend(quote!(.body(#arguments)));
        }
        Ok(call)
    }

    fn parameter_value(&self, parameter: &Parameter) -> Value {
        parameter.example.clone().unwrap_or_else(|| {
            let value = self.samples.value(&parameter.lowered, false);
            samples::within(value, &parameter.schema)
        })
    }

    fn body(&self, body: &Body) -> Result<TokenStream> {
        Ok(match body.encoding {
            Encoding::BytesOfType => {
                let content_type = sample_content_type(&body.content_type);
                quote!(#content_type, "…")
            }
            Encoding::Bytes | Encoding::Text => quote!("…"),
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                let value = body.example.clone();
                let value = value.unwrap_or_else(|| self.samples.value(&body.lowered, false));
                self.argument_or_json(&types::value_type(&body.lowered)?, &value)
            }
        })
    }

    /// A value as the argument of a method that takes the type.
    fn argument_or_json(&self, kind: &syn::Type, value: &Value) -> TokenStream {
        self.argument(kind, value, DEEPEST).unwrap_or_else(|| {
            let mut kind = kind.clone();
            Public(self.model).visit_type_mut(&mut kind);
            let value = json(value);
            quote!(serde_json::from_value::<#kind>(serde_json::json!(#value))?)
        })
    }

    /// The same, in words of the type; `None` where the value is none of them.
    fn argument(&self, kind: &syn::Type, value: &Value, depth: usize) -> Option<TokenStream> {
        let depth = depth.checked_sub(1)?;
        if let Some(item) = argument_of(kind, "Vec") {
            let items = value.as_array().filter(|items| !items.is_empty())?;
            let items = items
                .iter()
                .map(|value| self.item(&item, value, depth))
                .collect::<Option<Vec<_>>>()?;
            return Some(quote!([#(#items),*]));
        }
        if PLAIN.iter().any(|written| is(kind, written)) {
            return plain(kind, value);
        }
        let definition = self.definition(kind)?;
        if definition.values.is_empty() {
            return self.builder(definition, value, depth);
        }
        let (name, text) = (identifier(&definition.name).ok()?, value.as_str()?);
        let values = named_values(&definition.values);
        let found = values.iter().find(|(wire, _)| *wire == text);
        Some(
            match found.and_then(|(_, variant)| identifier(variant).ok()) {
                Some(variant) => quote!(types::#name::#variant),
                None => text.to_token_stream(),
            },
        )
    }

    /// A value in a list, whose items are converted without a failure.
    fn item(&self, kind: &syn::Type, value: &Value, depth: usize) -> Option<TokenStream> {
        if is(kind, "u64") {
            return Some(Literal::u64_suffixed(value.as_u64()?).into_token_stream());
        }
        if argument_of(kind, "Vec").is_some() {
            return None;
        }
        let item = self.argument(kind, value, depth)?;
        let built = self.definition(kind).filter(|one| one.values.is_empty());
        match built {
            // A member of this name takes the place of the method that ends a builder.
            Some(definition) if definition.members.contains_key("build") => None,
            Some(_) => Some(quote!(#item.build()?)),
            None => Some(item),
        }
    }

    fn definition(&self, kind: &syn::Type) -> Option<&'a TypeDefinition> {
        let syn::Type::Path(path) = kind else {
            return None;
        };
        own_name(path).and_then(|name| descriptions::find(self.model, &name.to_string()))
    }

    /// A struct by its builder, with the members that the value has.
    fn builder(
        &self,
        definition: &TypeDefinition,
        value: &Value,
        depth: usize,
    ) -> Option<TokenStream> {
        self.produced.type_builders.structure(&definition.name)?;
        let members = value.as_object()?;
        let fields = type_builders::fields(definition, self.model, self.produced);
        let name = identifier(&definition.name).ok()?;
        let mut builder = quote!(types::#name::builder());
        let mut set = 0;
        for (wire, member) in members {
            let named = |(_, field): &(&String, &Field)| field.wire.as_ref() == Some(wire);
            let Some((rust, field)) = fields.iter().find(named) else {
                continue;
            };
            let setter = identifier(rust).ok()?;
            match self.argument(&field.value(), member, depth) {
                Some(value) => builder.extend(quote!(.#setter(#value))),
                None if field.optional => continue,
                None => return None,
            }
            set += usize::from(!field.optional);
        }
        let required = fields.values();
        let required = required.filter(|field| field.wire.is_some() && !field.optional);
        (set == required.count()).then_some(builder)
    }
}

/// The types that JSON has itself.
const PLAIN: [&str; 6] = ["String", "bool", "i64", "u64", "f64", "serde_json::Value"];

/// A value of one of these types; `None` where it is none of the type.
fn plain(kind: &syn::Type, value: &Value) -> Option<TokenStream> {
    // A number may be written as a text, and the other way round.
    let number = match value {
        Value::String(text) => text.parse::<Value>().ok().filter(Value::is_number),
        other => Some(other.clone()),
    };
    if is(kind, "String") {
        match value {
            Value::String(text) => Some(text.to_token_stream()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string().to_token_stream()),
            _ => None,
        }
    } else if is(kind, "bool") {
        value.as_bool().map(|flag| flag.to_token_stream())
    } else if is(kind, "i64") {
        number?.as_i64().map(whole)
    } else if is(kind, "u64") {
        let number = number?.as_u64()?;
        Some(
            i64::try_from(number)
                .map_or_else(|_| Literal::u64_suffixed(number).into_token_stream(), whole),
        )
    } else if is(kind, "f64") {
        number?.as_f64().map(number_of)
    } else {
        let value = json(value);
        Some(quote!(serde_json::json!(#value)))
    }
}

fn number_of(number: f64) -> TokenStream {
    // JSON knows no number that is not finite.
    Literal::f64_unsuffixed(if number.is_finite() { number } else { 0.0 }).into_token_stream()
}

/// A whole number, its type told where it is not the one that Rust would take.
pub(super) fn whole(number: i64) -> TokenStream {
    match i32::try_from(number) {
        Ok(_) => Literal::i64_unsuffixed(number).into_token_stream(),
        Err(_) => Literal::i64_suffixed(number).into_token_stream(),
    }
}

/// What stands within `json!` for a value.
fn json(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(flag) => flag.to_token_stream(),
        Value::String(text) => text.to_token_stream(),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => whole(number),
            (_, Some(number), _) => Literal::u64_suffixed(number).into_token_stream(),
            (.., number) => number_of(number.unwrap_or_default()),
        },
        Value::Array(items) => {
            let items = items.iter().map(json);
            quote!([#(#items),*])
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = json(value);
                quote!(#name: #value)
            });
            quote!({ #(#members),* })
        }
    }
}

fn deprecated(operation: &Operation) -> &'static str {
    if operation.deprecated {
        "# #[allow(deprecated)]\n"
    } else {
        ""
    }
}

/// Writes the types of the API by the path that an example has.
struct Public<'a>(&'a Model);

impl VisitMut for Public<'_> {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        syn::visit_mut::visit_type_path_mut(self, path);
        if let Some(name) = own_name(path).cloned()
            && descriptions::find(self.0, &name.to_string()).is_some()
        {
            *path = syn::parse_quote!(types::#name);
        }
    }
}

/// The name that a type of the API would have: `User`, `super::User` or `types::User`.
fn own_name(path: &syn::TypePath) -> Option<&syn::Ident> {
    let mut segments = path.path.segments.iter();
    let (first, second, third) = (segments.next()?, segments.next(), segments.next());
    let last = match second {
        None => first,
        Some(second) if first.ident == "super" || first.ident == "types" => second,
        Some(_) => return None,
    };
    (third.is_none() && last.arguments.is_empty()).then_some(&last.ident)
}
