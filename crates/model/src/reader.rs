//! The state that the parts of an operation are read with.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::ClientSetting;
use crate::schemas::Schemas;

/// Why an operation is skipped.
pub(super) type Reason = String;

/// Reads one operation; the client settings that its parameters stand for are collected.
pub(super) struct Reader<'a, 'd> {
    pub(super) document: &'d Value,
    pub(super) schemas: &'a mut Schemas<'d>,
    pub(super) pointer: String,
    pub(super) settings: Vec<ClientSetting>,
    /// The descriptions of tags, by their names.
    pub(super) tags: &'a BTreeMap<&'d str, &'d str>,
    /// The inline schemas of errors so far, each with the schema that it is lowered to.
    pub(super) inline_errors: &'a mut BTreeMap<String, Value>,
}

/// The reason for skipping what refers to nothing.
pub(super) fn unresolved(what: &str, reference: &str) -> Reason {
    format!("{what} refers to `{reference}`, which is not in the document")
}
