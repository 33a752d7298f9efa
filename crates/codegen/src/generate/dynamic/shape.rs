//! The shapes of values that a single argument of a command can express.

use std::collections::BTreeMap;

use serde_json::Value;

use specmill_model::Model;
use specmill_model::TypeDefinition;

/// The shape of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Json,
}

/// A value, or a list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) repeats: bool,
    /// The known values.
    pub(super) values: Vec<String>,
}

/// The named types of a model.
pub(super) struct Types<'a>(BTreeMap<&'a str, &'a TypeDefinition>);

impl<'a> Types<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        Self::from_definitions(&model.types)
    }

    pub(super) fn from_definitions(definitions: &'a [TypeDefinition]) -> Self {
        let named = definitions.iter();
        Self(named.map(|one| (one.name.as_str(), one)).collect())
    }

    /// The named type that a lowered schema refers to, possibly with `null` and a description.
    pub(super) fn named(&self, lowered: &Value) -> Option<&'a TypeDefinition> {
        let only = lowered.get("allOf").and_then(|branches| branches.get(0));
        let reference = only.unwrap_or(lowered).get("$ref")?.as_str()?;
        self.0.get(reference.rsplit('/').next()?).copied()
    }

    /// The example of a property of a named object in the document.
    pub(super) fn example(&self, object: &Value, member: &str) -> Option<&'a Value> {
        self.named(object)?.property_examples.get(member)
    }

    /// The schema that determines the shape of a value.
    pub(super) fn resolved<'s>(&self, lowered: &'s Value) -> &'s Value
    where
        'a: 's,
    {
        self.named(lowered).map_or(lowered, |named| &named.lowered)
    }

    /// The properties of an object, in document order; `None` if it is not an object with declared properties.
    pub(super) fn object<'s>(&self, lowered: &'s Value) -> Option<Object<'s>>
    where
        'a: 's,
    {
        let schema = self.resolved(lowered);
        let properties = schema.get("properties")?.as_object()?;
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        let required: Vec<&str> = required.collect();
        let members = properties.iter().map(|(name, lowered)| Member {
            name,
            lowered,
            required: required.contains(&name.as_str()),
        });
        Some(members.collect())
    }

    pub(super) fn shape(&self, lowered: &Value) -> Shape {
        let schema = self.resolved(lowered);
        if schema.get("type").and_then(Value::as_str) == Some("array") {
            let item = schema.get("items").map(|items| self.single(items));
            let (kind, values) = item.unwrap_or((Kind::Json, Vec::new()));
            return Shape {
                kind,
                repeats: true,
                values,
            };
        }
        let (kind, values) = self.single(lowered);
        Shape {
            kind,
            repeats: false,
            values,
        }
    }

    fn single(&self, lowered: &Value) -> (Kind, Vec<String>) {
        let named = self.named(lowered);
        if let Some(named) = named.filter(|named| !named.values.is_empty()) {
            let values = named.values.iter().filter(|value| !value.is_empty());
            return (Kind::Text, values.cloned().collect());
        }
        let kind = match self.resolved(lowered).get("type").and_then(Value::as_str) {
            Some("string") => Kind::Text,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            _ => Kind::Json,
        };
        (kind, Vec::new())
    }
}

pub(super) type Object<'a> = Vec<Member<'a>>;

/// A property of an object.
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) lowered: &'a Value,
    pub(super) required: bool,
}
