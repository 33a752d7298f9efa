//! The files of the types: progenitor's, made to read liberally and to be read.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use serde_json::Value;
use syn::parse_quote;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Success, TypeDefinition};

use super::descriptions;
use super::documentation;
use super::enumerations::{self, Enumeration, named_values};
use super::pages;
use super::progenitor::{Produced, argument_of, optional};
use super::source::{self, identifier};
use super::tagged;
use super::type_builders;

/// The files of the `types` module: one for the types of each service, `types.rs` over them.
pub(super) fn files(
    api: &Api,
    model: &Model,
    produced: &Produced,
) -> Result<Vec<(String, String)>> {
    let uses = Uses::of(model);
    let mut groups: BTreeMap<&str, Vec<&TypeDefinition>> = BTreeMap::new();
    for definition in &model.types {
        groups
            .entry(&definition.group)
            .or_default()
            .push(definition);
    }
    let mut files = vec![("types.rs".to_owned(), root(api, &groups, produced)?)];
    for (group, definitions) in groups {
        let mut types = TokenStream::new();
        let mut builders = TokenStream::new();
        for definition in definitions {
            if definition.values.is_empty() {
                types.extend(type_items(
                    definition,
                    &uses,
                    model,
                    produced.types.of(&definition.name),
                )?);
                types.extend(pages::implementation(definition, model, produced)?);
                builders.extend(type_builders::items(definition, model, produced));
            } else {
                let enumeration = enumeration(definition, &uses);
                types.extend(enumerations::items(&enumeration)?);
                types.extend(enumerations::json_schema(&enumeration)?);
            }
        }
        let builders = (!builders.is_empty()).then(|| {
            quote! {
                pub(super) mod builder {
                    #builders
                }
            }
        });
        let docs = documentation::inner_attributes(&format!(
            "Types of {}: `{group}`.",
            api.settings.title
        ));
        let text = source::file(
            api,
            quote! {
                #docs
                #[allow(unused_imports, reason = "most types refer to others")]
                use super::*;
                #types
                #builders
            },
        )?;
        files.push((format!("types/{group}.rs"), text));
    }
    Ok(files)
}

fn root(
    api: &Api,
    groups: &BTreeMap<&str, Vec<&TypeDefinition>>,
    produced: &Produced,
) -> Result<String> {
    let modules = groups
        .keys()
        .map(|group| identifier(group))
        .collect::<Result<Vec<_>>>()?;
    let with_builders = groups
        .iter()
        .filter(|(_, all)| all.iter().any(|one| has_builder(one, produced)))
        .map(|(group, _)| identifier(group))
        .collect::<Result<Vec<_>>>()?;
    let errors = &produced.type_errors;
    let errors = errors.iter().map(|item| documented_error(item.clone()));
    source::file(
        api,
        quote! {
            //! What requests hold and answers bring.
            //!
            //! Members that the documents do not name are ignored, `null` stands for an absent value, and for an
            //! empty list where one is required. Every struct has a `builder()`.

            #(mod #modules;)*
            #(pub use #modules::*;)*

            /// Builders of the types.
            pub mod builder {
                #(pub use super::#with_builders::builder::*;)*
            }

            /// Errors of conversions between types and their builders.
            pub mod error {
                #(#errors)*
            }
        },
    )
}

fn documented_error(mut item: syn::Item) -> syn::Item {
    if let syn::Item::Struct(item) = &mut item {
        item.attrs
            .retain(|attribute| !attribute.path().is_ident("doc"));
        item.attrs.insert(0, parse_quote!(#[doc = " A value cannot be what it was given as, or a builder lacks one."]));
    }
    item
}

fn has_builder(definition: &TypeDefinition, produced: &Produced) -> bool {
    definition.values.is_empty() && !produced.type_builders.of(&definition.name).is_empty()
}

fn type_items(
    definition: &TypeDefinition,
    uses: &Uses,
    model: &Model,
    items: &[syn::Item],
) -> Result<TokenStream> {
    let mut out = TokenStream::new();
    if let Some(tag) = &definition.tag {
        let mut all = items.iter();
        let made = all.find_map(|item| match item {
            syn::Item::Enum(item) => Some(item),
            _ => None,
        });
        let made =
            made.ok_or_else(|| source::defect(&format!("`{}` is no enum", definition.name)))?;
        return tagged::items(made, tag, &type_docs(definition, uses));
    }
    for item in items {
        let mut item = item.clone();
        match &mut item {
            syn::Item::Struct(item) => tidy_struct(item, definition, uses, model),
            syn::Item::Enum(item) => tidy_enum(item, definition, uses),
            syn::Item::Impl(item) => document_builder_function(item),
            _ => {}
        }
        item.to_tokens(&mut out);
    }
    Ok(out)
}

fn tidy_struct(
    item: &mut syn::ItemStruct,
    definition: &TypeDefinition,
    uses: &Uses,
    model: &Model,
) {
    replace_docs(&mut item.attrs, &type_docs(definition, uses));
    add_derives(&mut item.attrs);
    for field in &mut item.fields {
        let docs = match wire_name(field, definition) {
            Some(wire) => {
                name_on_the_wire(field, &wire, is_required(definition, &wire));
                descriptions::member(model, definition, &wire)
            }
            None => "Members that the documents do not name.".to_owned(),
        };
        replace_docs(&mut field.attrs, &docs);
        if argument_of(&field.ty, "Vec").is_some() || argument_of(&field.ty, "BTreeMap").is_some() {
            read_null_as_empty(field);
        } else if pages::is_page(definition, model) && is_number(&field.ty) {
            read_as_hint(field);
        }
    }
}

/// `null` is empty for a required list or map: many servers send it for an empty one. One that is absent is
/// an error: the answer is another than the document says.
fn read_null_as_empty(field: &mut syn::Field) {
    let flattened = field
        .attrs
        .iter()
        .any(|attribute| attribute.to_token_stream().to_string().contains("flatten"));
    if !flattened {
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "specmill_client::deserialize::null_as_default")]
        });
    }
}

/// What a page counts is a hint to its readers, and must not fail them.
fn read_as_hint(field: &mut syn::Field) {
    field.attrs.push(parse_quote! {
        #[serde(default, deserialize_with = "specmill_client::deserialize::hint")]
    });
}

fn is_number(kind: &syn::Type) -> bool {
    const NUMBERS: [&str; 10] = [
        "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64",
    ];
    let kind = optional(kind).unwrap_or_else(|| kind.clone());
    let syn::Type::Path(path) = kind else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| NUMBERS.iter().any(|name| last.ident == name))
}

fn tidy_enum(item: &mut syn::ItemEnum, definition: &TypeDefinition, uses: &Uses) {
    replace_docs(&mut item.attrs, &type_docs(definition, uses));
    add_derives(&mut item.attrs);
    for variant in &mut item.variants {
        let docs = descriptions::variant(variant);
        replace_docs(&mut variant.attrs, &docs);
    }
}

fn document_builder_function(item: &mut syn::ItemImpl) {
    for inner in &mut item.items {
        if let syn::ImplItem::Fn(function) = inner
            && function.sig.ident == "builder"
        {
            replace_docs(
                &mut function.attrs,
                "Begins a value; what is required must be set.",
            );
        }
    }
}

pub(super) fn replace_docs(attributes: &mut Vec<syn::Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let lines = documentation::lines(text).into_iter();
    let docs: Vec<syn::Attribute> = lines.map(|line| parse_quote!(#[doc = #line])).collect();
    attributes.splice(0..0, docs);
}

fn add_derives(attributes: &mut Vec<syn::Attribute>) {
    attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]));
    attributes.push(parse_quote!(#[non_exhaustive]));
}

/// The name of a field on the wire; `None` for what holds the members that no property names.
pub(super) fn wire_name(field: &syn::Field, definition: &TypeDefinition) -> Option<String> {
    definition
        .members
        .get(&field.ident.as_ref()?.to_string())
        .cloned()
}

fn is_required(definition: &TypeDefinition, wire: &str) -> bool {
    let required = definition.lowered.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == wire))
}

/// Lets a field be read and written under its name on the wire, whatever typify took for it, and one that
/// is not set be absent there: typify forgets that where it boxes a type that holds itself.
fn name_on_the_wire(field: &mut syn::Field, wire: &str, required: bool) {
    let ident = field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut rest = Vec::new();
    for attribute in field
        .attrs
        .extract_if(.., |attribute| attribute.path().is_ident("serde"))
    {
        let parts = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        );
        let parts = parts.into_iter().flatten();
        rest.extend(parts.filter(|part| !part.path().is_ident("rename")));
    }
    let rename = (ident != wire).then(|| quote!(rename = #wire));
    let skips = rest
        .iter()
        .any(|part| part.path().is_ident("skip_serializing_if"));
    // `Box<Option<T>>` is what typify makes of a member of the type that holds it.
    let unboxed = argument_of(&field.ty, "Box").unwrap_or_else(|| field.ty.clone());
    if !required && !skips && optional(&unboxed).is_some() {
        rest.push(parse_quote!(skip_serializing_if = "Option::is_none"));
    }
    let parts: Vec<TokenStream> = rename
        .into_iter()
        .chain(rest.into_iter().map(|part| quote!(#part)))
        .collect();
    if !parts.is_empty() {
        field.attrs.push(parse_quote!(#[serde(#(#parts),*)]));
    }
}

fn enumeration<'a>(definition: &'a TypeDefinition, uses: &Uses) -> Enumeration<'a> {
    Enumeration {
        name: &definition.name,
        description: type_docs(definition, uses),
        values: named_values(&definition.values),
    }
}

fn type_docs(definition: &TypeDefinition, uses: &Uses) -> String {
    let mut text = descriptions::named(definition)
        .or_else(|| uses.roles.get(&definition.name).cloned())
        .unwrap_or_else(|| descriptions::nothing(&definition.name));
    if let Some(published) = definition
        .published
        .as_ref()
        .filter(|published| **published != definition.name)
    {
        text += &format!("\n\nPublished as `{}`.", published.replace('`', "'"));
    }
    if let Some(lines) = uses.lines.get(&definition.name) {
        text += "\n\nOperations that take or answer it:";
        for line in lines {
            text += &format!("\n- {line}");
        }
    }
    text
}

/// Where each type is used.
struct Uses {
    /// The operations that take or answer it.
    lines: BTreeMap<String, BTreeSet<String>>,
    /// What it is to them, where it is their whole body or answer.
    roles: BTreeMap<String, String>,
}

impl Uses {
    fn of(model: &Model) -> Self {
        let types: BTreeMap<&str, &Value> = model
            .types
            .iter()
            .map(|definition| (definition.name.as_str(), &definition.lowered))
            .collect();
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in &model.operations {
            let mut line = format!("[`{0}`](crate::Client::{0})", operation.id);
            if let Some((page, _)) = &operation.source {
                line += &format!(", on the page `{}`", page.replace('`', "'"));
            }
            let mut reached = BTreeSet::new();
            for parameter in &operation.parameters {
                reach(&parameter.lowered, &types, &mut reached);
            }
            if let Some(body) = &operation.body {
                reach(&body.lowered, &types, &mut reached);
            }
            if let Success::Json(answer) | Success::OptionalJson(answer) = &operation.success {
                reach(answer, &types, &mut reached);
            }
            for name in reached {
                uses.entry(name).or_default().insert(line.clone());
            }
        }
        Self {
            lines: uses,
            roles: descriptions::roles(model),
        }
    }
}

fn reach(schema: &Value, types: &BTreeMap<&str, &Value>, reached: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(name) =
                reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"))
            {
                if reached.insert(name.to_owned())
                    && let Some(schema) = types.get(name)
                {
                    reach(schema, types, reached);
                }
            } else {
                members
                    .values()
                    .for_each(|member| reach(member, types, reached));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, types, reached)),
        _ => {}
    }
}

/// The type of a value of a lowered schema that is not `null`.
pub(super) fn value_type(lowered: &Value) -> Result<syn::Type> {
    let written: syn::Type =
        syn::parse2(rust_type(lowered)?).map_err(|error| source::defect(&error))?;
    Ok(optional(&written).unwrap_or(written))
}

/// The Rust type of a lowered schema, as operations write it.
pub(super) fn rust_type(lowered: &Value) -> Result<TokenStream> {
    let inner = match lowered.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let name = identifier(reference.rsplit('/').next().unwrap_or_default())?;
            return Ok(quote!(types::#name));
        }
        None => match (
            lowered.get("type").and_then(Value::as_str),
            lowered.get("allOf"),
        ) {
            (_, Some(all)) => rust_type(all.get(0).unwrap_or(&Value::Null))?,
            (Some("string"), _) => quote!(String),
            (Some("boolean"), _) => quote!(bool),
            (Some("number"), _) => quote!(f64),
            (Some("integer"), _) if lowered["format"] == "uint64" => quote!(u64),
            (Some("integer"), _) => quote!(i64),
            (Some("array"), _) => {
                let item = rust_type(&lowered["items"])?;
                quote!(Vec<#item>)
            }
            (Some("object"), _) => {
                let value = rust_type(&lowered["additionalProperties"])?;
                quote!(std::collections::BTreeMap<String, #value>)
            }
            _ => return Ok(quote!(serde_json::Value)),
        },
    };
    Ok(if lowered["nullable"] == true {
        quote!(Option<#inner>)
    } else {
        inner
    })
}
