//! Recognises paged lists, and records their paging as the extension `x-paging`.

mod check;
mod evidence;
mod rules;
mod vendors;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use specmill_openapi::changes::Changes;
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{child, operations, text};

use crate::Options;

/// The extension that records how a list pages.
const EXTENSION: &str = "x-paging";

/// Records the paging of lists, from the first of these sources: `[lists]` of api.toml, `x-paging` in the document, an
/// extension of the vendor, the names in `[paging]` of api.toml, and the rules in the README.
///
/// Paging that is declared for this generator must match the operation, or else is an error. A vendor's extension is only used
/// if it matches.
pub(super) fn recognise_paging(
    options: &Options,
    document: &mut Value,
    changes: &mut Changes,
) -> Result<()> {
    let mut found: Vec<(String, Option<Value>, String)> = Vec::new();
    let mut unmatched: BTreeSet<&String> = options.lists.keys().collect();
    for (pointer, path, method, operation) in operations(document) {
        let id = text(operation, "operationId").unwrap_or_default();
        let by_hand = options.lists.get_key_value(id);
        if let Some((id, _)) = by_hand {
            unmatched.remove(id);
        }
        let given = by_hand
            .map(|(id, paging)| (paging, format!("`lists.{id}` of api.toml")))
            .or_else(|| Some((operation.get(EXTENSION)?, format!("`{EXTENSION}`"))));
        if let Some((paging, origin)) = given {
            if *paging == Value::Bool(false) {
                found.push((pointer, None, format!("does not page, by {origin}")));
                continue;
            }
            check::check(document, path, operation, paging).map_err(|problem| {
                Diagnostic::new(format!("{origin} is invalid: {problem}"))
                    .at_pointer(child(&pointer, EXTENSION))
                    .help("the README of specmill-normalize describes the extension")
            })?;
            if by_hand.is_some() {
                found.push((pointer, Some(paging.clone()), format!("pages, by {origin}")));
            }
            continue;
        }
        let fits = |paging: &Value| check::check(document, path, operation, paging).is_ok();
        let vendor = vendors::read(document, path, operation)
            .filter(|(_, paging)| fits(paging))
            .map(|(name, paging)| (format!("pages, by `{name}`"), paging));
        let by_names = || {
            let names = options.paging.as_ref()?;
            let paging = json!({
                "kind": "cursor", "parameter": names.cursor, "next": names.next, "items": names.items
            });
            (method == "get" && fits(&paging)).then(|| ("pages by cursor".to_owned(), paging))
        };
        let by_rules = || {
            if !matches!(method, "get" | "post") {
                return None;
            }
            let paging = rules::recognise(document, path, method, operation).filter(fits)?;
            let kind = text(&paging, "kind").unwrap_or_default();
            Some((format!("pages by {kind}"), paging))
        };
        if let Some((what, paging)) = vendor.or_else(by_names).or_else(by_rules) {
            found.push((pointer, Some(paging), what));
        }
    }
    if let Some(id) = unmatched.first() {
        return Err(Diagnostic::new(format!(
            "`lists.{id}` of api.toml is not an operation of the document"
        ))
        .help("use the operationId of the normalised document"));
    }
    for (pointer, paging, what) in found {
        let operation = document
            .pointer_mut(&pointer)
            .and_then(Value::as_object_mut);
        if let Some(operation) = operation {
            operation.remove(EXTENSION);
            if let Some(paging) = paging {
                operation.insert(EXTENSION.into(), paging);
            }
            changes.add("recognise_paging", pointer, &what);
        }
    }
    Ok(())
}
