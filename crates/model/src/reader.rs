//! The shared state for lowering an operation.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::ClientSetting;
use crate::schemas::Schemas;

/// The reason why an operation is skipped.
pub(super) type Reason = String;

/// Lowers one operation, and collects the client settings that replace some of its parameters.
pub(super) struct Reader<'a, 'd> {
    pub(super) document: &'d Value,
    pub(super) schemas: &'a mut Schemas<'d>,
    pub(super) pointer: String,
    pub(super) settings: Vec<ClientSetting>,
    /// The descriptions of tags, by name.
    pub(super) tags: &'a BTreeMap<&'d str, &'d str>,
    /// The inline error schemas so far, each with its lowered schema.
    pub(super) inline_errors: &'a mut BTreeMap<String, Value>,
}

/// The reason for skipping an operation with a dangling reference.
pub(super) fn unresolved(what: &str, reference: &str) -> Reason {
    format!("{what} refers to `{reference}`, which is not in the document")
}
