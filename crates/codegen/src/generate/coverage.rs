//! The share of a document's typed values that have a type in the generated crate.

use serde_json::Value;

use specmill_model::Model;
use specmill_model::Success;
use specmill_model::untyped_here;

use super::progenitor::{Decided, Types};

/// The number of values of an API, and of those without a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Coverage {
    /// Properties of objects, branches of unions, parameters, and bodies of requests and responses.
    pub members: usize,
    /// Values that are or contain `serde_json::Value` although the document declares a type.
    pub untyped: usize,
}

impl Coverage {
    /// Counts the values of a model.
    pub(super) fn of(model: &Model, types: &Types) -> Self {
        let mut coverage = Self::default();
        let mut add = |lowered: &Value| {
            coverage.members += 1;
            coverage.untyped += usize::from(untyped_here(lowered) || names_refused(types, lowered));
        };
        for definition in &model.types {
            let lowered = &definition.lowered;
            let properties = lowered.get("properties").and_then(Value::as_object);
            properties
                .into_iter()
                .flatten()
                .for_each(|(_, one)| add(one));
            let branches = lowered.get("oneOf").and_then(Value::as_array);
            branches.into_iter().flatten().for_each(&mut add);
        }
        for operation in &model.operations {
            operation
                .parameters
                .iter()
                .for_each(|one| add(&one.lowered));
            operation.body.iter().for_each(|body| add(&body.lowered));
            if let Success::Json(body) | Success::OptionalJson(body) = &operation.success {
                add(body);
            }
        }
        coverage
    }
}

/// Whether a lowered schema references a type that progenitor rejects.
fn names_refused(types: &Types, lowered: &Value) -> bool {
    match lowered {
        Value::Object(members) => members.iter().any(|(name, member)| {
            let reference = member.as_str().filter(|_| name == "$ref");
            match reference.and_then(|reference| reference.rsplit('/').next()) {
                Some(target) => types.get(target) == Some(&Decided::Json),
                None => names_refused(types, member),
            }
        }),
        Value::Array(items) => items.iter().any(|item| names_refused(types, item)),
        _ => false,
    }
}
