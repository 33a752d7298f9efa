//! The scope of a declaration, and the items that it adds to the surface.

use std::collections::BTreeSet;
use std::sync::Arc;

use quote::ToTokens;
use syn::Attribute;

use crate::item::{Features, Item};
use crate::surface::Surface;
use crate::tokens::written;

/// The scope of a declaration: maps the names in it to public paths.
pub(super) struct Scope<'a> {
    prefix: &'a str,
    names: &'a BTreeSet<String>,
    pub(super) features: Features,
}

impl<'a> Scope<'a> {
    pub(super) fn new(prefix: &'a str, names: &'a BTreeSet<String>, features: Features) -> Self {
        Self {
            prefix,
            names,
            features,
        }
    }

    /// The path of a name that is declared here.
    pub(super) fn path(&self, name: &(impl ToString + ?Sized)) -> String {
        let name = name.to_string();
        if self.prefix.is_empty() {
            name
        } else {
            format!("{}::{name}", self.prefix)
        }
    }

    /// Formats tokens, with the path of each type.
    pub(super) fn text(&self, tokens: &impl ToTokens) -> String {
        let path = |name: &str| {
            (!self.prefix.is_empty() && self.names.contains(name)).then(|| self.path(name))
        };
        let text = written(tokens.to_token_stream(), &path);
        if !text.contains("::") {
            return text;
        }
        text.replace("std::collections::BTreeMap", "BTreeMap")
            .replace("crate::", "")
    }

    /// The same scope, for an item with further attributes.
    pub(super) fn with(&self, attributes: &[Attribute]) -> Scope<'_> {
        Scope {
            prefix: self.prefix,
            names: self.names,
            features: self.features.and(&features(attributes)),
        }
    }
}

/// The features in a `#[cfg(…)]` attribute.
pub(super) fn features(attributes: &[Attribute]) -> Features {
    let conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let features = conditions.map(|attribute| {
        let text = attribute.meta.to_token_stream().to_string();
        let mut names: Vec<String> = text
            .split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        names.sort();
        names
    });
    Features(Arc::new(
        features.filter(|names| !names.is_empty()).collect(),
    ))
}

/// Adds an item, with its attributes and its scope.
pub(super) fn add(
    mut item: Item,
    owner: &str,
    attributes: &[Attribute],
    scope: &Scope<'_>,
    surface: &mut Surface,
) {
    owner.clone_into(&mut item.owner);
    item.features = scope.features.and(&features(attributes));
    item.deprecated |= attributes
        .iter()
        .any(|one| one.path().is_ident("deprecated"));
    surface.add(item);
}

/// The derived traits.
pub(super) fn derived(attributes: &[Attribute]) -> Vec<String> {
    let derives = attributes
        .iter()
        .filter(|one| one.path().is_ident("derive"));
    let mut traits: Vec<String> = derives
        .filter_map(|one| one.meta.require_list().ok())
        .flat_map(|list| {
            let names = written(list.tokens.clone(), &|_| None);
            let names: Vec<String> = names
                .split(", ")
                .map(|name| name.rsplit("::").next().unwrap_or_default().to_owned())
                .collect();
            names
        })
        .collect();
    traits.sort();
    traits
}
