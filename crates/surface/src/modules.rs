//! The modules of a crate: the items that are public, and their paths.

use std::collections::{BTreeMap, BTreeSet};

use syn::{FnArg, ImplItem, ReturnType, UseTree, Visibility};

use crate::declarations;
use crate::item::{Argument, Features, Item, Kind, Takes};
use crate::scope::{Scope, add, derived, features};
use crate::surface::Surface;

/// The files of a crate, by their path below `src`.
type Files<'a> = BTreeMap<String, &'a str>;

/// A file that cannot be parsed, and the reason.
type Unreadable = (String, syn::Error);

/// A module with its public path.
struct Visible<'a> {
    module: &'a syn::File,
    file: &'a str,
    prefix: String,
    features: Features,
    /// The public names; `None` for all.
    only: Option<BTreeSet<String>>,
}

/// Reads the public items of a crate.
pub(super) fn read(files: &Files<'_>, surface: &mut Surface) -> Result<(), Unreadable> {
    let mut parsed = BTreeMap::new();
    for (file, text) in files {
        let code = without_comments(text);
        let module = syn::parse_file(&code).map_err(|error| (file.clone(), error))?;
        // The samples of a mock server change with every schema, and callers do not depend on them.
        if file != "mock.rs" {
            surface.code.insert(file.clone(), code);
        }
        parsed.insert(file.as_str(), module);
    }
    let Some((root, module)) = parsed.get_key_value("lib.rs") else {
        return Ok(());
    };
    let mut visible = Vec::new();
    let library = Visible {
        module,
        file: root,
        prefix: String::new(),
        features: Features::default(),
        only: None,
    };
    visit(library, &parsed, &mut visible, surface);
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for one in &visible {
        let declared = one.module.items.iter().flat_map(declared_names);
        names.entry(&one.prefix).or_default().extend(declared);
    }
    for one in &visible {
        let scope = Scope::new(
            &one.prefix,
            &names[one.prefix.as_str()],
            one.features.clone(),
        );
        for item in &one.module.items {
            let wanted = one.only.as_ref().is_none_or(|only| {
                let names = declared_names(item);
                names.is_empty() || names.iter().any(|name| only.contains(name))
            });
            if wanted {
                read_item(item, &scope, surface);
            }
        }
    }
    Ok(())
}

/// Removes the documentation, which is about half of the code.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len() / 2);
    for line in text.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
    }) {
        code.push_str(line);
        code.push('\n');
    }
    code
}

/// Follows the public modules and the re-exports of a module.
fn visit<'a>(
    here: Visible<'a>,
    files: &'a BTreeMap<&str, syn::File>,
    visible: &mut Vec<Visible<'a>>,
    surface: &mut Surface,
) {
    let folder = match here.file {
        "lib.rs" => String::new(),
        file => format!("{}/", file.trim_end_matches(".rs")),
    };
    let child = |name: &str| files.get_key_value(format!("{folder}{name}.rs").as_str());
    let gates: BTreeMap<String, Features> = here
        .module
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) => Some((module.ident.to_string(), features(&module.attrs))),
            _ => None,
        })
        .collect();
    let mut children = Vec::new();
    for item in &here.module.items {
        match item {
            syn::Item::Mod(module) if is_public(&module.vis) => {
                if let Some((file, parsed)) = child(&module.ident.to_string()) {
                    children.push(Visible {
                        module: parsed,
                        file,
                        prefix: joined(&here.prefix, &module.ident.to_string()),
                        features: here.features.and(&features(&module.attrs)),
                        only: None,
                    });
                }
            }
            syn::Item::Use(one) if is_public(&one.vis) => {
                let own = here.features.and(&features(&one.attrs));
                let mut paths = Vec::new();
                used(&one.tree, Vec::new(), &mut paths);
                for path in paths {
                    let (last, parents) = (
                        path.last().cloned().unwrap_or_default(),
                        &path[..path.len() - 1],
                    );
                    match parents {
                        [module] if child(module).is_some() => {
                            let Some((file, parsed)) = child(module) else {
                                continue;
                            };
                            let own = own.and(gates.get(module).unwrap_or(&Features::default()));
                            children.push(Visible {
                                module: parsed,
                                file,
                                prefix: here.prefix.clone(),
                                features: own,
                                only: (last != "*").then(|| BTreeSet::from([last])),
                            });
                        }
                        _ => {
                            let mut item = Item::new(
                                joined(&here.prefix, &last),
                                Kind::Reexport(path.join("::")),
                            );
                            item.features = own.clone();
                            surface.add(item);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    visible.push(here);
    for one in children {
        visit(one, files, visible, surface);
    }
}

/// The paths of a `use` item.
fn used(tree: &UseTree, before: Vec<String>, paths: &mut Vec<Vec<String>>) {
    let with = |name: String| [before.clone(), vec![name]].concat();
    match tree {
        UseTree::Path(path) if path.ident == "self" || path.ident == "crate" => {
            used(&path.tree, before, paths);
        }
        UseTree::Path(path) => used(&path.tree, with(path.ident.to_string()), paths),
        UseTree::Name(name) => paths.push(with(name.ident.to_string())),
        UseTree::Rename(rename) => paths.push(with(rename.rename.to_string())),
        UseTree::Glob(_) => paths.push(with("*".to_owned())),
        UseTree::Group(group) => {
            for tree in &group.items {
                used(tree, before.clone(), paths);
            }
        }
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}::{name}")
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names that an item declares.
fn declared_names(item: &syn::Item) -> Vec<String> {
    match item {
        syn::Item::Struct(item) => vec![item.ident.to_string()],
        syn::Item::Enum(item) => vec![item.ident.to_string()],
        syn::Item::Type(item) => vec![item.ident.to_string()],
        syn::Item::Const(item) => vec![item.ident.to_string()],
        syn::Item::Static(item) => vec![item.ident.to_string()],
        syn::Item::Fn(item) => vec![item.sig.ident.to_string()],
        syn::Item::Macro(item) => declarations::names(item.mac.tokens.clone()),
        _ => Vec::new(),
    }
}

fn read_item(item: &syn::Item, scope: &Scope<'_>, surface: &mut Surface) {
    match item {
        syn::Item::Struct(item) if is_public(&item.vis) => {
            let scope = scope.with(&item.attrs);
            let path = scope.path(&item.ident);
            add(
                Item::new(&path, Kind::Struct(derived(&item.attrs))),
                &path,
                &item.attrs,
                &scope,
                surface,
            );
            for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                if let Some(name) = &field.ident {
                    let kind = Kind::Field(scope.text(&field.ty));
                    add(
                        Item::new(format!("{path}::{name}"), kind),
                        &path,
                        &field.attrs,
                        &scope,
                        surface,
                    );
                }
            }
        }
        syn::Item::Enum(item) if is_public(&item.vis) => {
            let scope = scope.with(&item.attrs);
            let path = scope.path(&item.ident);
            add(
                Item::new(&path, Kind::Enum(derived(&item.attrs))),
                &path,
                &item.attrs,
                &scope,
                surface,
            );
            for variant in &item.variants {
                let holds: Vec<String> = variant
                    .fields
                    .iter()
                    .map(|field| scope.text(&field.ty))
                    .collect();
                let kind = Kind::Variant((!holds.is_empty()).then(|| holds.join(", ")));
                let name = format!("{path}::{}", variant.ident);
                add(
                    Item::new(name, kind),
                    &path,
                    &variant.attrs,
                    &scope,
                    surface,
                );
            }
        }
        syn::Item::Type(item) if is_public(&item.vis) => {
            let path = scope.path(&item.ident);
            let kind = Kind::Alias(scope.text(&item.ty));
            add(Item::new(&path, kind), &path, &item.attrs, scope, surface);
        }
        syn::Item::Const(item) if is_public(&item.vis) => {
            let path = scope.path(&item.ident);
            let kind = Kind::Constant(scope.text(&item.ty));
            add(Item::new(&path, kind), &path, &item.attrs, scope, surface);
        }
        syn::Item::Static(item) if is_public(&item.vis) => {
            let path = scope.path(&item.ident);
            let kind = Kind::Constant(scope.text(&item.ty));
            add(Item::new(&path, kind), &path, &item.attrs, scope, surface);
        }
        syn::Item::Fn(item) if is_public(&item.vis) => {
            let path = scope.path(&item.sig.ident);
            add(
                Item::new(&path, function(&item.sig, scope)),
                &path,
                &item.attrs,
                scope,
                surface,
            );
        }
        syn::Item::Impl(item) => {
            let scope = scope.with(&item.attrs);
            let name = scope.text(&item.self_ty);
            let of = scope.path(name.rsplit("::").next().unwrap_or_default());
            if let Some((path, _)) = &item.trait_ {
                let name = scope.text(path);
                let path = format!("{name} for {of}");
                add(
                    Item::new(&path, Kind::Implements(String::new())),
                    &of,
                    &item.attrs,
                    &scope,
                    surface,
                );
                return;
            }
            for part in &item.items {
                if let ImplItem::Fn(method) = part
                    && is_public(&method.vis)
                {
                    let path = format!("{of}::{}", method.sig.ident);
                    let scope = scope.with(&method.attrs);
                    let item = Item::new(&path, function(&method.sig, &scope));
                    add(item, &path, &method.attrs, &scope, surface);
                }
            }
        }
        syn::Item::Macro(item) => {
            let name = item
                .mac
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string());
            let scope = scope.with(&item.attrs);
            declarations::read(&name.unwrap_or_default(), &item.mac.tokens, &scope, surface);
        }
        _ => {}
    }
}

fn function(signature: &syn::Signature, scope: &Scope<'_>) -> Kind {
    let receiver = signature.inputs.iter().find_map(|input| match input {
        // Callers cannot observe whether an argument is `mut`.
        FnArg::Receiver(receiver) => Some(scope.text(receiver).replacen("mut self", "self", 1)),
        FnArg::Typed(_) => None,
    });
    let arguments = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(Argument {
            name: scope.text(&argument.pat),
            takes: takes(scope.text(&argument.ty)),
        }),
        FnArg::Receiver(_) => None,
    });
    Kind::Function {
        receiver,
        asynchronous: signature.asyncness.is_some(),
        arguments: arguments.collect(),
        returns: match &signature.output {
            ReturnType::Type(_, of) => scope.text(of),
            ReturnType::Default => String::new(),
        },
    }
}

/// The values that an argument of a type accepts.
fn takes(of: String) -> Takes {
    let inner = |before: &str| {
        let inner = of.strip_prefix(before)?.strip_suffix('>')?;
        Some(inner.to_owned())
    };
    if let Some(inner) = inner("impl Into<") {
        return Takes::Into(inner);
    }
    if let Some(inner) = inner("impl TryInto<") {
        return Takes::TryInto(inner);
    }
    Takes::Value(of)
}
