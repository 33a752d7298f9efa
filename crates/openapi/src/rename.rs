//! Names that are set in `api.toml`, because the derived names are ambiguous.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::names;

/// Renamed items: the published name, and the name in the normalised document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rename {
    /// Component schemas.
    #[serde(default)]
    pub schemas: BTreeMap<String, String>,
    /// Operations, by operationId, or by method and path.
    #[serde(default)]
    pub operations: BTreeMap<String, String>,
    /// The end of the namespace in published names of schemas, such as `API` for `UserAPI.Role`.
    #[serde(skip)]
    pub namespace_suffix: Option<String>,
}

impl Rename {
    /// The name of a published component schema.
    pub fn schema(&self, published: &str) -> String {
        let settled = self.schemas.get(published).cloned();
        settled.unwrap_or_else(|| names::schema_name(published, self.namespace_suffix.as_deref()))
    }

    /// The name of a published operation in Rust.
    pub fn operation(&self, method_and_path: &str, published: &str) -> String {
        self.operations
            .get(method_and_path)
            .or(self.operations.get(published))
            .cloned()
            .unwrap_or_else(|| names::operation_name(published))
    }
}

/// The lines for `api.toml` that keep the name of an operation that the vendor renamed, after a line that explains them.
pub fn keeping_lines(file: &str, method_and_path: &str, name: &str) -> [String; 3] {
    [
        format!("to keep `{name}` in Rust, add to {file}:"),
        "  [rename.operations]".to_owned(),
        format!("  {method_and_path:?} = {name:?}"),
    ]
}
