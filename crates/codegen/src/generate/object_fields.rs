//! The fields of the struct for an object.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_model::TypeDefinition;
use specmill_openapi::diagnostic::Result;

use super::rust_types::{Held, RustType};
use super::source::{defect, literal};

/// A field of an object.
pub(super) struct Field {
    /// Its name in Rust.
    pub(super) name: String,
    /// Its name on the wire.
    pub(super) wire: String,
    pub(super) held: Held,
}

impl Field {
    /// The serde attribute of the field. In a page of a list, a count is only a hint and must not make decoding fail.
    pub(super) fn attributes(&self, page: bool) -> Vec<String> {
        let mut attributes = Vec::new();
        if self.name != self.wire {
            attributes.push(format!("rename = {}", literal(&self.wire)));
        }
        if !self.held.required {
            attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        } else if self.held.is_list() || matches!(self.held.value, RustType::Map(_)) {
            // Many services send `null` for an empty list. An absent list is an error, since the response does not match the
            // document.
            let function = "specmill_client::deserialize::null_as_default";
            attributes.push(format!("deserialize_with = \"{function}\""));
        }
        let number = matches!(
            self.held.value,
            RustType::I64 | RustType::U64 | RustType::F64
        );
        if page && number && !self.held.is_list() {
            attributes.push("default".to_owned());
            attributes.push("deserialize_with = \"specmill_client::deserialize::hint\"".to_owned());
        }
        attributes
    }
}

/// The fields of an object, in the order of the document.
pub(super) fn fields(
    definition: &TypeDefinition,
    types: &BTreeMap<String, RustType>,
) -> Result<Vec<Field>> {
    let names: BTreeMap<&str, &str> = definition
        .properties
        .iter()
        .map(|(name, wire)| (wire.as_str(), name.as_str()))
        .collect();
    let list = |name: &str| definition.lowered.get(name);
    let required: Vec<&str> = list("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = list("properties").and_then(Value::as_object);
    let fields = properties.into_iter().flatten().map(|(wire, _)| {
        let found = names
            .get(wire.as_str())
            .and_then(|name| Some((*name, types.get(*name)?)));
        let (name, kind) =
            found.ok_or_else(|| defect(&format!("`{}` has no field `{wire}`", definition.name)))?;
        Ok(Field {
            name: name.to_owned(),
            wire: wire.clone(),
            held: kind.clone().held(required.contains(&wire.as_str())),
        })
    });
    fields.collect()
}

/// The field for additional properties, if they are kept, with the type of their values.
pub(super) fn additional<'d>(
    types: &BTreeMap<String, RustType>,
    definition: &'d TypeDefinition,
) -> Option<(&'d str, RustType)> {
    let name = definition.additional.as_deref()?;
    match types.get(name) {
        Some(RustType::Map(value)) => Some((name, (**value).clone())),
        _ => None,
    }
}
