//! Running progenitor, and taking from its output what is used.

use std::collections::BTreeMap;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::quote;
use syn::visit_mut::VisitMut as _;

use crate::diagnostic::{Diagnostic, Result};

use super::paths::ShortPaths;
use super::source::defect;

/// What is used of progenitor's output.
pub(super) struct Produced {
    /// The items of its `types` module, but for the modules in it.
    pub(super) types: Items,
    /// The items of `types::builder`.
    pub(super) type_builders: Items,
    /// The items of `types::error`.
    pub(super) type_errors: Vec<syn::Item>,
}

/// Items, by the type that each of them is or implements something for.
pub(super) struct Items(BTreeMap<String, Vec<syn::Item>>);

impl Items {
    fn by_type(items: Vec<syn::Item>) -> Self {
        let mut by_type: BTreeMap<String, Vec<syn::Item>> = BTreeMap::new();
        for item in items {
            if let Some(name) = type_of(&item) {
                by_type.entry(name).or_default().push(item);
            }
        }
        Self(by_type)
    }

    /// The items of a type, in the order in which they came.
    pub(super) fn of(&self, name: &str) -> &[syn::Item] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The struct of a name.
    pub(super) fn structure(&self, name: &str) -> Option<&syn::ItemStruct> {
        self.of(name).iter().find_map(|item| match item {
            syn::Item::Struct(item) => Some(item),
            _ => None,
        })
    }
}

fn type_of(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        // `impl TryFrom<builder::X> for super::X` stands beside the builder.
        syn::Item::Impl(item) => match &*item.self_ty {
            syn::Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Runs progenitor on a lowered document.
pub(super) fn run(document: &openapiv3::OpenAPI) -> Result<Produced> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    // progenitor panics where it meets what it does not know; that must cost no more than this run.
    let generated = std::panic::catch_unwind(|| {
        Generator::new(&settings)
            .generate_tokens(document)
            .map_err(|error| error.to_string())
    });
    let refused = |problem: &str| {
        Diagnostic::new(format!(
            "progenitor refuses the lowered document: {problem}"
        ))
        .help("this is a defect of the lowering; report it with the document")
    };
    let tokens = generated
        .map_err(|_| refused("it panicked"))?
        .map_err(|problem| refused(&problem))?;
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| defect(&error))?;
    ShortPaths.visit_file_mut(&mut file);
    let mut items = file.items;
    let mut types = take_module(&mut items, "types");
    let type_builders = take_module(&mut types, "builder");
    let type_errors = take_module(&mut types, "error");
    Ok(Produced {
        types: Items::by_type(types),
        type_builders: Items::by_type(type_builders),
        type_errors,
    })
}

fn take_module(items: &mut Vec<syn::Item>, name: &str) -> Vec<syn::Item> {
    let position = items
        .iter()
        .position(|item| matches!(item, syn::Item::Mod(module) if module.ident == name));
    match position.map(|position| items.remove(position)) {
        Some(syn::Item::Mod(module)) => module.content.map(|(_, items)| items).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// `T` of `Option<T>`; `None` for any other type.
pub(super) fn optional(value: &syn::Type) -> Option<syn::Type> {
    argument_of(value, "Option")
}

/// `T` of `Name<T>`.
pub(super) fn argument_of(value: &syn::Type, name: &str) -> Option<syn::Type> {
    let syn::Type::Path(path) = value else {
        return None;
    };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// Whether a type is written so.
pub(super) fn is(value: &syn::Type, written: &str) -> bool {
    quote!(#value).to_string().replace(' ', "") == written.replace(' ', "")
}
