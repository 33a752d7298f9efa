//! Bounds that YAML allows and JSON cannot express: infinity and "not a number".

use serde_json::Value;

use crate::changes::Changes;
use crate::document::{INFINITE, Visit, visit_schemas};

/// The transform that removes bounds which restrict no number.
pub const IGNORE_INFINITE_BOUNDS: &str = "ignore_infinite_bounds";

/// The keywords that take a number.
const BOUNDS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Removes bounds that exclude no number, such as `maximum: .inf`.
pub(crate) fn ignore_infinite_bounds(document: &mut Value, changes: &mut Changes) {
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        let Some(members) = schema.as_object_mut() else {
            return;
        };
        for keyword in BOUNDS {
            let infinite = members.get(keyword).and_then(Value::as_str);
            let Some(infinite) = infinite.filter(|text| INFINITE.contains(text)) else {
                continue;
            };
            changes.add(
                IGNORE_INFINITE_BOUNDS,
                format!("{pointer}/{keyword}"),
                format!("removed: `{infinite}` is not a bound"),
            );
            members.shift_remove(keyword);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_yaml;

    #[test]
    fn an_infinite_bound_is_removed_and_reported_with_its_location() {
        let text = "components: {schemas: {A: {type: number, minimum: -.inf, maximum: .Inf, exclusiveMaximum: .NaN, \
                    multipleOf: 2, default: .inf}}}";
        let mut document = parse_yaml(text).unwrap();
        let mut changes = Changes::default();
        ignore_infinite_bounds(&mut document, &mut changes);
        assert_eq!(
            document["components"]["schemas"]["A"],
            serde_json::json!({"type": "number", "multipleOf": 2, "default": ".inf"})
        );
        let changes = changes.into_vec();
        let found: Vec<_> = changes
            .iter()
            .map(|change| (change.pointer.as_str(), change.what.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    "/components/schemas/A/minimum",
                    "removed: `-.inf` is not a bound"
                ),
                (
                    "/components/schemas/A/maximum",
                    "removed: `.inf` is not a bound"
                ),
                (
                    "/components/schemas/A/exclusiveMaximum",
                    "removed: `.nan` is not a bound"
                ),
            ]
        );
    }
}
