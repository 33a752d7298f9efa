//! Features that let a program compile only some of the operations of a large API.

use std::collections::BTreeMap;

use specmill_model::Model;

use super::{by_tag, usage};

/// The maximum number of operations for a crate without features of tags.
const MOST: usize = 100;

/// The feature that enables the operations of all tags.
pub const ALL: &str = "operations";

/// The feature that has the types of webhooks.
pub(super) const WEBHOOKS: &str = "webhooks";

/// The features that the crate of every API has.
const TAKEN: [&str; 17] = [
    ALL,
    "base64",
    "brotli",
    "builders",
    "default",
    "dynamic",
    "gzip",
    "http2",
    "jiff",
    "mock",
    "native-tls",
    "rustls",
    "schemars",
    "tracing",
    "uuid",
    WEBHOOKS,
    "zstd",
];

/// A feature for each tag; none if the crate is always compiled completely.
pub(super) struct TagFeatures<'m>(BTreeMap<&'m str, String>);

impl<'m> TagFeatures<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        if !has_tag_features(model) {
            return Self(BTreeMap::new());
        }
        let tags = by_tag(model);
        let features = tags.keys().map(|tag| {
            let mut feature = tag.trim_matches('_').replace('_', "-");
            // The name of a feature must begin with a letter or a digit.
            if TAKEN.contains(&feature.as_str())
                || !feature.starts_with(|c: char| c.is_alphanumeric())
            {
                feature = format!("tag-{feature}");
            }
            (*tag, feature)
        });
        Self(features.collect())
    }

    /// The features, by tag.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'m str, &str)> {
        self.0.iter().map(|(tag, feature)| (*tag, feature.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attribute of items that only these tags need; `None` for items that are always compiled.
    pub(super) fn condition<'t>(&self, tags: impl IntoIterator<Item = &'t str>) -> Option<String> {
        let mut features = Vec::new();
        for tag in tags {
            let feature = match self.0.get(tag) {
                Some(feature) => feature,
                None if tag == usage::WEBHOOKS => WEBHOOKS,
                None => return None,
            };
            features.push(format!("feature = \"{feature}\""));
        }
        features.sort();
        features.dedup();
        match &features[..] {
            [] => None,
            [only] => Some(format!("#[cfg({only})]")),
            // With all tags, the item is skipped only if no tag is enabled.
            several => Some(format!("#[cfg(any({}))]", several.join(", "))),
        }
    }
}

/// Whether the crate of an API has a feature for each tag.
pub fn has_tag_features(model: &Model) -> bool {
    model.operations.len() > MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_of_several_tags_is_compiled_with_each_of_them() {
        let features = TagFeatures(BTreeMap::from([
            ("user", "user".to_owned()),
            ("http2", "tag-http2".to_owned()),
        ]));
        assert_eq!(
            features.condition(["user"]).as_deref(),
            Some("#[cfg(feature = \"user\")]")
        );
        assert_eq!(
            features.condition(["user", "http2"]).as_deref(),
            Some("#[cfg(any(feature = \"tag-http2\", feature = \"user\"))]")
        );
        assert_eq!(features.condition([]), None);
    }

    #[test]
    fn the_types_of_webhooks_are_compiled_only_with_their_feature() {
        let tags = TagFeatures(BTreeMap::from([("user", "user".to_owned())]));
        let whole = TagFeatures(BTreeMap::new());
        let condition = Some("#[cfg(feature = \"webhooks\")]");
        for features in [&tags, &whole] {
            assert_eq!(features.condition([usage::WEBHOOKS]).as_deref(), condition);
        }
        assert_eq!(
            tags.condition(["user", usage::WEBHOOKS]).as_deref(),
            Some("#[cfg(any(feature = \"user\", feature = \"webhooks\"))]")
        );
        assert_eq!(whole.condition(["user", usage::WEBHOOKS]), None);
    }
}
