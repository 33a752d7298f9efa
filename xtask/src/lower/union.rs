//! Unions whose branches the JSON type of a value tells apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::resolve::resolve;

/// The branches of a `oneOf` or `anyOf`, where every two differ in the JSON type of their values.
///
/// progenitor reads a union by trying one branch after the other. Objects that read liberally would
/// all match the first one, and the rest of the value would be lost; so two branches of one type, or
/// a branch of any type, make the union unfit.
pub(super) fn union_branches<'v>(
    document: &Value,
    branches: &'v [Value],
) -> Option<Vec<&'v Value>> {
    let mut kinds = BTreeSet::new();
    for branch in branches {
        let schema = resolve(document, branch);
        let kind = schema.get("type").and_then(Value::as_str)?;
        // Whole numbers are numbers too.
        let kind = if kind == "integer" { "number" } else { kind };
        let unfit = ["oneOf", "anyOf", "allOf", "not"]
            .iter()
            .any(|keyword| schema.get(*keyword).is_some());
        if unfit || !kinds.insert(kind.to_owned()) {
            return None;
        }
    }
    Some(branches.iter().collect())
}
