//! The types that an argument accepts.

use std::collections::BTreeSet;

use specmill_surface::Surface;
use specmill_surface::{Item, Kind, Takes};

use super::types::resolved;

/// Integers, which convert into one another if the value fits.
const INTEGERS: [&str; 12] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// The types of values that an argument accepts.
///
/// Common types that convert into a string.
pub(super) fn accepts(surface: &Surface, takes: &Takes) -> BTreeSet<String> {
    match takes {
        Takes::Value(of) => BTreeSet::from([resolved(surface, of)]),
        Takes::Into(of) => into(surface, of),
        Takes::TryInto(of) => {
            let mut all = into(surface, of);
            all.extend(try_into(surface, of));
            all
        }
        Takes::Items(of) => into(surface, of)
            .into_iter()
            .map(|of| format!("items of {of}"))
            .collect(),
        _ => BTreeSet::from([takes.to_string()]),
    }
}

/// The types that convert into a type.
fn into(surface: &Surface, of: &str) -> BTreeSet<String> {
    let of = resolved(surface, of);
    let known: &[&str] = match of.as_str() {
        "String" => &["&String", "&str"],
        "i16" => &["i8", "u8"],
        "i32" | "f32" => &["i16", "i8", "u16", "u8"],
        "i64" => &["i16", "i32", "i8", "u16", "u32", "u8"],
        "u16" => &["u8"],
        "u32" => &["u16", "u8"],
        "u64" => &["u16", "u32", "u8"],
        "f64" => &["f32", "i16", "i32", "i8", "u16", "u32", "u8"],
        "serde_json::Value" => &[
            "&str", "String", "bool", "f32", "f64", "i16", "i32", "i64", "i8", "u16", "u32", "u64",
            "u8",
        ],
        "specmill_client::bytes::Bytes" => &["String", "Vec<u8>"],
        _ => &[],
    };
    let mut all: BTreeSet<String> = known.iter().map(|of| (*of).to_owned()).collect();
    let inner = |before: &str| of.strip_prefix(before)?.strip_suffix('>');
    if let Some(inner) = inner("Option<").or_else(|| inner("Box<")) {
        all.insert(inner.to_owned());
    }
    if let Some(Kind::Enum(traits)) = surface.type_of(&of).map(|item| &item.kind) {
        all.extend(traits.iter().filter_map(|name| {
            let from = name.strip_prefix("From<")?.strip_suffix('>')?;
            Some(resolved(surface, from))
        }));
    }
    all.insert(of);
    all
}

/// The types that may fail to convert into a type.
fn try_into(surface: &Surface, of: &str) -> BTreeSet<String> {
    let of = resolved(surface, of);
    if INTEGERS.contains(&of.as_str()) {
        return INTEGERS.map(str::to_owned).into();
    }
    let builder = surface.function(&format!("{of}::builder"));
    let returned = |item: &Item| match &item.kind {
        Kind::Function { returns, .. } => Some(returns.clone()),
        _ => None,
    };
    builder.and_then(returned).into_iter().collect()
}
