//! Unions whose branches the JSON type of a value tells apart.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::text;

use super::all_of;
use super::model::Tag;
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
    // A list first: serde would read one as an object whose members have no names.
    let mut sorted: Vec<&Value> = branches.iter().collect();
    sorted
        .sort_by_key(|branch| resolve(document, branch).get("type") != Some(&Value::from("array")));
    Some(sorted)
}

/// The branches of a union with a discriminator, and how its member tells them apart.
///
/// Every branch is a reference to an object that has the member, and no two have a value in common. The
/// values of a branch are those that the mapping gives it, or else those that its own member takes, or
/// else its name.
pub(super) fn tagged_branches<'v>(
    document: &Value,
    schema: &Value,
    branches: &'v [Value],
) -> Option<(Vec<&'v Value>, Tag)> {
    let discriminator = schema.get("discriminator")?;
    let member = text(discriminator, "propertyName")?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for branch in branches {
        let reference = text(branch, "$ref")?;
        let name = reference.strip_prefix("#/components/schemas/")?;
        let object = all_of::merge(document, branch)?;
        let own = object.get("properties")?.get(member)?;
        let mut tags: Vec<String> = mapping
            .into_iter()
            .flatten()
            .filter(|(_, target)| *target == reference || *target == name)
            .map(|(value, _)| value.clone())
            .collect();
        if tags.is_empty() {
            let listed = resolve(document, own).get("enum").and_then(Value::as_array);
            let listed = listed.into_iter().flatten().filter_map(Value::as_str);
            tags = listed.map(str::to_owned).collect();
        }
        if tags.is_empty() {
            tags.push(name.to_owned());
        }
        if !seen.insert(reference.to_owned())
            || !tags.iter().all(|tag| seen.insert(format!("={tag}")))
        {
            return None;
        }
        values.push(tags);
    }
    (!branches.is_empty()).then(|| {
        let tag = Tag {
            member: member.to_owned(),
            values,
        };
        (branches.iter().collect(), tag)
    })
}
