//! Printing generated Rust from tokens: what is not a declaration.

use proc_macro2::TokenStream;

use crate::api::Api;
use crate::diagnostic::Result;

use super::source::{defect, mark};

/// A generated Rust file: the mark, then the items, an empty line between every two.
pub(super) fn file(api: &Api, items: TokenStream) -> Result<String> {
    let parsed: syn::File = syn::parse2(items).map_err(|error| defect(&error))?;
    let mut text = mark(api);
    for attribute in &parsed.attrs {
        text.push_str(&prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: vec![attribute.clone()],
            items: Vec::new(),
        }));
    }
    let mut in_uses = false;
    for item in parsed.items {
        // Uses and modules stand together.
        let is_use = matches!(&item, syn::Item::Use(_))
            || matches!(&item, syn::Item::Mod(module) if module.content.is_none());
        if !(is_use && in_uses) {
            text.push('\n');
        }
        in_uses = is_use;
        text.push_str(&prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        }));
    }
    Ok(space_out(&text))
}

/// An empty line between the items of a block, which prettyplease leaves out.
fn space_out(text: &str) -> String {
    const ITEMS: [&str; 9] = [
        "///",
        "#[",
        "pub ",
        "fn ",
        "impl",
        "type ",
        "const ",
        "static ",
        "async fn ",
    ];
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let indentation = line.len() - line.trim_start().len();
        let ends_block = indentation > 0 && line.trim_start() == "}";
        let begins_item = lines.peek().is_some_and(|next| {
            let content = next.trim_start();
            next.len() - content.len() == indentation
                && ITEMS.iter().any(|item| content.starts_with(item))
        });
        if ends_block && begins_item {
            out.push('\n');
        }
    }
    out
}

/// A name as an identifier. Names come from the model, where they were made identifiers.
pub(super) fn identifier(name: &str) -> Result<syn::Ident> {
    syn::parse_str(name).map_err(|error| defect(&error))
}
