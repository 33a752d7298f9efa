//! The depth of the smallest value of each type, so that values of mutually recursive types are finite.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_model::Model;
use specmill_openapi::document;

/// The nesting of the smallest value of a type. A type without a finite value has no rank.
#[derive(Debug, Default)]
pub(crate) struct Ranks<'a>(BTreeMap<&'a str, usize>);

impl<'a> Ranks<'a> {
    pub(crate) fn of(model: &'a Model) -> Self {
        let mut ranks = Self::default();
        // Each round finds the types whose smallest value is one level deeper.
        loop {
            let found: Vec<(&str, usize)> = model
                .types
                .iter()
                .filter(|one| !ranks.0.contains_key(one.name.as_str()))
                .filter_map(|one| {
                    let rank = if one.values.is_empty() {
                        ranks.rank(&one.lowered)?
                    } else {
                        0
                    };
                    Some((one.name.as_str(), rank))
                })
                .collect();
            if found.is_empty() {
                return ranks;
            }
            ranks.0.extend(found);
        }
    }

    /// The nesting of the smallest value of a lowered schema; `None` if there is none.
    pub(crate) fn rank(&self, lowered: &Value) -> Option<usize> {
        // A nullable value can be `null`.
        if lowered.get("nullable") == Some(&Value::Bool(true)) {
            return Some(0);
        }
        if let Some(reference) = lowered.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return self.0.get(name).map(|rank| rank + 1);
        }
        if let Some(first) = document::at(lowered, "/allOf/0") {
            return self.rank(first);
        }
        if let Some(branches) = lowered.get("oneOf").and_then(Value::as_array) {
            return branches.iter().filter_map(|one| self.rank(one)).min();
        }
        let required = lowered.get("required").and_then(Value::as_array);
        let properties = lowered.get("properties");
        let mut rank = 0;
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if let Some(property) = properties.and_then(|properties| properties.get(name)) {
                rank = rank.max(self.rank(property)?);
            }
        }
        Some(rank)
    }
}
