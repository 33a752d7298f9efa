//! A canonical order, independent of the order in which documents are read.

use serde_json::{Map, Value};

use crate::document::METHODS;
use crate::document::WEBHOOKS;

const TOP: [&str; 8] = [
    "openapi",
    "info",
    "servers",
    "security",
    "tags",
    "paths",
    "components",
    "externalDocs",
];

/// Sorts the maps without a significant order: the top-level properties and the methods as the specification lists
/// them, paths, components, statuses and tags by name.
pub fn sort(document: &mut Value) {
    sort_members(document, |name| {
        (
            TOP.iter().position(|top| *top == name).unwrap_or(TOP.len()),
            name.to_owned(),
        )
    });
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.sort_by_key(|tag| tag["name"].as_str().unwrap_or_default().to_owned());
    }
    if let Some(components) = document.get_mut("components") {
        sort_members(components, str::to_owned);
        each(components, |section| sort_members(section, str::to_owned));
    }
    for items in ["paths", WEBHOOKS] {
        let Some(paths) = document.get_mut(items) else {
            continue;
        };
        sort_members(paths, str::to_owned);
        each(paths, |item| {
            sort_members(item, |name| {
                METHODS
                    .iter()
                    .position(|method| *method == name)
                    .map_or(0, |index| index + 1)
            });
            each(item, |operation| {
                if let Some(responses) = operation.get_mut("responses") {
                    sort_members(responses, str::to_owned);
                }
            });
        });
    }
}

fn sort_members<K: Ord>(value: &mut Value, key: impl Fn(&str) -> K) {
    if let Value::Object(members) = value {
        let mut sorted: Vec<_> = std::mem::take(members).into_iter().collect();
        sorted.sort_by_key(|(name, _)| key(name));
        *members = sorted.into_iter().collect();
    }
}

fn each(value: &mut Value, mut change: impl FnMut(&mut Value)) {
    value
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(&mut change);
}
